"""Every figure has a text alternative and a caption, is drawn in the one look, and can be read."""

import io

import matplotlib as mpl
import matplotlib.image
import numpy as np
import pytest
from matplotlib.figure import Figure

import rnnlib as rl
from rnnlib import plots
from rnnlib.experiments.cliff import cliff
from rnnlib.experiments.forget_bias import Result as BiasResult
from rnnlib.experiments.training import Curve
from rnnlib.experiments.weight_sharing import Result
from rnnlib.plots.picture import LOOKS, STYLE, Picture, drawn

H = np.linspace(-1, 1, 12).reshape(4, 3)
CURVE = Curve(np.array([0, 50, 100]), np.array([0.5, 0.2, 0.1]))


def tape_of(cell):
    p = cell.init(np.random.default_rng(0), inputs=2, hidden=3)
    return rl.forward(cell, p, np.random.default_rng(1).normal(size=(6, 2, 2)))[1]


PICTURES = {
    "folded_and_unrolled": plots.folded_and_unrolled,
    "structures": plots.structures,
    "states": lambda: plots.states(H),
    "losses": lambda: plots.losses(np.array([1.0, 0.5, 2.0])),
    "lines": lambda: plots.lines(
        {"a": np.arange(4), "b": np.ones(4)}, x_label="t", y_label="h", caption="c", alt="two"
    ),
    "spectrum": lambda: plots.spectrum({"W": np.eye(3), "2W": 2 * np.eye(3)}),
    "cliff": lambda: plots.cliff(cliff(grid=20, iterations=20)),
    "gates": lambda: plots.gates(tape_of(rl.lstm), unit=2, sequence=1, inputs=list("abcdef")),
    "curves": lambda: plots.curves(
        {"a": [CURVE, CURVE], "b": [CURVE]}, y_label="e", caption="c", alt="three", guessing=0.3
    ),
    "forget_bias": lambda: plots.forget_bias(
        BiasResult(np.array([-2.0, 3.0]), np.array([[100, np.inf], [50, 50]]), [[CURVE] * 2] * 2)
    ),
    "weight_sharing": lambda: plots.weight_sharing(
        {
            "shared": Result(98, np.array([1.0, 1.0]), np.array([0.99, 0.98])),
            "own": Result(1470, np.array([1.0, 1.0]), np.array([0.7, 0.8])),
        }
    ),
}


def test_every_figure_of_the_package_is_looked_at_here():
    assert set(PICTURES) == set(plots.__all__) - {"Picture"}


@pytest.mark.parametrize("name", PICTURES)
def test_a_figure_carries_alt_text_and_caption_and_is_not_blank(name):
    picture = PICTURES[name]()
    shown = picture._repr_html_()
    assert 'alt="' in shown
    assert "<figcaption" in shown
    assert len(picture.alt) > 2
    pixels = matplotlib.image.imread(io.BytesIO(picture.png))[..., :3]
    ink = (pixels < 0.9).any(axis=-1).mean()
    assert 0.002 < ink < 0.8


@pytest.mark.parametrize("missing", ["caption", "alt"])
def test_a_figure_without_words_is_refused(missing):
    words = {"caption": "c", "alt": "a"} | {missing: " "}
    with pytest.raises(ValueError, match=f"{missing} is empty"):
        Picture(Figure(), **words)


def test_text_is_at_least_eleven_points_on_screen():
    sizes = [value for key, value in STYLE.items() if key.endswith("size") and key != "markersize"]
    assert min(size for size in sizes if isinstance(size, int) and size > 8) >= 11


def test_looks_differ_in_colour_dash_and_marker():
    for key in ("color", "linestyle", "marker"):
        assert len({str(look[key]) for look in LOOKS}) == len(LOOKS)


def test_drawing_leaves_matplotlib_as_it_was():
    before = mpl.rcParams["font.size"]
    seen = []

    @drawn
    def probe():
        seen.append(mpl.rcParams["font.size"])
        return Picture(Figure(), caption="c", alt="a")

    probe()
    assert seen == [STYLE["font.size"]]
    assert mpl.rcParams["font.size"] == before


def test_quotes_in_words_do_not_break_the_page():
    picture = Picture(Figure(), caption="<b>", alt='the "a"')
    assert 'alt="the &quot;a&quot;"' in picture._repr_html_()
    assert "&lt;b&gt;" in picture._repr_html_()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: plots.states(np.zeros((2, 3, 4))), r"expected \(T, H\): one sequence"),
        (lambda: plots.states(H, inputs=["a"]), "got 1 inputs, expected one for each of 4 steps"),
        (lambda: plots.losses(H), r"expected \(T,\)"),
        (
            lambda: plots.lines(
                {str(i): H[0] for i in range(9)}, x_label="", y_label="", caption="c", alt="a"
            ),
            "got 9 series, expected at most 5",
        ),
        (
            lambda: plots.gates(tape_of(rl.lstm), inputs=["a"]),
            "got 1 inputs, expected one for each of 6 steps",
        ),
        (
            lambda: plots.curves({str(i): [] for i in range(9)}, y_label="", caption="c", alt="a"),
            "got 9 kinds, expected at most 5",
        ),
    ],
)
def test_what_cannot_be_drawn_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_gates_that_a_cell_does_not_have_are_not_drawn():
    with pytest.raises(TypeError, match="expected the tape of an LSTM, got one of Elman"):
        plots.gates(tape_of(rl.elman))


def test_the_words_of_the_gates_are_those_of_the_unit_and_sequence_asked_for():
    tape = tape_of(rl.additive_lstm)
    first, last = tape.states.h[[1, -1], 1, 2]
    assert f"State: from {first:.2f} to {last:.2f}" in plots.gates(tape, unit=2, sequence=1).alt


def test_a_seed_that_did_not_learn_is_named_so():
    alt = PICTURES["forget_bias"]().alt
    assert "Bias -2: 100, not learnt. Bias 3: 50, 50." in alt
