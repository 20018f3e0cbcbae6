"""A report filled through its form, as a browser without JavaScript sends it."""

import json
import re
from html.parser import HTMLParser
from io import BytesIO

import pytest

from runtime.storage.engine import reading
from runtime.storage.tables import Entry, Subject
from tests.web.test_present import colleague

pytestmark = pytest.mark.databases("sqlite")

REPORT = "disabled-persons/residents-monthly"
DEVICES, HOMES = "/services/devices_lent", "/services/home_adaptations"


class FormReader(HTMLParser):
    """What a browser would send of a page's form with nothing touched."""

    def __init__(self, text):
        super().__init__()
        self.sent = []
        self._select = self._area = None
        self.feed(text.partition('id="entry"')[2].partition("</form>")[0])

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        name = given.get("name")
        if tag == "input" and name and given.get("type") != "file":
            ticked = given.get("type") not in ("radio", "checkbox") or "checked" in given
            if ticked:
                self.sent.append((name, given.get("value", "")))
        elif tag == "select":
            self._select = [name, None]
        elif tag == "option" and self._select:
            if self._select[1] is None or "selected" in given:
                self._select[1] = given.get("value", "")
        elif tag == "textarea":
            self._area = [name, ""]

    def handle_data(self, data):
        if self._area:
            self._area[1] += data

    def handle_endtag(self, tag):
        if tag == "select" and self._select:
            self.sent.append((self._select[0], self._select[1] or ""))
            self._select = None
        elif tag == "textarea" and self._area:
            text = self._area[1].removeprefix("\n").replace("\n", "\r\n")
            self.sent.append((self._area[0], text))
            self._area = None


def sent(visitor, **more):
    """The page's form as posted, with some cells typed over."""
    found = {}
    for name, value in FormReader(visitor.page).sent:
        found.setdefault(name, []).append(value)
    found.pop("_do", None)
    return found | more


def submit_form(visitor, entry, typed=None, do="save"):
    visitor.get(entry)
    data = sent(visitor) | (typed or {}) | {"_do": do}
    return visitor.post(entry, data)


def downloaded(visitor, entry):
    return json.loads(visitor.get(entry + "/download/json").data)


def test_a_report_opens_filled_and_says_what_is_left(staff):
    entry = staff.begin(REPORT)
    page = staff.get(entry).text
    assert "2 to type" in page
    assert re.search(r"\d+ filled", page)
    assert 'class="field ask' in page
    assert "Residents, 31 Oct" in page


def test_sent_untouched_it_stays_as_it_is(staff):
    entry = staff.begin(REPORT)
    before = downloaded(staff, entry)
    assert submit_form(staff, entry).status_code == 303
    assert downloaded(staff, entry)["data"] == before["data"]


def test_from_the_first_cell_to_the_receipt(staff):
    entry = staff.begin(REPORT)
    answer = submit_form(staff, entry, {DEVICES: "3", HOMES: "1"}, "review")
    assert answer.location == entry + "/review"
    page = staff.get(entry + "/review").text
    assert "Everything is there" in page
    revision = re.search(r'name="_revision" value="(\d+)"', page)[1]
    answer = staff.post(entry + "/submit", {"_revision": revision})
    assert answer.location == entry + "/receipt"
    receipt = staff.get(entry + "/receipt").text
    assert re.search(r"<code>[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}</code>", receipt)
    assert staff.get(entry).location == entry + "/receipt"
    assert staff.post(entry, {"_do": "save", DEVICES: "4"}).status_code == 400
    kinds = {
        "pdf": b"%PDF-",
        "xlsx": b"PK",
        "csv": b"",
        "json": b"{",
    }
    for ending, start in kinds.items():
        answer = staff.get(f"{entry}/download/{ending}")
        assert answer.status_code == 200
        assert answer.data.startswith(start)
        assert answer.headers["Content-Disposition"].startswith("attachment; filename=DPF-07-")
    assert staff.get(entry + "/download/pdf?blank=1").data.startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("abc", "is not a number"),
        ("1.5", "must be a whole number"),
        ("-4", "must be 0 or more"),
        ("<b>1</b>", "is not a number"),
    ],
)
def test_wrong_input_is_told_and_kept(staff, typed, said):
    entry = staff.begin(REPORT)
    answer = submit_form(staff, entry, {DEVICES: typed, HOMES: "2"})
    page = answer.text if answer.status_code == 422 else staff.get(answer.location).text
    assert said in page
    assert "<b>1</b>" not in page
    shown = dict(FormReader(page).sent)
    assert shown[DEVICES] == typed
    assert shown[HOMES] == "2"
    if answer.status_code == 422:
        assert 'id="problems"' in page
        assert 'href="#c-services-devices__lent"' in page
        assert 'aria-invalid="true"' in page


