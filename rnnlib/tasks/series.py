"""Forecasting a measured series: from a window of the past, the next value.

Sources: statsmodels' data sets: yearly sunspot numbers 1700–2008 (NOAA), and weekly carbon dioxide
at Mauna Loa 1958–2001 (Keeling and Whorf, 2004).
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np

from rnnlib.backend import Array
from rnnlib.init import expect_size
from rnnlib.tasks.batch import Batch, optional


class Series(NamedTuple):
    """Windows of a series, in units of its spread."""

    train: Batch
    test: Batch
    mean: float
    """The mean of the part to learn from: value = mean + spread · y, in sunspots or in ppm."""
    spread: float
    """Its standard deviation."""


def split(
    name: Literal["sunspots", "co2"] = "sunspots", *, window: int = 20, test: float = 0.25
) -> Series:
    """All windows of the series and what came next; the test is the last part of it.

    Nothing is drawn: to test on the future is to cut in time. Mean and spread are those of the part
    to learn from, and no window reaches across the cut. The forecast "as now" has a mean squared
    error (in units of the spread, squared) of 0.95 on the sunspots to test on; with a window of 52
    weeks it is 0.0019 on the carbon dioxide.

    Args:
        name: "sunspots" (309 years) or "co2" (2284 weeks; a week without a measurement has the
            value of the week before).
        window: The length T.
        test: The share of the series to test on.

    Returns:
        x (T, B, 1): a window. y (B, 1): the value after it. B is the number of windows, in the
        order of time.

    Raises:
        ImportError: statsmodels is not installed.
        TypeError: `window` is not an integer.
        ValueError: Another name, a share that is not between 0 and 1, or a window that is not
            shorter than the part to learn from or to test on.

    Example:
        >>> sunspots = split("sunspots", window=20)
        >>> sunspots.train.x.shape, sunspots.test.x.shape
        ((20, 212, 1), (20, 57, 1))
    """
    T = expect_size("series.split", "window", window)
    if not 0 < test < 1:
        raise ValueError(f"series.split: test is {test}, expected a share between 0 and 1.")
    values = load(name)
    cut = len(values) - round(len(values) * test)
    if min(cut, len(values) - cut) <= T:
        raise ValueError(
            f"series.split: window is {T}, but the parts have {cut} and {len(values) - cut} values."
        )
    mean, spread = float(values[:cut].mean()), float(values[:cut].std())
    scaled = (values - mean) / spread
    return Series(_windows(scaled[:cut], T), _windows(scaled[cut:], T), mean, spread)


def load(name: Literal["sunspots", "co2"]) -> Array:
    """The whole series, in sunspots or in parts per million.

    Example:
        >>> load("sunspots")[:3]
        array([ 5., 11., 16.])
    """
    if name not in ("sunspots", "co2"):
        raise ValueError(f'series: name is {name!r}, expected "sunspots" or "co2".')
    data = optional(f"statsmodels.datasets.{name}", "statsmodels").load_pandas().data
    values = data["SUNACTIVITY" if name == "sunspots" else "co2"].to_numpy(float)
    measured = np.flatnonzero(~np.isnan(values))
    last = measured[np.searchsorted(measured, np.arange(len(values)), side="right") - 1]
    return values[last]


def _windows(values: Array, T: int) -> Batch:
    windows = np.lib.stride_tricks.sliding_window_view(values, T + 1).T.copy()  # (T + 1, B)
    return Batch(x=windows[:-1, :, None], y=windows[-1, :, None])
