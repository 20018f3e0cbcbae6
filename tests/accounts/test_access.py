from datetime import date

import pytest

from runtime import clock
from runtime.accounts import users
from runtime.accounts.access import (
    departments,
    entries_visible,
    forms_visible,
    may,
    may_manage,
    require,
    require_entry,
    visible_units,
)
from runtime.accounts.roles import ACTIONS, ROLES, title
from runtime.errors import NotAllowed, NotFound
from runtime.facts.units import by_code, hang
from runtime.storage.tables import Entry, FormVersion, Unit

UNITS = ["city", "a", "a1", "a1x", "a2", "a2x", "b", "b1", "b1x", "b2", "b2x"]


@pytest.fixture
def unit(session, fixed_now):
    return lambda code: by_code(session, code).id


@pytest.fixture
def user(session, unit):
    """`user("staff a1 civil-affairs", …)`: a user with these roles."""

    def make(*grants):
        name = f"user{len(users.listed(session))}"
        made = users.create(session, name, "Somebody", "correct horse")
        for text in grants:
            role, code, *department = text.split()
            users.grant(session, made, role, unit(code), *department)
        return made

    return make


@pytest.fixture
def entry(session, unit):
    """`entry("a1x", "civil-affairs")`: an entry of that unit and department."""

    def make(code, department):
        version = FormVersion(
            address=f"{department}/{code}",
            number=1,
            digest="",
            department=department,
            title={},
            source="",
            plan="",
            published_at=clock.now(),
        )
        session.add(version)
        session.flush()
        made = Entry(
            key=f"{department} {code}",
            form_version_id=version.id,
            address=version.address,
            unit_id=unit(code),
            state="draft",
            data={},
            choices={},
            provenance={},
            created_at=clock.now(),
            updated_at=clock.now(),
        )
        session.add(made)
        session.flush()
        return made

    return make


@pytest.mark.parametrize(
    ("grants", "action", "code", "department", "expected"),
    [
        (["staff a1"], "entry.fill", "a1x", "housing", True),
        (["staff a1"], "entry.fill", "a1", "housing", True),
        (["staff a1"], "entry.fill", "a", "housing", False),
        (["staff a1"], "entry.fill", "a2x", "housing", False),
        (["staff a1 housing"], "entry.fill", "a1x", "housing", True),
        (["staff a1 housing"], "entry.fill", "a1x", "civil-affairs", False),
        (["staff a1 housing"], "entry.fill", "a1x", None, True),
        (
            ["staff a1 housing", "staff a1x civil-affairs"],
            "entry.fill",
            "a1x",
            "civil-affairs",
            True,
        ),
        (["staff a1"], "entry.fill", None, None, True),
        (["staff a1"], "entry.review", "a1x", "housing", False),
        (["reviewer a"], "entry.read", "a1x", "housing", True),
        (["reviewer a"], "entry.review", "a1x", "housing", True),
        (["reviewer a"], "entry.fill", "a1x", "housing", False),
        (["reviewer a"], "subject.read", "a1x", None, False),
        (["designer city housing"], "form.design", None, "housing", True),
        (["designer city housing"], "form.publish", None, "civil-affairs", False),
        (["designer city housing"], "entry.read", "a1x", "housing", False),
        (["designer city"], "subject.read", "a1x", None, False),
        (["steward city housing"], "dictionary.design", None, "housing", True),
        (["steward city housing"], "entry.read", "a1x", "housing", False),
        (["administrator a"], "user.manage", "a1", None, True),
        (["administrator a"], "user.manage", "city", None, False),
        (["administrator a"], "entry.read", "a1x", "housing", False),
        ([], "entry.read", None, None, False),
    ],
)
def test_a_role_reaches_its_unit_and_below_for_its_department(
    session, user, unit, grants, action, code, department, expected
):
    who = user(*grants)
    unit_id = unit(code) if code else None
    assert may(session, who, action, unit_id, department) is expected
    if expected:
        require(session, who, action, unit_id, department)
    else:
        with pytest.raises(NotAllowed):
            require(session, who, action, unit_id, department)


