"""What a figure rests on is told where it is filled, reviewed and submitted, and everywhere the same."""

import re
from datetime import date

import pytest
from sqlalchemy import select

from runtime.definitions.place import place
from runtime.entry import apart, life
from runtime.entry.drawn import Sheet
from runtime.entry.hold import load
from runtime.entry.looked_at import looked_at
from runtime.entry.screen import Screen
from runtime.facts import proposals
from runtime.facts.changes import Step
from runtime.facts.units import by_code
from runtime.periods import Period
from runtime.replay.burden import burden, owed
from runtime.replay.rates import shipped
from runtime.storage.engine import reading, writing
from runtime.storage.tables import Unit
from runtime.web.counts import counts_of_entry
from runtime.web.looked import look, schemas
from tests.web.learning import UNIT, holder, register, say
from tests.web.test_filling import REPORT
from tests.web.test_now import site
from tests.web.test_several import ready, ticked
from tests.web.test_visit import said

pytestmark = pytest.mark.databases("sqlite")
__all__ = ["site"]
HTMX = {"HX-Request": "true"}
OCTOBER = Period.parse("202610")
LAST = date(2026, 10, 31)


@pytest.fixture
def unsound(site):
    """Somebody in no row, and a word that waits for its steward: beside what the city has of these."""
    live_alone(site)
    subject_id, _known = holder(site, 0)
    say(site, subject_id, "2026-10-20", "clear", sex=None)
    dispute(site, 1)


def dispute(site, number):
    """Somebody says otherwise of that holder's grade than is known."""
    subject_id, known = holder(site, number)
    step = Step(subject_id=subject_id, values={"disability_grade": "9"}, effective=OCTOBER.first)
    with writing(site.engine) as session:
        proposals.propose(
            session,
            register(site),
            step,
            department="civil-affairs",
            known={"disability_grade": known["disability_grade"]},
            unit_id=by_code(session, UNIT).id,
            origin=proposals.Origin(),
        )


def live_alone(site):
    """Somebody old lives alone, as far as was said long ago."""
    with reading(site.engine) as session:
        unit = by_code(session, UNIT).id
    facts = {"name": "Wu Gang", "sex": "1", "birth_date": "1940-01-01", "living_alone": True}
    say(site, "alone", "2019-03-05", _unit=unit, **facts)


def begin_all(site):
    """Every report of October in every unit that owes it; gives the ids by form."""
    with reading(site.engine) as session:
        wanted = [
            (version.address, unit, period)
            for version, plan, period in owed(session, OCTOBER)
            for unit in session.scalars(select(Unit.id).where(Unit.level.in_(plan.form.levels)))
        ]
    found = {}
    for address, unit, period in wanted:
        found.setdefault(address, []).append(apart.start(site.engine, address, unit, period))
    return found


def counted(app, site, ids):
    """What lists of reports show of the cells of these entries together, once they were looked at."""
    with app.test_request_context(), reading(site.engine) as session:
        entries = [load(session, one) for one in ids]
        look(entries)
        plans = [life.plan_for(session, one) for one in entries]
        each = [counts_of_entry(*one) for one in zip(entries, plans, strict=True)]
        waiting = sum(map(other_parts_waiting, entries, plans))
    found = {n: sum(getattr(one, n) for one in each) for n in ("filled", "ask", "check")}
    return {**found, "ask": found["ask"] - waiting}


def other_parts_waiting(entry, plan):
    """Choices to be made and lists to be begun: a page counts them, but they are no cells."""
    screen = Screen(plan, place(plan, entry.data, entry.choices), Sheet(draft=True))
    return sum(part.kind != "cell" and part.state == "ask" for part in screen.parts)


def test_pages_and_burden_say_the_same_of_every_shipped_form(app, site, unsound):
    entries = begin_all(site)
    told = burden(site.engine, schemas(site.library), OCTOBER, shipped())
    by_form = {form["form"]: form["months"][0] for form in told["forms"]}
    assert set(by_form) == set(entries)
    pages = {form: counted(app, site, ids) for form, ids in entries.items()}
    assert pages == {
        form: {
            "filled": month["filled"],
            "ask": month["left"],
            "check": month["confirmed"],
        }
        for form, month in by_form.items()
    }
    states = told["months"][0]["byState"]
    assert {"stale", "conflict", "incomplete"} <= states.keys()


