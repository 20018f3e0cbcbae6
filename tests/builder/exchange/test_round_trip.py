"""An XLSForm comes in, and goes out as it was; pyxform takes whatever goes out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.exchange.report import counted
from builder.exchange.sheets import read_sheets, write_sheets
from builder.exchange.writing import written
from builder.exchange.xlsform import given_out, grid_of, refused, sheets_of, taken_in
from runtime.api import Library, compile_form, dumps, form_address, loads
from runtime.judging import judge
from tests.builder.exchange.field import EN, FORMS, ZH, form

TOP = Path(__file__).parents[3]
LIBRARY = Library.read(
    [TOP / "form_defs", *(p for p in (TOP / "plugins").glob("*/form_defs") if p.is_dir())]
)
ADDRESS = form_address("disabled-persons/visits")


def _in(sheets):
    return taken_in(sheets, "disabled-persons", "visits")


def _plan(document):
    return compile_form(ADDRESS, library=LIBRARY.with_document(ADDRESS, document))


def _out(document):
    return given_out(_plan(document), document, LIBRARY)


@pytest.mark.parametrize("name", FORMS)
def test_what_came_in_goes_out_as_it_was(name):
    found = _in(FORMS[name])
    judged = judge(LIBRARY, ADDRESS, dumps(found.document))
    assert [p.message for p in judged.problems if p.severity == "error"] == []
    kept = loads(dumps(found.document))
    out = _out(kept)
    assert out.sheets == FORMS[name]
    assert read_sheets("x.xlsx", write_sheets(out.sheets)) == FORMS[name]
    assert out.lines == found.lines


@pytest.mark.parametrize("name", FORMS)
def test_what_is_written_anew_is_taken_by_pyxform_and_comes_in_again(name):
    fresh = sheets_of(written(_plan(_in(FORMS[name]).document)))
    assert refused(fresh) == ""
    again = _in(fresh)
    assert counted(again.lines)["kept"] == 0


@pytest.mark.parametrize("address", LIBRARY.addresses("form"))
def test_our_own_forms_go_out(address):
    plan = compile_form(address, library=LIBRARY)
    out = given_out(plan, LIBRARY.source(address), LIBRARY)
    assert refused(out.sheets) == ""
    assert sum(row[0].startswith("begin") for row in out.sheets["survey"] if row) == sum(
        row[0].startswith("end") for row in out.sheets["survey"] if row
    )
    assert counted(out.lines)["kept"] == 0
    assert _in(out.sheets).document["properties"]


def test_most_of_what_occurs_is_said():
    """The figure of the report: rows of the forms of the field that are mapped, with loss, kept."""
    every = [line for sheets in FORMS.values() for line in _in(sheets).lines]
    n = counted(every)
    assert n["mapped"] / len(every) > 0.8
    assert n["kept"] / len(every) < 0.1


def test_each_row_is_accounted_for():
    sheets = FORMS["household-visit"]
    lines = _in(sheets).lines
    assert len(lines) == sum(len(grid) - 1 for grid in sheets.values())
    assert all(line.why for line in lines if line.state != "mapped")


def test_only_what_is_changed_here_is_changed_there():
    sheets = FORMS["household-visit"]
    document = json.loads(dumps(_in(sheets).document))
    document["properties"]["persons"] |= {"title": "How many live here", "maximum": 40}
    document["properties"]["extra"] = {"type": "string", "title": "=1+1"}
    document["layout"].insert(2, {"id": "extra", "kind": "cell", "at": "/extra"})
    del document["properties"]["photo"]
    document["layout"] = [i for i in document["layout"] if i.get("at") != "/photo"]
    out = _out(document).sheets["survey"]
    before = sheets["survey"]
    assert [row for row in out if row not in before] == [
        [
            *before[6][:2],
            "How many live here",
            *before[6][3:6],
            ". >= 1 and . <= 40",
            *before[6][7:],
        ],
        ["text", "extra", "=1+1"],
    ]
    assert [row[1] for row in before if row not in out and len(row) > 1] == ["persons", "photo"]
    assert refused(_out(document).sheets) == ""


def test_what_moves_takes_along_what_hangs_on_it():
    sheets = FORMS["with-notes-and-sheets"]
    document = json.loads(dumps(_in(sheets).document))
    document["layout"].reverse()
    out = _out(document).sheets
    assert [row[1] for row in out["survey"][1:]] == ["name", "age", "n2", "n1"]
    assert sorted(out["survey"]) == sorted(sheets["survey"])
    assert out["colophon"] == sheets["colophon"]


def test_another_title_changes_the_setting_and_nothing_else():
    document = json.loads(dumps(_in(FORMS["with-notes-and-sheets"]).document))
    document["title"] = "Other"
    assert _out(document).sheets["settings"][1] == ["Other", "notes", "pages", "${name}"]


def test_without_the_sheets_it_is_written_anew():
    document = json.loads(dumps(_in(FORMS["or-other"]).document))
    for broken in ({"sheets": 3}, {"sheets": {"survey": "x"}}, None, {"sheets": {"a": []}}):
        out = _out({**document, "x-xlsform": broken})
        assert refused(out.sheets) == ""


_TYPES = [
    *[
        "text",
        "integer",
        "decimal",
        "date",
        "note",
        "geopoint",
        "geoshape",
        "image",
        "calculate",
        "hidden",
        "start",
    ],
    *("acknowledge", "select_one l", "select_multiple l", "select_one l or_other"),
]
_RELEVANT = st.sampled_from(
    [
        "",
        "",
        "${q0} = 'x'",
        "${q1} > 3",
        "selected(${q2}, 'a')",
        "${q3} != ''",
        "bad expression(",
        "today() > 1",
    ]
)
_QUESTION = st.tuples(
    st.sampled_from(_TYPES),
    st.sampled_from(["Label", "=SUM(A1)", "标题", "**bold**", "a,b;c"]),
    _RELEVANT,
    st.sampled_from(["", "yes", "no", "${q1} = 2"]),
    st.sampled_from(["", ". > 3", "string-length(.) < 4", "regex(., '[a-z]+')", ". > ${q1}"]),
    st.sampled_from(["", "w1", "multiline"]),
)


@st.composite
def forms(draw):
    """XLSForms of questions in groups and repeats, right or odd in what they say."""
    rows, around, n = (
        [
            [
                "type",
                "name",
                EN,
                ZH,
                "relevant",
                "required",
                "constraint",
                "appearance",
                "calculation",
            ]
        ],
        [],
        0,
    )
    for _step in range(draw(st.integers(1, 12))):
        what = draw(
            st.sampled_from(["question"] * 5 + ["begin_group", "begin_repeat", "end", "empty"])
        )
        if what == "question":
            kind, label, relevant, required, constraint, appearance = draw(_QUESTION)
            calculation = "${q1} + 1" if kind == "calculate" else ""
            rows.append(
                [kind, f"q{n}", label, "", relevant, required, constraint, appearance, calculation]
            )
            n += 1
        elif what == "empty":
            rows.append([])
        elif what == "end" and around:
            rows.append([f"end_{around.pop()}"])
        elif what.startswith("begin") and len(around) < 3:
            around.append(what[6:])
            rows.append([what, f"g{len(rows)}", "Group", "", draw(_RELEVANT)])
            rows.append(["text", f"in{len(rows)}", "Inner"])
    rows += [[f"end_{what}"] for what in reversed(around)]
    for row in rows:
        while row and not row[-1]:
            row.pop()
    while not rows[-1]:
        rows.pop()
    choices = [["list_name", "name", EN], ["l", "a", "A"], ["l", "x", "=X"]]
    return {
        "survey": rows,
        "choices": choices,
        "settings": [["form_title"], [draw(st.sampled_from(["T", "标"]))]],
    }


@given(forms())
def test_any_form_goes_out_as_it_came(sheets):
    from builder.exchange.reading import read_xlsform

    found = read_xlsform(sheets, "disabled-persons", "visits")
    out = _out(json.loads(dumps(found.document)))
    assert out.sheets == sheets
    assert len(found.lines) == sum(bool(row) for grid in sheets.values() for row in grid[1:])


@given(forms())
def test_any_form_written_anew_says_the_same(sheets):
    from builder.exchange.reading import read_xlsform

    document = read_xlsform(sheets, "disabled-persons", "visits").document
    fresh = sheets_of(written(_plan(document)))
    if len(fresh.get("survey", ())) > 1:
        assert refused(fresh) == ""


def test_texts_are_cells_of_text():
    content = write_sheets({"survey": [["type"], ["=1+1"], ["+2"], ["@x"], ["-3"]]})
    from io import BytesIO

    from openpyxl import load_workbook

    cells = [row[0] for row in load_workbook(BytesIO(content))["survey"].iter_rows()]
    assert {cell.data_type for cell in cells} == {"s"}
    assert cells[1].value == "=1+1"


def test_a_sheet_of_one_language_has_plain_headers():
    grid = grid_of([{("label", "en"): "A", ("type", ""): "text"}], ["en"])
    assert grid == [["type", "label"], ["text", "A"]]


def test_a_form_of_one_row_is_a_form():
    assert _in(form("text | a | A")).document["layout"] == [{"id": "a", "kind": "cell", "at": "/a"}]
