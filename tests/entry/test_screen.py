"""The entry screen: every part of a plan is drawn, stays escaped, and keeps what was typed."""

import re

import pytest
from lxml import html

from runtime.definitions.compile import compile_form
from runtime.definitions.place import place
from runtime.definitions.verdict import problems
from runtime.entry.decode import decode
from runtime.entry.drawn import Sheet, element_id
from runtime.entry.screen import Screen, render
from runtime.errors import Problem
from runtime.language import using

BAND = [{"const": "a", "title": "Alpha"}, {"const": "b", "title": "Beta"}]
SCHEMA = {
    "title": "Every kind",
    "type": "object",
    "required": ["text"],
    "properties": {
        "text": {"type": "string", "title": "Text", "maxLength": 20},
        "long": {"type": "string", "format": "long-text", "title": "Long"},
        "count": {"type": "integer", "title": "Count", "unit": "items"},
        "yes": {"type": "boolean", "title": "Yes or no"},
        "day": {"type": "string", "format": "date", "title": "Day"},
        "one": {"oneOf": BAND, "title": "One of them"},
        "some": {"type": "array", "uniqueItems": True, "items": {"oneOf": BAND}, "title": "Some"},
        "group": {
            "type": "object",
            "title": "Group",
            "properties": {"inner": {"type": "string", "title": "Inner"}},
        },
        "rows": {
            "type": "array",
            "title": "Rows",
            "items": {
                "type": "object",
                "properties": {
                    "name": {"type": "string", "title": "Name"},
                    "n": {"type": "integer", "title": "Number"},
                },
            },
        },
        "fixed": {"type": "string", "title": "Fixed", "readOnly": True},
    },
    "if": {"properties": {"yes": {"const": True}}, "required": ["yes"]},
    "then": {"properties": {"why": {"type": "string", "title": "Why so"}}},
}
DATA = {
    "text": "one & <two>",
    "long": "\nfirst\nsecond",
    "count": 12,
    "yes": True,
    "day": "2026-10-05",
    "one": "b",
    "some": ["a"],
    "group": {"inner": "x"},
    "rows": [{"name": "r", "n": 1}, {"name": "s"}],
    "fixed": "as it is",
    "unknown": {"kept": [1, 2]},
}


@pytest.fixture(scope="module")
def plan():
    return compile_form(SCHEMA)


def drawn(plan, data=DATA, found=(), **more):
    return html.fromstring(f"<form>{render(plan, data, found, **more)}</form>")


def test_each_label_leads_to_its_control(plan):
    form = drawn(plan)
    for label in form.xpath("//label[@for]"):
        assert form.xpath(f"//*[@id='{label.get('for')}']"), label.text_content()
    for control in form.xpath("//input[not(@type='hidden')] | //select | //textarea"):
        named = control.get("aria-label") or form.xpath(f"//label[@for='{control.get('id')}']")
        assert named or control.getparent().tag == "label", html.tostring(control)


def test_ids_are_unique_and_what_describes_is_there(plan):
    form = drawn(plan)
    ids = form.xpath("//@id")
    assert len(ids) == len(set(ids))
    for described in form.xpath("//@aria-describedby"):
        assert set(described.split()) <= set(ids)


def test_sent_untouched_the_data_stay(plan):
    posted = {}
    form = drawn(plan)
    for name, value in html_fields(form):
        posted.setdefault(name, []).append(value)
    assert decode(plan, posted, DATA).data == DATA


def html_fields(form):
    """What a browser sends: without the newline that a textarea's markup begins with, line ends as CR LF."""
    areas = set(form.xpath("//textarea/@name"))
    for name, value in form.form_values():
        text = value.removeprefix("\n") if name in areas else value
        yield name, text.replace("\n", "\r\n")


def test_user_text_is_never_html(plan):
    text = '"><script>alert(1)</script>'
    page = str(render(plan, {"text": text, "rows": [{"name": text}], "extra": text}))
    assert "<script>" not in page


