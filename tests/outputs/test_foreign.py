"""What others' schemas hold, on paper and in tables: names head their rows, places stand by their titles."""

import csv
import io

import pytest

from runtime.definitions.compile import compile_form
from runtime.outputs.csv import CsvOutput
from runtime.outputs.document import Heading, document, tables, values
from runtime.outputs.html import HtmlOutput
from runtime.outputs.json import JsonOutput
from runtime.outputs.pdf import PdfOutput
from runtime.outputs.xlsx import XlsxOutput
from tests.outputs.reading import bare, pdf_text, sheet

PLAN = compile_form(
    {
        "title": "Lines",
        "type": "object",
        "properties": {
            "lines": {
                "title": "Lines",
                "type": "object",
                "additionalProperties": {"type": "integer"},
            },
            "rooms": {
                "title": "Rooms",
                "type": "object",
                "patternProperties": {
                    "^[A-Z]": {
                        "type": "object",
                        "properties": {
                            "seats": {"type": "integer", "title": "Seats"},
                            "notes": {
                                "title": "Notes",
                                "type": "array",
                                "items": {"type": "string"},
                            },
                        },
                    }
                },
            },
            "at": {
                "title": "At",
                "type": "array",
                "prefixItems": [{"type": "number", "title": "x"}, {"type": "number"}],
                "items": {"type": "string"},
            },
            "mixed": {"title": "Mixed", "type": ["string", "integer"]},
        },
    }
)
DATA = {
    "lines": {"=desk": 1, "门卫": None},
    "rooms": {"A1": {"seats": 40, "notes": ["cold"]}, "b": 5},
    "at": [None, 2, "behind the gate"],
    "mixed": 7,
}


@pytest.fixture(scope="module")
def made():
    return document(PLAN, DATA, language="en", heading=Heading())


def test_each_value_stands_once_with_the_names_that_lead_to_it(made):
    found = {value.pointer: (value.text, value.labels) for value in values(made.blocks)}
    assert found == {
        "/lines/=desk": ("1", ("Lines", "=desk", "Value")),
        "/lines/门卫": ("", ("Lines", "门卫", "Value")),
        "/rooms/A1/seats": ("40", ("Rooms", "A1", "Seats")),
        "/rooms/A1/notes/0": ("cold", ("Rooms", "A1", "Notes", "1", "Notes")),
        "/rooms/b": ("5", ("Rooms", "b")),
        "/at/0": ("", ("At", "x")),
        "/at/1": ("2", ("At", "Item 2")),
        "/at/2": ("behind the gate", ("At", "More", "1", "Value")),
        "/mixed#type": ("Whole number", ("Mixed",)),
        "/mixed": ("7", ("Mixed", "Whole number")),
    }


def test_the_rows_are_headed_by_their_names(made):
    table = next(tables(made.blocks))
    assert [head.title for head in table.head[0]] == ["Row name", "Value"]
    assert [row.heads[0].title for row in table.rows] == ["=desk", "门卫"]


@pytest.mark.parametrize(
    "words", ["=desk", "门卫", "A1", "cold", "behind the gate", "Whole number"]
)
def test_html_and_pdf_say_it(made, words):
    assert words in HtmlOutput().write(made).decode()
    assert bare(words) in "".join(pdf_text(PdfOutput().write(made)))


def test_excel_csv_and_json_agree(made):
    rows = list(csv.reader(io.StringIO(CsvOutput().write(made).decode("utf-8-sig"))))
    by_cell = {row[0]: row for row in rows[1:]}
    assert by_cell["/rooms/A1/seats"][2] == "40"
    assert by_cell["/lines/=desk"][1].endswith("Value")
    cells = [cell for row in sheet(XlsxOutput().write(made)).iter_rows() for cell in row]
    heads = {str(cell.value): cell.data_type for cell in cells}
    assert heads["=desk"] == heads["门卫"] == "s"  # a name is text, never a formula
    assert {1, 2, 7, 40} <= {cell.value for cell in cells}
    assert '"门卫": null' in JsonOutput().write(made).decode().replace('":null', '": null')


def test_an_empty_print_leaves_the_names_to_be_written():
    blank = document(PLAN, {}, language="en", heading=Heading(), blank=True)
    pointers = [value.pointer for value in values(blank.blocks)]
    assert len(pointers) == len(set(pointers) | {"/mixed"}) + pointers.count("/mixed") - 1
    table = next(tables(blank.blocks))
    assert {row.heads[0].title for row in table.rows} == {""}
    assert "Row name: ____" in HtmlOutput().write(blank).decode()
    assert PdfOutput().write(blank)
