"""Who else has a report open: the two see each other's names, and minutes later nothing is left of it."""

from datetime import timedelta

import pytest

from runtime import clock
from runtime.entry import audit
from runtime.storage.engine import reading
from runtime.web.present import STAYS, Presence
from tests.rig.city import NOW

pytestmark = pytest.mark.databases("sqlite")
REPORT = "disabled-persons/residents-monthly"


NEW = {"name": "wangfang", "full_name": "Wang Fang 王芳", "password": "first-day-2026"}


def colleague(visitor):
    """Another of the community's staff, signed in."""
    admin = visitor("admin")
    admin.get("/users/")
    where = admin.post("/users/", NEW).location
    admin.get(where)
    admin.post(where + "/roles", {"role": "staff", "unit": "9901010010001", "department": ""})
    other = visitor()
    other.sign_in(NEW["name"], NEW["password"])
    return other


def test_two_on_one_report_see_each_other(staff, visitor):
    report = staff.begin(REPORT)
    assert "nobody else is here" in staff.get(report).text
    other = colleague(visitor)
    assert "Chen Wei 陈伟 is here too" in other.get(report).text
    assert "Wang Fang 王芳 is here too" in staff.get(f"{report}/present").text
    with clock.fixed(NOW + STAYS + timedelta(seconds=1)):
        assert "nobody else is here" in staff.get(report).text
    assert visitor("linna").get(f"{report}/present").status_code in (403, 404)


def test_who_has_gone_is_forgotten():
    seen = Presence()
    with clock.fixed(NOW):
        assert seen.come("one", 1, "Wang") == []
        assert seen.come("one", 2, "Li") == ["Wang"]
        assert seen.come("other", 2, "Li") == []
    with clock.fixed(NOW + STAYS):
        assert seen.come("one", 1, "Wang") == ["Li"]
    with clock.fixed(NOW + 2 * STAYS + timedelta(seconds=1)):
        assert seen.come("new", 3, "Zhao") == []
        assert seen.count() == 1


def test_being_there_is_not_logged(app, staff):
    report = staff.begin(REPORT)

    def events():
        with reading(app.extensions["yibiao"].engine) as session:
            return len(audit.events(session, "entry", report.rpartition("/")[2]))

    before = events()
    staff.get(f"{report}/present")
    assert events() == before
