"""Papers really made: a template that fails, text out of its box, numbers that Excel would not show."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.styles import Alignment

from runtime.definitions.compile import compile_form
from runtime.definitions.plan import Plan
from runtime.hooks import Output
from runtime.outputs.built_in import built_in
from runtime.publishing.papers import paper_problems, papers
from runtime.publishing.pdf_look import looked_at
from runtime.publishing.sheet_look import clipped
from tests.samples.shipped import library, shipped_forms

HEAD = '{% extends "base.html" %}'
REAL = Path(__file__).parents[2] / "plugins" / "veterans_affairs" / "templates"


def outputs(folder: Path | None = None) -> dict[str, Output]:
    folders = {"veterans-affairs": REAL}
    if folder is not None:
        folders["housing"] = folder
    return {one.name: one for one in built_in(folders)}


def form(**said: Any) -> Plan:
    return compile_form(
        {
            "$schema": "https://yibiao.example/defs/schemas/form.json",
            "$id": "https://yibiao.example/defs/forms/housing/tried.json",
            "title": "Tried",
            "department": "housing",
            "frequency": "monthly",
            "level": ["community"],
            "type": "object",
            "properties": {"name": {"title": "Name", "type": "string"}},
            **said,
        },
        library=library(),
    )


def told(plan: Plan, folder: Path | None = None) -> list[tuple[str, str]]:
    return [(p.code, p.message) for p in paper_problems(plan, outputs(folder))]


@pytest.mark.parametrize("address", [shipped_forms()[1], shipped_forms()[-1]])
def test_the_papers_of_shipped_forms_come_out_whole(address: str) -> None:
    assert told(compile_form(address, library=library())) == []


def test_each_paper_is_told_before_it_is_made() -> None:
    heard: list[tuple[int, int, str]] = []
    list(paper_problems(form(), outputs(), lambda *one: heard.append(one)))
    assert [done for done, _all, _name in heard] == list(range(len(papers(outputs())) + 1))
    assert all(name for _done, _all, name in heard[:-1])


@pytest.mark.parametrize(
    ("template", "said"),
    [
        (HEAD + "{% block title %}{{ nobody }}{% endblock %}", "nobody"),
        (HEAD + "{% block title %}{% if blank %}{{ nowhere }}{% endif %}{% endblock %}", "nowhere"),
        (HEAD + "{% block titel %}x{% endblock %}", "titel"),
        (HEAD + "{% block title %}", "own.html"),
        (HEAD + "{% block title %}{{ 1 / 0 }}{% endblock %}", "zero"),
    ],
)
def test_a_template_that_is_wrong_is_named(tmp_path: Path, template: str, said: str) -> None:
    (tmp_path / "own.html").write_text(template, encoding="utf-8")
    plan = form(outputs={"pdf": {"template": "housing/own.html"}})
    found = told(plan, tmp_path)
    assert {code for code, _message in found} == {"template"}
    assert any(said in message for _code, message in found)


def test_a_template_that_is_not_there_is_named(tmp_path: Path) -> None:
    plan = form(outputs={"pdf": {"template": "housing/gone.html"}})
    assert {code for code, _m in told(plan, tmp_path)} == {"template"}


def test_text_that_runs_out_of_its_box_is_told(tmp_path: Path) -> None:
    (tmp_path / "own.html").write_text(
        HEAD + '{% block title %}<p class="wide">{{ "W" * 400 }}</p>{% endblock %}',
        encoding="utf-8",
    )
    plan = form(outputs={"pdf": {"template": "housing/own.html"}})
    assert "paper-clipped" in {code for code, _m in told(plan, tmp_path)}


def test_a_character_that_no_font_has_is_told() -> None:
    page = "<!doctype html><html lang=en><title>x</title><p>plain</p><p>\U0010fffd</p>"
    assert looked_at(page).strange == ("\U0010fffd",)


def test_a_form_that_nobody_can_fill_is_told_as_such() -> None:
    plan = form(
        properties={"a": {"title": "A", "type": "integer", "minimum": 3, "maximum": 2}},
        required=["a"],
    )
    assert [code for code, _message in told(plan)] == ["sample-none"]


def test_an_output_that_fails_is_named() -> None:
    class Broken:
        name, media_type, title = "xlsx", "x/y", {"en": "Broken"}

        def write(self, document: Any) -> bytes:
            raise ZeroDivisionError("nothing to divide by")

    found = list(paper_problems(form(), {"xlsx": Broken()}))
    assert {p.code for p in found} == {"paper-failed"}
    assert "nothing to divide by" in found[0].message


def test_numbers_and_texts_that_excel_would_cut_are_told() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.column_dimensions["A"].width = 5
    sheet["A1"] = 123_456_789
    sheet["A2"] = "short"
    sheet["A3"] = "a text that wants many lines of a narrow column " * 4
    sheet["A3"].alignment = Alignment(wrap_text=True)
    sheet.row_dimensions[3].height = 15
    out = io.BytesIO()
    book.save(out)
    assert [one.cell for one in clipped(out.getvalue())] == ["Sheet!A1", "Sheet!A3"]
