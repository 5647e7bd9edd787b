"""The Python side of the slider explorer: what it accepts, what it refuses, what it sends."""

import numpy as np
import pytest
import traitlets

from rnnlib.explore import Explorer, Line, Panel, Slider

GAINS = np.array([0.5, 1.0, 1.5, 2.0])
CELLS = ["Elman", "LSTM", "GRU"]
STEPS = np.arange(5)
TEXTS = {"caption": "What to see.", "alt": "What it shows."}


def series(points: int = 5) -> np.ndarray:
    return np.random.default_rng(0).normal(size=(4, 3, points))


def panel(values: np.ndarray, title: str = "State", **options: object) -> Panel:
    return Panel(title, "step t", "h", STEPS, [Line("h", values)], **options)


def explorer(*panels: Panel) -> Explorer:
    sliders = [Slider("gain", "Gain g", GAINS, start=1.6), Slider("cell", "Cell", CELLS)]
    return Explorer(sliders, panels or [panel(series())], **TEXTS)


def sent(explorer: Explorer) -> np.ndarray:
    return np.frombuffer(explorer._data, "<f4")


def test_the_browser_gets_each_line_once_as_float32_in_the_order_of_the_grid():
    first, second = series(), 2 * series()
    both = explorer(panel(first, "first"), panel(second, "second"))
    assert sent(both).tolist() == pytest.approx([*first.ravel(), *second.ravel()], rel=1e-6)
    offsets = [line["offset"] for one in both._spec["panels"] for line in one["lines"]]
    assert offsets == [0, first.size]


def test_a_value_between_grid_points_takes_the_nearest():
    values = series()
    shown = explorer(panel(values)).at(gain=1.2, cell="GRU")
    np.testing.assert_array_equal(shown["State"]["h"], values[1, 2])


def test_a_slider_that_is_not_named_is_taken_where_it_stands():
    values = series()
    one = explorer(panel(values))
    assert one.index == [2, 0]
    np.testing.assert_array_equal(one.at(cell="LSTM")["State"]["h"], values[2, 1])
    one.move(cell="GRU", gain=0.5)
    assert one.index == [0, 2]
    assert one.values == {"gain": 0.5, "cell": "GRU"}
    np.testing.assert_array_equal(one.at()["State"]["h"], values[0, 2])


def test_the_series_keep_their_precision_in_python():
    values = series()
    assert explorer(panel(values)).at()["State"]["h"].dtype == np.float64


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"radius": 1.0}, r"no slider is called 'radius'; the sliders are \['gain', 'cell'\]"),
        ({"gain": 2.1}, r"gain=2.1 is outside the slider's range 0.5 to 2"),
        ({"gain": float("nan")}, r"gain=nan is outside"),
        ({"cell": "RNN"}, r"cell='RNN' is not one of \['Elman', 'LSTM', 'GRU'\]"),
    ],
)
def test_asking_for_what_is_not_on_the_grid_is_a_clear_error(asked, message):
    one = explorer()
    with pytest.raises(ValueError, match=message):
        one.at(**asked)
    with pytest.raises(ValueError, match=message):
        one.move(**asked)


@pytest.mark.parametrize("index", [[4, 0], [0, -1], [0], [0, 0, 0]])
def test_a_position_outside_the_grid_is_refused_and_the_old_one_kept(index):
    one = explorer()
    with pytest.raises(traitlets.TraitError, match="not a position in the grid"):
        one.index = index
    assert one.index == [2, 0]


def test_a_line_that_does_not_fit_the_grid_says_what_was_expected():
    with pytest.raises(ValueError, match=r"shape \(4, 3, 6\); expected \(4, 3, 5\)"):
        explorer(panel(series(6)))


def test_where_a_slider_makes_no_difference_one_value_is_sent_for_all_its_positions():
    whole, by_gain, by_cell = series(), series()[:, :1], series()[:1]
    one = explorer(*(panel(v, str(k)) for k, v in enumerate((whole, by_gain, by_cell))))
    assert sent(one).size == (4 * 3 + 4 + 3) * 5
    places = [(of["lines"][0]["offset"], of["lines"][0]["steps"]) for of in one._spec["panels"]]
    assert places == [(0, [15, 5]), (60, [5, 0]), (80, [0, 5])]
    shown = one.at(gain=2.0, cell="GRU")
    np.testing.assert_array_equal(shown["1"]["h"], by_gain[3, 0])
    np.testing.assert_array_equal(shown["2"]["h"], by_cell[0, 2])


def test_a_grid_above_32_mib_is_refused_with_its_size():
    points = np.arange(1_000_000)
    values = np.zeros((3, 3, 1_000_000), dtype="float32")
    sliders = [Slider("a", "a", [1, 2, 3]), Slider("b", "b", [1, 2, 3])]
    with pytest.raises(ValueError, match=r"\(3, 3\) makes 34 MiB and 32 MiB may be sent"):
        Explorer(sliders, [Panel("P", "x", "y", points, [Line("h", values)])], **TEXTS)


def test_more_lines_than_can_be_told_apart_are_refused():
    lines = [Line(f"h{k}", series()) for k in range(7)]
    with pytest.raises(ValueError, match="7 different lines cannot be told apart, 6 can"):
        explorer(Panel("State", "t", "h", STEPS, lines))


