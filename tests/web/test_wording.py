"""What pages say in Chinese: its own signs and date words, and no word for two things; in English one of a kind."""

import re
from datetime import date

import pytest

from runtime.facts.changes import record
from runtime.facts.registers import register_of
from runtime.facts.units import by_code
from runtime.language import ngettext, using
from runtime.replay import keep
from runtime.storage.engine import writing
from tests.web.test_filling import REPORT, about_somebody
from tests.web.test_worth import REPLAYED

pytestmark = pytest.mark.databases("sqlite")
SURVEY = "disabled-persons/needs-survey"
WESTERN = re.compile(r"[一-鿿](?:, |: )")


@pytest.fixture
def chinese(visitor):
    def as_(name):
        somebody = visitor(name)
        somebody.post("/language", {"language": "zh-CN", "next": "/"})
        return somebody

    with using("en"):  # the pages of a test and the test itself share one language
        yield as_


def names_of(staff, entry):
    sent = staff.get(f"{entry}/download/pdf?blank=1").headers["Content-Disposition"]
    return re.search(r'filename="?([^";]+)', sent)[1]


def test_what_is_about_one_subject_has_a_file_name_of_its_own_that_names_nobody(staff):
    one, other = about_somebody(staff, SURVEY), about_somebody(staff, SURVEY)
    first = names_of(staff, one)
    assert re.fullmatch(r"[\w-]+-9901010010001[\w]*-\d{8}-[0-9a-f]{8}-blank\.pdf", first)
    assert (names_of(staff, other) == first) == (other == one)
    assert names_of(staff, staff.begin(REPORT)) == "DPF-07-9901010010001-202610-blank.pdf"


def test_labels_of_a_cross_table_are_joined_by_the_sign_of_the_language(chinese):
    staff = chinese("chenwei")
    page = staff.get(staff.begin(REPORT)).text
    labels = re.findall(r'aria-label="([^"]+)"', page)
    assert any("、" in label for label in labels)
    assert not [label for label in labels if WESTERN.search(label)]


def test_the_page_of_what_filling_spares(app, chinese):
    home = app.extensions["yibiao"].settings.home
    keep.keep(home, keep.REPLAY, REPLAYED)
    keep.keep(home, keep.BURDEN, {**REPLAYED, "countedAt": "2026-11-02T08:00:00+08:00"})
    page = chinese("admin").get("/worth").text
    text = re.sub(r"<[^>]+>", " ", page.partition("<main")[2])
    assert '<th scope="col" class="num">已填</th>' in page
    assert "填报进度" not in page
    assert "需用小时" in page
    assert "2026年11月2日" in text
    assert "2026-11-02" not in text
    assert "rates.json" not in text
    assert not WESTERN.search(text.replace("\n", ""))


def test_the_inbox_says_how_far_it_is(chinese):
    assert "填报进度" in chinese("chenwei").get("/").text


def test_a_register_is_named_once(app, chinese):
    staff = chinese("chenwei")
    entry = staff.begin(REPORT)
    cell = re.search(r'name="(/holders/[^"]+)"', staff.get(entry).text)[1]
    why = staff.get(f"{entry}/why?cell={cell}").text
    assert "取自“居民台账”" in why
    assert "”台账" not in why


def test_one_person_is_no_persons(app, staff):
    site = app.extensions["yibiao"]
    with writing(site.engine) as session:
        unit = by_code(session, "9901010010001").id
        for subject, persons in (("0001", 1), ("0002", 2)):
            told = {"_unit": unit, "household_number": f"H0100-{subject}", "persons": persons}
            record(
                session,
                register_of(site.library, "household"),
                subject,
                told,
                "set",
                date(2026, 1, 5),
            )
    cell = re.compile(r"<td>(\d) <span class=\"muted\">(persons?)</span>")
    found = [cell.search(staff.get(f"/registers/household/{one}").text) for one in ("0001", "0002")]
    assert [one.groups() for one in found] == [("1", "person"), ("2", "persons")]
    assert "1 line of titles" in ngettext(
        "%(n)s line of titles, totals or notes left out",
        "%(n)s lines of titles, totals or notes left out",
        1,
    )
