"""A course folder with the problem set in its gradebook, and a class that hands in wishes."""

import json
import shutil
from pathlib import Path

import pytest

from tests.grading.batch import batch_fakes
from tests.grading.batch.server import binaries, server

ROOT = Path(__file__).parents[3]
SET = "ps2_bptt"

CONFIG = """
c = get_config()
c.CourseDirectory.course_id = "rnn"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"
c.CourseDirectory.db_url = "sqlite:///gradebook.db"
"""


@pytest.fixture(scope="session")
def fakes():
    """The stand-ins for the grading of a notebook."""
    return batch_fakes


@pytest.fixture(scope="session")
def template(tmp_path_factory):
    """A course whose gradebook has the problem set already."""
    from rnnlib.grading.batch.course import open_course
    from rnnlib.grading.batch.problem_set import load, open_gradebook

    folder = tmp_path_factory.mktemp("template")
    shutil.copytree(ROOT / "solutions" / SET, folder / "solutions" / SET)
    (folder / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")
    course = open_course(folder)
    with open_gradebook(course) as gradebook:
        load(course, gradebook, SET)
    return folder


@pytest.fixture
def folder(template, tmp_path):
    """A course of one's own."""
    return Path(shutil.copytree(template, tmp_path / "course"))


@pytest.fixture
def hand_in(folder):
    """Hand in for a student: the bytes of the notebook, or what the stand-in is to do."""

    def do(student, content=None, name=f"{SET}.ipynb", **wish):
        file = folder / "submitted" / student / SET / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(json.dumps(wish).encode() if content is None else content)
        return file

    return do


@pytest.fixture(scope="session")
def postgres():
    """Makes a new PostgreSQL database, empty, and gives its URL."""
    programs = binaries()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    with server(programs) as database:
        yield database
