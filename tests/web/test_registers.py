"""The registers' lists and a subject's page: found within one's own units, and told with source, age and timeline."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from runtime import clock
from runtime.accounts import users
from runtime.entry import audit
from runtime.facts.changes import record
from runtime.facts.erasing import erase
from runtime.facts.registers import register_of
from runtime.storage.engine import reading, writing
from runtime.storage.tables import AuditEvent, Unit, User
from tests.rig.city import NOW
from tests.web.test_present import colleague

pytestmark = pytest.mark.databases("sqlite")
SURVEY = "https://yibiao.example/defs/forms/disabled-persons/needs-survey.json"
PAST, DAY = date(2024, 1, 5), date(2026, 9, 1)


@pytest.fixture
def site(app):
    return app.extensions["yibiao"]


@pytest.fixture
def chen(site):
    """A resident in the community of Chen Wei, and another in a grid that Li Na does not look after."""
    with reading(site.engine) as session:
        who = session.scalar(select(User).where(User.name == "chenwei")).id
        community = session.scalar(select(Unit).where(Unit.code == "9901010010001")).id
        unit = session.scalars(
            select(Unit.id).where(Unit.code.startswith("9901010010001")).order_by(Unit.code.desc())
        ).first()
    register = register_of(site.library, "resident")
    with writing(site.engine) as session:
        first = {"_unit": unit, "name": "陈小鹭", "address": "望江路88号", "phone": "13900001234"}
        record(session, register, "chen", first, "set", PAST, actor=who, reason="moved in")
        record(session, register, "chen", {"phone": "13900001235"}, "set", DAY, actor=who)
        record(session, register, "chen", {"phone": "13900001236"}, "set", date(2025, 1, 1))
        record(session, register, "chen", {"name": "陈小鹭"}, "confirm", DAY, actor=who)
    return community


@pytest.mark.parametrize(
    "query", ["陈小鹭", "小鹭", "cxl", "chenxiaolu", "1235", "望江路88", "陈 望江"]
)
def test_found_in_the_list_and_where_a_form_is_begun(staff, chen, query):
    page = staff.get("/registers/resident", query_string={"q": query}).text
    assert "陈小鹭" in page
    picked = staff.get("/entries/new", query_string={"q": query, "form": SURVEY})
    assert 'name="subject" value="chen"' in picked.text


def test_not_found_by_those_of_other_units(visitor, chen, site):
    other = visitor("linna")
    assert "/registers/resident/chen" not in other.get("/registers/resident?q=小鹭").text
    assert other.get(f"/registers/resident?q=小鹭&unit={chen}").status_code == 404
    assert other.get("/registers/resident/chen").status_code == 404


def test_each_page_of_what_was_found_follows_the_one_before(staff, chen, site):
    register = register_of(site.library, "resident")
    with writing(site.engine) as session:
        for n in range(120):
            told = {"_unit": chen, "name": f"Zzyzx {n:03}"}
            record(session, register, f"z{n}", told, "set", DAY)
    seen = []
    for page in (1, 2, 3):
        text = staff.get(f"/registers/resident?q=zzyzx&page={page}").text
        seen += [f"z{n}" for n in range(120) if f'/resident/z{n}"' in text]
    assert sorted(seen) == sorted(f"z{n}" for n in range(120))


def test_the_page_tells_source_age_and_timeline(staff, chen):
    page = staff.get("/registers/resident/chen").text
    for told in (
        "Phone: 13900001234 → 13900001235",
        "corrects the past",
        "Name: still 陈小鹭",
        "moved in",
        "grown old",
        "import",
    ):
        assert told in page, told


def readers_on(page):
    """Who stands on a subject's page as having read it."""
    return re.findall(r"<td>([^<]*)</td>", page.partition("Who read it")[2])


