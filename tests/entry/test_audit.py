from runtime.entry import audit
from runtime.storage.engine import reading, writing
from tests.rig import FIXED_NOW


def test_what_happened_is_told_in_order(engine, people, lake):
    with writing(engine) as session:
        audit.log(session, "subject.change", "subject", "an", actor=people["chen"], unit_id=lake)
        audit.read(
            session, "subject", "an", actor=people["li"], entry_id="e", details={"cell": "/a"}
        )
        audit.log(session, "subject.change", "subject", "bo", actor=None)
    with reading(engine) as session:
        first, second = audit.events(session, "subject", "an")
    assert (first.action, first.actor_id, first.unit_id, first.details) == (
        "subject.change",
        people["chen"],
        lake,
        {},
    )
    assert first.at == FIXED_NOW
    assert (second.action, second.details) == ("subject.read", {"entry": "e", "cell": "/a"})


def test_a_step_that_fails_leaves_no_event(engine):
    try:
        with writing(engine) as session:
            audit.log(session, "subject.change", "subject", "an", actor=None)
            raise RuntimeError
    except RuntimeError:
        pass
    with reading(engine) as session:
        assert audit.events(session, "subject", "an") == []
