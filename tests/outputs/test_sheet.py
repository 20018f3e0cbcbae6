"""The laws of a sheet's geometry: widths, the common grid, ranges."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from openpyxl.worksheet.cell_range import MultiCellRange

from runtime.outputs.fields_grid import grid_of
from runtime.outputs.formulas import ranges_of
from runtime.outputs.grid import WHOLE, Grid
from runtime.outputs.tree import Fields, Head, Line, TableRow, Value
from runtime.outputs.widths import column_letters, per_mille, places

layouts = st.lists(st.floats(1, 50), min_size=1, max_size=24).map(per_mille)


@given(st.lists(st.floats(0.5, 300), min_size=1, max_size=60))
def test_widths_are_the_whole(wanted):
    found = per_mille(wanted)
    assert sum(found) == WHOLE
    assert min(found) >= 1


@given(st.lists(layouts, min_size=1, max_size=6))
def test_every_layout_fits_the_grid_with_its_columns_in_order(found):
    grid = Grid(found, 100)
    for widths in found:
        edges = grid.places(widths)
        assert len(edges) == len(widths) + 1
        assert edges[0] == 0
        assert edges[-1] == len(grid)
        assert all(left < right for left, right in pairwise(edges))
    assert abs(sum(grid.widths) - 100) < 0.01


@given(layouts)
def test_a_single_layout_is_its_own_grid(widths):
    assert Grid([widths], 100).places(widths) == list(range(len(widths) + 1))


@given(st.lists(layouts, min_size=1, max_size=3), st.integers(1, 6))
def test_a_grid_is_split_into_parts_that_follow_one_another(found, parts):
    grid = Grid(found, 100)
    cuts = grid.split(parts)
    assert len(cuts) == parts + 1
    assert cuts == sorted(cuts)
    assert (cuts[0], cuts[-1]) == (0, len(grid))


def test_a_column_is_widened_for_a_long_figure():
    grid = Grid([(500, 500)], 20)
    grid.widen(0, 1, 30)
    assert grid.room(0, 1) == 30
    assert grid.room(1, 2) == 10


@given(st.lists(layouts, min_size=1, max_size=4), st.data())
def test_each_column_of_a_layout_has_the_letters_it_asks_for(found, data):
    grid = Grid(found, 100)
    least = data.draw(st.lists(st.floats(0, 40), min_size=len(found[0]), max_size=len(found[0])))
    grid.widen_columns(found[0], least)
    for (first, end), letters in zip(pairwise(grid.places(found[0])), least, strict=True):
        assert grid.room(first, end) >= letters - 1e-6


def test_boxes_to_tick_keep_their_words_beside_them():
    row = TableRow((Head("1"),), (Value("/a", type="yes-no", boxes=("是", "否")),))
    assert column_letters((), [row], 2, 1, ["yes-no"])[1] == 8


@given(st.sets(st.tuples(st.integers(1, 12), st.integers(1, 12)), max_size=60))
def test_ranges_name_exactly_their_cells(cells):
    found = MultiCellRange(" ".join(ranges_of((r, c, c) for r, c in cells)))
    named = {(r, c) for block in found.ranges for r, c in block.cells}
    assert named == cells


def test_what_is_merged_over_counts_as_one_range():
    assert ranges_of([(1, 2, 3), (1, 4, 6), (2, 2, 3), (2, 4, 6), (4, 2, 2)]) == ["B1:F2", "B4"]


widths_of_lines = st.lists(
    st.sampled_from(["", "", "narrow", "wide", "full"]), min_size=1, max_size=20
)


@given(widths_of_lines, st.integers(1, 4))
def test_fields_fill_their_rows_and_keep_their_order(wanted, columns):
    lines = tuple(Line(str(i), Value(f"/{i}"), width) for i, width in enumerate(wanted))
    grid = grid_of(Fields(lines, columns))
    assert [place.line for row in grid.rows for place in row] == list(lines)
    for row in grid.rows:
        assert sum(place.span + 1 for place in row) == len(grid.widths)
    assert sum(grid.widths) == WHOLE


def test_merged_headings_take_their_places():
    lines = [
        [Head("a", rows=2), Head("b", columns=2), Head("c", rows=2)],
        [Head("d"), Head("e")],
    ]
    assert [[(x, head.title) for x, head in line] for line in places(lines)] == [
        [(0, "a"), (1, "b"), (3, "c")],
        [(1, "d"), (2, "e")],
    ]