def test_a_filled_value_is_changed_with_a_reason(staff):
    entry = staff.begin(REPORT)
    cell = "/holders/1/0-17/1"
    submit_form(staff, entry, {cell: "77", DEVICES: "1", HOMES: "1"}, "review")
    page = staff.get(entry + "/review").text
    assert "say why the filled value was changed" in page
    assert ">Submit<" not in page
    assert staff.post(entry + "/submit", {}).status_code == 422
    submit_form(staff, entry, {f"_reason{cell}": "counted at the door"}, "review")
    assert ">Submit<" in staff.get(entry + "/review").text
    why = staff.get(f"{entry}/why?cell={cell}").text
    assert "counted at the door" in why
    assert "Counted from" in why


def test_totals_are_not_taken_from_a_post(staff):
    entry = staff.begin(REPORT)
    before = downloaded(staff, entry)["data"]["holders"]["total"]["total"]["total"]
    submit_form(staff, entry, {"/holders/total/total/total": "9999", "/no/such": "1"})
    assert downloaded(staff, entry)["data"]["holders"]["total"]["total"]["total"] == before


def test_conditional_parts_and_rows_without_javascript(staff):
    entry = staff.begin("fire-emergency/inspection-list")
    page = staff.get(staff_saved(staff, entry, {"/inspected": "2"})).text
    assert 'value="add /' in page
    place = re.search(r'value="add (/[^"]+)"', page)[1]
    answer = submit_form(staff, entry, {}, f"add {place}")
    assert answer.status_code == 303
    assert answer.location.partition("#")[2]
    page = staff.get(entry).text
    assert f'value="remove {place}/0"' in page
    submit_form(staff, entry, {}, f"remove {place}/0")
    assert f'value="remove {place}/0"' not in staff.get(entry).text


def staff_saved(visitor, entry, typed):
    answer = submit_form(visitor, entry, typed)
    assert answer.status_code == 303, answer.text
    return answer.location


def test_two_people_never_overwrite_each_other_unseen(visitor):
    one, two = visitor("chenwei"), colleague(visitor)
    entry = one.begin(REPORT)
    one.get(entry)
    two.get(entry)
    first = sent(one) | {DEVICES: "3", "_do": "save"}
    second = sent(two) | {DEVICES: "8", HOMES: "5", "_do": "save"}
    assert one.post(entry, first).status_code == 303
    answer = two.post(entry, second)
    assert answer.status_code == 409
    assert "Nothing is lost" in answer.text
    assert answer.text.count("Chen Wei") == 2, "whose values they are, above and at the cell"
    assert "object at" not in answer.text
    assert downloaded(one, entry)["data"]["services"]["devices_lent"] == 3
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', answer.text))
    answer = two.post(entry + "/settle", fields | {f"_keep{DEVICES}": "mine"})
    assert answer.status_code == 303
    services = downloaded(one, entry)["data"]["services"]
    assert (services["devices_lent"], services["home_adaptations"]) == (8, 5)


def test_two_windows_of_one_person_are_called_so(visitor):
    one, two = visitor("chenwei"), visitor("chenwei")
    entry = one.begin(REPORT)
    two.get(entry)
    second = sent(two) | {DEVICES: "8", "_do": "save"}
    submit_form(one, entry, {DEVICES: "3"}, "save")
    page = two.post(entry, second).text
    assert "You have changed the same cells in another window" in page
    assert "In the other window" in page
    told = two.post(entry + "/draft", second | {"_do": ""}, htmx=True).text
    assert "You have changed the same cells in another window" in told
    assert "Somebody else" not in page + told


def test_an_expired_session_loses_nothing(app, staff):
    entry = staff.begin(REPORT)
    staff.get(entry)
    data = sent(staff) | {DEVICES: "6", "_csrf_token": "old"}
    staff.client.delete_cookie("yibiao")
    answer = staff.client.post(entry, data=data)
    assert answer.status_code == 400
    assert "Nothing is lost" in answer.text
    assert f'name="{DEVICES}" value="6"' in answer.text


def test_the_list_behind_a_figure_has_as_many_lines_as_it_says(staff):
    entry = staff.begin(REPORT)
    staff.get(entry)
    figures = {
        n: v for n, v in FormReader(staff.page).sent if n.startswith("/holders") and v != "0"
    }
    pointer, value = next(iter(figures.items()))
    page = staff.get(f"{entry}/behind?cell={pointer}").text
    assert page.count('<tr><th scope="row">') == int(value)


