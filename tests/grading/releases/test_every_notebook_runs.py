"""Every problem set executed from the first cell to the last: as released, and as solved."""

import pytest
from nbgrader.utils import determine_grade, is_grade, is_solution


def checks(notebook):
    """The test cells that a check is in."""
    return [cell for cell in notebook.cells if is_grade(cell) and not is_solution(cell)]


def outputs(notebook, name):
    """What each code cell of such a name has put out: `name` itself, or with more behind it."""
    return [
        cell.outputs
        for cell in notebook.cells
        if cell.cell_type == "code" and cell.id.startswith(name)
    ]


def test_the_solution_earns_all_points(executed):
    for cell in checks(executed["solution"]):
        assert determine_grade(cell)[0] == cell.metadata.nbgrader.points


def test_the_solution_draws_its_pictures(executed):
    pictures = outputs(executed["solution"], "draw_picture")
    assert pictures
    for picture in pictures:
        assert "<img" in picture[-1].data["text/html"]


def test_what_is_worked_out_on_paper_agrees_with_what_runs(executed):
    """Where a set has differences to hold the warm-up against."""
    said = [
        shown[0].text.split(":")[1].strip()
        for name in ("warm_up", "differences")
        for shown in outputs(executed["solution"], name)
    ]
    assert said
    assert len(set(said)) == 1


def test_no_cell_of_the_release_raises_and_the_warm_up_waits(executed):
    kinds = [o.output_type for cell in executed["released"].cells for o in cell.get("outputs", [])]
    assert len(kinds) > 5
    assert "error" not in kinds
    assert "not worked out yet" in outputs(executed["released"], "warm_up")[0][0].text


def test_the_release_earns_nothing_and_says_what_is_not_written_yet(executed):
    for cell in checks(executed["released"]):
        assert determine_grade(cell)[0] == 0
        assert "is not written yet" in cell.outputs[0].data["text/plain"]


def test_a_picture_of_the_release_is_a_sentence_and_no_error(executed):
    for output in outputs(executed["released"], "draw_picture"):
        assert [part.output_type for part in output] == ["stream"]
        assert output[0].text.startswith("The picture needs your ")


@pytest.mark.parametrize("name", ["solution", "released"])
def test_no_cell_writes_to_stderr(executed, name):
    streams = [
        output.name
        for cell in executed[name].cells
        for output in cell.get("outputs", [])
        if output.output_type == "stream"
    ]
    assert set(streams) == {"stdout"}
