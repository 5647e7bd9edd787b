"""Write what belongs to one submission: autograded/<student>/<set>/ and its log, wholly or not."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from rnnlib.grading.batch.course import Course
from rnnlib.grading.batch.submission import TIMESTAMP, Submission
from rnnlib.grading.batch.work import MARK, Result


def write_folder(course: Course, problem_set: str, submission: Submission, result: Result) -> None:
    """Put a graded submission where nbgrader's formgrader and feedback look for it.

    The folder is made beside its place and then renamed: whoever looks sees the old one or the new
    one, never a half.
    """
    from nbgrader.utils import find_all_files, rmtree

    target = course.folder("autograded", submission.student, problem_set)
    new, old = (target.with_name(f".{target.name}.{state}") for state in ("new", "old"))
    for left in (new, old):  # by a run that was killed
        if left.exists():
            rmtree(str(left))
    new.mkdir(parents=True)
    source = course.folder("source", ".", problem_set)
    for file in find_all_files(str(source), [*course.directory.ignore, "*.ipynb"]):
        copy = new / Path(file).relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, copy)
    for name, text in result.notebooks.items():
        (new / f"{name}.ipynb").write_text(text, encoding="utf-8")
    if submission.timestamp:
        (new / TIMESTAMP).write_text(submission.timestamp, encoding="utf-8")
    _set_permissions(new, course.directory.groupshared)
    if target.exists():
        target.rename(old)
    new.rename(target)
    if old.exists():
        rmtree(str(old))


def _set_permissions(folder: Path, shared: bool) -> None:
    """Files that nobody overwrites by mistake, as nbgrader's are."""
    for here, _, files in os.walk(folder):
        for file in files:
            os.chmod(Path(here, file), 0o664 if shared else 0o444)
        if shared:
            os.chmod(here, os.stat(here).st_mode | 0o2770)


@dataclass(frozen=True)
class Mark:
    """What a graded folder was made from, and what could not be graded of it."""

    digest: str = ""
    troubles: tuple[str, ...] = ()


def read_mark(course: Course, problem_set: str, student: str, names: Iterable[str]) -> Mark:
    """The mark of a graded folder; an empty one where nothing is graded, or not by this grader."""
    folder = course.folder("autograded", student, problem_set)
    found = set()
    for file in (folder / f"{name}.ipynb" for name in names):
        if not file.exists():
            continue
        try:
            mark = json.loads(file.read_bytes())["metadata"][MARK]
            found.add(Mark(str(mark["submission"]), tuple(map(str, mark["troubles"]))))
        except (OSError, ValueError, KeyError, TypeError):
            return Mark()
    return found.pop() if len(found) == 1 else Mark()


def write_log(path: Path, lines: Mapping[str, str], text: str) -> None:
    """Write the log of one submission.

    Args:
        path: Where to.
        lines: What stands at its head, by name.
        text: What happened.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    head = "\n".join(f"{name}: {value}" for name, value in lines.items())
    new = path.with_name(f"{path.name}.new")
    new.write_text(f"{head}\n\n{text}\n", encoding="utf-8", errors="replace")
    new.rename(path)
