from typing import NamedTuple

import pytest

from rnnlib import tree


class Pair(NamedTuple):
    a: object
    b: object


def test_every_kind_of_node_keeps_its_type():
    nested = Pair(a=[1, (2, None)], b={"k": 3})
    assert tree.map(lambda x: 10 * x, nested) == Pair(a=[10, (20, None)], b={"k": 30})
    assert type(tree.map(abs, nested)) is Pair


def test_several_trees_are_visited_side_by_side():
    assert tree.map(lambda x, y, z: x + y * z, Pair(1, 2), Pair(3, 4), Pair(5, 6)) == Pair(16, 26)


def test_leaves_come_in_the_order_of_the_fields():
    assert list(tree.leaves(Pair(a=Pair(1, 2), b=[3]))) == [1, 2, 3]
    assert [name for name, _ in tree.named_leaves(Pair(a=Pair(1, 2), b=[3]))] == [
        "a.a",
        "a.b",
        "b[0]",
    ]


@pytest.mark.parametrize(
    ("one", "other", "message"),
    [
        ((1, 2), (1, 2, 3), r"tuple with \[0\], \[1\] here, tuple with \[0\], \[1\], \[2\] there"),
        (Pair(1, None), Pair(1, 2), r"tree\.b: None here, a leaf \(int\) there"),
        (Pair(1, (2,)), Pair(1, 2), r"tree\.b: tuple with \[0\] here, a leaf \(int\) there"),
    ],
)
def test_trees_that_differ_are_refused_with_the_place(one, other, message):
    with pytest.raises(ValueError, match=message):
        tree.map(lambda x, y: x, one, other)
