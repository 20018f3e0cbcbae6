"""Which cells count, and in which state, in the small town in October: each one by hand."""

import pytest

from runtime.definitions.compile import compile_form
from runtime.definitions.place import cells, place
from runtime.entry.count import seen
from runtime.entry.drawn import Sheet
from runtime.entry.life import prefilled
from runtime.entry.screen import Screen
from runtime.facts.units import below
from runtime.fill.ground import Ground, based, fields_of, figures, read_ground
from runtime.periods import Period
from runtime.replay.report import Work
from tests.fill.conftest import engine, lake, session  # noqa: F401  (fixtures)
from tests.fill.library import REPORT, library

OCTOBER = Period.parse("202610")
RESIDENT = {"properties": {"grade": {"maxAge": "P3M"}, "phone": {}, "birth_date": {}}}
SCHEMAS = {"resident": RESIDENT, "aid": {"properties": {}}}
DERIVE = {"resident": {"age": {"rule": {"whole": "years", "since": "birth_date"}}}}


@pytest.fixture
def report(session, lake):  # noqa: F811
    """`report(conflicts=…, schemas=…)`: the state of each cell of October's report that counts."""

    def states(conflicts=frozenset(), schemas=SCHEMAS, unknown=frozenset(), **typed):
        plan = compile_form(REPORT, library=library())
        filled = prefilled(session, plan, lake, OCTOBER)
        data = {**filled.data, **typed}
        told = {**filled.provenance, **{f"/{name}": {"kind": "typed"} for name in typed}}
        ground = read_ground(session, schemas, OCTOBER.last, conflicts)
        if unknown:
            object.__setattr__(ground, "known", ground.known - unknown)
        rules = based(ground, plan, below(session, lake, OCTOBER.last), OCTOBER.first)
        placed = cells(place(plan, data, filled.choices))
        return {one.pointer: one for one in seen(placed, told, ground, rules, DERIVE)}

    return states


def of(found):
    return {pointer: one.state for pointer, one in found.items()}


def test_each_cell_that_counts(report):
    """Grades were said in January and live three months, An's was said again on 20 October."""
    found = of(report())
    figures_there = {p: s for p, s in found.items() if p.startswith("/graded")}
    assert figures_there == {
        "/graded/1/young": "stale",
        "/graded/1/grown": "stale",
        "/graded/2/young": "fresh",
        "/graded/2/grown": "stale",
    }
    others = {p: s for p, s in found.items() if p.count("/") == 1}
    assert others == {
        "/all": "fresh",
        "/again": "fresh",
        "/paid": "fresh",
        "/lent": "missing",
        "/many": "missing",
    }
    assert {p for p in found if p.startswith("/people")} == {
        f"/people/{n}/{name}" for n in range(4) for name in ("name", "age")
    }


def test_nothing_grows_old_without_a_max_age(report):
    found = of(report(schemas={}))
    assert {p for p, state in found.items() if state != "fresh"} == {"/lent", "/many"}


def test_half_of_those_behind_a_figure_are_stale(report):
    one = report()["/graded/2/grown"]
    assert one.stale_share == 0.5
    assert one.faults == {("ci", "grade")}


def test_a_conflict_spoils_the_figures_that_count_its_subject_and_its_own_cell(report):
    found = of(report(conflicts={("bo", "grade"), ("bo", "name")}, schemas={}))
    assert [p for p, state in found.items() if state == "conflict"] == [
        "/graded/1/young",
        "/people/1/name",
    ]


def test_a_field_that_nobody_has_sent_leaves_its_figures_missing(report):
    found = report(unknown={("resident", "grade")}, schemas={})
    missing = {p: one.unknown for p, one in found.items() if one.state == "missing"}
    assert missing == {
        **{p: ("grade",) for p in found if p.startswith("/graded")},
        "/lent": (),
        "/many": (),
    }


def test_a_typed_cell_is_typed(report):
    assert of(report(lent=3))["/lent"] == "typed"


def test_rules_read_these_fields():
    rules = compile_form(REPORT, library=library()).rules
    read = {name.rpartition("/")[2]: set(fields_of(rule)) for name, rule in rules.items()}
    assert read == {
        "graded": {"grade", "birth_date"},
        "all": set(),
        "paid": {"granted_date", "amount"},
    }


def test_figures_are_those_that_filling_counts(session, lake):  # noqa: F811
    plan = compile_form(REPORT, library=library())
    ground = read_ground(session, SCHEMAS, OCTOBER.last)
    filled = prefilled(session, plan, lake, OCTOBER)
    counted = figures(ground, plan, below(session, lake, OCTOBER.last), OCTOBER.first)
    for one in cells(place(plan, filled.data, {})):
        if getattr(one.node, "fill", None):
            assert counted[one.node.fill.rule].of(one.node.fill.codes).value == one.value


def test_cells_are_the_sum_of_those_filled_typed_and_looked_at(report):
    work = Work()
    for one in report(lent=3).values():
        work.see(one, 0.5)
    assert (work.cells, work.filled, work.typed, work.confirmed) == (17, 12, 2, 3)
    assert work.nearly == 1
    assert dict(work.kinds) == {"register": 7, "subject": 8, "typed": 1, "none": 1}
    assert work.counted_cells == 16
    assert work.unfilled.total() == 5


def test_a_value_that_nobody_can_settle_is_no_work_and_the_page_says_so_too():
    """One that the form holds itself, and one that is no value of its cell."""
    number = {"type": "integer", "title": "Number"}
    plan = compile_form(
        {
            "$schema": "https://yibiao.example/defs/schemas/form.json",
            "title": "Form",
            "number": "X-1",
            "department": "x",
            "frequency": "monthly",
            "level": ["community"],
            "type": "object",
            "properties": {
                "held": number | {"default": 5, "readOnly": True},
                "proposed": number | {"default": 6},
                "odd": number,
            },
        }
    )
    placed = place(plan, {"held": 5, "proposed": 6, "odd": {"no": "number"}}, {})
    found = of(
        {
            c.pointer: c
            for c in seen(cells(placed), {}, Ground(OCTOBER.last, {}, {}, frozenset()), {}, {})
        }
    )
    assert found == {"/held": "fresh", "/proposed": "offered"}
    counts = Screen(plan, placed, Sheet(draft=True)).counts()
    assert (counts["filled"], counts["check"], counts["ask"]) == (1, 1, 0)
