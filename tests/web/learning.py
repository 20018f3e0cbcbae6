"""What becomes known of a resident of the little city after a report was filled."""

from datetime import date

from runtime.facts.changes import record
from runtime.facts.registers import Register
from runtime.facts.subjects import scan
from runtime.facts.units import by_code
from runtime.storage.engine import reading, writing

UNIT = "9901010010001"


def register(site):
    address = "https://yibiao.example/defs/dictionary/resident.json"
    return Register("resident", site.library.document(address))


def holder(site, number=0, unit=UNIT, day=date(2026, 10, 31)):
    """One of the residents of the unit whom the monthly report counts, and what is known of them."""
    with reading(site.engine) as session:
        found = sorted(
            (one.subject_id, one.document)
            for one in scan(session, "resident", by_code(session, unit).id, day)
            if one.document.get("disability_grade") in ("1", "2", "3", "4")
            and one.document.get("disability_certificate_until", "") >= day.isoformat()
        )
    return found[number]


def say(site, subject_id, day, kind="set", reason="", **values):
    with writing(site.engine) as session:
        record(
            session,
            register(site),
            subject_id,
            values,
            kind,
            date.fromisoformat(day),
            reason=reason,
        )


def regrade(site, number=0):
    """One holder gets another grade, dated within October; gives the old and the new one."""
    subject_id, known = holder(site, number)
    old = known["disability_grade"]
    new = "1" if old != "1" else "2"
    say(site, subject_id, "2026-10-20", reason="assessed again", disability_grade=new)
    return old, new
