"""rnnlib.grading.calling.quiet: what a student's code prints and warns stays out of the cell."""

import logging
import os
import subprocess
import sys
import warnings
from contextlib import contextmanager

import pytest

from rnnlib.grading.calling.quiet import PRINTED, Heard, quiet


def test_prints_are_kept_in_order_and_nothing_comes_out(capfd):
    with quiet() as heard:
        print("one")
        print("two", file=sys.stderr)
    assert heard.printed == "one\ntwo\n"
    assert capfd.readouterr() == ("", "")


def test_only_the_first_characters_are_kept(capfd):
    with quiet() as heard:
        for _ in range(1000):
            print("x" * 1000)
    assert len(heard.printed) == PRINTED


@pytest.mark.parametrize("filters", ["error", "ignore", "default"])
def test_warnings_are_kept_once_whatever_the_filters(filters, capfd):
    with warnings.catch_warnings():
        warnings.simplefilter(filters)
        with quiet() as heard:
            for _ in range(3):
                warnings.warn("look out", stacklevel=1)
    assert heard.warnings == ["UserWarning: look out"]
    assert capfd.readouterr() == ("", "")


def test_log_records_do_not_reach_stderr(capfd):
    handler = logging.StreamHandler(sys.stderr)
    logging.getLogger().addHandler(handler)
    try:
        with quiet() as heard:
            logging.error("trouble")
            logging.getLogger("lastresort").error("more")
    finally:
        logging.getLogger().removeHandler(handler)
    assert "trouble" in heard.printed
    assert handler.stream is sys.stderr
    assert capfd.readouterr() == ("", "")


@contextmanager
def logger_with(handler):
    logger = logging.getLogger("tests.ps2")
    logger.propagate = False  # to pytest's handlers
    logger.addHandler(handler)
    try:
        yield logger
    finally:
        logger.removeHandler(handler)
        handler.close()


def test_a_named_logger_that_holds_the_stream_is_silent(capfd):
    with logger_with(logging.StreamHandler()) as logger:
        with quiet() as heard:
            logger.warning("T = 5")
        logger.warning("afterwards")
    assert heard.printed == "T = 5\n"
    assert capfd.readouterr() == ("", "afterwards\n")


def test_the_file_of_a_logger_is_still_written(tmp_path):
    with logger_with(logging.FileHandler(tmp_path / "log")) as logger, quiet():
        logger.warning("T = 5")
    assert (tmp_path / "log").read_text() == "T = 5\n"


def test_a_stream_held_from_earlier_is_silent(capfd):
    def debug(*values, out=sys.stderr):
        print(*values, file=out)

    with quiet() as heard:
        debug("T", 5)
    assert heard.printed == "T 5\n"
    debug("afterwards")
    assert capfd.readouterr() == ("", "afterwards\n")


def test_a_write_held_from_earlier_is_silent():
    code = """
import sys
from rnnlib.grading import quiet
out, err = sys.stdout.write, sys.stderr.write
out("before ")
with quiet():
    out("within")
    err("within")
out("after")
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (run.stdout, run.stderr) == ("before after", "")


def test_a_stream_that_takes_no_new_attribute_is_replaced_by_name(monkeypatch):
    class Slotted:
        __slots__ = ("text",)

        def __init__(self):
            self.text = ""

        def write(self, text):
            self.text += text

    stream = Slotted()
    monkeypatch.setattr(sys, "stdout", stream)
    with quiet() as heard:
        print("hello")
    print("afterwards")
    assert (heard.printed, stream.text) == ("hello\n", "afterwards\n")


def test_one_within_another_hears_what_is_its_own(capfd):
    with quiet() as outer:
        print("a")
        with quiet() as inner:
            print("b")
        print("c")
    assert (outer.printed, inner.printed) == ("a\nc\n", "b\n")
    assert capfd.readouterr() == ("", "")


def test_it_decorates_a_function(capfd):
    @quiet()
    def loud(x):
        print(x)
        return 2 * x

    assert [loud(1), loud(2)] == [2, 4]
    assert capfd.readouterr() == ("", "")


def test_figures_that_were_opened_are_closed_and_others_are_not():
    pyplot = pytest.importorskip("matplotlib.pyplot")
    kept = pyplot.figure()
    try:
        with quiet() as heard:
            pyplot.figure()
            pyplot.figure()
        assert heard.displays == 2
        assert pyplot.get_fignums() == [kept.number]
    finally:
        pyplot.close(kept)


def test_what_compiled_code_prints_is_dropped(capfd):
    with quiet():
        os.write(2, b"from C\n")
        os.write(1, b"from C too\n")
    assert capfd.readouterr() == ("", "")
    os.write(2, b"again\n")
    assert capfd.readouterr().err == "again\n"


def test_everything_is_restored_after_an_exception():
    before = sys.stdout, sys.stderr
    heard = Heard()

    def fail():
        nonlocal heard
        with quiet() as heard:
            print("so far")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert (sys.stdout, sys.stderr) == before
    assert heard.printed == "so far\n"
