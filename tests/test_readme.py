"""What the README shows works as it is written there."""

import re
from pathlib import Path

import pytest

from tests.test_layering import ORDER

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_its_first_screen_says_what_this_is_shows_it_and_gives_the_commands():
    first = README.split("\n## ")[0]
    assert re.search(r"!\[[^\]]{40,}\]\((lectures/images/\w+\.png)\)", first)
    assert "make lab" in first
    assert "make test" in first


def test_its_code_runs():
    for block in re.findall(r"```python\n(.*?)```", README, re.DOTALL):
        exec(compile(block, "README.md", "exec"), {})


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "lectures/README.md"])
def test_its_links_lead_somewhere(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        assert target.startswith("https://") or (ROOT / name).parent.joinpath(target).exists()


def test_the_targets_it_names_exist():
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert set(re.findall(r"make ([a-z-]+)", README)) - {"instead"} <= set(targets)


def test_contributing_lists_the_rooms_in_their_order():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    listed = text[text.index("from the ground up:") : text.index("tests/       one file")]
    known = [room for room in ORDER if room]
    words = [word for word in re.findall(r"[a-z_]+", listed) if word in known]
    assert words == known
