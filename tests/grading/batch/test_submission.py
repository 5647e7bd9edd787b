"""rnnlib.grading.batch.submission: what was handed in is read safely, or refused with a reason."""

import os

import pytest

from rnnlib.grading.batch.submission import read_submission
from rnnlib.grading.verification.reading import LARGEST_FILE


@pytest.fixture
def handed_in(tmp_path):
    folder = tmp_path / "submitted" / "zoe" / "ps9"
    folder.mkdir(parents=True)
    return folder


def read(folder):
    return read_submission(folder, folder.parent.name, ["ps9"])


def test_a_notebook_and_its_timestamp_are_read(handed_in):
    (handed_in / "ps9.ipynb").write_bytes(b"{}")
    (handed_in / "timestamp.txt").write_text("2026-11-02 12:00:00 UTC\n")
    submission = read(handed_in)
    assert submission.notebooks == {"ps9": b"{}"}
    assert submission.timestamp == "2026-11-02 12:00:00 UTC"
    assert not submission.troubles


def test_the_digest_changes_with_the_notebook_and_with_the_timestamp(handed_in):
    (handed_in / "ps9.ipynb").write_bytes(b"{}")
    digests = {read(handed_in).digest, read(handed_in).digest}
    (handed_in / "ps9.ipynb").write_bytes(b"{ }")
    digests.add(read(handed_in).digest)
    (handed_in / "timestamp.txt").write_text("2026-11-02 12:00:00 UTC")
    digests.add(read(handed_in).digest)
    assert len(digests) == 3


def test_other_files_are_named_and_not_read(handed_in):
    (handed_in / "ps9.ipynb").write_bytes(b"{}")
    (handed_in / "numpy.py").write_text("boom")
    assert read(handed_in).ignored == ("numpy.py",)


def test_a_link_is_not_followed(handed_in, tmp_path):
    secret = tmp_path / "gradebook.db"
    secret.write_text("everybody's grades")
    (handed_in / "ps9.ipynb").symlink_to(secret)
    submission = read(handed_in)
    assert not submission.notebooks
    assert submission.troubles == (
        "ps9.ipynb cannot be read: it is a symbolic link; ask for the file itself.",
    )


def test_a_timestamp_that_is_a_link_is_not_followed(handed_in, tmp_path):
    (tmp_path / "secret").write_text("everybody's grades")
    (handed_in / "timestamp.txt").symlink_to(tmp_path / "secret")
    assert read(handed_in).timestamp == ""


@pytest.mark.parametrize("link", ["zoe", "ps9"])
def test_a_folder_that_is_a_link_is_not_followed(tmp_path, link):
    elsewhere = tmp_path / "elsewhere" / "ps9"
    elsewhere.mkdir(parents=True)
    (elsewhere / "ps9.ipynb").write_bytes(b"{}")
    student = tmp_path / "zoe"
    if link == "zoe":
        student.symlink_to(elsewhere.parent)
    else:
        student.mkdir()
        (student / "ps9").symlink_to(elsewhere)
    submission = read(student / "ps9")
    assert not submission.notebooks
    assert submission.troubles == (f"the folder cannot be read: {link} is a symbolic link.",)


def test_a_large_file_is_not_read(handed_in):
    with (handed_in / "ps9.ipynb").open("wb") as file:
        file.truncate(100 * 2**20)
    submission = read(handed_in)
    assert not submission.notebooks
    assert "it has 104,857,600 bytes, and 20,971,520 are allowed" in submission.troubles[0]


def test_a_file_of_the_largest_size_is_read(handed_in):
    (handed_in / "ps9.ipynb").write_bytes(bytes(LARGEST_FILE))
    assert len(read(handed_in).notebooks["ps9"]) == LARGEST_FILE


def test_a_named_pipe_does_not_hold_the_grader_up(handed_in):
    os.mkfifo(handed_in / "ps9.ipynb")
    assert read(handed_in).troubles == ("ps9.ipynb cannot be read: it is no regular file.",)


def test_a_folder_in_the_place_of_the_notebook_is_refused(handed_in):
    (handed_in / "ps9.ipynb").mkdir()
    (trouble,) = read(handed_in).troubles
    assert trouble.startswith("ps9.ipynb cannot be read")


def test_a_missing_notebook_is_asked_for(handed_in):
    assert read(handed_in).troubles == ("there is no ps9.ipynb: ask for it.",)


def test_a_notebook_of_another_name_is_named(handed_in):
    (handed_in / "ps9 (1).ipynb").write_bytes(b"{}")
    assert read(handed_in).troubles == (
        "there is no ps9.ipynb, but 'ps9 (1).ipynb': rename the right one to ps9.ipynb.",
    )


def test_a_timestamp_that_is_no_text_is_told(handed_in):
    (handed_in / "ps9.ipynb").write_bytes(b"{}")
    (handed_in / "timestamp.txt").write_bytes(b"\xff\xfe")
    submission = read(handed_in)
    assert submission.notebooks
    assert "timestamp.txt cannot be read" in submission.troubles[0]
