"""What is laid aside in temporary files comes back as it was, and marks never miss anything."""

from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from runtime.imports.marks import Marks
from runtime.imports.shelf import Shelf
from runtime.imports.spool import IN_MEMORY, Spool

cells = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(), st.decimals(allow_nan=False), st.datetimes()
)
ROW = [
    "张三",
    None,
    True,
    3,
    Decimal("1.10"),
    date(2026, 2, 28),
    datetime(2026, 2, 28, 12, tzinfo=UTC),
]


@given(rows=st.lists(st.lists(cells)))
def test_a_spool_is_as_the_list_of_its_rows(rows):
    spool = Spool(rows)
    assert (len(spool), list(spool), spool[1:3]) == (len(rows), rows, rows[1:3])
    assert [spool[n] for n in range(-len(rows), len(rows))] == rows + rows


def test_more_rows_than_memory_is_to_hold():
    spool, many = Spool(), 2 * IN_MEMORY // 200
    for n in range(many):
        spool.append([n, *ROW, "x" * 200])
    assert len(spool) == many
    assert all(row == [n, *ROW, "x" * 200] for n, row in enumerate(spool))
    spool.append(["last"])
    assert spool[-1] == ["last"]


def test_a_shelf_is_as_a_dict():
    shelf, kept = Shelf(), {}
    for n in range(300):
        key = (n % 7, ("a" * (n % 5), "李"))
        shelf[key] = kept[key] = [n]
    assert len(shelf) == len(kept)
    assert all(shelf.get(key, []) == thing for key, thing in kept.items())
    assert shelf.get((8, ("a", "李")), []) == []


@given(things=st.lists(st.tuples(st.integers(0, 3), st.text(max_size=2))))
def test_marks_hold_all_and_tell_what_came_twice(things):
    marks = Marks()
    marks.extend(things)
    assert all(one in marks for one in things)
    twice = marks.repeated()
    assert all((things.count(one) > 1) == (one in twice) for one in things)
    assert "somebody else" not in marks