def test_every_role_may_do_something_and_nobody_all():
    assert set(map(title, ROLES)) == {"Staff", "Reviewer", "Designer", "Steward", "Administrator"}
    assert "entry.read" in ACTIONS


def test_nobody_and_who_is_switched_off_may_nothing(session, user, unit):
    who = user("staff city")
    users.disable(session, who)
    assert not may(session, who, "entry.read")
    assert not may(session, None, "entry.read")
    assert visible_units(session, None) == []


def test_an_action_that_nobody_knows_is_a_mistake_in_the_code(session, user):
    with pytest.raises(ValueError, match="unknown actions"):
        may(session, user("staff city"), "entry.raed")


def test_units_are_seen_from_the_granted_ones_down(session, user, unit):
    who = user("staff a1", "staff a1x", "reviewer b")
    ids = {code: unit(code) for code in UNITS}
    assert sorted(visible_units(session, who, "staff")) == sorted([ids["a1"], ids["a1x"]])
    assert len(visible_units(session, who)) == 7
    assert visible_units(session, who, "designer") == []


def test_a_unit_that_moves_takes_its_people_along_from_that_day(session, user, unit):
    who = user("staff a1")
    hang(session, unit("a2x"), unit("a1"), date(2026, 11, 1))
    assert may(session, who, "entry.read", unit("a2x"))
    hang(session, unit("a1x"), unit("a2"), date(2026, 11, 2))
    assert may(session, who, "entry.read", unit("a1x"))


@pytest.mark.parametrize(
    ("grants", "seen"),
    [
        (["staff city"], "a1x/housing a1x/civil-affairs b1x/housing b1x/civil-affairs"),
        (["staff a"], "a1x/housing a1x/civil-affairs"),
        (["staff a housing"], "a1x/housing"),
        (["staff a housing", "reviewer b civil-affairs"], "a1x/housing b1x/civil-affairs"),
        (["staff a housing", "staff b"], "a1x/housing b1x/housing b1x/civil-affairs"),
        (["designer city", "steward city", "administrator city"], ""),
        ([], ""),
    ],
)
def test_only_entries_of_ones_units_and_departments_are_listed(session, user, entry, grants, seen):
    made = {
        f"{code}/{department}": entry(code, department)
        for code in ("a1x", "b1x")
        for department in ("housing", "civil-affairs")
    }
    who = user(*grants)
    found = {one.key for one in session.scalars(entries_visible(session, who))}
    assert found == {made[name].key for name in seen.split()}
    for name, one in made.items():
        if name in seen.split():
            require_entry(session, who, one, "entry.read")
        else:
            with pytest.raises(NotFound):
                require_entry(session, who, one, "entry.read")


def test_an_entry_that_may_be_read_but_not_filled_says_so(session, user, entry):
    with pytest.raises(NotAllowed):
        require_entry(session, user("reviewer a"), entry("a1x", "housing"), "entry.fill")


def test_designers_see_the_forms_of_their_departments(session, user, entry):
    entry("a1x", "housing")
    entry("a1x", "civil-affairs")
    who = user("designer city housing", "staff city")
    assert departments(session, who, "form.design") == {"housing"}
    assert [v.department for v in session.scalars(forms_visible(session, who))] == ["housing"]
    everything = user("designer city")
    assert departments(session, everything, "form.design") is None
    assert len(session.scalars(forms_visible(session, everything)).all()) == 2


@pytest.mark.parametrize(
    ("theirs", "expected"),
    [
        ([], True),
        (["staff a1x"], True),
        (["staff a1x", "administrator a"], True),
        (["staff a1x", "staff b"], False),
        (["administrator city"], False),
    ],
)
def test_administrators_manage_those_who_are_wholly_theirs(session, user, theirs, expected):
    assert may_manage(session, user("administrator a"), user(*theirs)) is expected
    assert not may_manage(session, user("staff city"), user(*theirs))


def test_units_exist(session):
    assert session.query(Unit).count() == len(UNITS)
