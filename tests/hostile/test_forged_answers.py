"""Functions that want points without the right numbers. None gets any."""

import pytest

from tests.grading.verification.notebooks import from_notebook
from tests.hostile.submissions import READOUT, graded, many

FUNCTIONS = {
    "an object that equals everything": """
class Equal:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __array__(self, *a, **k): raise RuntimeError
def readout_backward(do, h, V):
    return Equal(), Equal(), Equal()
""",
    "an array type of its own that is close to everything": """
class Close(np.ndarray):
    def __array_function__(self, *args): return True
    def __array_ufunc__(self, *args, **kwargs): return np.zeros(())
    def __sub__(self, other): return 0 * other
    def __eq__(self, other): return np.ones(np.shape(other), bool)
def readout_backward(do, h, V):
    return tuple(np.zeros(np.shape(a)).view(Close) for a in (h, V, V[:, 0]))
""",
    "something lazy that works itself out when it is looked at": """
class Lazy:
    def __init__(self, like): self.like = like
    def __array__(self, dtype=None, copy=None):
        import inspect
        for frame in inspect.stack():
            for thing in frame.frame.f_locals.values():
                expected = getattr(thing, "expected", None)
                if expected:
                    return np.array(expected[0])
        return np.zeros(self.like.shape)
def readout_backward(do, h, V):
    return Lazy(h), Lazy(V), Lazy(V[:, 0])
""",
    "the frames of its callers, read for what is expected": """
def readout_backward(do, h, V):
    import sys
    frame = sys._getframe()
    while frame:
        for thing in list(frame.f_locals.values()):
            expected = getattr(thing, "expected", None)
            if isinstance(expected, tuple) and len(expected) == 3:
                return expected
        frame = frame.f_back
    return 0 * h, 0 * V, 0 * V[:, 0]
""",
    "the garbage collector's cases, read for what is expected": """
def readout_backward(do, h, V):
    import gc
    for thing in gc.get_objects():
        expected = vars(thing).get("expected") if hasattr(thing, "__dict__") else None
        if isinstance(expected, tuple) and len(expected) == 3:
            return expected
    return 0 * h, 0 * V, 0 * V[:, 0]
""",
    "the history, read for the test": """
def readout_backward(do, h, V):
    test = In[-1] + str(get_ipython().history_manager.input_hist_parsed)
    start = test.find("expected")
    return eval(test[start:]) if start >= 0 else (0 * h, 0 * V, 0 * V[:, 0])
""",
    "points, returned": "def readout_backward(do, h, V):\n    return 3.0, 3.0, 3.0",
    "points, returned alone": "def readout_backward(do, h, V):\n    return 1000.0",
    "NaN, which is near to nothing and far from nothing": (
        "def readout_backward(do, h, V):\n    return h * np.nan, V * np.nan, V[:, 0] * np.nan"
    ),
    "infinity": (
        "def readout_backward(do, h, V):\n    return h + np.inf, V + np.inf, V[:, 0] + np.inf"
    ),
    "arrays that are too large to travel": (
        "def readout_backward(do, h, V):\n    return (np.zeros((4000, 4000)),) * 3"
    ),
    "a list that never ends": """
class Endless(list):
    def __iter__(self):
        while True: yield 0.0
    def __len__(self): return 3
def readout_backward(do, h, V):
    return Endless([1, 2, 3])
""",
    "answers of its own, published with the token of the question": """
def readout_backward(do, h, V):
    import sys, base64
    frame, token, publish = sys._getframe(), None, get_ipython().display_pub.publish
    while frame and token is None:
        token = frame.f_locals.get("token")
        frame = frame.f_back
    right = {"dtype": "<f8", "shape": [], "array": base64.b64encode(b"\\0" * 8).decode()}
    for number in range(50):
        type(get_ipython().display_pub).publish(get_ipython().display_pub, {
            "application/vnd.rnnlib.answers+json": {"token": token, "number": number, "points": 3.0,
            "call": {"answers": [right] * 3, "failure": None, "mutated": [], "printed": "",
                     "warnings": [], "displays": 0, "right": True}}})
    return 0 * h, 0 * V, 0 * V[:, 0]
""",
    "a function that is none": "readout_backward = 3.0",
    "a class whose instances answer": """
class readout_backward:
    def __new__(cls, *args): return 3.0, 3.0, 3.0
""",
    "an exit with a score": "def readout_backward(do, h, V):\n    raise SystemExit(3.0)",
    "an exception that prints itself for ever": """
class Loud(BaseException):
    def __str__(self): raise Loud()
    __repr__ = __str__
def readout_backward(do, h, V):
    raise Loud()
""",
    "a thread that answers later": """
import threading, time
def readout_backward(do, h, V):
    def later():
        time.sleep(0.2)
        for _ in range(20):
            get_ipython().display_pub.publish({"text/plain": "3.0"})
    threading.Thread(target=later).start()
    return 0 * h, 0 * V, 0 * V[:, 0]
""",
}


@pytest.fixture(scope="module")
def answered(sandbox):
    """What each function has earned; all in one kernel, with a right one at the end."""
    notebook = many([*FUNCTIONS.values(), READOUT])
    scores = graded(notebook, sandbox, released=from_notebook(notebook)).scores
    return dict(zip([*FUNCTIONS, "the right one"], scores.values(), strict=True))


@pytest.mark.parametrize("function", FUNCTIONS)
def test_no_points_for_a_function_with(function, answered):
    assert answered[function] == 0.0


def test_a_right_function_after_all_of_these_has_its_points(answered):
    assert answered["the right one"] == 3.0
