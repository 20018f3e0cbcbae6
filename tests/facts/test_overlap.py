"""Two people at one subject: what does not overlap merges, what does is asked, and nothing is lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runtime.errors import Conflict, EntryError
from runtime.facts.changes import Step, record, record_all
from runtime.facts.overlap import Clash, Overlap
from runtime.facts.subjects import changes_of, current
from runtime.storage.engine import reading, writing
from runtime.storage.tables import User
from tests.rig.profiles import examples

DAY = date(2026, 3, 1)
marks = count()
shared = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
    max_examples=examples(40),
)


@pytest.fixture
def staff(world, fixed_now):
    """Two who fill in at the same time."""
    with writing(world.engine) as session:
        made = [
            User(name=name, full_name=name, password_hash="", created_at=fixed_now)
            for name in ("chenwei", "linna")
        ]
        session.add_all(made)
        session.flush()
        return [user.id for user in made]


def ask(world, values, kind="set", effective=DAY, subject="s", **more):
    with writing(world.engine) as session:
        return record(session, world.people, subject, values, kind, effective, **more)


def state(world, subject="s"):
    with reading(world.engine) as session:
        held = current(session, subject)
        return held.document, held.timeline, held.unit_id


@pytest.fixture
def begun(world, staff):
    ask(world, {"_unit": world.units["A"], "name": "陈伟", "grade": "1"}, change_id="first")
    return world


def test_other_fields_merge(begun, staff):
    ask(begun, {"grade": "2"}, actor=staff[0], based_on="first")
    ask(begun, {"phone": "1"}, actor=staff[1], based_on="first")
    assert state(begun)[0] == {"name": "陈伟", "grade": "2", "phone": "1"}


def test_the_same_said_twice_is_no_clash(begun, staff):
    ask(begun, {"grade": "2"}, actor=staff[0], based_on="first")
    ask(begun, {"grade": "2"}, "confirm", actor=staff[1], based_on="first")
    assert state(begun)[0]["grade"] == "2"


def test_something_else_of_the_same_field_is_asked_and_nothing_is_written(begun, staff, fixed_now):
    theirs = ask(begun, {"grade": "2", "phone": "1"}, actor=staff[0], based_on="first")
    before = state(begun)
    with pytest.raises(Overlap) as caught:
        ask(begun, {"grade": "3", "name": "陈维"}, actor=staff[1], based_on="first", change_id="m")
    assert state(begun) == before
    assert isinstance(caught.value, Conflict)
    assert caught.value.clashes == (Clash("grade", "3", "2", staff[0], fixed_now),)
    assert caught.value.pointers == ("/grade",)
    assert caught.value.newest == theirs.id
    again = ask(
        begun,
        {"grade": "3", "name": "陈维"},
        actor=staff[1],
        based_on=caught.value.newest,
        change_id="m",
    )
    assert (again.id, state(begun)[0]["grade"]) == ("m", "3")


@pytest.mark.parametrize(
    ("theirs", "mine"),
    [
        (("clear", {"grade": None}), ("set", {"grade": "2"})),
        (("set", {"grade": "2"}), ("clear", {"grade": None})),
        (("set", {"grade": "2"}), ("confirm", {"grade": "1"})),
        (("set", {"_unit": 5}), ("set", {"_unit": 6})),
        (("set", {"_unit": None}), ("set", {"_unit": 6})),
    ],
)
def test_ending_moving_and_confirming_clash_like_all_else(begun, staff, theirs, mine):
    ask(begun, theirs[1], theirs[0], actor=staff[0], based_on="first")
    with pytest.raises(Overlap):
        ask(begun, mine[1], mine[0], actor=staff[1], based_on="first", effective=DAY + timedelta(9))


def test_what_one_said_oneself_is_no_clash_and_an_import_is_somebody_else(begun, staff):
    ask(begun, {"grade": "2"}, actor=staff[0], based_on="first")
    ask(begun, {"grade": "3"}, actor=staff[0], based_on="first")
    ask(begun, {"phone": "1"})
    with pytest.raises(Overlap) as caught:
        ask(begun, {"phone": "2"}, actor=staff[0], based_on="first")
    assert caught.value.clashes[0].who is None


def test_who_names_no_base_overwrites_as_before(begun, staff):
    ask(begun, {"grade": "2"}, actor=staff[0])
    ask(begun, {"grade": "3"}, actor=staff[1])
    assert state(begun)[0]["grade"] == "3"


def test_a_base_of_another_subject_is_refused(begun, staff):
    ask(begun, {"_unit": begun.units["A"]}, subject="t", change_id="other")
    for base in ("other", "nothing"):
        with pytest.raises(EntryError, match="is none of this subject"):
            ask(begun, {"grade": "2"}, actor=staff[0], based_on=base)


def test_a_request_that_comes_again_is_no_clash_with_what_followed(begun, staff):
    ask(begun, {"grade": "2"}, actor=staff[0], based_on="first", change_id="a")
    ask(begun, {"grade": "3"}, actor=staff[1], based_on="a")
    ask(begun, {"grade": "2"}, actor=staff[0], based_on="first", change_id="a")
    assert state(begun)[0]["grade"] == "3"


def test_within_one_request_a_step_may_be_based_on_the_one_before(begun, staff):
    steps = [
        Step(subject_id="s", values={"grade": grade}, effective=DAY, change_id=id_, actor=who,
             based_on=base)
        for grade, id_, who, base in (("2", "a", staff[0], "first"), ("3", "b", staff[1], "a"))
    ]  # fmt: skip
    with writing(begun.engine) as session:
        record_all(session, begun.people, steps)
    assert state(begun)[0]["grade"] == "3"
    wrong = [Step(subject_id="s", values={"grade": "1"}, effective=DAY, actor=staff[1],
                  based_on="a"),
             Step(subject_id="s", values={"grade": "2"}, effective=DAY, actor=staff[0],
                  based_on="b")]  # fmt: skip
    with writing(begun.engine) as session, pytest.raises(Overlap):
        record_all(session, begun.people, wrong)


edits = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["甲", "乙"]),
        "grade": st.sampled_from(["1", "2", None]),
        "phone": st.sampled_from(["1", "2"]),
    },
).filter(bool)


@given(mine=edits, theirs=edits, days=st.tuples(st.integers(0, 3), st.integers(0, 3)))
@shared
def test_what_merges_gives_the_same_in_either_order_and_the_rest_is_told(
    world, staff, mine, theirs, days
):
    def step(who, subject):
        values = (mine, theirs)[who]
        return Step(
            subject_id=subject,
            values=values,
            effective=DAY + timedelta(days[who]),
            change_id=f"{subject}-{who}",
            actor=staff[who],
            based_on=f"{subject}-0-first",
        )

    world.people.require_known(mine)
    clashing = {name for name in mine if name in theirs and mine[name] != theirs[name]}
    found = []
    for order in ((0, 1), (1, 0)):
        subject = f"s{next(marks)}"
        first = {"_unit": 4, "name": "丙"}
        ask(world, first, subject=subject, change_id=f"{subject}-0-first")
        try:
            for who in (*order, *order):  # each request comes twice
                with writing(world.engine) as session:
                    record_all(session, world.people, [step(who, subject)])
        except Overlap as error:
            told_of = {clash.field for clash in error.clashes}
        else:
            told_of = set()
            found.append(state(world, subject))
        assert told_of == clashing
        if clashing:
            with reading(world.engine) as session:
                told = changes_of(session, subject)
            assert [change.id for change in told] == [f"{subject}-0-first", f"{subject}-{order[0]}"]
    assert found == [] or found[0] == found[1]


def test_of_two_at_once_one_is_asked_and_who_touches_other_fields_never_is(begun, staff):
    def client(n):
        values = {"grade": str(n + 1)} if n < 2 else {"phone": "1"} if n == 2 else {"name": "李"}
        who = staff[n % 2]
        try:
            ask(begun, values, actor=who, based_on="first", change_id=f"c{n}")
        except Overlap as error:
            return {clash.field for clash in error.clashes}
        return None

    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(client, range(4)))
    assert sorted(told[:2], key=bool) == [None, {"grade"}]
    assert told[2:] == [None, None]
    document = state(begun)[0]
    assert document == {"name": "李", "phone": "1", "grade": "1" if told[0] is None else "2"}
