"""Nobody sees a person outside their unit: each role follows every link, asks for what it knows of, and all is read.

What anybody could be shown by mistake is made first: each report of two communities, with people's names in them, an
import that names people, the job that checked it, proposals about some of both. Then each user walks from the inbox,
opens the entries, downloads, jobs and imports of others by their addresses, and searches for those outside by name,
number and telephone.
"""

import io
import re
import zipfile
from datetime import date
from html import unescape
from urllib.parse import quote, unquote, urlsplit

import openpyxl
import pytest
from sqlalchemy import select

from runtime.accounts import users
from runtime.facts import proposals, units
from runtime.facts.changes import Step
from runtime.facts.proposals import Origin
from runtime.facts.subjects import scan
from runtime.jobs.run import perform
from runtime.storage.engine import reading, writing
from runtime.storage.import_tables import Import
from runtime.storage.tables import Entry, Grant, Subject, Unit, User
from tests.rig.city import PASSWORD
from tests.web.test_imports import upload

pytestmark = [pytest.mark.databases("sqlite"), pytest.mark.timeout(300)]

HERE, THERE = "9901010010001", "9901010010002"
DAY = date(2026, 11, 1)
SEE_PEOPLE = ("chenwei", "linna", "other", "reviewer")
# Sees more pages than all others, and in the whole city: left for the whole matrix.
STEWARD = pytest.param("steward", marks=pytest.mark.full)
SEE_NOBODY = ("sunli", "admin")
"""Those who make forms, and those who make users."""
MANY = 2
"""Pages of one kind that a walk opens."""
HREF = re.compile(r'(?:href|hx-get|data-why)="(/(?!static/|builder/static/|[^"]*/pdf)[^"#]*)')
"""A PDF says what the other papers say (tests/outputs): here it is only asked for where it must be refused."""
PLACE = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+")
WORD = re.compile(r"[\w-]{7,}")


@pytest.fixture
def site(app):
    return app.extensions["yibiao"]


@pytest.fixture
def known(site, visitor):
    """The city as it is once everybody has worked in it, and the addresses there that somebody could pass on."""
    with writing(site.engine) as session:
        user = users.create(session, "other", "Qin Yu 秦玉", PASSWORD)
        users.grant(session, user, "staff", units.by_code(session, THERE).id, "")
        for role in ("reviewer", "steward"):
            user = users.create(session, role, role.title(), PASSWORD)
            users.grant(session, user, role, units.by_code(session, HERE).id, "")
    for name, unit in (("chenwei", HERE), ("other", THERE)):
        report_all(visitor(name), unit)
    propose(site, people_of(site, HERE)[:2] + people_of(site, THERE)[:2])
    steward = visitor("hejun")
    imported = upload(
        steward, sheet(people_of(site, HERE)[:3] + people_of(site, THERE)[:3])
    ).location
    steward.post(imported + "/check", {}, follow=True)
    with reading(site.engine) as session:
        job = session.scalars(select(Import.job_id)).one()
        entries = [f"/entries/{entry}" for entry in session.scalars(select(Entry.id))]
    assert perform(site, job).state == "done"
    rests = ("", "/receipt", "/now", "/download/csv", "/download/xlsx", "/download/json")
    return [
        imported,
        imported + "/errors",
        f"/jobs/{job}",
        *(e + rest for e in entries for rest in rests),
    ]


def report_all(somebody, unit):
    """Begin every report that the inbox offers, and save it."""
    offered = re.findall(r'name="form" value="([^"]+)"', somebody.get("/").text)
    assert offered
    for form in dict.fromkeys(offered):
        answer = somebody.post("/entries/", {"form": form, "unit": unit, "period": "202610"})
        if answer.status_code == 303:
            somebody.get(answer.location)
            somebody.post(answer.location, {"_do": "save"})


def propose(site, people):
    """Somebody found another telephone number of each of them."""
    with writing(site.engine) as session:
        for n, one in enumerate(people):
            step = Step(subject_id=one.id, values={"phone": f"1390000{n:04}"}, effective=DAY)
            proposals.propose(
                session, site.register("resident"), step, department="civil-affairs",
                known=one.document, unit_id=one.unit_id, origin=Origin(),
            )  # fmt: skip


