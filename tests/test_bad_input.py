"""Every public function answers bad input with what it expected and what came."""

import numpy as np
import pytest
import torch

import rnnlib as rl

T, B, D, H, K = 5, 3, 2, 4, 6
rng = np.random.default_rng(0)
P = rl.elman.init(rng, inputs=D, hidden=H)
R = rl.readout.init(rng, hidden=H, outputs=K)
X = rng.normal(size=(T, B, D))
H0 = rng.normal(size=(B, H))
HS, TAPE = rl.forward(rl.elman, P, X, H0)
LSTM_P = rl.lstm.init(rng, inputs=D, hidden=H)
LSTM_TAPE = rl.forward(rl.lstm, LSTM_P, X)[1]
O = rl.readout.forward(R, HS)
Y = rng.integers(K, size=(T, B))


def with_nan(x, index):
    x = x.copy()
    x[index] = np.nan
    return x


BAD = {
    # forward
    "x without the batch axis": (
        lambda: rl.forward(rl.elman, P, X[:, 0]),
        ValueError,
        "forward: x has shape (5, 2), expected (T, B, D). It needs 3 axes and has 2.",
    ),
    "x of another input size": (
        lambda: rl.forward(rl.elman, P, np.zeros((T, B, 7))),
        ValueError,
        "x has shape (5, 3, 7), expected (T, B, D) with D = 2 as in params.U",
    ),
    "an empty sequence": (
        lambda: rl.forward(rl.elman, P, X[:0]),
        ValueError,
        "x has shape (0, 3, 2), expected (T, B, D) with at least one of each: axis 0 has no steps",
    ),
    "an empty batch": (
        lambda: rl.forward(rl.elman, P, X[:, :0]),
        ValueError,
        "axis 1 has no sequences",
    ),
    "integer inputs": (
        lambda: rl.forward(rl.elman, P, np.zeros((T, B, D), int)),
        TypeError,
        'x has dtype int64, expected floating point. Convert it: x.astype("float64").',
    ),
    "NaN in the inputs": (
        lambda: rl.forward(rl.elman, P, with_nan(X, (1, 2, 0))),
        ValueError,
        "x holds nan at index (1, 2, 0); every entry must be finite",
    ),
    "infinity in the parameters": (
        lambda: rl.forward(rl.elman, P._replace(b=P.b + np.inf), X),
        ValueError,
        "params.b holds inf at index (0,)",
    ),
    "a list for an array": (
        lambda: rl.forward(rl.elman, P, X.tolist()),
        TypeError,
        "x is a list, expected an array of shape (T, B, D). Make one with numpy.asarray(...)",
    ),
    "two libraries": (
        lambda: rl.forward(rl.elman, P, torch.zeros(T, B, D)),
        TypeError,
        "x is a torch array and params.U a numpy array. Move one of them, e.g. "
        'rnnlib.to(x, "numpy")',
    ),
    "two dtypes": (
        lambda: rl.forward(rl.elman, P, X.astype("float32")),
        TypeError,
        "x has dtype float32 and params.U has float64. Convert one of them, e.g. "
        'rnnlib.to(x, "numpy", dtype="float64")',
    ),
    "two devices": (
        lambda: rl.forward(
            rl.elman, rl.to(P, "torch"), torch.zeros(T, B, D, dtype=torch.float64, device="meta")
        ),
        TypeError,
        "x is on device meta and params.U on cpu",
    ),
    "an initial state for another batch": (
        lambda: rl.forward(rl.elman, P, X, H0[:2]),
        ValueError,
        "state0 has shape (2, 4), expected (B, H) with B = 3 as in x",
    ),
    "a W that is not square": (
        lambda: rl.forward(rl.elman, P._replace(W=P.W[:, :3]), X),
        ValueError,
        "params.W has shape (4, 3), expected (H, H) with H = 4 as in params.U",
    ),
    "a plain tuple of parameters": (
        lambda: rl.forward(rl.elman, tuple(P), X),
        TypeError,
        "params is a tuple, expected ElmanParams for the cell Elman(g='tanh'). Make them with",
    ),
    "a class for a cell": (
        lambda: rl.forward(rl.Elman, P, X),
        TypeError,
        "expected a cell such as rnnlib.elman",
    ),
    # backward
    "h where the tape is meant": (
        lambda: rl.backward(rl.elman, P, HS, HS),
        TypeError,
        "tape is a ndarray, expected the Tape that forward returns",
    ),
    "dh of another length": (
        lambda: rl.backward(rl.elman, P, TAPE, HS[:-1]),
        ValueError,
        "dh has shape (4, 3, 4), expected (T, B, H) with T = 5 as in tape.x",
    ),
    "NaN in dh": (
        lambda: rl.backward(rl.elman, P, TAPE, with_nan(HS, (0, 0, 0))),
        ValueError,
        "dh holds nan at index (0, 0, 0)",
    ),
    # one step
    "a state of another size in a step": (
        lambda: rl.elman.step(P, X[0], H0[:, :3]),
        ValueError,
        "step: state_prev has shape (3, 3), expected (B, H) with H = 4 as in params.U",
    ),
    "lengths beyond the sequence": (
        lambda: rl.forward(rl.elman, P, X, lengths=np.array([1, 5, 6])),
        ValueError,
        "forward: lengths holds 6, expected 1 to 5, the steps of x",
    ),
    "a length of zero": (
        lambda: rl.forward(rl.elman, P, X, lengths=np.array([0, 5, 5])),
        ValueError,
        "lengths holds 0, expected 1 to 5",
    ),
    "lengths for another batch": (
        lambda: rl.forward(rl.elman, P, X, lengths=np.array([5, 5])),
        ValueError,
        "lengths has shape (2,), expected (B,) with B = 3 as in x",
    ),
    "a tuple for the state of the plain cell": (
        lambda: rl.forward(rl.elman, P, X, (H0, H0)),
        TypeError,
        "state0 is a tuple, expected an array of shape (B, H)",
    ),
    # readout
    "a hidden state of another size at the readout": (
        lambda: rl.readout.forward(R, HS[..., :3]),
        ValueError,
        "forward: h has shape (5, 3, 3), expected (..., H) with H = 4 as in params.V",
    ),
    "do of other leading axes": (
        lambda: rl.readout.backward(R, HS, O[:2]),
        ValueError,
        "do has shape (2, 3, 6), expected (..., K) with the leading axes = (5, 3) as in h",
    ),
    "a last state's gradient that is no state": (
        lambda: rl.backward(rl.lstm, LSTM_P, LSTM_TAPE, HS, HS[0]),
        TypeError,
        "dlast, the gradient of the last state, is a ndarray, expected LSTMState for the cell",
    ),
    # losses
    "a y outside the classes": (
        lambda: rl.losses.cross_entropy(O, Y + K),
        ValueError,
        "expected classes 0 to 5, because o has shape (5, 3, 6) and so K = 6",
    ),
    "a negative y": (
        lambda: rl.losses.cross_entropy_backward(O, Y - K),
        ValueError,
        "expected classes 0 to 5",
    ),
    "a y of floats": (
        lambda: rl.losses.cross_entropy(O, Y.astype(float)),
        TypeError,
        'y has dtype float64, expected integers. Convert it: y.astype("int64").',
    ),
    "a y of another shape": (
        lambda: rl.losses.cross_entropy(O, Y[:2]),
        ValueError,
        "y has shape (2, 3), expected (..., B) with the leading axes = (5,) as in o",
    ),
    "a softmax of integers": (
        lambda: rl.losses.softmax(np.array([1, 2])),
        TypeError,
        "softmax: o has dtype int64, expected floating point",
    ),
    "a softmax of NaN": (
        lambda: rl.losses.softmax(np.array([0.0, np.nan])),
        ValueError,
        "softmax: o holds nan at index (1,)",
    ),
    # finite differences
    "differences in float32": (
        lambda: rl.gradients.numerical_gradient(lambda a: a.sum(), np.zeros(2, "float32")),
        TypeError,
        "at is float32, expected a float64 array",
    ),
    "differences of an array": (
        lambda: rl.gradients.numerical_gradient(lambda a: a, np.zeros(2)),
        ValueError,
        "f returned an array of shape (2,), expected one number",
    ),
    "differences of NaN": (
        lambda: rl.gradients.numerical_gradient(lambda a: a.sum(), np.array([np.nan])),
        ValueError,
        "at holds NaN or infinity",
    ),
    "differences of a function that is infinite": (
        lambda: rl.gradients.numerical_gradient(lambda a: float("inf"), np.zeros(2)),
        ValueError,
        "f returned inf, expected a finite number",
    ),
    "differences of a function that returns nothing": (
        lambda: rl.gradients.numerical_gradient(lambda a: None, np.zeros(2)),
        TypeError,
        "f returned a NoneType, expected one number",
    ),
    "differences of what is no function": (
        lambda: rl.gradients.numerical_gradient(3, np.zeros(2)),
        TypeError,
        "f is a int, expected a function of one argument",
    ),
    "an error of two libraries": (
        lambda: rl.gradients.relative_error(np.zeros(2), torch.zeros(2)),
        TypeError,
        "got is a ndarray and want a Tensor, expected two NumPy arrays or two tensors",
    ),
    "an error of nothing": (
        lambda: rl.gradients.relative_error(np.zeros((0, 2)), np.zeros((0, 2))),
        ValueError,
        "the arrays of shape (0, 2) are empty",
    ),
    "a step of zero": (
        lambda: rl.gradients.numerical_gradient(lambda a: a.sum(), np.zeros(2), step=0),
        ValueError,
        "step is 0, expected a positive number",
    ),
    "an error of two shapes": (
        lambda: rl.gradients.relative_error(np.zeros(2), np.zeros((2, 1))),
        ValueError,
        "got has shape (2,), expected (2, 1) like want",
    ),
    "the parameters of another room": (
        lambda: rl.readout.forward(P, HS),
        TypeError,
        "readout.forward: params is a ElmanParams, expected ReadoutParams",
    ),
    "a module for a cell": (
        lambda: rl.forward(rl, P, X),
        TypeError,
        "forward: cell is <module 'rnnlib'",
    ),
    "the tape of another cell": (
        lambda: rl.backward(rl.Elman(g="relu"), P, TAPE, HS),
        ValueError,
        "the tape is of the cell Elman(g='tanh'), and cell is Elman(g='relu')",
    ),
    "a masked array": (
        lambda: rl.forward(rl.elman, P, np.ma.masked_array(X)),
        TypeError,
        "x is a MaskedArray, expected an array of shape (T, B, D)",
    ),
    "a y without the batch axis": (
        lambda: rl.losses.cross_entropy(O, Y[:, 0]),
        ValueError,
        "y has shape (5,), expected (..., B) with the leading axes = (5,) as in o, not ()",
    ),
    # moving
    "text to move": (
        lambda: rl.to("x", "torch"),
        TypeError,
        "to: found a str where an array is expected. Make one with numpy.asarray(...)",
    ),
    "numbers to move": (
        lambda: rl.to([1, 2], "numpy"),
        TypeError,
        "to: found a int where an array is expected",
    ),
    "an unknown device": (
        lambda: rl.to(X, "torch", device="gpu"),
        ValueError,
        "to: device is 'gpu', expected one of torch's names",
    ),
    "an unknown backend": (
        lambda: rl.to(P, "jax"),
        ValueError,
        'to: backend is \'jax\', expected "numpy" or "torch"',
    ),
    "an unknown dtype": (
        lambda: rl.to(P, "numpy", dtype="float8"),
        ValueError,
        "dtype is 'float8', expected one of float16, bfloat16, float32, float64",
    ),
    "a device for NumPy": (
        lambda: rl.to(P, "numpy", device="cuda"),
        ValueError,
        "NumPy computes on the CPU only",
    ),
    "trees of two forms": (
        lambda: rl.tree.map(lambda a, b: a, P, R),
        ValueError,
        "the trees differ at tree: ElmanParams with U, W, b here, ReadoutParams with V, b_y there",
    ),
}


@pytest.mark.parametrize("what", BAD)
def test_bad_input_is_answered_with_what_was_expected_and_what_came(what):
    call, error, message = BAD[what]
    with pytest.raises(error) as raised:
        call()
    assert message in str(raised.value)


def test_an_absent_cuda_device_is_refused_by_name():
    if torch.cuda.is_available():
        pytest.skip("needs a machine without CUDA: this one has it")
    with pytest.raises(RuntimeError, match="torch sees no CUDA device here"):
        rl.to(P, "torch", device="cuda")
