import pytest

from runtime.definitions.compile import compile_form
from runtime.entry import versions
from runtime.entry.audit import events
from runtime.errors import NotFound
from runtime.storage.engine import reading, writing
from tests.fill.library import REPORT, VISIT, library, plan_of


def changed(**keywords):
    document = {**library().source(REPORT), **keywords}
    return compile_form(REPORT, library=library().with_document(REPORT, document))


def test_a_library_is_published_form_by_form(engine):
    with reading(engine) as session:
        assert [v.address for v in versions.published(session)] == [REPORT, VISIT]
        version = versions.require_latest(session, REPORT)
        assert (version.number, version.department, version.title) == (1, "test", {"en": "Report"})
        assert version.digest == plan_of(REPORT).digest
        assert '"lent"' in version.source
        assert events(session, "form", REPORT)[0].action == "form.publish"


def test_the_plan_comes_back_as_it_was_and_is_decoded_once(engine):
    with reading(engine) as session:
        plan = versions.plan_of(versions.require_latest(session, REPORT))
    assert plan == plan_of(REPORT)
    with reading(engine) as session:
        assert versions.plan_of(versions.require_latest(session, REPORT)) is plan


def test_the_same_is_the_same_version_and_anything_else_the_next(engine):
    with writing(engine) as session:
        first = versions.publish_version(session, plan_of(REPORT), "{}")
        second = versions.publish_version(session, changed(title="Other"), "{}")
        third = versions.publish_version(session, plan_of(REPORT), "{}")
        assert [v.number for v in (first, second, third)] == [1, 2, 3]
        assert [v.number for v in versions.history(session, REPORT)] == [1, 2, 3]
        assert versions.require_latest(session, REPORT) is third
        assert versions.plan_of(second).words.title == {"en": "Other"}
        versions.retire(session, third)
        assert versions.require_latest(session, REPORT) is second
        assert versions.published(session)[0] is second


def test_a_plan_of_an_older_shape_is_made_anew(engine, monkeypatch):
    with writing(engine) as session:
        version = versions.require_latest(session, REPORT)
        kept = version.plan
        monkeypatch.setattr(versions, "_plans", {})
        monkeypatch.setattr(versions, "PLAN_FORMAT", 999)
        anew = versions.plan_of(version)
    assert anew.root == plan_of(REPORT).root
    assert anew.rules == plan_of(REPORT).rules
    assert kept


def test_what_is_not_there_is_not_found(engine):
    with reading(engine) as session:
        assert versions.latest(session, "none") is None
        with pytest.raises(NotFound):
            versions.require_latest(session, "none")
        with pytest.raises(NotFound):
            versions.get(session, 99)
