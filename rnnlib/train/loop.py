"""The training loop: a batch, its gradients, a step, again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from rnnlib.gradients import clip_by_norm
from rnnlib.init import expect_generator, expect_size
from rnnlib.optim import Optimizer
from rnnlib.train.checkpoint import save
from rnnlib.train.progress import Progress
from rnnlib.train.trained import Trained, columns, rows


class TrainingError(RuntimeError):
    """Training could not go on. `trained` holds what had been reached."""

    def __init__(self, message: str, trained: Trained) -> None:
        super().__init__(message)
        self.trained = trained


class Reached(NamedTuple):
    """Where an iteration ends and the next one starts."""

    iteration: int
    params: Any
    state: Any
    rng: dict[str, Any]


def train(
    params: Any,
    loss_and_gradients: Callable[[Any, Any], tuple[Any, Any]],
    batches: Callable[[np.random.Generator], Any],
    optimizer: Optimizer,
    *,
    rng: np.random.Generator,
    iterations: int,
    clip: float | None = None,
    callback: Callable[[int, Any], dict[str, float] | None] | None = None,
    progress: bool = True,
    checkpoint: str | Path | None = None,
    every: int = 100,
    resume: Trained | None = None,
) -> Trained:
    """Train until `iterations` iterations are made.

        batch         = batches(rng)
        L, dparams    = loss_and_gradients(params, batch)
        dparams       ← dparams · min(1, clip / ‖dparams‖)
        params, state = optimizer.step(params, dparams, state)

    Interrupt it (Kernel → Interrupt, or Ctrl+C) and it returns what has been reached. Call it again
    with `resume=` that, and it ends with the same bits as if nothing had interrupted it.

    Args:
        params: Where to start: any tree of arrays of either backend. Not looked at when resuming.
        loss_and_gradients: From (params, batch) to the loss and a tree of gradients like `params`.
        batches: Draws the next batch from the generator that it is given, and from nothing else.
        optimizer: Such as `rnnlib.optim.Adam(1e-3)`.
        rng: What the batches are drawn from. When resuming it is first put back to where it was.
        iterations: How many in all, those of `resume` included.
        clip: The largest norm of the whole gradient; None leaves it as it is.
        callback: Called after each iteration as `callback(iteration, params)`; the numbers in the
            dict that it returns, if any, go into the history.
        progress: Whether to show a bar with the loss and the time left.
        checkpoint: A file to save to, every so often and at the end; see `rnnlib.train.load`.
        every: How many iterations pass between two savings.
        resume: What an earlier call returned, or `rnnlib.train.load` read.

    Raises:
        TrainingError: The loss or the gradient is NaN or infinite, or anything failed after the
            first iteration. It holds what had been reached.
        TypeError, ValueError: Bad arguments, such as a checkpoint in a folder that is not there; a
            gradient that does not fit its parameter.

    Source:
        Clipping: Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural
        networks", ICML 2013, Algorithm 1.

    Example:
        >>> from rnnlib.optim import SGD
        >>> def loss_and_gradients(w, batch):
        ...     return ((w - batch) ** 2).sum(), 2 * (w - batch)
        >>> trained = train(np.zeros(1), loss_and_gradients, lambda rng: 3.0, SGD(0.25),
        ...                 rng=np.random.default_rng(0), iterations=3, progress=False)
        >>> trained.history["loss"]
        array([9.    , 2.25  , 0.5625])
    """
    _expect(rng, iterations, clip, every, resume)
    if checkpoint is not None and not Path(checkpoint).parent.is_dir():
        raise ValueError(
            f"train: checkpoint is {str(checkpoint)!r}, and there is no folder "
            f"{str(Path(checkpoint).parent)!r}. Make it first."
        )
    if resume is None:
        table: list[dict[str, float]] = []
        reached = Reached(0, params, optimizer.init(params), _state(rng))
    else:
        table = rows(resume.history)
        rng.bit_generator.state = resume.rng
        reached = Reached(len(table), resume.params, resume.state, resume.rng)

    def trained() -> Trained:
        history = columns(table[: reached.iteration])
        return Trained(reached.params, history, reached.state, reached.rng)

    first = reached.iteration + 1
    with Progress(reached.iteration, iterations, show=progress) as bar:
        try:
            for iteration in range(first, iterations + 1):
                loss, gradients = loss_and_gradients(reached.params, batches(rng))
                gradients, norm = clip_by_norm(gradients, np.inf if clip is None else clip)
                loss, norm = _finite(float(loss), norm)
                params, state = optimizer.step(reached.params, gradients, reached.state)
                more = (callback(iteration, params) if callback else None) or {}
                table.append(_row(iteration, loss, norm, more))
                reached = Reached(iteration, params, state, _state(rng))  # all of it, or none
                bar.update(iteration, loss)
                if checkpoint is not None and iteration % every == 0:
                    save(checkpoint, trained())
        except KeyboardInterrupt:
            bar.note(
                f"interrupted after {reached.iteration} of {iterations} iterations. To go on, call "
                "train again with resume= what it returns now."
            )
        except Exception as error:
            if reached.iteration == 0 and not isinstance(error, FloatingPointError):
                raise  # a mistake in the call, and nothing to lose yet
            raise TrainingError(
                f"train: stopped at iteration {reached.iteration + 1}: {str(error).rstrip('.')}. "
                "If the numbers grew too large, try a smaller rate, or clip=1.0. The parameters "
                "and the history until then are in this error's `trained`.",
                trained(),
            ) from error
        finally:
            if checkpoint is not None and reached.iteration >= first:  # else it has nothing new
                save(checkpoint, trained())
    return trained()


def _finite(loss: float, norm: float) -> tuple[float, float]:
    if not (abs(loss) < np.inf and norm < np.inf):
        raise FloatingPointError(f"the loss is {loss:.3g}, the norm of its gradient {norm:.3g}.")
    return loss, norm


def _row(iteration: int, loss: float, norm: float, more: dict[str, float]) -> dict[str, float]:
    row = {"iteration": iteration, "loss": loss, "gradient_norm": norm}
    if taken := sorted(row.keys() & more.keys()):
        raise ValueError(
            f"train: the callback returned {taken[0]!r}, which the history has already. Give it "
            "another name."
        )
    return row | {name: float(value) for name, value in more.items()}


def _state(rng: np.random.Generator) -> dict[str, Any]:
    return dict(rng.bit_generator.state)


def _expect(
    rng: Any, iterations: int, clip: float | None, every: int, resume: Trained | None
) -> None:
    expect_generator("train", rng)
    expect_size("train", "iterations", iterations)
    expect_size("train", "every", every)
    if clip is not None and not (isinstance(clip, int | float | np.number) and clip > 0):
        raise ValueError(f"train: clip is {clip!r}, expected a positive number, or None.")
    if resume is None:
        return
    if not isinstance(resume, Trained):
        raise TypeError(
            f"train: resume is a {type(resume).__name__}, expected what train returned or "
            "rnnlib.train.load read."
        )
    if resume.iterations > iterations:
        raise ValueError(
            f"train: iterations is {iterations}, but resume has made {resume.iterations} already. "
            "It counts them all, those of resume included."
        )
    there, here = resume.rng["bit_generator"], type(rng.bit_generator).__name__
    if there != here:
        raise ValueError(f"train: rng is a generator of {here}, but resume has used {there}.")
