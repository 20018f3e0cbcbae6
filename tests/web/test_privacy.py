"""Nobody sees a person outside their unit: each role follows every link there is, asks for everything, and is read.

What everybody could be shown is made first: entries of two communities with people's names in them, one handed in,
an import, a proposal, corrections, a job. Then each user walks, searches for those outside and asks for their pages.
"""

import io
import re
from datetime import date
from html import unescape
from urllib.parse import quote, unquote, urlsplit

import openpyxl
import pytest
from sqlalchemy import select

from runtime.accounts import users
from runtime.facts import units
from runtime.facts.subjects import scan
from runtime.facts.units import by_code
from runtime.jobs.run import perform
from runtime.storage.engine import reading, writing
from runtime.storage.import_tables import Import
from runtime.storage.tables import Entry, Subject
from tests.rig.city import PASSWORD
from tests.web.conftest import TOKEN
from tests.web.learning import say
from tests.web.test_imports import upload

pytestmark = [pytest.mark.databases("sqlite"), pytest.mark.timeout(240)]

HERE, THERE = "9901010010001", "9901010010002"
DAY = date(2026, 11, 1)
STAFF = {"chenwei": HERE, "linna": HERE + "001", "second": THERE}
"""Who enters facts, and where; `second` is made for this."""
MANY = 4
"""Pages of one kind that a walk looks at."""
WORD = re.compile(r"[\w-]{7,}")
HREF = re.compile(r'(?:href|hx-get|data-why)="([^"#]+)')
PLACE = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+")


@pytest.fixture
def site(app):
    return app.extensions["yibiao"]


@pytest.fixture
def used(site, visitor):
    """The city as it is once everybody has worked in it; gives the addresses of all entries."""
    with writing(site.engine) as session:
        user = users.create(session, "second", "Second 第二", PASSWORD)
        users.grant(session, user, "staff", by_code(session, THERE).id, "")
    for name, unit in (("chenwei", HERE), ("second", THERE)):
        work_of(visitor(name), unit)
    people = in_units(site, THERE)
    say(site, people[0].id, "2026-10-20", reason="assessed again", disability_grade="1")
    answer = upload(visitor("hejun"), sheet(people))
    designer = visitor("hejun")
    designer.post(answer.location + "/check", {}, follow=True)
    with reading(site.engine) as session:
        job = session.scalars(select(Import)).one().job_id
    perform(site, job)
    with reading(site.engine) as session:
        return [f"/entries/{entry_id}" for entry_id in session.scalars(select(Entry.id))]


def work_of(somebody, unit):
    """Begin every report that the inbox offers, and save it."""
    page = somebody.get("/").text
    for form in dict.fromkeys(re.findall(r'name="form" value="([^"]+)"', page)):
        answer = somebody.post("/entries/", {"form": form, "unit": unit, "period": "202610"})
        if answer.status_code == 303:
            somebody.get(answer.location)
            somebody.post(answer.location, {"_do": "save"})


def sheet(people):
    lines = [f"{p.document['name']},{p.document['identity_number']},2级" for p in people]
    return "\n".join(["姓名,公民身份号码,残疾等级", *lines])


def in_units(site, code):
    """The residents with a number who live in the unit or below."""
    with reading(site.engine) as session:
        ids = {one.subject_id for one in scan(session, "resident", by_code(session, code).id, DAY)}
        found = session.scalars(select(Subject).where(Subject.id.in_(ids))).all()
        return [one for one in found if "identity_number" in one.document]


def of_city(site):
    with reading(site.engine) as session:
        root = units.path(session, by_code(session, HERE).id, DAY)[0]
        code = root.code
    return in_units(site, code)


def marks(person):
    """What tells a person: the id, the number, the telephone."""
    document = person.document
    return {m for m in (person.id, document["identity_number"], document.get("phone")) if m}


def read(answer):
    """Everything that an answer says, workbooks included."""
    if answer.mimetype.endswith("spreadsheetml.sheet"):
        book = openpyxl.load_workbook(io.BytesIO(answer.data))
        return "\n".join(str(c) for s in book for row in s.values for c in row if c is not None)
    if answer.mimetype in ("application/pdf", "image/png"):
        return ""  # the same document as the others, told by tests/outputs
    return unescape(answer.get_data(as_text=True))


def kind_of(address):
    parts = urlsplit(address)
    return PLACE.sub("*", parts.path), tuple(sorted(re.findall(r"(\w+)=", parts.query)))


def walk(somebody, starts):
    """The answer to each address that can be reached by links, `MANY` of a kind."""
    waiting, seen, kinds = list(starts), set(starts), {}
    while waiting:
        address = waiting.pop(0)
        answer = somebody.get(address)
        if answer.status_code >= 400:
            continue
        yield address, answer
        if answer.status_code in (301, 302, 303):
            links = [answer.location]
        else:
            links = [unescape(one) for one in HREF.findall(answer.get_data(as_text=True))] if answer.mimetype == "text/html" else []
        for link in links:
            kind = kind_of(link)
            if link.startswith("/") and not link.startswith(("/static", "/builder/static", "/sign-out")) and link not in seen and kinds.get(kind, 0) < MANY:
                kinds[kind] = kinds.get(kind, 0) + 1
                seen.add(link)
                waiting.append(link)


def asked(entries, outside):
    """What somebody who knows addresses and people would ask for."""
    for entry in entries:
        yield from (entry + rest for rest in ("", "/receipt", "/now", "/download/csv", "/download/xlsx", "/download/json"))
    for one in outside[:MANY]:
        yield f"/registers/resident/{one.id}"
        for word in (one.document["identity_number"], one.document["name"], one.document.get("phone", "")):
            yield f"/registers/resident?q={quote(word)}"


@pytest.mark.parametrize("name", ["chenwei", "linna", "second", "zhouming", "sunli", "admin"])
def test_nobody_sees_a_person_outside_their_unit(site, used, visitor, name):
    code = STAFF.get(name, "99010100" if name == "zhouming" else "")
    inside = {p.id for p in (in_units(site, unit_of(site, name)) if name not in ("sunli", "admin") else ())}
    outside = [p for p in of_city(site) if p.id not in inside]
    assert outside
    somebody = visitor(name)
    starts = ["/", *asked(used, outside)]
    strangers = {mark: one for one in outside for mark in marks(one)}
    seen = 0
    for address, answer in walk(somebody, starts):
        seen += 1
        words = set(WORD.findall(read(answer))) - set(WORD.findall(unquote(address)))
        assert not words & strangers.keys(), (name, address)
    print(name, seen, len(inside), len(outside))


def unit_of(site, name):
    with reading(site.engine) as session:
        from runtime.storage.tables import Grant, User, Unit
        user = session.scalars(select(User).where(User.name == name)).one()
        return session.scalars(select(Unit.code).join(Grant, Grant.unit_id == Unit.id).where(Grant.user_id == user.id)).first()
