"""What is staged is unseen, then seen whole, then in its place: all as if it had been recorded one by one."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from runtime.facts.changes import Step, record_all
from runtime.facts.search import searched
from runtime.facts.staged import settle, switch
from runtime.facts.staged.prepared import RowStep, Staging, prepared
from runtime.facts.staged.stage import unstage, write
from runtime.facts.tallies import pages
from runtime.facts.tallies.basis import newest
from runtime.facts.tallies.proof import compared, units
from runtime.facts.tallies.upkeep import take_over
from runtime.storage import overlay
from runtime.storage.engine import make_engine
from runtime.storage.tables import Belonging, Change, Subject
from runtime.storage.unit_tables import SearchWord
from tests.facts.conftest import found
from tests.facts.tallies.test_tallies import SPANS, require_same
from tests.facts.tallies.town import PEOPLE, RULES, days, lives, values
from tests.rig.profiles import examples

FIRST_DAY = date(2026, 1, 1)
calm = settings(
    max_examples=examples(6),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
told = values.map(lambda v: {name: value for name, value in v.items() if name != "_unit"})
FRESH = ("n1", "n2")


@st.composite
def deliveries(draw):
    """Row -> the steps of an import about one subject: two that are known, two that it brings."""
    rows = {}
    for row, subject in enumerate(("s1", "s2", *FRESH), 2):
        unit = {"_unit": draw(st.sampled_from([4, 5, 6]))} if subject in FRESH else {}
        some = [draw(told) | unit, *draw(st.lists(told, max_size=1))]
        rows[row] = [
            Step(subject_id=subject, values=said, effective=draw(days), change_id=f"row {row} {n}")
            for n, said in enumerate(some)
            if said
        ]
    return {row: some for row, some in rows.items() if some}


class Delivery:
    """An import that always says the same, and knows of nobody who came."""

    def __init__(self, rows):
        self.rows = rows

    def again(self, session, rows):
        return [
            RowStep(row, step, fresh=step.subject_id in FRESH)
            for row in sorted(rows)
            for step in self.rows[row]
        ]

    def may_bring(self, came):
        return False

    def brings(self, session, came):
        return []


def ruled(address):
    """The small world, with rules of every kind."""
    found(address)
    engine = make_engine(address)
    take_over(engine, RULES.values())
    engine.dispose()


@pytest.fixture
def town(prepared_database, fixed_now):
    engine = make_engine(prepared_database("small world with rules", ruled))
    yield engine
    engine.dispose()


@contextmanager
def undone(engine):
    """A transaction that looks for staged rows, and of which nothing is kept."""
    with overlay.LaidOver(engine) as session, session.begin() as transaction:
        yield session
        transaction.rollback()


def seen(session):
    """All that anybody can see of subjects, by subject."""
    session.expire_all()
    there = {}
    for one in session.scalars(select(Subject).where(Subject.revision > 0)):
        there[one.id] = (one.unit_id, one.document, one.timeline, one.revision, one.erased_on, [])
    for change in session.scalars(select(Change).order_by(Change.seq)):
        there[change.subject_id][-1].append((change.id, change.kind, change.values))
    return there


def kept(session):
    """How subjects are found: where they belong, and by which words."""
    stretch = (Belonging.subject_id, Belonging.from_day, Belonging.to_day, Belonging.unit_id)
    word = (SearchWord.subject_id, SearchWord.unit_id, SearchWord.word)
    return [
        {tuple(row) for row in session.execute(select(*columns))} for columns in (stretch, word)
    ]


def staged(session, delivery):
    since = session.scalar(select(func.max(Change.seq))) or 0
    basis, fields = newest(session, "resident"), searched(PEOPLE.schema)
    staging = Staging(session.get_bind(), "i", PEOPLE, basis, fields, since, lambda _session: None)
    made = prepared(session, staging, delivery.again(session, delivery.rows))
    write(session, staging, made)
    if made.total.events:
        pages.stage(session, "i", made.total.events)
    return staging


def switch_on(session, staging, delivery):
    assert switch.switched(session, staging, delivery, lambda _s: None, whatever=True)
    overlay.look(session, session.connection())


def others(steps, mark):
    """The steps that come after a first one, with ids of their own."""
    later = [step for step in steps if step.change_id.startswith("change")]
    return [replace(step, change_id=f"{mark} {step.change_id}") for step in later]


@calm
@given(
    first=lives(),
    rows=deliveries(),
    before=lives(),
    after=lives(("s1", "s3", "n1")),
    moved=st.integers(0, 3),
    span=st.sampled_from(SPANS),
)
def test_staged_and_switched_on_it_is_as_if_recorded_one_by_one(
    town, first, rows, before, after, moved, span
):
    delivery = Delivery(rows)
    before, after = others(before, "before"), others(after, "after")
    one_by_one = [one.step for one in delivery.again(None, rows)]
    with undone(town) as session:
        record_all(session, PEOPLE, [*first, *before])
        without = seen(session)
        for step in one_by_one:
            record_all(session, PEOPLE, [step])
        whole = seen(session)
        for step in after:
            record_all(session, PEOPLE, [step])
        end, found_by = seen(session), kept(session)
    with undone(town) as session:
        record_all(session, PEOPLE, first)
        staging = staged(session, delivery)
        record_all(session, PEOPLE, before)
        assert seen(session) == without
        switch_on(session, staging, delivery)
        assert seen(session) == whole
        require_same(session, [span])
        if moved:
            settle._some("i", session, moved)
            settle._units("i", session, 0)
        for step in after:
            record_all(session, PEOPLE, [step])
        assert seen(session) == end
        assert [compared(session, unit) for unit in units(session)] == [None] * len(units(session))
        while settle._some("i", session, 100) or settle._units("i", session, 100):
            pass
        settle._end(session, "i")
        assert settle.settling(session) is None
        overlay.look(session, session.connection())
        assert (seen(session), kept(session)) == (end, found_by)
        require_same(session, [span])
        assert [compared(session, unit) for unit in units(session)] == [None] * len(units(session))


@calm
@given(first=lives(), rows=deliveries(), before=lives())
def test_what_is_taken_back_leaves_nothing(town, first, rows, before):
    delivery = Delivery(rows)
    with undone(town) as session:
        record_all(session, PEOPLE, first)
        staging = staged(session, delivery)
        there = {step.subject_id for steps in rows.values() for step in steps}
        events = unstage(session, staging, there)
        if events:
            pages.stage(session, "i", events)
        switch_on(session, staging, Delivery({}))
        taken_back = seen(session), kept(session)
        require_same(session, SPANS[-1:])
    with undone(town) as session:
        record_all(session, PEOPLE, first)
        assert (seen(session), kept(session)) == taken_back


def test_the_views_have_the_columns_of_the_tables(town):
    with undone(town) as session:
        record_all(
            session, PEOPLE, [Step(subject_id="s", values={"_unit": 4}, effective=FIRST_DAY)]
        )
        staging = staged(session, Delivery({}))
        switch_on(session, staging, Delivery({}))
        for table in (Subject, Change):
            query = select(func.count()).select_from(table)
            assert session.scalar(query) == 1
            columns = session.connection().exec_driver_sql(f"SELECT * FROM {table.__tablename__}")
            assert list(columns.keys()) == [column.name for column in table.__table__.columns]
