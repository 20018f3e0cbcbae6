"""A sheet that is six times as long takes six times the work of the database, for one unit and people who are known."""

from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import event, func, select

from runtime.imports.apply import apply
from runtime.storage.engine import reading
from runtime.storage.tally_tables import TallyMember
from tests.imports.conftest import newcomers

FEW, MANY = 40, 240
HEADER = "姓名,公民身份号码,户籍地,社区,disability_grade,visited_on\n"
EACH = 100
"""Instructions of SQLite between two looks."""


def visited(people, grade, day):
    return HEADER + "".join(f"{one},{grade},2026-09-{day}\n" for one in people)


@contextmanager
def instructions(engine):
    """Counts what SQLite does, a hundred instructions at a time: the same on every machine."""
    looks = []

    def count():
        looks.append(1)

    def watch(connection, _record, _proxy):
        connection.set_progress_handler(count, EACH)

    event.listen(engine, "checkout", watch)
    yield looks
    event.remove(engine, "checkout", watch)
    with reading(engine) as session:
        session.connection().connection.driver_connection.set_progress_handler(None, 0)


def work(desk, people):
    """Everybody is brought, then visited again; the instructions of recording the second visit."""
    desk.take(visited(people, 1, "01"), as_of=date(2026, 9, 5))
    made, counts = desk.check(visited(people, 2, "20"), as_of=date(2026, 9, 25))
    assert counts["change"] == len(people)
    with instructions(desk.site.engine) as looks:
        apply(desk.site, made, actor=None, allowed=None)
    return len(looks)


@pytest.mark.databases("sqlite")
def test_the_work_grows_with_the_rows_and_not_faster(desk):
    people = newcomers(FEW + MANY).splitlines()
    few, many = work(desk, people[:FEW]), work(desk, people[FEW:])
    with reading(desk.site.engine) as session:
        assert session.scalar(select(func.count()).select_from(TallyMember)) > MANY
    assert many / few <= MANY / FEW * 1.2
