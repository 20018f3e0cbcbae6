"""Text that means harm, or only is strange, in every place and every format."""

import csv
import io
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.definitions.plan import Words
from runtime.outputs.built_in import built_in
from runtime.outputs.clean import clean, lines, looks_like_formula, width
from runtime.outputs.csv import safe
from runtime.outputs.document import Heading, document
from tests.outputs import forms
from tests.outputs.reading import at, bare, pdf_text, sheet

HOSTILE = {
    "formula": '=cmd|" /C calc"!A0',
    "html": '<script>alert("x")</script><img src=x onerror=alert(1)>',
    "template": "{{ 7 * 7 }}{% raise %}",
    "right to left": "مرحبا \u202egnp.exe",
    "emoji": "👩‍👩‍👧 ✅ \U0001f600",
    "unbroken": "W" * 900,
    "unbroken chinese": "报" * 900,
    "long": "很长的一段文字，with words. " * 400,
    "lines": "a\r\nb\rc\n\n\nd",
    "controls": "a\x00b\x07c\x1bd\ufffee",
    "entities": "&lt;b&gt; &amp; &#x41; ]]> <!--",
    "sheet": "[1]Sheet!A1 'x'!$B$2 & && &P",
    "css": '"} body{display:none} </style>',
}
OUTPUTS = {output.name: output for output in built_in()}


def strange(text):
    """A report in which `text` stands wherever text can stand."""
    name = text[:200]  # a title has no thousands of letters
    said = Words(title={"en": name}, description={"en": name}, unit={"en": text[:30]})
    kind = {
        "type": "string",
        "oneOf": [{"const": text, "title": text}, {"const": "b", "title": "B"}],
    }
    table = forms.cross_table()
    plan = forms.plan(
        forms.cell("line", said, {"type": "string"}),
        forms.cell("kind", said, kind),
        forms.cell("long", said, {"type": "string", "format": "long-text"}),
        type(table)(
            **{f: getattr(table, f) for f in table.__struct_fields__} | {"corner": {"en": name}}
        ),
        *forms.rows(),
        title=said,
        number=name,
    )
    rows = [case | {"name": text} for case in forms.cases(2)]
    data = {"line": text, "kind": text, "long": text, "holders": {}, "rows": rows, text: "unknown"}
    heading = Heading(
        unit=name, period=name, department=name, legal=name, filled_by=name, state=name
    )
    return document(plan, data, language="en", heading=heading)


@pytest.mark.parametrize("name", HOSTILE)
class TestHostile:
    def test_html(self, name):
        page = OUTPUTS["html"].write(strange(HOSTILE[name])).decode()
        assert "<script" not in page
        assert "<img" not in page
        assert page.count("</style>") == 1
        assert "\x00" not in page

    def test_pdf(self, name):
        said = "".join(pdf_text(OUTPUTS["pdf"].write(strange(HOSTILE[name]))))
        if name == "long":  # it runs over pages, so that their feet stand between its parts
            assert said.count(bare(HOSTILE[name][:20])) >= 400 * 5
        elif name not in ("emoji", "right to left", "controls"):
            assert said.count(bare(clean(HOSTILE[name]))) >= 3

    def test_xlsx(self, name):
        file = OUTPUTS["xlsx"].write(strange(HOSTILE[name]))
        for place in ("c_line", "c_kind", "c_long", "c_rows_0_name"):
            cell = at(file, place)
            assert cell.data_type == "s"
            assert cell.value == clean(HOSTILE[name])
            assert cell.quotePrefix == looks_like_formula(cell.value)
        formulas = [c.value for row in sheet(file).iter_rows() for c in row if c.data_type == "f"]
        assert all(text.startswith("=IF(COUNT(") for text in formulas)
        with ZipFile(io.BytesIO(file)) as package:
            for part in package.namelist():
                ElementTree.fromstring(package.read(part))

    def test_csv(self, name):
        text = OUTPUTS["csv"].write(strange(HOSTILE[name])).decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text, newline="")))
        assert all(len(row) == 6 for row in rows)
        assert not any(looks_like_formula(field) for row in rows for field in row)

    def test_json(self, name):
        assert OUTPUTS["json"].write(strange(HOSTILE[name]))


@given(st.text())
def test_cleaned_text_can_be_written_as_xml(text):
    ElementTree.fromstring(f"<a>{clean(text).replace('&', '&amp;').replace('<', '&lt;')}</a>")
    assert clean(clean(text)) == clean(text)


@given(st.text())
def test_no_field_of_a_csv_starts_a_formula(text):
    assert not looks_like_formula(safe(text))


@given(st.text(), st.integers(2, 200))
def test_a_text_fits_the_lines_it_is_given(text, room):
    assert lines(text, room) * room >= width(text)