def test_a_name_in_two_panels_looks_the_same_in_both():
    first = Panel("a", "t", "h", STEPS, [Line("tanh", series()), Line("linear", series())])
    second = Panel("b", "t", "h", STEPS, [Line("linear", series()), Line("relu", series())])
    panels = explorer(first, second)._spec["panels"]
    assert [[line["look"] for line in one["lines"]] for one in panels] == [[0, 1], [1, 2]]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("my gain", "g", GAINS), "must be an identifier"),
        (("gain", "g", []), "needs two values or more"),
        (("gain", "g", [1.0, np.nan]), "finite, strictly increasing"),
        (("gain", "g", [1.0, 1.0]), "finite, strictly increasing"),
        (("gain", "g", ["a", "a"]), "repeats"),
        (("gain", "g", ["a", 1.0]), "only numbers or only strings"),
        (("gain", "g", GAINS, 3.0), "outside the slider's range"),
    ],
)
def test_a_slider_refuses_values_that_make_no_axis(arguments, message):
    with pytest.raises(ValueError, match=message):
        Slider(*arguments)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"sliders": []}, "at least one Slider"),
        ({"panels": []}, "at least one Panel"),
        ({"caption": " "}, "caption is empty"),
        ({"alt": ""}, "alt is empty"),
        ({"sliders": [Slider("a", "a", GAINS), Slider("a", "b", CELLS)]}, "slider names must all"),
        ({"panels": [panel(series()), panel(series())]}, "panel titles must all differ"),
    ],
)
def test_an_explorer_refuses_what_cannot_be_shown(change, message):
    arguments = {
        "sliders": [Slider("gain", "g", GAINS), Slider("cell", "Cell", CELLS)],
        "panels": [panel(series())],
        **TEXTS,
    }
    with pytest.raises(ValueError, match=message):
        Explorer(**arguments | change)


@pytest.mark.parametrize(
    ("x", "lines", "options", "message"),
    [
        (STEPS, [], {}, "has no lines"),
        (STEPS, [Line("h", series()), Line("h", series())], {}, "line names must all differ"),
        ([[0, 1]], [Line("h", series())], {}, r"x must have shape \(points,\)"),
        ([0, 2, 1], [Line("h", series())], {}, "x must be finite and strictly increasing"),
        (STEPS, [Line("h", series())], {"y_limits": (1, 0)}, "y_limits"),
        (STEPS, [Line("h", series())], {"y_limits": (0, 1), "log_y": True}, "y_limits"),
    ],
)
def test_a_panel_refuses_axes_that_cannot_be_drawn(x, lines, options, message):
    with pytest.raises(ValueError, match=message):
        Panel("State", "t", "h", x, lines, **options)


def test_a_line_of_complex_numbers_is_refused():
    with pytest.raises(ValueError, match="must hold real numbers"):
        Line("h", series() * 1j)


def test_the_y_axis_spans_the_whole_grid_and_its_marks():
    values = series()
    low, high = panel(values, marks={"limit": 9.0}).limits()
    assert low < values.min()
    assert 9.0 < high < 10.0
    assert panel(values, y_limits=(-1, 2)).limits() == (-1, 2)


@pytest.mark.parametrize("constant", [0.0, -3.0, np.nan])
def test_a_line_without_any_range_still_has_an_axis(constant):
    low, high = panel(np.full((4, 3, 5), constant)).limits()
    assert low < high


def test_values_that_are_not_finite_become_gaps_and_do_not_stretch_the_axis():
    values = np.ones((4, 3, 5))
    values[0, 0, :3] = [np.inf, -np.inf, np.nan]
    gaps = panel(values)
    assert np.isnan(sent(explorer(gaps))[:3]).all()
    assert gaps.limits() == (0.5, 1.5)


def test_a_logarithmic_axis_keeps_numbers_that_float32_does_not_have():
    values = np.ones((4, 3, 5))
    values[0, 0] = [1e-200, 1e200, 0.0, -1.0, 10.0]
    np.testing.assert_array_equal(
        sent(explorer(panel(values, log_y=True)))[:5], [-200, 200, np.nan, np.nan, 1]
    )


def test_a_line_does_not_change_with_the_array_it_was_made_from():
    values = series()
    one = explorer(panel(values))
    before = values[2, 0].copy()
    values[:] = 0
    np.testing.assert_array_equal(one.at()["State"]["h"], before)


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ([1, 2, 10], ("1", "2", "10")),
        ([-0.5, 0.25], ("−0.50", "0.25")),
        ([0, 1 / 3, 2 / 3], ("0", "0.333", "0.667")),
        ([1e-6, 1e-3, 1.0], ("1e−06", "0.001", "1")),
        (["GRU", "LSTM"], ("GRU", "LSTM")),
    ],
)
def test_slider_values_are_written_with_few_digits_and_a_real_minus(values, texts):
    assert Slider("s", "s", values).texts == texts


def test_a_viewer_without_widgets_shows_caption_and_description():
    bundle = explorer()._repr_mimebundle_()[0]
    assert bundle["text/plain"] == "Explorer: What to see.\nWhat it shows."
    assert "application/vnd.jupyter.widget-view+json" in bundle
