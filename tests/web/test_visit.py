"""An entry about one subject: what to ask comes first, and one tap says that the rest is still correct."""

import re
from datetime import date

import pytest
from sqlalchemy import select

from runtime.accounts import visits
from runtime.facts.changes import record
from runtime.facts.subjects import changes_of
from runtime.storage.engine import reading, writing
from runtime.storage.tables import Entry, Subject
from runtime.web import visits as pages
from runtime.web.correcting import seen_of
from tests.rig.city import NOW
from tests.rig.family import OLD, SAID, move_in

VISIT = "https://yibiao.example/defs/forms/veterans-affairs/household-visit.json"
TODAY = NOW.date()


@pytest.fixture
def site(app):
    return app.extensions["yibiao"]


@pytest.fixture
def resident(site):
    return move_in(site)[1]


@pytest.fixture
def visit(staff, resident):
    address = staff.post("/entries/", {"form": VISIT, "subject": resident}).location
    staff.get(address)
    return address


def changes(site, subject):
    with reading(site.engine) as session:
        return changes_of(session, subject)


def entry_of(site, address):
    with reading(site.engine) as session:
        return session.get(Entry, address.rpartition("/")[2])


def said(page, *cells):
    """What a tap of this page posts when it speaks of these cells."""
    revision = re.search(r'name="_revision" value="(\d+)"', page)[1]
    return {"cell": list(cells), "_revision": revision}


def confirm(visitor, visit, *cells, page=None):
    told = said(visitor.get(visit).text if page is None else page, *cells)
    return visitor.post(visit + "/still-correct", told, follow=True)


def test_what_is_missing_or_old_comes_first(staff, visit):
    page = staff.get(visit).text
    top = page[page.index('id="visit"') : page.index('id="entry"')]
    asked, _more, known = top.partition("<details>")
    for name in ("Phone", "Employment status", "Date of the visit", "Met at home"):
        assert name in asked
    assert "Name" in known
    assert "Date of birth" not in top
    assert 'href="#c-veteran-phone"' in asked
    assert 'id="c-veteran-phone"' in page


def test_one_tap_in_the_visit_confirms_all_the_rest(site, staff, visit, resident):
    page = staff.get(visit).text
    top = page[page.index('id="visit"') : page.index('id="entry"')]
    form = next(f for f in re.findall(r"<form.*?</form>", top, re.DOTALL) if "All still" in f)
    cells = re.findall(r'name="cell" value="([^"]+)"', form)
    assert set(cells) >= {"/veteran/phone", "/veteran/address", "/veteran/employment_status"}
    answer = confirm(staff, visit, *cells)
    assert f"{len(cells)} facts are confirmed" in answer.text
    change = changes(site, resident)[-1]
    assert (change.kind, change.effective) == ("confirm", TODAY)
    assert change.values["phone"] == OLD["phone"]
    assert change.provenance["form"] == VISIT
    assert change.provenance["cells"]["phone"] == "/veteran/phone"
    told = entry_of(site, visit).provenance["/veteran/phone"]
    assert (told["since"], told["subject"], "stale" in told) == (TODAY.isoformat(), resident, False)
    assert told["lastChange"]["actor"] == "Chen Wei 陈伟"


def test_the_panel_that_tells_why_confirms_one(site, staff, visit, resident):
    why = f"{visit}/why?cell=/veteran/phone"
    assert "Last asked on 1 May 2024" in staff.get(why).text
    assert "1 fact is confirmed" in confirm(staff, visit, "/veteran/phone").text
    assert changes(site, resident)[-1].values == {"phone": OLD["phone"]}
    assert "Last asked on" not in staff.get(why).text
    assert "Last asked on" in staff.get(f"{visit}/why?cell=/veteran/employment_status").text


def test_what_changed_since_the_filling_is_not_confirmed(site, staff, visit, resident):
    page = staff.get(visit).text
    new_phone(site, resident)
    count = len(changes(site, resident))
    answer = confirm(staff, visit, "/veteran/phone", page=page)
    assert "Something has changed since this page was shown: Phone." in answer.text
    assert len(changes(site, resident)) == count


def new_phone(site, resident, day=date(2026, 10, 30)):
    with writing(site.engine) as session:
        told = {"phone": "0991-5550003"}
        record(session, site.register("resident"), resident, told, "set", day)