def sheet(people):
    lines = [f"{p.document['name']},{p.document['identity_number']},2级" for p in people]
    return "\n".join(["姓名,公民身份号码,残疾等级", *lines])


def people_of(site, code):
    """The residents with a number who live in the unit or below; without a code, in the whole city."""
    with reading(site.engine) as session:
        unit = units.by_code(session, code or HERE)
        return people_in(session, unit if code else units.path(session, unit.id, DAY)[0])


def people_of_user(site, name):
    """The residents of the unit for which the user has a role, if the role sees people."""
    with reading(site.engine) as session:
        user = session.scalars(select(User).where(User.name == name)).one()
        unit = session.get(
            Unit, session.scalars(select(Grant.unit_id).filter_by(user_id=user.id)).one()
        )
        return [] if name in SEE_NOBODY else people_in(session, unit)


def people_in(session, unit):
    ids = {one.subject_id for one in scan(session, "resident", unit.id, DAY)}
    found = session.scalars(select(Subject).where(Subject.id.in_(ids)))
    return [one for one in found if "identity_number" in one.document]


def marks(person):
    """What tells this person from all others."""
    return {person.id, person.document["identity_number"], person.document.get("phone", person.id)}


def read(answer):
    """Everything that an answer says, workbooks included."""
    if answer.mimetype.endswith("spreadsheetml.sheet"):
        book = openpyxl.load_workbook(io.BytesIO(answer.data))
        return "\n".join(str(c) for s in book for row in s.values for c in row if c is not None)
    if answer.mimetype == "application/zip":
        with zipfile.ZipFile(io.BytesIO(answer.data)) as opened:
            return "\n".join(
                opened.read(name).decode("utf-8", "replace") for name in opened.namelist()
            )
    return unescape(answer.data.decode("utf-8", "replace"))


def walk(somebody, starts):
    """Each address that is asked for or linked to (`MANY` of a kind), and what it answers."""
    waiting, seen, kinds = list(starts), set(starts), {}
    while waiting:
        address = waiting.pop(0)
        answer = somebody.get(address)
        if answer.status_code >= 400:
            continue
        yield address, answer
        page = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
        for link in [*map(unescape, HREF.findall(page)), *answer.headers.getlist("Location")]:
            parts = urlsplit(link)
            kind = PLACE.sub("*", parts.path), tuple(sorted(re.findall(r"(\w+)=", parts.query)))
            if link not in seen and kinds.get(kind, 0) < MANY:
                kinds[kind] = kinds.get(kind, 0) + 1
                seen.add(link)
                waiting.append(link)


def searches(people):
    """Asking for people whom one is not to see, but happens to know of."""
    for one in people:
        yield f"/registers/resident/{one.id}"
        for word in (one.document["name"], *marks(one)):
            yield f"/registers/resident?q={quote(word)}"


@pytest.mark.parametrize("name", [*SEE_PEOPLE, STEWARD, *SEE_NOBODY])
def test_nobody_sees_a_person_outside_their_unit(site, known, visitor, name):
    inside, everybody = people_of_user(site, name), people_of(site, None)
    own = {mark for one in inside for mark in marks(one)}
    outside = [one for one in everybody if one.id not in own]
    strangers = {mark for one in outside for mark in marks(one)} - own
    met, spread = set(), outside[:: len(outside) // MANY]
    somebody = visitor(name)
    for address, answer in walk(somebody, ["/", *known, *searches(spread)]):
        words = set(WORD.findall(read(answer))) - set(WORD.findall(unquote(address)))
        assert not words & strangers, (name, address)
        met |= words & own
    if name != "reviewer":  # before anything is submitted there is nothing to review
        assert bool(met) == (name not in SEE_NOBODY)
    for entry in elsewhere(site, HERE if name != "other" else THERE):
        assert somebody.get(f"/entries/{entry}/download/pdf").status_code in (403, 404)


def elsewhere(site, code):
    """The entries of units that are not this one nor below it."""
    with reading(site.engine) as session:
        here = set(units.below(session, units.by_code(session, code).id, DAY))
        found = [one.id for one in session.scalars(select(Entry)) if one.unit_id not in here]
    assert found
    return found
