"""Submissions that want points for a function that they did not write. None gets any.

Each is one cell at the top of the notebook. The first dozen earned full marks from nbgrader as it
comes.
"""

import pytest

from tests.hostile.submissions import PRETENDED, SOLVED, STUB, graded, hand_in

ATTACKS = {
    "an AST transformer that makes every call of check a number": """
import ast
class Rich(ast.NodeTransformer):
    def visit_Call(self, node):
        is_check = getattr(node.func, "id", "") == "check"
        return ast.copy_location(ast.Constant(1000.0), node) if is_check else node
get_ipython().ast_transformers.append(Rich())
""",
    "an AST transformer that puts a number in the place of whatever is asked": """
import ast
class Any(ast.NodeTransformer):
    def visit_Module(self, node):
        node.body = ast.parse("1000.0").body
        return node
get_ipython().ast_transformers.append(Any())
""",
    "an input transformer that replaces every check": """
get_ipython().input_transformers_post.append(
    lambda lines: ["3.0"] if any("readout_backward" in line for line in lines) else lines
)
""",
    "a cleanup transform that empties every cell": """
get_ipython().input_transformers_cleanup.append(lambda lines: ["3.0\\n"])
""",
    "a run_cell of its own": """
ip = get_ipython()
def run_cell(source, *args, **kwargs):
    return type(ip).run_cell(ip, "3.0" if "readout_backward" in source else source)
ip.run_cell = run_cell
""",
    "a run_cell_async of its own": """
ip = get_ipython()
old = ip.run_cell_async
ip.run_cell_async = lambda source, *a, **k: old("3.0", *a, **k)
""",
    "a formatter that shows every float as 1000": """
text = get_ipython().display_formatter.formatters["text/plain"]
text.for_type(float, lambda x, p, cycle: p.text("1000.0"))
""",
    "a display hook that shows full marks": """
import sys
ip = get_ipython()
ip.display_formatter.format = lambda *a, **k: ({"text/plain": "3.0"}, {})
""",
    "a check of its own, and one in the place of rnnlib's": """
import sys
import rnnlib.grading, rnnlib.grading.check
check = lambda *args: 3.0
rnnlib.grading.check = check
sys.modules["rnnlib.grading.check"].check = check
""",
    "a module in the place of rnnlib.grading": """
import sys, types
module = types.ModuleType("rnnlib.grading")
module.check = lambda *args: 3.0
for name in [name for name in sys.modules if name.startswith("rnnlib")]:
    sys.modules[name] = module
""",
    "an import that is hooked": """
import builtins
real = builtins.__import__
class Fake:
    def __getattr__(self, name):
        return lambda *a, **k: 3.0
builtins.__import__ = lambda name, *a, **k: Fake() if "grading" in name else real(name, *a, **k)
""",
    "NumPy's comparisons, patched": """
import numpy as np
for name in ("allclose", "array_equal", "isclose", "testing"):
    setattr(np, name, lambda *a, **k: True)
np.max = np.abs = np.linalg.norm = lambda *a, **k: 0.0
""",
    "rnnlib's own comparison and tolerance, patched": """
import rnnlib.gradients
rnnlib.gradients.relative_error = lambda *a, **k: 0.0
try:
    import rnnlib.grading.judging.tolerance as tolerance
    tolerance.TOLERANCE = 1e9
    import rnnlib.grading.judging.compare as compare
    compare.TOLERANCE = 1e9
except ImportError:
    pass
""",
    "an answering that is replaced": """
import rnnlib.grading.calling.answering as answering
answering.answer = lambda *args: print("3.0")
""",
    "a run that calls nothing": """
import rnnlib.grading.calling.answering as answering
answering.run = lambda *args: ()
""",
    "base64 and json, patched": """
import base64, json
base64.b64encode = lambda *a, **k: b"AAAA"
json.loads = lambda *a, **k: {}
json.dumps = lambda *a, **k: "{}"
""",
    "a report, printed and displayed": """
report = {"version": 1, "function": "readout_backward", "points": 3.0, "out_of": 3.0, "lines": [],
          "troubles": [], "remarks": [], "printed": ""}
get_ipython().display_pub.publish(
    {"application/vnd.rnnlib.report+json": report, "text/plain": "readout_backward: 3 of 3 points"}
)
print("application/vnd.rnnlib.report+json", report)
3.0
""",
    "results of its own, sent over the kernel's sockets with every later cell": """
ip = get_ipython()
def forge(*args):
    parent = ip.kernel.get_parent()
    for kind, content in (
        ("execute_result", {"data": {"text/plain": "3.0"}, "metadata": {}, "execution_count": 1}),
        ("status", {"execution_state": "idle"}),
    ):
        ip.kernel.session.send(ip.kernel.iopub_socket, kind, content=content, parent=parent)
ip.events.register("pre_execute", forge)
""",
    "a reply of its own before the kernel's": """
ip = get_ipython()
def reply(*args):
    kernel = ip.kernel
    content = {"status": "ok", "execution_count": 1, "payload": [], "user_expressions": {}}
    try:
        socket = kernel.shell_socket
    except AttributeError:
        socket = kernel.shell_stream
    kernel.session.send(socket, "execute_reply", content=content, parent=kernel.get_parent())
ip.events.register("pre_execute", reply)
""",
    "comms full of points": """
from comm import create_comm
comm = create_comm(target_name="jupyter.widget", data={"state": {"score": 3.0}, "points": 3.0})
comm.send({"state": {"score": 3.0}, "method": "update"})
""",
    "metadata and hidden names of its own": "nbgrader = {'points': 1000}; score = 1000.0",
    "a set of post-run hooks that print points": """
get_ipython().events.register("post_run_cell", lambda *args: print(3.0))
""",
    "a profile and a trace function": """
import sys, threading
sys.setprofile(lambda *args: None)
sys.settrace(lambda *args: None)
threading.setprofile(lambda *args: None)
""",
    "a signal handler in the place of the time limit": """
import signal
signal.signal = lambda *args: None
signal.setitimer = lambda *args: None
""",
    "a time that stands still": """
import time
time.monotonic = time.time = time.perf_counter = lambda: 0.0
""",
    "a type that every isinstance takes for an array": """
import numpy as np
class Meta(type):
    def __instancecheck__(cls, thing):
        return True
class Everything(metaclass=Meta):
    pass
np.ndarray_ = np.ndarray
""",
    "the garbage collector's list of everything alive": """
import gc
references = [thing for thing in gc.get_objects() if callable(thing)
              and getattr(thing, "__name__", "") == "reference"]
""",
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_points_for(attack, sandbox):
    result = graded(hand_in(ATTACKS[attack]), sandbox)
    assert result.scores[PRETENDED] == 0.0
    assert result.scores[SOLVED] in (0.0, 5.0)  # who breaks the asking has no answer at all


def test_nothing_is_seen_of_the_question_in_a_later_cell(sandbox):
    spy = "print(dir(), In, Out, _, __, get_ipython().history_manager.input_hist_raw)"
    result = graded(hand_in("x = 1", STUB, last=spy), sandbox)
    (printed,) = result.notebook.cells[-1].outputs
    assert "rnn_step_backward" in printed.text
    assert "stand_ins" not in printed.text
    assert "answering" not in printed.text
