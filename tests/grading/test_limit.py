"""rnnlib.grading.calling.limit: an endless loop ends."""

import contextlib
import signal
import threading
import time

import pytest

from rnnlib.grading.calling.limit import time_limit


def test_a_function_within_the_limit_returns_its_value():
    @time_limit(seconds=5)
    def twice(x, *, plus=0):
        """Twice as much."""
        return 2 * x + plus

    assert twice(3, plus=1) == 7
    assert twice.__doc__ == "Twice as much."


@pytest.mark.parametrize("caught", [Exception, ValueError])
def test_an_endless_loop_ends_with_a_timeout_error_even_if_it_catches_exceptions(caught):
    @time_limit(seconds=0.1)
    def endless():
        while True:
            with contextlib.suppress(caught):
                time.sleep(0.001)

    with pytest.raises(TimeoutError, match=r"did not finish within 0\.1 s"):
        endless()


def test_a_loop_that_swallows_the_first_alarm_is_stopped_by_the_next(monkeypatch):
    monkeypatch.setattr("rnnlib.grading.calling.limit.AGAIN", 0.1)
    swallowed = []

    @time_limit(seconds=0.1)
    def stubborn():
        while True:
            try:
                time.sleep(0.001)
            except:  # noqa: E722
                swallowed.append(1)
                if len(swallowed) == 3:
                    raise

    with pytest.raises(TimeoutError):
        stubborn()


def test_the_alarm_and_its_handler_are_put_back():
    before = signal.getsignal(signal.SIGALRM)
    with pytest.raises(ZeroDivisionError):
        time_limit(seconds=5)(lambda: 1 / 0)()
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_no_time_left_is_no_time_at_all():
    with pytest.raises(TimeoutError):
        time_limit(seconds=0)(lambda: 1)()


def test_outside_the_main_thread_a_function_runs_without_a_limit():
    results = []
    call = time_limit(seconds=0.01)(lambda: time.sleep(0.05) or 1)
    thread = threading.Thread(target=lambda: results.append(call()))
    thread.start()
    thread.join()
    assert results == [1]
