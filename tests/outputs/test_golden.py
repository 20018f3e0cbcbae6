"""Screen, PDF, Excel, CSV and JSON of an entry agree: every field type in every output."""

import csv
import html
import io
import json
from datetime import date, datetime
from decimal import Decimal
from importlib.resources import files

import pytest
import simplejson

from runtime.fields.catalogue import built_in, field_types
from runtime.language import using
from runtime.outputs.clean import looks_like_formula
from runtime.outputs.csv import CsvOutput
from runtime.outputs.document import Heading, document
from runtime.outputs.html import HtmlOutput
from runtime.outputs.json import JsonOutput
from runtime.outputs.pdf import PdfOutput
from runtime.outputs.xlsx import XlsxOutput
from tests.outputs import forms
from tests.outputs.reading import at, bare, pdf_text

LANGUAGES = ("en", "zh-CN")


def decimals(node):
    return Decimal(node["decimal"]) if set(node) == {"decimal"} else node


CASES = json.loads(
    files("tests.outputs").joinpath("cells.json").read_text("utf-8"), object_hook=decimals
)


@pytest.fixture(scope="module", params=LANGUAGES)
def written(request):
    """All cases in one form, written in all formats."""
    cells = [
        forms.cell(f"f{i}", forms.words(f"Field {i}"), case["schema"])
        for i, case in enumerate(CASES)
    ]
    data = {f"f{i}": case["value"] for i, case in enumerate(CASES)}
    made = document(forms.plan(*cells), data, language=request.param, heading=Heading())
    with using(request.param):
        shown = [
            field_types[cell.field].display(case["value"], cell.options)
            for cell, case in zip(cells, CASES, strict=True)
        ]
    outputs = (HtmlOutput(), PdfOutput(), XlsxOutput(), CsvOutput(), JsonOutput())
    return shown, {output.name: output.write(made) for output in outputs}


def test_every_field_type_has_a_case():
    assert {case["type"] for case in CASES} == {kind.name for kind in built_in()}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["type"])
def test_the_case_is_of_the_type_it_says(case):
    assert field_types.of(case["schema"]).name == case["type"]


@pytest.mark.parametrize("number", range(len(CASES)), ids=lambda n: CASES[n]["type"])
class TestAgree:
    def test_html(self, written, number):
        shown, files_ = written
        assert html.escape(shown[number], quote=False) in html.unescape(
            files_["html"].decode()
        ).replace("<b>", "&lt;b&gt;").replace("</b>", "&lt;/b&gt;").replace(
            "& third", "&amp; third"
        )

    def test_pdf(self, written, number):
        shown, files_ = written
        assert bare(shown[number]) in "".join(pdf_text(files_["pdf"]))

    def test_xlsx(self, written, number):
        shown, files_ = written
        case, cell = CASES[number], at(files_["xlsx"], f"c_f{number}", values=True)
        if isinstance(cell.value, datetime):
            value = case["value"] + "-01" if case["type"] == "month" else case["value"]
            assert cell.value.date() == date.fromisoformat(value)
        elif isinstance(cell.value, int | float):
            assert Decimal(str(cell.value)) == case["value"]
        elif isinstance(case["value"], int | Decimal) and not isinstance(case["value"], bool):
            assert cell.value in (shown[number], str(case["value"]))
        else:
            assert cell.value in (shown[number], case["value"])
            assert cell.quotePrefix == looks_like_formula(shown[number])
        assert cell.data_type in "snd"
        assert cell.number_format == case.get("number_format", cell.number_format)

    def test_csv(self, written, number):
        shown, files_ = written
        rows = list(csv.reader(io.StringIO(files_["csv"].decode("utf-8-sig"), newline="")))
        row = next(r for r in rows if r[0] == f"/f{number}")
        value = CASES[number]["value"]
        plain = isinstance(value, int | Decimal) and not isinstance(value, bool)
        text = shown[number]
        assert row[3] == ("'" + text if looks_like_formula(text) and not plain else text)
        if plain:
            assert Decimal(row[2]) == value
            assert row[2] == (format(value, "f") if isinstance(value, Decimal) else str(value))
        elif isinstance(value, str):
            assert row[2].removeprefix("'") == value

    def test_json(self, written, number):
        _shown, files_ = written
        data = simplejson.loads(files_["json"], use_decimal=True)["data"]
        value = data[f"f{number}"]
        assert value == CASES[number]["value"]
        assert type(value) is type(CASES[number]["value"])
        assert str(value) == str(CASES[number]["value"])