def test_staff_see_who_read_a_subject_of_their_unit_and_nothing_else_of_the_log(
    staff, visitor, chen, site
):
    other = colleague(visitor)
    page = staff.get("/registers/resident/chen").text
    assert readers_on(page) == []
    for _time in range(2):
        other.get("/registers/resident/chen")
    with writing(site.engine) as session:
        who = users.by_name(session, "linna").id
        audit.log(session, "subject.met", "subject", "chen", actor=who)
        audit.read(session, "subject", "another", actor=who)
    page = staff.get("/registers/resident/chen").text
    assert readers_on(page) == ["Wang Fang 王芳", "Chen Wei 陈伟"]
    with clock.fixed(NOW + timedelta(days=1)):
        staff.get("/registers/resident/chen")
        page = staff.get("/registers/resident/chen").text
    assert readers_on(page) == ["Chen Wei 陈伟", "Chen Wei 陈伟", "Wang Fang 王芳"]


@pytest.mark.parametrize(
    ("name", "status"),
    [("linna", 404), ("zhouming", 403), ("sunli", 403), ("hejun", 403), ("admin", 403)],
)
def test_nobody_else_sees_who_read_it(visitor, chen, name, status):
    answer = visitor(name).get("/registers/resident/chen")
    assert answer.status_code == status
    assert "Who read it" not in answer.text


def test_where_it_is_named(staff, chen):
    assert "Where it is named" not in staff.get("/registers/resident/chen").text
    staff.get("/account/")
    begun = staff.post("/entries/", {"form": SURVEY, "subject": "chen"})
    assert begun.status_code == 303
    assert f'href="{begun.location}"' in staff.get("/registers/resident/chen").text


def test_who_was_erased_has_no_page(staff, chen, site):
    with writing(site.engine) as session:
        erase(session, register_of(site.library, "resident"), "chen", None, "asked for")
    assert staff.get("/registers/resident/chen").status_code == 404
    assert "陈小鹭" not in staff.get("/registers/resident?q=小鹭").text


def lists_read(site, what, kind):
    query = select(AuditEvent).where(AuditEvent.action == what, AuditEvent.object_kind == kind)
    with reading(site.engine) as session:
        return [one.details for one in session.scalars(query.order_by(AuditEvent.id))]


def test_sensitive_values_are_hidden_in_lists_until_asked_for_and_that_is_noted(staff, chen, site):
    number = "110000199003071231"
    with writing(site.engine) as session:
        register = register_of(site.library, "resident")
        record(session, register, "chen", {"identity_number": number}, "set", DAY)
    for address in ("/registers/resident?q=小鹭", f"/registers/resident?q={number}",
                    f"/entries/new?form={SURVEY}&q=小鹭"):  # fmt: skip
        page = staff.get(address).text
        assert "陈小鹭" in page
        assert f"••••••{number[-4:]}" in page
        assert f">{number}<" not in page, address
    seen = lists_read(site, "register.read", "register")
    assert not any("sensitive" in one for one in seen)
    page = staff.get("/registers/resident?q=小鹭&bare=1").text
    assert f">{number}<" in page
    assert "•" not in page
    read = lists_read(site, "register.read", "register")[len(seen) :]
    assert [one["sensitive"] for one in read] == [["identity_number"]]


def test_the_list_behind_a_figure_hides_them_too(staff, site):
    entry = staff.begin("disabled-persons/residents-monthly")
    page = staff.get(entry).text
    named = re.findall(r'name="(/holders/[^"]+)"', page)
    lists = {c: staff.get(f"{entry}/behind?cell={c}").text for c in named[:40]}
    cell = next(c for c, page in lists.items() if "/registers/resident/" in page)
    whole = re.compile(r">\d{17}[\dX]<")
    assert "••••••" in lists[cell]
    assert not whole.search(lists[cell])
    assert whole.search(staff.get(f"{entry}/behind?cell={cell}&bare=1").text)
    noted = lists_read(site, "subject.list", "entry")
    assert [one.get("sensitive", False) for one in noted[-2:]] == [False, True]


def test_the_timeline_tells_values_with_their_units(staff):
    page = staff.get("/registers/household").text
    household = re.search(r'href="(/registers/household/[0-9a-f-]{36})"', page)[1]
    assert re.search(r"Floor area: [\d.]+ m²", staff.get(household).text)
