"""Totals of a table's axes: which are shown, and that they add up what is shown, whatever is left out."""

from itertools import product

import pytest

from runtime.definitions.address import tokens
from runtime.definitions.compile import compile_form
from runtime.definitions.compile_sums import shown_summands
from runtime.definitions.place import cells, place, walk
from runtime.definitions.plan import CrossTable
from runtime.entry.totals import places, with_totals
from tests.definitions.library import changed

FORM = "forms/welfare/monthly.json"
TOTALS = [True, False, ["age"], ["sex"], ["age", "sex"]]


def compiled(total):
    library = changed(FORM, {"/layout/0/items/0/columns/total": total}, [])
    return compile_form(f"https://yibiao.example/defs/{FORM}", library=library)


def table_of(plan, data):
    (found,) = [p for p in walk(place(plan, data)) if isinstance(p.node, CrossTable)]
    return found


@pytest.mark.parametrize(
    ("total", "last", "codes"),
    [
        (True, ("Total", 0), ("total", "total")),
        (["age"], ("Total", 2), ("total", "2")),
        (["age", "sex"], ("Total", 3), ("total", "total")),
        (["sex"], ("60 and over", 3), ("60+", "total")),
        (False, ("60 and over", 2), ("60+", "2")),
    ],
)
def test_the_last_heading_of_an_axis_with_two_breakdowns(total, last, codes):
    table = table_of(compiled(total), {}).node
    header = table.columns[-1]
    assert (header.title["en"], len(header.children)) == last
    assert table.cells[0][-1].path[-2:] == codes


@pytest.mark.parametrize("total", TOTALS)
def test_each_shown_total_adds_up_shown_cells(total):
    plan = compiled(total)
    inner = {
        cell.pointer: n
        for n, cell in enumerate(cells(table_of(plan, {})), start=1)
        if not cell.node.total_of
    }
    data = {"holders": {}}
    for at, number in inner.items():
        _holders, grade, age, sex = tokens(at)
        data["holders"].setdefault(grade, {}).setdefault(age, {})[sex] = number
    table = table_of(plan, with_totals(plan, data))
    shown = {cell.pointer: cell for cell in cells(table)}
    axes = [sorted({tokens(at)[n] for at in inner}) for n in (1, 2, 3)]
    for at, cell in shown.items():
        ways = [axis if c == "total" else [c] for c, axis in zip(tokens(at)[1:], axes, strict=True)]
        expected = sum(inner[f"/holders/{g}/{a}/{s}"] for g, a, s in product(*ways))
        assert cell.value == expected, at
        ends = {end for one in cell.node.total_of for end in places({"holders": 1}, at, one)}
        assert ends <= set(shown)
        assert not cell.locked


@pytest.mark.parametrize("total", TOTALS)
def test_totals_that_are_not_shown_are_neither_drawn_nor_locked(total):
    """Whoever has stored one, from an older version of the form, finds no locked card for it."""
    plan = compiled(total)
    everything = {"holders": {"total": {"total": {"total": 3}, "0-17": {"total": 3}}}}
    parts = list(walk(place(plan, everything)))
    assert [part.pointer for part in parts if part.locked] == []
    drawn = [part.pointer for part in parts if part.pointer.startswith("/holders/")]
    assert len(drawn) == len(set(drawn)) == len(list(cells(table_of(plan, everything))))


@pytest.mark.parametrize(
    ("at", "total_of", "expected"),
    [
        ("/a/t", ["1/x", "1/y"], ("1/x", "1/y")),
        ("/t/t", ["1/x", "1/y"], ("2/a/x", "2/b/x", "1/y")),
        ("/c/t", ["2/t/x", "2/*/y"], ("2/a/x", "2/b/x", "2/*/y")),
        ("/c/t", ["2/round"], ("2/round",)),
    ],
)
def test_unseen_totals_are_replaced_by_what_they_add_up(at, total_of, expected):
    unseen = {("t", "x"): ("2/a/x", "2/b/x"), ("round",): ("1/round",)}
    found = shown_summands(tokens(at), tuple(total_of), unseen)
    assert found == expected
