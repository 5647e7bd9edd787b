"""As users have it, one thread for everybody, and a table of ratios at the end."""

import math
from collections import defaultdict

import pytest
import torch

from rnnlib import contracts


@pytest.fixture(autouse=True, scope="session")
def as_users_have_it():
    """Results are not checked, as they are in the other tests; torch has one thread.

    `make bench` sees to NumPy's threads.
    """
    contracts.check_returns = False
    torch.set_num_threads(1)


def pytest_terminal_summary(terminalreporter, config):
    """A line a shape: torch.nn in milliseconds, everybody else as a multiple of it."""
    session = getattr(config, "_benchmarksession", None)
    times = defaultdict(dict)  # (cell, device) -> {(shape, who): median seconds}
    for result in session.benchmarks if session else ():
        info = result.extra_info
        if "who" in info:
            times[info["cell"], info["device"]][info["shape"], info["who"]] = result.stats.median
    scans = defaultdict(dict)  # (what, way) -> {T: median seconds}
    for result in session.benchmarks if session else ():
        if "scan" in (info := result.extra_info):
            scans[info["scan"], info["way"]][info["T"]] = result.stats.median
    if scans:
        terminalreporter.section("The loop and the scan, milliseconds by the length T")
    for (what, way), by_length in scans.items():
        row = "".join(f"  T = {T}: {1e3 * seconds:9.2f}" for T, seconds in by_length.items())
        terminalreporter.write_line(f"{what:<34} {way:<20}{row}")
    growth = [r for r in session.benchmarks if "peak_mib" in r.extra_info] if session else []
    if growth:
        terminalreporter.section("LSTM with the length of the sequence, forward and backward")
        for result in growth:
            peak = result.extra_info["peak_mib"]
            terminalreporter.write_line(
                f"{result.name:<55} {1e3 * result.stats.median:8.1f} ms {peak:8.2f} MiB"
            )
    for (cell, device), found in times.items():
        shapes = list(dict.fromkeys(shape for shape, _ in found))
        others = [who for who in dict.fromkeys(who for _, who in found) if who != "torch.nn"]
        terminalreporter.section(f"{cell}, forward and backward, float32, {device}")
        row = "{:>22} {:>12}" + " {:>22}" * len(others)
        terminalreporter.write_line(row.format("T, B, D, H", "torch.nn, ms", *others))
        logs = defaultdict(list)
        for shape in shapes:
            base = found[shape, "torch.nn"]
            ratios = {who: found[shape, who] / base for who in others if (shape, who) in found}
            for who, ratio in ratios.items():
                logs[who].append(math.log(ratio))
            cells = [f"{ratios[who]:.2f} ×" if who in ratios else "" for who in others]
            terminalreporter.write_line(row.format(shape, f"{1e3 * base:.2f}", *cells))
        means = [f"{math.exp(sum(logs[who]) / len(logs[who])):.2f} ×" for who in others]
        terminalreporter.write_line(row.format("geometric mean", "", *means))
