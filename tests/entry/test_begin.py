"""What new entries hold is worked out for many units at once, and is what each alone would be filled with."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select

from runtime.definitions.compile import compile_form
from runtime.definitions.load import Library
from runtime.entry import life
from runtime.entry.begin import prefilled, prefilled_each
from runtime.entry.patterns import patterns_of
from runtime.entry.versions import publish_version
from runtime.errors import EntryError
from runtime.facts.tallies.upkeep import take_over
from runtime.facts.units import by_code
from runtime.periods import Period
from runtime.storage.engine import make_engine, reading, writing
from runtime.storage.tables import Unit
from tests.entry.town import OCTOBER
from tests.fill.library import BASE, documents, plan_of, wide_library
from tests.fill.town import prepare as prepare_town

PEOPLE = "../../indicators/people.json#/properties/"
NAMES = [f"c{n}" for n in range(6)]
calm = settings(
    max_examples=max(15, settings.default.max_examples // 2),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
_number = {"title": "Number", "type": "integer"}
_typed = st.sampled_from([{}, {"default": 2}, {"default": 7}, {"readOnly": True, "const": 3}])
_known = st.sampled_from(
    [{"$ref": PEOPLE + name} for name in ("all", "graded", "paid", "each", "lent")]
)


@pytest.fixture
def counted(prepared_database, fixed_now):
    """The small town, counted by the rules of all its forms."""
    engine = make_engine(prepared_database("counted town", _prepare))
    yield engine
    engine.dispose()


def _prepare(address):
    prepare_town(address)
    engine = make_engine(address)
    forms = [plan_of(address) for address in wide_library().addresses("form")]
    take_over(engine, [rule for plan in forms for rule in plan.rules.values()])
    engine.dispose()


def every_unit(session):
    return list(session.scalars(select(Unit.id).order_by(Unit.id)))


def spelled(filled):
    """With the order of members and the way in which numbers are written."""
    return repr((filled.data, filled.choices, filled.provenance, filled.empty))


def require_the_same(session, plan, period):
    units = every_unit(session)
    found = prefilled_each(session, plan, units, period)
    alone = {unit: prefilled(session, plan, unit, period) for unit in units}
    assert list(found) == units
    assert {u: spelled(one) for u, one in found.items()} == {
        u: spelled(o) for u, o in alone.items()
    }
    assert found == alone
    first = units[0]
    assert prefilled_each(session, plan, [first], period)[first] == alone[first]


@st.composite
def properties(draw, before=()):
    """Some cells: typed, filled, worked out from those that were drawn before them; in any order."""
    found = {}
    for name in draw(st.permutations(NAMES[len(before) :]))[: draw(st.integers(1, 5))]:
        named = f"d{name}" if before else name
        others = draw(
            st.lists(st.sampled_from([*before, *found] or ["none"]), min_size=1, max_size=3)
        )
        found[named] = draw(
            st.one_of(
                _known,
                _typed.map(lambda more: {**_number, **more}),
                st.just({**_number, "totalOf": [f"1/{one}" for one in dict.fromkeys(others)]}),
                st.just({**_number, "fill": {"formula": "=" + "+".join(others)}}),
                st.just({"title": "Unit", "type": "string", "fill": {"unit": "title"}}),
            )
        )
    return dict(draw(st.permutations(list(found.items()))))


@st.composite
def forms(draw):
    """A form some of whose cells appear, or must be filled, when one of the others is large enough."""
    always = draw(properties())
    asked = st.lists(st.sampled_from(sorted(always)), max_size=2, unique=True)
    form = {"properties": always, "required": draw(asked)}
    if draw(st.booleans()):
        name = draw(st.sampled_from(sorted(always)))
        least = {name: {"minimum": draw(st.integers(0, 4))}}
        form["if"] = {"properties": least, "required": [name]}
        form["then"] = {"properties": draw(properties(tuple(always))), "required": draw(asked)}
    return form


def compiled(form):
    address = f"{BASE}forms/test/drawn.json"
    own = {"forms/test/drawn.json": {**_ABOUT, **form}}
    return compile_form(address, library=Library.of(documents(own)))


_ABOUT = {
    "title": "Drawn",
    "department": "test",
    "frequency": "monthly",
    "level": ["community"],
    "due": {"days": 5},
    "type": "object",
}


@calm
@given(form=forms())
def test_any_form_is_filled_for_all_as_for_each(counted, form):
    plan = compiled(form)
    assert patterns_of(plan) is not None
    with reading(counted) as session:
        require_the_same(session, plan, OCTOBER)


@pytest.mark.parametrize("address", wide_library().addresses("form"))
def test_the_forms_of_the_town_are_filled_for_all_as_for_each(counted, address):
    plan = plan_of(address)
    if plan.form.subject:
        with reading(counted) as session, pytest.raises(EntryError, match="about one subject"):
            prefilled_each(session, plan, every_unit(session), OCTOBER)
        return
    with reading(counted) as session:
        require_the_same(session, plan, OCTOBER)


def test_what_is_carried_over_is_each_units_own(engine):
    form = {
        "properties": {
            "staff": {**_number, "fill": {"carry": True}},
            "team": {
                "title": "Team",
                "type": "array",
                "fill": {"carry": True},
                "items": {"title": "Name", "type": "string"},
            },
            "more": {**_number, "totalOf": ["1/staff", "1/all"]},
            "all": {"$ref": PEOPLE + "all"},
        }
    }
    plan = compiled(form)
    with writing(engine) as session:
        version = publish_version(session, plan, "{}")
        for code, data in (("lake", {"staff": 7}), ("hill", {"staff": 2, "team": ["Lin Na"]})):
            unit = by_code(session, code).id
            before = life.start(session, version, unit, Period.parse("202609"))
            before.data, before.state = data, "submitted"
        session.flush()
        require_the_same(session, plan, OCTOBER)
        found = prefilled_each(session, plan, every_unit(session), OCTOBER)
        lake, hill = (found[by_code(session, code).id].data for code in ("lake", "hill"))
        assert (lake["staff"], lake["more"], "team" in lake) == (7, 11, False)
        assert (hill["staff"], hill["team"]) == (2, ["Lin Na"])


def statements(engine, plan, most):
    """How many statements the first so many units cost together."""
    asked = []
    with reading(engine) as session:
        units = every_unit(session)[:most]
        listen = lambda *told: asked.append(told[2])  # noqa: E731 - the very same is taken off again
        event.listen(engine, "before_cursor_execute", listen)
        prefilled_each(session, plan, units, OCTOBER)
        event.remove(engine, "before_cursor_execute", listen)
    return len(asked)


def test_more_units_cost_no_more_statements(counted):
    plan = compiled({"properties": {name: {"$ref": PEOPLE + name} for name in ("all", "graded")}})
    assert statements(counted, plan, 2) == statements(counted, plan, 4) > 0


def test_a_form_without_its_period_is_refused(counted):
    with reading(counted) as session, pytest.raises(EntryError, match="needs a period"):
        prefilled_each(session, plan_of(BASE + "forms/test/report.json"), every_unit(session))


def test_a_total_that_appears_with_a_filled_cell_is_worked_out(counted):
    more = {"dc1": {**_number, "totalOf": ["1/c0"]}}
    shown = {"properties": {"c0": {"minimum": 0}}, "required": ["c0"]}
    plan = compiled(
        {"properties": {"c0": {"$ref": PEOPLE + "all"}}, "if": shown, "then": {"properties": more}}
    )
    with reading(counted) as session:
        require_the_same(session, plan, OCTOBER)
        assert all(
            "dc1" in one.data
            for one in prefilled_each(session, plan, every_unit(session), OCTOBER).values()
        )
