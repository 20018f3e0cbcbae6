"""The three properties of filling: unchanged is unchanged, one cell is one cell, and nothing can be forged."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.definitions.address import pointer as pointer_of
from runtime.definitions.compile import compile_form
from runtime.definitions.place import cells, place, walk
from runtime.definitions.plan import Cell, Choice, Plan
from runtime.entry.decode import decode
from runtime.entry.totals import with_totals
from runtime.fields.catalogue import field_types
from tests.definitions.schemas import SCHEMAS, TEXT, data_for
from tests.entry.posting import editable, posted, untouched

pytestmark = pytest.mark.timeout(900)  # 5,000 examples each in the whole matrix

VALUES: dict[str, list[Any]] = {
    "text": ["new", " spaced "],
    "long-text": ["one\ntwo"],
    "integer": [7, 2**60],
    "decimal": [Decimal("2.5"), 8],
    "money": [Decimal("2.50")],
    "date": ["2026-11-22"],
    "month": ["2026-11"],
    "time": ["10:20"],
    "date-time": ["2026-10-05T14:30:00+08:00"],
    "phone": ["010-1234"],
}


def same(left: Any, right: Any) -> bool:
    """Equal in type as well: 1, 1.0, Decimal("1") and true are four values."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(v, right[k]) for k, v in left.items())
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    return type(left) is type(right) and repr(left) == repr(right)


def leaves(value: Any, above: str = "") -> dict[str, Any]:
    """All values by pointer, empty objects and lists among them."""
    inner = value.items() if isinstance(value, dict) else ()
    inner = enumerate(value) if isinstance(value, list) else inner
    found = {p: v for k, part in inner for p, v in leaves(part, above + pointer_of(k)).items()}
    return found or {above: repr(value)}


@st.composite
def entries(draw: st.DrawFn) -> tuple[Plan, Any, dict[str, str]]:
    schema = draw(SCHEMAS)
    plan = compile_form(schema)
    data = draw(data_for(schema))
    choices: dict[str, str] = {}
    for _level in range(3):
        for part in walk(place(plan, data, choices)):
            if isinstance(part.node, Choice) and draw(st.booleans()):
                name = f"{part.pointer}#{part.node.keyword}"
                picked = draw(st.sampled_from([b.key for b in part.node.branches]))
                choices.setdefault(name, picked)
    return plan, with_totals(plan, data, choices), choices


@given(entries())
def test_posted_unchanged_gives_the_same_data_and_choices(entry):
    plan, data, choices = entry
    found = decode(plan, untouched(plan, data, choices), data, choices)
    assert same(found.data, data)
    assert found.choices == choices
    assert not found.problems


@given(entries(), st.data())
def test_changing_one_cell_changes_exactly_that_pointer(entry, data_of):
    plan, data, choices = entry
    drawn = editable(place(plan, data, choices))
    if not drawn:
        return
    part = data_of.draw(st.sampled_from(drawn))
    assert isinstance(part.node, Cell)
    options = part.node.options
    values = (
        VALUES.get(part.node.field)
        or [
            field_types[part.node.field].read(choice["title"]["en"], options)
            for choice in options.get("choices", ())
        ]
        or ["a@b.example"]
    )
    if "digits" in options:
        values = [round(Decimal(v), options["digits"]) for v in values]
    if part.node.field == "multiple-choice":
        values = [[v[0]] for v in values]
    value = data_of.draw(st.sampled_from(values))
    post = untouched(plan, data, choices)
    post[part.pointer] = posted(part.node, value)
    found = decode(plan, post, data, choices)
    assert not found.problems
    before, after = leaves(data), leaves(found.data)
    summed = {p.pointer for p in cells(place(plan, found.data, choices)) if p.node.total_of}
    changed = {p for p in before.keys() | after.keys() if before.get(p) != after.get(p)}
    around = {p for p in changed if part.pointer.startswith(p + "/")}
    within = {p for p in changed if (p + "/").startswith(part.pointer + "/")}
    sums = {p for p in changed if any(f"{p}/".startswith(f"{one}/") for one in summed)}
    left_out = {p for p in changed if after.get(p) == "None" and _is_before(p, part.pointer)}
    assert changed <= around | within | sums | left_out, (part.pointer, changed)
    if posted(part.node, part.value) != post[part.pointer]:
        assert within or around


def _is_before(one: str, other: str) -> bool:
    """Whether a place of a list stands before the one on the way to another: null is put where nothing was."""
    above, _slash, last = one.rpartition("/")
    step = other.removeprefix(f"{above}/").partition("/")[0]
    return (
        other.startswith(f"{above}/")
        and last.isdecimal()
        and step.isdecimal()
        and int(last) < int(step)
    )


@given(entries(), st.data())
def test_nothing_undrawn_or_read_only_can_be_forged(entry, data_of):
    plan, data, choices = entry
    post = untouched(plan, data, choices)
    drawn = {part.pointer for part in editable(place(plan, data, choices))}
    places = {p.pointer for p in walk(place(plan, data, choices))} | set(leaves(data))
    names = data_of.draw(
        st.lists(st.one_of(st.sampled_from(sorted(places)), TEXT, st.just("/extra/deep"))),
        label="names",
    )
    forged = {name: [data_of.draw(TEXT)] for name in names if name not in drawn and "#" not in name}
    opened = {
        n for n in forged if any(n.startswith(p.pointer) for p in _closed(plan, data, choices))
    }
    found = decode(
        plan, {**post, **{n: v for n, v in forged.items() if n not in opened}}, data, choices
    )
    assert same(found.data, data)
    assert found.choices == choices


def _closed(plan, data, choices):
    return [p for p in walk(place(plan, data, choices)) if type(p.node).__name__ == "Recursion"]
