"""Every problem set of solutions/, released once and executed once, for all tests of a session."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[3]

BARE_CONFIG = """
c = get_config()
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"
"""


@dataclass(frozen=True)
class ProblemSet:
    """A problem set by the name of its folder, such as "ps2_bptt"."""

    name: str

    @property
    def specs(self):
        """How the names of its exercises begin: "ps2/"."""
        return f"{self.name.partition('_')[0]}/"

    @property
    def file(self):
        return Path(self.name, f"{self.name}.ipynb")

    @property
    def solution(self):
        return ROOT / "solutions" / self.file

    @property
    def released(self):
        return ROOT / "exercises" / self.file


SETS = [ProblemSet(path.parent.name) for path in sorted((ROOT / "solutions").glob("*/*.ipynb"))]


def read(path):
    return nbformat.read(path, as_version=4)


def run(*command, cwd):
    bin_folder = str(Path(sys.executable).parent)
    environment = os.environ | {"PATH": os.pathsep.join([bin_folder, os.environ["PATH"]])}
    done = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session", params=SETS, ids=lambda problem_set: problem_set.name)
def problem_set(request):
    """Each problem set in its turn."""
    return request.param


@pytest.fixture(scope="session")
def solution(problem_set):
    """The notebook with solutions, as committed."""
    return read(problem_set.solution)


@pytest.fixture(scope="session")
def released(problem_set):
    """The notebook that students get, as committed."""
    return read(problem_set.released)


@pytest.fixture(scope="session")
def release(problem_set, tmp_path_factory):
    """The folder of a release that nbgrader has just made, with no plug-in of ours."""
    course = tmp_path_factory.mktemp("course")
    shutil.copytree(ROOT / "solutions" / problem_set.name, course / "solutions" / problem_set.name)
    (course / "nbgrader_config.py").write_text(BARE_CONFIG, encoding="utf-8")
    run("nbgrader", "generate_assignment", problem_set.name, cwd=course)
    return course / "exercises"


@pytest.fixture(scope="session")
def executed(problem_set, tmp_path_factory):
    """Both notebooks, executed from the first cell to the last."""
    notebooks = {"solution": read(problem_set.solution), "released": read(problem_set.released)}
    for name, notebook in notebooks.items():  # an error in a cell of either is raised here
        about = {"metadata": {"path": str(tmp_path_factory.mktemp(name))}}
        # what is printed may come in two pieces
        NotebookClient(notebook, coalesce_streams=True, resources=about, timeout=300).execute()
    return notebooks
