"""Training: the loop, its progress bar, and the file that keeps what it has reached.

    trained = train(params, loss_and_gradients, batches, Adam(1e-3), rng=rng, iterations=1000)
    save("run.npz", trained)

The steps themselves are in `rnnlib.optim`.
"""

from rnnlib.train.checkpoint import load, save
from rnnlib.train.loop import TrainingError, train
from rnnlib.train.trained import Trained

__all__ = ["Trained", "TrainingError", "load", "save", "train"]
