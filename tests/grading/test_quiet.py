"""rnnlib.grading.quiet: what a student's code prints and warns stays out of the cell."""

import logging
import os
import sys
import warnings

import pytest

from rnnlib.grading.quiet import PRINTED, Heard, quiet


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


def test_what_compiled_code_writes_to_stderr_is_dropped(capfd):
    with quiet():
        os.write(2, b"from C\n")
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