@pytest.mark.databases("sqlite", "postgresql")
def test_what_another_took_into_the_entry_is_not_confirmed_by_who_never_saw_it(
    site, staff, visitor, visit, resident
):
    page = staff.get(visit).text
    new_phone(site, resident, date(2024, 6, 1))  # grown old as well
    visitor("linna").post(visit + "/refill", {"cell": "/veteran/phone"})
    assert entry_of(site, visit).data["veteran"]["phone"] == "0991-5550003"
    answer = confirm(staff, visit, "/veteran/phone", "/veteran/address", page=page).text
    assert "1 fact is confirmed" in answer
    assert "Something has changed since this page was shown: Phone." in answer
    assert changes(site, resident)[-1].values == {"address": OLD["address"]}
    confirm(staff, visit, "/veteran/phone")
    assert changes(site, resident)[-1].values == {"phone": "0991-5550003"}


def test_who_does_not_say_what_was_shown_confirms_nothing(site, staff, visit, resident):
    count, told = len(changes(site, resident)), said(staff.get(visit).text, "/veteran/phone")
    for revision in ("", "0", "99", "x"):
        sent = {**told, "_revision": revision}
        answer = staff.post(visit + "/still-correct", sent, follow=True)
        assert "Something has changed since this page was shown: Phone." in answer.text
    assert len(changes(site, resident)) == count


def test_what_is_typed_over_is_not_confirmed(site, staff, visit, resident):
    staff.post(visit, {"_do": "save", "/veteran/phone": "0991-5550004"})
    count = len(changes(site, resident))
    confirm(staff, visit, "/veteran/phone", "/met", "/veteran/age", "/no/such")
    assert len(changes(site, resident)) == count


def test_what_is_typed_is_said_to_be_known_from_submission_on(staff, visit):
    known, asked = "known from submission on", "goes to its steward on submission"
    page = staff.get(visit).text
    assert known not in page
    assert asked not in page
    page = staff.post(visit, {"_do": "save", "/veteran/phone": "0991-5550004"}, follow=True).text
    assert f"was known; {asked}" in page
    assert "say why you changed it" not in page
    # Civil affairs looks after phones, the form's own department after the card.
    typed = {"_do": "save", "/veteran/phone": "0991-5550004", "_reason/veteran/phone": "told so",
             "/veteran/veteran_card": "9900001234", "_reason/veteran/veteran_card": "as on it"}  # fmt: skip
    page = staff.post(visit, typed, follow=True).text
    assert f"changed: told so; {asked}" in page
    assert known in page
    review = staff.get(f"{visit}/review").text
    (listed,) = re.findall(r'id="known-then".*?</section>', review, re.DOTALL)
    assert "0991-5550004" in listed
    assert "1 fact will be known from now on" in listed
    assert "proposed to Civil Affairs" in listed


def test_only_staff_of_the_place_confirm(site, visitor, staff, visit, resident):
    count, told = len(changes(site, resident)), said(staff.get(visit).text, "/veteran/phone")
    for name, status in (("zhouming", 403), ("sunli", 403), ("hejun", 403), ("admin", 403)):
        somebody = visitor(name)
        answer = somebody.post(visit + "/still-correct", told)
        assert answer.status_code == status, name
    assert len(changes(site, resident)) == count


def test_staff_of_another_grid_confirm_nothing_here(site, visitor, staff):
    stranger = move_in(site, "990101001000102")[1]
    address = staff.post("/entries/", {"form": VISIT, "subject": stranger}).location
    other = visitor("linna")
    told = said(staff.get(address).text, "/veteran/phone")
    answer = other.post(address + "/still-correct", told)
    assert answer.status_code == 404
    assert {c.effective for c in changes(site, stranger)} == {SAID, date(2026, 9, 1)}


def test_the_list_of_visits_begins_where_most_is_to_be_asked(site, staff, resident):
    page = staff.get("/visits/").text
    counts = [int(n) for n in re.findall(r'<span class="tag check">(\d+) to ask', page)]
    assert counts == sorted(counts, reverse=True)
    (line,) = re.findall(r"<li>(?:(?!</li>).)*T-0012(?:(?!</li>).)*</li>", page, re.DOTALL)
    assert "/registers/household/family-house" in line
    assert "records" in line
    before = int(re.search(r"(\d+) to ask", line)[1])
    with writing(site.engine) as session:
        subject = session.get(Subject, resident)
        told = {"employment_status": subject.document["employment_status"]}
        record(session, site.register("resident"), resident, told, "confirm", TODAY)
    page = staff.get("/visits/").text
    (line,) = re.findall(r"<li>(?:(?!</li>).)*T-0012(?:(?!</li>).)*</li>", page, re.DOTALL)
    assert int(re.search(r"(\d+) to ask", line)[1]) == before - 1


