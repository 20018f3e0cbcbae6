"""What was recorded late is told of those who belonged to the report's unit on its day, and of nobody else."""

from datetime import date, timedelta

from runtime import clock
from runtime.entry import life
from runtime.entry.since import late_changes
from runtime.facts.changes import record
from runtime.facts.units import by_code
from runtime.storage.engine import reading, writing
from tests.entry.town import OCTOBER, stored
from tests.fill.town import RESIDENT
from tests.rig import FIXED_NOW


def test_only_of_those_who_belonged_there_on_the_day(engine, report):
    with clock.fixed(FIXED_NOW + timedelta(minutes=5)), writing(engine) as session:
        hill = by_code(session, "hill").id
        record(session, RESIDENT, "ed", {"grade": "2"}, "set", date(2026, 10, 5), reason="moved")
        record(session, RESIDENT, "bo", {"grade": "2"}, "set", date(2026, 10, 5), reason="late")
        record(session, RESIDENT, "bo", {"_unit": hill}, "set", date(2026, 11, 1))
        record(session, RESIDENT, "ci", {"grade": "1"}, "set", date(2026, 10, 6))
    with reading(engine) as session:
        entry = stored(engine, report)
        plan = life.plan_for(session, entry)
        after = FIXED_NOW + timedelta(minutes=1)
        found = late_changes(session, plan, entry, after, OCTOBER.last)
    assert [(one.subject_id, one.unit_id == hill) for one in found] == [("ci", False), ("bo", True)]
