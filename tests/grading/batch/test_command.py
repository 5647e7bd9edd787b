"""The command `rnnlib grade`: its exit status, and what it says where."""

import subprocess
import sys

import pytest

from rnnlib.__main__ import main
from rnnlib.grading.batch import work

SET = "ps2_bptt"


@pytest.fixture
def command(folder, fakes, monkeypatch, capsys):
    """Run `rnnlib` in this process, with the stand-in in the place of the grading of a notebook."""
    from rnnlib.grading.batch import grading

    class Choices(grading.Choices):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs, grade=fakes.grade)

    monkeypatch.setattr(grading, "Choices", Choices)
    monkeypatch.setattr("rnnlib.grading.command.grade._no_sandbox", lambda: "")

    def do(*arguments):
        status = main(["grade", SET, "--course", str(folder), "--jobs", "1", *arguments])
        said = capsys.readouterr()
        return status, said.out, said.err

    return do


def test_the_status_is_0_when_everything_is_graded(command, hand_in):
    hand_in("anna", points=3)
    status, out, err = command("--seed", "7")
    assert status == 0
    assert "anna" in out
    assert "1 graded. The inputs were those of --seed 7." in out
    assert "1 of 1 done" in err


def test_the_status_is_1_when_something_could_not_be_graded(command, hand_in):
    hand_in("anna", points=3)
    hand_in("bad", raises="this is no notebook")
    status, out, err = command()
    assert status == 1
    assert "1 graded, 1 not graded, or not all of it." in out
    assert "bad: ps2_bptt.ipynb could not be graded" in err


def test_the_status_is_2_when_nothing_was_done(command):
    status, out, err = command()
    assert status == 2
    assert not out
    assert "There are no submissions" in err


def test_a_second_run_says_that_all_was_graded_before(command, hand_in):
    hand_in("anna", points=3)
    command()
    status, out, _ = command()
    assert status == 0
    assert "anna" in out
    assert "0 graded, 1 graded before and not changed since (--force regrades)." in out
    assert command("--force")[1].count("1 graded.") == 1


def test_without_a_sandbox_nothing_is_graded_and_the_reason_told(
    folder, hand_in, monkeypatch, capsys
):
    monkeypatch.setattr(
        "rnnlib.grading.command.grade._no_sandbox", lambda: "Nothing was graded: no bubblewrap."
    )
    hand_in("anna", points=3)
    assert main(["grade", SET, "--course", str(folder)]) == 2
    assert "no bubblewrap" in capsys.readouterr().err
    assert not (folder / "autograded").exists()


def test_grading_without_a_sandbox_is_loud(command, hand_in):
    hand_in("anna", points=3)
    status, _, err = command("--no-sandbox")
    assert status == 0
    assert "WITHOUT a sandbox" in err


@pytest.mark.parametrize("wrong", [["--jobs", "0"], ["--seed", "x"], ["--nonsense"]])
def test_wrong_arguments_have_status_2(command, wrong, capsys):
    with pytest.raises(SystemExit) as raised:
        command(*wrong)
    assert raised.value.code == 2


def test_help_is_there_at_once_and_loads_nothing_heavy():
    code = (
        "import sys\nfrom rnnlib.__main__ import main\n"
        "try: main(['grade', '--help'])\nexcept SystemExit: pass\n"
        "heavy = {'nbgrader', 'sqlalchemy', 'torch', 'IPython', 'distributed'} & set(sys.modules)\n"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "--dask" in done.stdout


def test_a_worker_grades_as_the_grader_of_the_course_does_unless_told_otherwise(fakes):
    from rnnlib.grading.batch.submission import Submission
    from rnnlib.grading.verification import grade_notebook

    task = work.Task(Submission("anna", {}), {}, {})
    assert work._grader(task) is grade_notebook