def test_a_part_that_is_not_asked_for_is_not_drawn_but_has_its_place(plan):
    assert drawn(plan).xpath("//input[@name='/why']")
    without = drawn(plan, DATA | {"yes": False})
    assert not without.xpath("//input[@name='/why']")
    assert without.xpath("//*[starts-with(@id, 'r-')][@data-shape]")


def test_problems_are_told_on_top_and_beside_their_cells(plan):
    data = {k: v for k, v in DATA.items() if k != "text"}
    form = drawn(plan, data, problems(plan, data))
    (link,) = form.xpath("//section[@id='problems']//a")
    assert link.get("href") == "#c-text"
    assert form.xpath("//section[@id='problems'][@tabindex='-1'][@autofocus]")
    assert form.xpath("//*[@id='c-text-says']")[0].text_content().strip()


def test_wrong_input_stays_in_its_box(plan):
    found = [Problem("input", "“3x” is not a number.", "/count")]
    form = drawn(plan, DATA, found, raw={"/count": ["3x"]})
    (box,) = form.xpath("//input[@name='/count']")
    assert box.get("value") == "3x"
    assert box.get("aria-invalid") == "true"


def test_a_wrong_date_is_kept_as_text(plan):
    found = [Problem("input", "no date", "/day")]
    (box,) = drawn(plan, DATA, found, raw={"/day": ["31/02"]}).xpath("//input[@name='/day']")
    assert (box.get("type"), box.get("value")) == ("text", "31/02")


def test_to_read_there_is_nothing_to_send(plan):
    form = drawn(plan, reading=True)
    assert not [name for name, _value in form.form_values() if name.startswith("/")]
    assert "Beta" in form.text_content()


def test_what_no_control_holds_is_shown_locked(plan):
    text = drawn(plan, DATA | {"count": "many"}).text_content()
    assert "many" in text
    assert "kept" in text


def test_in_chinese_the_frame_speaks_chinese(plan):
    with using("zh-CN"):
        assert "增加一行" in render(plan, DATA)


@pytest.mark.parametrize(
    ("left", "right"), [("/a-b/c", "/a/b-c"), ("/a_b", "/a/b"), ("/_2d_", "/-"), ("/中", "/_4e2d_")]
)
def test_ids_of_different_pointers_differ(left, right):
    assert element_id(left) != element_id(right)
    assert re.fullmatch(r"[A-Za-z0-9_-]+", element_id(left))


def test_only_what_changed_is_drawn_anew(plan):
    before = Screen(plan, place(plan, DATA), Sheet())
    after = Screen(plan, place(plan, DATA | {"yes": False, "count": 13}), Sheet())
    changes = after.changes_since(before)
    assert [region.kind for region in changes.regions] == ["region"]
    assert "c-count" in changes.states()
    pieces = str(after.pieces(changes))
    assert pieces.count("hx-swap-oob") >= 2
    assert "/text" not in pieces


VALUES = {
    "": ("one", "two"),
    "date": ("2026-10-05", "2026-11-22"),
    "month": ("2026-10", "2026-11"),
    "local-time": ("10:20", "11:30"),
    "phone": ("010-1234567", "010-7654321"),
    "email": ("a@b.example", "c@d.example"),
}


@pytest.mark.parametrize("form", VALUES)
def test_a_table_of_rows_shows_the_values_of_its_own_entry(form):
    """What is kept of a cell's HTML from one entry to the next never holds a value."""
    row = {"a": {"type": "string", **({"format": form} if form else {})}, "n": {"type": "integer"}}
    plan = compile_form({"type": "array", "items": {"type": "object", "properties": row}})
    for value, other in (VALUES[form], VALUES[form][::-1]):
        page = str(render(plan, [{"a": value, "n": 1}]))
        assert f'value="{value}"' in page
        assert other not in page
