"""The PDF: tagged, on the right paper, complete, the same each time, and made without fetching anything."""

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

import pikepdf
import pytest

from runtime.outputs.document import Heading, document, values
from runtime.outputs.pdf import PdfOutput
from runtime.outputs.templates import PrintTemplates
from tests.outputs import forms
from tests.outputs.reading import bare, pdf_text, structure

HEADINGS = {
    "en": Heading(unit="Lakeside", period="October 2026", department="Federation", version="3",
                  printed_on=datetime(2026, 11, 3, 6, 32, tzinfo=UTC), filled_by="Chen Wei"),
    "zh-CN": Heading(unit="湖滨社区", period="2026年10月", department="市残疾人联合会", version="3",
                     printed_on=datetime(2026, 11, 3, 6, 32, tzinfo=UTC), filled_by="陈伟"),
}  # fmt: skip


def made(language="en", *, blank=False, count=3, **more):
    return document(
        forms.report(**more),
        forms.report_data(count),
        forms.REPORT_CHOICES,
        language=language,
        heading=HEADINGS[language],
        blank=blank,
    )


@pytest.fixture(scope="module", params=["en", "zh-CN"])
def report(request):
    doc = made(request.param)
    return doc, PdfOutput().write(doc)


def test_it_says_all_that_the_document_says(report):
    doc, file = report
    said = "".join(pdf_text(file))
    for value in values(doc.blocks):
        assert bare(value.text) in said
    for text in (doc.heading.title, doc.heading.unit, doc.heading.period, doc.heading.filled_by):
        assert bare(text) in said


def test_it_is_tagged(report):
    doc, file = report
    with pikepdf.open(BytesIO(file)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == doc.language
        assert str(pdf.docinfo["/Title"]).startswith(doc.heading.title)
        assert str(pdf.docinfo["/Author"]) == doc.heading.unit
        with pdf.open_metadata() as metadata:
            assert metadata["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"
            assert metadata["dc:title"].startswith(doc.heading.title)
    found = structure(file)
    kinds = [kind for kind, _depth, _attributes in found]
    assert kinds.count("H1") == 1
    assert kinds.index("H1") < kinds.index("H2") < kinds.index("Table")
    assert {"TR", "TH", "TD", "THead", "TBody"} <= set(kinds)
    heads = [attributes for kind, _depth, attributes in found if kind == "TH"]
    assert all("/Scope" in attributes for attributes in heads)
    assert any("/Row" in attributes for attributes in heads)
    assert any("/Column" in attributes for attributes in heads)


@pytest.mark.parametrize(
    ("paper", "orientation", "millimetres"),
    [
        ("A4", "portrait", (210, 297)),
        ("A4", "landscape", (297, 210)),
        ("A3", "portrait", (297, 420)),
        ("A3", "landscape", (420, 297)),
    ],
)
def test_paper(paper, orientation, millimetres):
    doc = made(outputs={"pdf": {"paper": paper, "orientation": orientation}})
    with pikepdf.open(BytesIO(PdfOutput().write(doc))) as pdf:
        size = [round(float(n) / 72 * 25.4) for n in pdf.pages[0].MediaBox]
    assert tuple(size[2:]) == millimetres


def test_headings_of_a_long_table_come_again_and_pages_are_numbered():
    pages = pdf_text(PdfOutput().write(made("zh-CN", count=120)))
    assert len(pages) > 3
    for number, page in enumerate(pages[1:-1], start=2):
        assert "身份证号码" in page
        assert f"第{number}页，共{len(pages)}页" in page
    said = "".join(pages)
    for case in forms.cases(120):
        assert case["number"] in said


def test_rows_are_not_split():
    pages = pdf_text(PdfOutput().write(made("zh-CN", count=60)))
    for case in forms.cases(60):
        page = next(page for page in pages if case["number"] in page)
        assert case["home"]["address"] in page


@pytest.mark.parametrize("count", [20, 21, 22])
def test_the_lines_to_sign_on_never_stand_alone(count):
    plan, data = forms.plan(forms.rows()[0]), {"rows": forms.cases(count)}
    doc = document(plan, data, {}, language="en", heading=HEADINGS["en"])
    *_before, last = pdf_text(PdfOutput().write(doc))
    assert forms.cases(count)[-1]["number"] in last
    assert "Headofunit:" in last


def test_an_empty_print():
    said = "".join(pdf_text(PdfOutput().write(made("zh-CN", blank=True))))
    assert "□是□否" in said
    assert "（是否入户为“是”时填写）" in said
    assert "单位负责人：" in said
    assert "15,700.50" not in said


def test_an_empty_print_is_not_submitted():
    heading = replace(HEADINGS["en"], state="submitted")
    for blank in (False, True):
        doc = document(
            forms.report(), forms.report_data(), {}, language="en", heading=heading, blank=blank
        )
        assert ("submitted" in pdf_text(PdfOutput().write(doc))[0]) is not blank


def test_the_same_entry_gives_the_same_bytes():
    assert PdfOutput().write(made()) == PdfOutput().write(made())


def test_nothing_is_fetched(tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(
        "urllib.request.OpenerDirector.open", lambda *args, **_k: asked.append(args)
    )
    secret = tmp_path / "secret.png"
    secret.write_bytes(b"none")
    (tmp_path / "pull.html").write_text(
        '{% extends "base.html" %}{% block title %}'
        f'<img alt="" src="http://192.0.2.1/a.png"><img alt="" src="file://{secret}">'
        "<h1>kept</h1>{% endblock %}",
        "utf-8",
    )
    doc = made(outputs={"pdf": {"template": "dept/pull.html"}})
    file = PdfOutput(PrintTemplates({"dept": tmp_path})).write(doc)
    assert "kept" in "".join(pdf_text(file))
    assert asked == []


@pytest.mark.parametrize("columns", [3, 8, 10])
def test_wide_tables_fit_the_paper(columns):
    """Every word of a table of up to 21 columns stands between the margins, none is cut."""
    ages = [(f"{i}", f"Age {i}0 to {i}9", f"{i}0至{i}9岁") for i in range(columns)]
    data = {"holders": forms.figures(ages)}
    doc = document(forms.plan(forms.cross_table(ages)), data, language="en", heading=HEADINGS["en"])
    said = "".join(pdf_text(PdfOutput().write(doc)))
    assert "Female" * 1 in said
    assert all(bare(value.text) in said for value in values(doc.blocks))