def test_the_strip_and_the_cell_say_it_once_the_page_has_asked(staff, unsound):
    entry = staff.begin(REPORT)
    assert "+1?" not in staff.get(entry).text
    told = staff.get(entry + "/now", headers=HTMX).text
    assert re.search(r"[1-9]\d* to check", told)
    assert "+1?" in told
    page = staff.get(entry).text
    assert re.search(r"[1-9]\d* to check", page)
    assert "+1?" in page
    assert re.search(r"[1-9]\d* to check", staff.get(entry + "/review").text)


def test_a_figure_of_old_facts_says_how_many_and_since_when(staff, site):
    live_alone(site)
    entry = staff.begin("civil-affairs/elderly-allowance-monthly")
    told = staff.get(entry + "/now", headers=HTMX).text
    assert "1 of 2 said before 1 May" in told
    assert "1 to check" in told


def test_what_is_not_sound_does_not_go_out_with_others(site, staff, unsound):
    entry = ready(staff, "202610")
    assert "ready to submit" not in staff.get("/").text
    page = staff.get("/ready/").text
    assert ticked(page)["entry"] == []
    assert re.search(r"\d+ cells to look at", page)
    revision = re.search(r'name="_revision" id="revision" value="(\d+)"', staff.get(entry).text)[1]
    key = entry.rpartition("/")[2]
    told = staff.post("/ready/", {"entry": key, f"revision-{key}": revision}).text
    assert re.search(r"\d+ cells are to be looked at first\.", told)
    assert staff.get(entry).status_code == 200


def test_what_grows_unsound_after_the_look_is_kept_back(site, staff):
    entry = ready(staff, "202610")
    posted = ticked(staff.get("/ready/").text)
    assert posted["entry"] == [entry.rpartition("/")[2]]
    dispute(site, 0)
    assert "to be looked at first" in staff.post("/ready/", posted).text


def test_an_untouched_default_is_to_be_checked_until_somebody_says_that_it_is_right(staff, site):
    entry = staff.begin("veterans-affairs/veterans-monthly")
    page = staff.get(entry).text
    cell = re.search(r'why\?cell=([^"]*)">proposed: is it right\?', page)[1].replace("%2F", "/")
    told = staff.get(f"{entry}/why?cell={cell}").text
    assert "nobody has said yet that it is so" in told
    assert "It is right" in told
    answer = staff.post(entry + "/still-correct", said(told, cell), follow=True)
    assert "1 fact is confirmed." in answer.text
    assert "proposed: is it right?" not in answer.text
    told = staff.get(f"{entry}/why?cell={cell}").text
    assert "Typed by Chen Wei" in told
    assert "It is right" not in told


def figure(staff, site, entry, state):
    """The address of the first figure on the page whose words are these."""
    staff.get(entry + "/now", headers=HTMX)
    found = re.search(r'href="[^"]*/why\?cell=([^"]*)">' + state, staff.get(entry).text)
    return found[1].replace("%2F", "/")


def test_the_panel_and_the_list_say_whose_facts_are_old(staff, site):
    live_alone(site)
    entry = staff.begin("civil-affairs/elderly-allowance-monthly")
    cell = figure(staff, site, entry, "1 of 2 said before")
    told = staff.get(f"{entry}/why?cell={cell}").text
    assert "Of 1 of the 2 it was last said before 1 May 2026 (Lives alone); it may have" in told
    page = staff.get(f"{entry}/behind?cell={cell}").text
    assert "1 of them is to be looked at; it stands first." in page
    first = page.index('<th scope="row">')
    assert "Wu Gang" in page[first : page.index("</tr>", first)]
    assert "said on 5 Mar 2019" in page[first : page.index("</tr>", first)]
    assert page.count("said on 5 Mar 2019") == 1


def test_the_review_and_the_list_of_sources_tell_it_too(staff, site):
    live_alone(site)
    entry = staff.begin("civil-affairs/elderly-allowance-monthly")
    assert "1 of 2 said before 1 May" in staff.get(entry + "/why").text
    page = staff.get(entry + "/review").text
    assert "1 of 2 said before 1 May" in page
    assert "Everything is there; 1 value is to be looked at before you submit it." in page