def test_a_file_is_attached_taken_along_and_taken_away(staff):
    entry = about_somebody(staff, "disabled-persons/needs-survey")
    submit_form(staff, entry, {}, "add /documents")
    assert 'enctype="multipart/form-data"' in staff.get(entry).text
    sent_file = {"_file/documents/0": (BytesIO(b"%PDF-1.4 x"), "残疾证.pdf")}
    staff.post(entry, sent(staff) | sent_file)
    page = staff.get(entry).text
    link = re.search(rf'href="({entry}/attachments/[^"]+)"', page)[1]
    answer = staff.get(link)
    assert answer.data == b"%PDF-1.4 x"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    staff.post(entry, sent(staff) | {"_drop/documents/0": "on"})
    assert f"{entry}/attachments/" not in staff.get(entry).text


def test_a_file_of_another_kind_is_refused_in_words(staff):
    entry = about_somebody(staff, "disabled-persons/needs-survey")
    submit_form(staff, entry, {}, "add /documents")
    staff.get(entry)
    bad = {"_file/documents/0": (BytesIO(b"MZ\x90\x00"), "x.pdf")}
    answer = staff.post(entry, sent(staff) | bad)
    assert answer.status_code == 400
    assert "is not taken" in answer.text


def about_somebody(visitor, form):
    page = visitor.get(f"/entries/new?form={address(form)}&q=9").text
    subject = re.search(r'name="subject" value="([^"]+)"', page)
    assert subject, "nobody found"
    answer = visitor.post("/entries/", {"form": address(form), "subject": subject[1]})
    assert answer.status_code == 303
    visitor.get(answer.location)
    return answer.location


def test_a_subject_is_picked_and_its_form_begun_filled(staff):
    entry = about_somebody(staff, "disabled-persons/needs-survey")
    assert "Residents" in staff.get(entry).text


def address(form):
    return f"https://yibiao.example/defs/forms/{form}.json"


def test_the_filled_value_is_put_back_and_all_is_filled_again_without_scripts(staff):
    entry = staff.begin(REPORT)
    staff.get(entry)
    name, filled = next(
        (name, value)
        for name, value in FormReader(staff.page).sent
        if name.startswith("/") and value.isdigit() and int(value) > 0
    )
    submit_form(staff, entry, {name: str(int(filled) + 5), DEVICES: "4"})
    assert f"Put back {filled}" in staff.get(f"{entry}/why?cell={name}").text
    answer = staff.post(f"{entry}/refill", {"cell": name})
    assert answer.status_code == 303
    assert "#" in answer.headers["Location"]
    page = staff.get(entry).text
    assert "The filled value is back." in page
    now = dict(FormReader(page).sent)
    assert (now[name], now[DEVICES]) == (filled, "4")
    assert "Put back" not in staff.get(f"{entry}/why?cell={name}").text
    assert "Fill again" in staff.get(f"{entry}/why").text
    staff.post(f"{entry}/refill", {})
    assert "what you typed is still there" in staff.get(entry).text


def test_a_form_names_whom_it_is_about_and_each_cell_that_lacks(app, staff, visitor):
    entry = about_somebody(staff, "disabled-persons/needs-survey")
    with reading(app.extensions["yibiao"].engine) as session:
        about = session.get(Entry, entry.rpartition("/")[2]).subject_id
        name = session.get(Subject, about).document["name"]
    assert f"<strong>{name}</strong>" in staff.get(entry).text
    assert name in staff.get("/").text
    assert name not in visitor("zhouming").get("/").text
    # What is missing in a part that the layout does not draw is told by its cells.
    told = staff.get(f"{entry}/review").text
    assert "Rehabilitation wanted: must be filled in" in told
    assert "needs:" not in told


def test_a_required_list_without_rows_is_still_to_be_filled(staff):
    entry = staff.begin("fire-emergency/inspection-list")
    submit_form(staff, entry, {"/inspected": "2", "_reason/inspected": "Counted again"})
    page = staff.get(entry).text
    assert "1 to type" in page
    assert re.search(r'class="rows-part ask" id="r-c-team"', page)
    assert "1 to type" in staff.get("/").text
    assert entry.rpartition("/")[2] not in staff.get("/ready/").text


def test_a_cell_that_is_not_valid_is_counted_in_the_inbox_too(staff):
    entry = staff.begin(REPORT)
    submit_form(staff, entry, {DEVICES: "-3", HOMES: "1"})
    assert "1 to check" in staff.get(entry).text
    assert "1 to check" in staff.get("/").text
