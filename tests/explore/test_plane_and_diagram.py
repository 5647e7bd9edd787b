"""What a plane and a diagram accept, refuse and send."""

import numpy as np
import pytest

from rnnlib.explore import Arrow, Box, Curve, Diagram, Explorer, Plane, Points, Slider

SLIDERS = [Slider("a", "a", [1, 2, 3]), Slider("g", "g", ["tanh", "linear"])]
GRID = (3, 2)
rng = np.random.default_rng(0)
X, Y = rng.normal(size=(2, *GRID, 4))
LOOP = {"loop": (np.cos(np.arange(9)), np.sin(np.arange(9)))}


def explorer(panel):
    return Explorer(SLIDERS, [panel], caption="What to see.", alt="What it shows.")


def sent(one):
    return np.frombuffer(one._data, "<f4")


def test_a_plane_sends_x_and_then_y_of_each_item():
    one = explorer(Plane("P", "x", "y", [Points("p", X, Y), Curve("c", 2 * X, Y)]))
    wanted = np.concatenate([array.ravel() for array in (X, Y, 2 * X, Y)])
    np.testing.assert_allclose(sent(one), wanted, rtol=1e-6)
    places = [(line["offset"], line["offsetY"]) for line in one._spec["panels"][0]["lines"]]
    assert places == [(0, X.size), (2 * X.size, 3 * X.size)]
    np.testing.assert_array_equal(one.at(a=3, g="tanh")["P"]["c"], [2 * X[2, 0], Y[2, 0]])


def test_a_plane_shows_all_that_the_grid_and_the_outlines_hold():
    (left, right), (low, high) = Plane("P", "x", "y", [Points("p", X, Y)], outlines=LOOP).limits()
    assert left < min(X.min(), -1) < max(X.max(), 1) < right
    assert low < min(Y.min(), -1) < max(Y.max(), 1) < high


def test_a_logarithmic_plane_sends_logarithms_of_y():
    one = explorer(Plane("P", "x", "y", [Points("p", X, Y**2)], log_y=True))
    np.testing.assert_allclose(sent(one)[X.size :], np.log10(Y**2).ravel(), rtol=1e-5)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Points("p", X, Y[..., :3]), "x has shape .* and y .*; both must be the same"),
        (lambda: Points("p", X.astype(str), Y), "must hold real numbers"),
        (lambda: Plane("P", "x", "y", []), "is empty; give it at least one"),
        (lambda: Plane("P", "x", "y", [Points("p", X, Y)] * 2), "names must all differ"),
        (lambda: Plane("P", "x", "y", [Points("p", X, Y)], x_limits=(1, 0)), "x_limits"),
        (
            lambda: Plane("P", "x", "y", [Points("p", X, Y)], outlines={"o": ([1, 2], [1])}),
            "outline 'o' must be a pair",
        ),
        (
            lambda: explorer(Plane("P", "x", "y", [Points("p", X[:2], Y[:2])])),
            r"shape \(2, 2, 4\); expected \(3, 2, 4\)",
        ),
    ],
)
def test_a_plane_refuses_what_cannot_be_drawn(make, message):
    with pytest.raises(ValueError, match=message):
        make()


ONE, NONE = np.ones(GRID), np.full(GRID, np.nan)
BOXES = [Box("a", "a", (0, 0), ONE, gradients=2 * ONE), Box("b", "b", (1, 0), NONE)]
WORDS = [["one", "two"], ["three", "four"], ["five", "six"]]


def test_a_diagram_tells_each_number_by_its_name_and_the_words_of_the_cell():
    one = explorer(Diagram("D", BOXES, [Arrow("a", "b", 3 * ONE, "direct")], WORDS))
    at = one.at(a=2, g="linear")["D"]
    assert (at["a"], at["da"], at["a → b"], at["words"]) == (1, 2, 3, "four")
    assert np.isnan(at["b"])
    boxes, arrows = (one._spec["panels"][0][kind] for kind in ("boxes", "arrows"))
    assert [box["value"]["offset"] for box in boxes] == [0, 12]
    assert boxes[0]["gradient"]["offset"] == 6
    assert boxes[1]["gradient"] is None
    assert arrows[0]["value"] == {"offset": 18, "steps": [2, 1]}


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Arrow("a", "b", ONE, "sideways"), "kind is 'sideways', expected one of"),
        (lambda: Diagram("D", [], [], WORDS), "has no boxes"),
        (lambda: Diagram("D", [BOXES[0]] * 2, [], WORDS), "names must all differ"),
        (
            lambda: Diagram("D", [BOXES[0], Box("da", "", (1, 0), ONE)], [], WORDS),
            "must all differ",
        ),
        (lambda: Diagram("D", BOXES, [Arrow("a", "c", ONE)], WORDS), "no box is called 'c'"),
        (
            lambda: explorer(Diagram("D", BOXES, [], WORDS[:2])),
            r"words .* shape \(2, 2\); expected \(3, 2\)",
        ),
        (
            lambda: explorer(Diagram("D", [Box("a", "a", (0, 0), np.ones(3))], [], WORDS)),
            r"shape \(3,\); expected \(3, 2\)",
        ),
    ],
)
def test_a_diagram_refuses_what_cannot_be_drawn(make, message):
    with pytest.raises(ValueError, match=message):
        make()