def test_who_stands_in_no_row_is_listed_with_what_is_not_known(staff, site, unsound, visitor):
    entry = staff.begin(REPORT)
    cell = "/holders/1/60-/1"
    told = staff.get(f"{entry}/why?cell={cell}").text
    assert "1 more should be counted and stands in no row: Sex." in told
    link = re.search(r'href="([^"]*outside=1)">1: see the list', told)[1].replace("&amp;", "&")
    page = staff.get(link).text
    assert "In no row: 1" in page
    assert page.count('<tr><th scope="row">') == 1
    assert holder(site, 0)[0] in page
    assert "Sex</span>" in page
    assert visitor("linna").get(link).status_code == 404
    assert visitor("sunli").get(link).status_code in (403, 404)


def test_of_who_has_moved_away_nothing_is_told_that_is_said_today(staff, site, unsound):
    subject_id, _known = holder(site, 1)
    entry = staff.begin(REPORT)
    cell = counted_in(staff, entry, subject_id)
    assert "sources disagree" in staff.get(f"{entry}/behind?cell={cell}").text
    with reading(site.engine) as session:
        elsewhere = select(Unit.id).where(Unit.level == "community", Unit.code != UNIT)
        there = session.scalars(elsewhere).first()
    say(site, subject_id, "2026-11-01", _unit=there)
    page = staff.get(f"{entry}/behind?cell={cell}").text
    assert subject_id in page
    assert "sources disagree" not in page


def test_an_entry_of_a_large_unit_says_that_nobody_looked(staff, site, monkeypatch):
    monkeypatch.setattr("runtime.fill.ground_of_unit.MOST", 3)
    entry = staff.begin(REPORT)
    told = staff.get(entry + "/why?cell=/holders/1/60-/1").text
    assert "Nobody has looked how old the facts behind it are" in told
    assert "to check" not in staff.get(entry + "/now", headers=HTMX).text


def test_a_list_that_is_not_as_long_as_the_report_says_why(staff, site):
    entry = ready(staff, "202610")
    staff.get(entry + "/review")
    key = re.search(r'name="_revision" value="(\d+)"', staff.page)[1]
    assert staff.post(entry + "/submit", {"_revision": key}).status_code == 303
    subject_id, known = holder(site)
    cell = counted_in(staff, entry, subject_id)
    assert "The report holds" not in staff.get(f"{entry}/behind?cell={cell}").text
    say(
        site,
        subject_id,
        "2026-10-20",
        disability_grade="1" if known["disability_grade"] != "1" else "2",
    )
    page = staff.get(f"{entry}/behind?cell={cell}").text
    assert re.search(r"The report holds (\d+), of 1 Nov 2026; the registers now say \d+\.", page)


def counted_in(staff, entry, subject_id):
    """A figure of the report that counts this subject."""
    cells = re.findall(
        r'cell=(/holders/[^"&]+)"', staff.get(entry + "/why").text.replace("%2F", "/")
    )
    return next(c for c in cells if subject_id in staff.get(f"{entry}/behind?cell={c}").text)


def test_counts_are_of_the_state_that_the_report_is_in(staff, site, unsound):
    """Handed in it has nothing to check any more; given back, at the same revision, it has again."""
    entry = ready(staff, "202610")
    staff.get(entry + "/review")
    revision = re.search(r'name="_revision" value="(\d+)"', staff.page)[1]
    assert re.search(r"\d+ to check", staff.get("/").text)
    assert staff.post(entry + "/submit", {"_revision": revision}).status_code == 303
    assert "to check" not in staff.get("/").text
    with writing(site.engine) as session:
        load(session, entry.rpartition("/")[2]).state = "returned"
    assert re.search(r"\d+ to check", staff.get("/").text)


def test_lists_look_anew_only_where_something_was_said_of_the_unit(site, staff, monkeypatch):
    ready(staff, "202610")
    staff.get("/")
    looks = []

    def note(session, entries, of):
        looks.append(len(entries))
        return looked_at(session, entries, of)

    monkeypatch.setattr("runtime.web.looked.looked_at", note)

    def looks_at():
        looks.clear()
        staff.get("/")
        staff.get("/ready/")
        return sum(looks)

    assert looks_at() == 0
    with reading(site.engine) as session:
        elsewhere = select(Unit.id).where(Unit.level == "community", Unit.code != UNIT)
        there = session.scalars(elsewhere).first()
    say(site, "stranger", "2026-10-05", _unit=there, name="Wu Gang")
    assert looks_at() == 0
    say(site, holder(site, 0)[0], "2026-10-06", name="Wu Ping")
    assert looks_at() == 1
    dispute(site, 1)
    assert looks_at() == 1
    assert looks_at() == 0
