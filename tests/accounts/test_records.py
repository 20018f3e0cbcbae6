import pytest

from runtime.accounts.records import read_attachment, read_behind, read_entry
from runtime.entry import apart, attachments, audit
from runtime.errors import NotAllowed, NotFound
from runtime.facts.units import by_code
from runtime.storage.engine import reading
from tests.entry.town import OCTOBER, opened
from tests.fill.library import REPORT


@pytest.fixture
def engine(town):
    return town


@pytest.fixture
def report(engine):
    with reading(engine) as session:
        lake = by_code(session, "lake").id
    return apart.start(engine, REPORT, lake, OCTOBER)


def log(engine, kind, object_id):
    with reading(engine) as session:
        return [(e.action, e.actor_id, e.details) for e in audit.events(session, kind, object_id)]


def test_reading_an_entry_that_names_persons_leaves_a_trace(engine, chen, report):
    user = chen("staff lake")
    assert read_entry(engine, user, report).id == report
    assert log(engine, "entry", report)[-1] == ("entry.read", user.id, {})


def test_reading_one_cell_says_which(engine, chen, report):
    user = chen("staff lake")
    read_entry(engine, user, report, cell="/people/0/name")
    assert log(engine, "entry", report)[-1] == ("entry.read", user.id, {"cell": "/people/0/name"})


def test_who_may_not_sees_nothing_and_leaves_none(engine, chen, report):
    before = log(engine, "entry", report)
    user = chen("staff hill", "designer town")
    with pytest.raises(NotFound):
        read_entry(engine, user, report)
    with pytest.raises(NotFound):
        read_behind(engine, user, report, "/all")
    chen("reviewer lake")
    read_entry(engine, user, report)
    with pytest.raises(NotAllowed):
        read_entry(engine, user, report, "entry.fill")
    with pytest.raises(NotAllowed):
        read_behind(engine, user, report, "/all")
    assert len(log(engine, "entry", report)) == len(before) + 1


def test_the_list_behind_a_figure_is_as_long_as_the_figure(engine, chen, report):
    user = chen("staff lake")
    found = read_behind(engine, user, report, "/graded/2/total")
    assert [one.subject_id for one in found] == ["an", "ci"]
    details = {"cell": "/graded/2/total", "count": 2}
    assert log(engine, "entry", report)[-1] == ("subject.list", user.id, details)
    with pytest.raises(NotFound, match="not counted"):
        read_behind(engine, user, report, "/lent")


def test_who_stands_in_no_row_is_read_by_the_same_right_and_noted(engine, chen, report):
    user = chen("reviewer lake")
    with pytest.raises(NotAllowed):
        read_behind(engine, user, report, "/graded/2/total", outside=True)
    chen("staff lake")
    assert read_behind(engine, user, report, "/graded/2/total", outside=True) == []
    details = {"cell": "/graded/2/total", "count": 0, "outside": True}
    assert log(engine, "entry", report)[-1] == ("subject.list", user.id, details)


def test_a_file_is_read_by_whoever_may_read_its_entry(engine, chen, report):
    user = chen("staff hill")
    with opened(engine, report) as (session, entry):
        file_id = attachments.add(session, entry, "a.txt", b"text", None).id
    with pytest.raises(NotFound):
        read_attachment(engine, user, file_id)
    chen("reviewer lake")
    assert read_attachment(engine, user, file_id).content == b"text"
    assert log(engine, "attachment", file_id) == [("attachment.read", user.id, {"entry": report})]