def test_the_record_asks_all_that_the_list_promises(site, staff, resident):
    with writing(site.engine) as session:
        register = site.register("resident")
        record(session, register, resident, {"disability_grade": "2"}, "set", TODAY)
        record(session, register, resident, {"sex": None}, "clear", TODAY)
    page = staff.get("/visits/").text
    (line,) = re.findall(r"<li>(?:(?!</li>).)*T-0012(?:(?!</li>).)*</li>", page, re.DOTALL)
    assert "<strong>No. 12, Lake Road</strong>" in line
    assert re.search(r"for [1-9]\d* reports?<", line)
    promised = int(re.search(r"(\d+) to ask", line)[1])
    page = staff.get(re.search(r'href="([^"]+)"', line)[1]).text
    asked = page[page.index('id="check"') : page.index("As known today")]
    assert asked.count("<li>") >= promised
    assert 'aria-label="Sex: enter"' in asked
    assert 'aria-label="Phone: still correct"' in asked


def test_when_somebody_was_visited_is_said_anew(site, staff, resident):
    with writing(site.engine) as session:
        told = {"visited_on": SAID.isoformat()}
        record(session, site.register("resident"), resident, told, "set", SAID)
    survey = "https://yibiao.example/defs/forms/disabled-persons/needs-survey.json"
    entry = staff.post("/entries/", {"form": survey, "subject": resident}).location
    page = staff.get(entry).text
    top = page[page.index('id="visit"') : page.index('id="entry"')]
    assert 'aria-label="Last home visit: say when"' in top
    assert 'value="/person/visited_on"' not in top
    page = staff.get(f"/registers/resident/{resident}").text
    top = page[page.index('id="check"') : page.index("As known today")]
    forms = re.findall(r"<form.*?</form>", top, re.DOTALL)
    assert not [f for f in forms if "/visited_on" in f and "till correct" in f]
    before = len(changes(site, resident))
    confirm(staff, entry, "/person/visited_on")
    with reading(site.engine) as session:
        seen = seen_of([f"{resident}/visited_on"], [session.get(Subject, resident)])
    told = {"fact": f"{resident}/visited_on", "_seen": seen}
    assert staff.post(f"/registers/resident/{resident}/confirm", told).status_code == 303
    assert len(changes(site, resident)) == before
    (form,) = [f for f in forms if "Last home visit: today, 1 Nov" in f]
    sent = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form))
    staff.post(re.search(r'action="([^"]+)"', form)[1], sent)
    with reading(site.engine) as session:
        subject = session.get(Subject, resident)
    assert subject.document["visited_on"] == TODAY.isoformat()
    assert subject.timeline[-1] == [TODAY.isoformat(), {"visited_on": TODAY.isoformat()}]


def test_nobody_reads_of_visits_elsewhere(site, visitor):
    move_in(site, "990101001000102")
    page = visitor("linna").get("/visits/").text
    assert "T-0012" not in page
    with reading(site.engine) as session:
        unit = session.scalar(select(Subject.unit_id).where(Subject.id == "family-gu-lan"))
    assert visitor("linna").get(f"/visits/?unit={unit}").status_code == 404
    assert "T-0012" in visitor("chenwei").get(f"/visits/?unit={unit}").text
    for name in ("zhouming", "sunli", "hejun", "admin"):
        assert visitor(name).get("/visits/").status_code == 403


def test_only_the_first_of_a_long_list_are_kept_and_all_are_counted(site, staff, monkeypatch):
    def count(page):
        return int(re.search(r"(\d+) visits would fill", page)[1])

    whole = staff.get("/visits/").text
    assert count(whole) > 6
    monkeypatch.setattr(visits, "MOST", 6)
    monkeypatch.setattr(pages, "PER_PAGE", 5)
    visits._found.clear()
    second = staff.get("/visits/?page=2").text
    assert count(second) == count(whole)
    assert second.count("to ask</span>") == 1
    assert "page=3" not in second
    assert [len(one.first) for one in visits._found.values()] == [6]
    visits._found.clear()
