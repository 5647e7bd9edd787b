"""environment.yml, pyproject.toml and constraints.txt name the same packages and ranges."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

ROOT = Path(__file__).parents[1]
CONDA_NAMES = {"torch": "pytorch"}


@pytest.fixture(scope="module")
def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="module")
def pinned():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("==") for line in lines if line and not line.startswith("#"))
    return {canonical(name): Version(version) for name, version in pairs}


def canonical(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def test_conda_and_pip_users_get_the_same_ranges(project):
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    conda = [Requirement(d) for d in environment["dependencies"] if isinstance(d, str)]
    found = {r.name: r.specifier for r in conda if r.name not in ("python", "pip")}
    extras = project["optional-dependencies"]
    wanted = [
        Requirement(d)
        for d in (*project["dependencies"], *(d for e in extras if e != "dev" for d in extras[e]))
    ]
    assert found == {CONDA_NAMES.get(r.name, r.name): r.specifier for r in wanted}
    python = next(r.specifier for r in conda if r.name == "python")
    assert python == SpecifierSet(project["requires-python"])
    assert environment["channels"][0] == "conda-forge"


def test_every_dependency_is_pinned_within_its_range(project, pinned):
    groups = (project["dependencies"], *project["optional-dependencies"].values())
    for requirement in (Requirement(d) for group in groups for d in group):
        assert pinned[canonical(requirement.name)] in requirement.specifier, requirement


def test_torch_is_pinned_to_the_version_that_has_a_small_build_for_the_cpu(pinned):
    assert pinned["torch"] == Version("2.13.0")
