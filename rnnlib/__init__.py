"""Recurrent neural networks: the equations of the course and their hand-derived gradients.

    import rnnlib as rl

    p       = rl.elman.init(rng, inputs=D, hidden=H)     # parameters: a NamedTuple of arrays
    h, tape = rl.forward(rl.elman, p, x)                 # x (T, B, D) -> h (T, B, H)
    g       = rl.backward(rl.elman, p, tape, dh)         # g.params, g.x, g.state0
    p       = rl.to(p, "torch", device="cuda")           # the same numbers on another backend

The rooms: `cells` (one step and its backward), `unroll` (the time loop), `fused` (torch's kernels
behind the same call), `bidirectional`, `stacked`, `decoding` (an output becomes the next input),
`encoder_decoder`, `truncated` (a piece of the sequence at a time), `conversion` (to and from
torch.nn), `readout`, `embedding`, `losses`, `scan` (linear recurrences in parallel), `hmm` (hidden
Markov models), `init` (starting values), `gradients` (checked, followed through time, clipped),
`optim` and `train` (learning), `tasks` (data), `tree` and `backend` (what they stand on). Not
loaded until asked for: `plots` (figures), `explore` (sliders), `experiments`, `grading`.
"""

from rnnlib import (
    decoding,
    embedding,
    gradients,
    hmm,
    init,
    losses,
    optim,
    readout,
    scan,
    tasks,
    train,
    tree,
    truncated,
)
from rnnlib.backend import to, to_numpy
from rnnlib.bidirectional import Bidirectional, Both
from rnnlib.cells.additive_lstm import AdditiveLSTM, additive_lstm
from rnnlib.cells.elman import Elman, ElmanParams, elman
from rnnlib.cells.gru import GRU, GRUParams, gru
from rnnlib.cells.lstm import LSTM, LSTMParams, LSTMState, lstm
from rnnlib.conversion import from_torch, to_torch
from rnnlib.encoder_decoder import EncoderDecoder
from rnnlib.network import backward, forward
from rnnlib.stacked import Stacked
from rnnlib.tape import Gradients, Tape

__version__ = "0.1.0"

__all__ = [
    "GRU",
    "LSTM",
    "AdditiveLSTM",
    "Bidirectional",
    "Both",
    "Elman",
    "ElmanParams",
    "EncoderDecoder",
    "GRUParams",
    "Gradients",
    "LSTMParams",
    "LSTMState",
    "Stacked",
    "Tape",
    "additive_lstm",
    "backward",
    "decoding",
    "elman",
    "embedding",
    "forward",
    "from_torch",
    "gradients",
    "gru",
    "hmm",
    "init",
    "losses",
    "lstm",
    "optim",
    "readout",
    "scan",
    "tasks",
    "to",
    "to_numpy",
    "to_torch",
    "train",
    "tree",
    "truncated",
]
