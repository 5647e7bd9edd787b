import numpy as np
import pytest

from rnnlib.tasks import series


@pytest.mark.parametrize(("name", "window"), [("sunspots", 20), ("sunspots", 1), ("co2", 52)])
def test_windows_are_the_series_cut_in_time_and_the_target_is_the_next_value(name, window):
    values = series.load(name)
    train, test, mean, spread = series.split(name, window=window)
    cut = len(values) - round(0.25 * len(values))
    for batch, begin, end in ((train, 0, cut), (test, cut, len(values))):
        assert batch.x.shape == (window, end - begin - window, 1)
        for b in (0, 1, batch.x.shape[1] - 1):
            x, y = mean + spread * batch.x[:, b, 0], mean + spread * batch.y[b, 0]
            assert x == pytest.approx(values[begin + b : begin + b + window], rel=1e-12)
            assert y == pytest.approx(values[begin + b + window], rel=1e-12)


def test_mean_and_spread_know_nothing_of_the_future(monkeypatch):
    before = series.split("sunspots")
    values = series.load("sunspots")
    later = np.where(np.arange(len(values)) >= len(values) - 77, 1e6, values)
    monkeypatch.setattr(series, "load", lambda name: later)
    after = series.split("sunspots")
    assert (after.mean, after.spread) == (before.mean, before.spread)
    assert (after.train.x == before.train.x).all()
    assert (after.train.y == before.train.y).all()
    assert (after.test.x != before.test.x).all()


def test_a_week_without_a_measurement_has_the_value_of_the_week_before():
    from statsmodels.datasets import co2

    measured = co2.load_pandas().data["co2"].to_numpy()
    got = series.load("co2")
    assert len(got) == len(measured) == 2284
    last = None
    for value, want in zip(got, measured, strict=True):
        last = last if np.isnan(want) else want
        assert value == last


@pytest.mark.parametrize(("name", "window", "error"), [("sunspots", 20, 0.95), ("co2", 52, 0.0019)])
def test_saying_as_now_has_the_stated_error(name, window, error):
    test = series.split(name, window=window).test
    assert ((test.x[-1] - test.y) ** 2).mean() == pytest.approx(error, rel=0.05)
