"""What is chosen on a page becomes a `where`; what is not changed stays letter by letter; hostile posts do nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from flask import Flask, get_template_attribute
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from builder.listing import builder
from builder.rules import Composed, Composer, Field, Group, Row, written
from builder.rules.composer import stepped
from builder.rules.values import path_of, path_text, spelt
from runtime.language import gettext, ngettext, say
from tests.builder.rules.test_writing import groups

FIELDS = (
    Field(("age",), {"en": "Age"}, "number", whole=True),
    Field(("grade",), {"en": "Grade"}, "codes", (("1", {"en": "One"}), ("2", {"en": "Two"}))),
    Field(("alone",), {"en": "Alone"}, "boolean"),
    Field(("since",), {"en": "Since"}, "date"),
    Field(("name",), {"en": "Name"}, "text"),
)
COMPOSER = Composer(FIELDS)
OPEN = {"type": "object"}


def _posted(*pairs: tuple[str, str], base: Any = OPEN) -> Composed:
    return COMPOSER.posted(MultiDict([("rule.mode", "all"), *pairs]), base)


def _row(field: str, test: str, *values: str, n: int = 0) -> list[tuple[str, str]]:
    return [
        (f"rule.{n}.field", field),
        (f"rule.{n}.test", test),
        *((f"rule.{n}.value", value) for value in values),
    ]


@pytest.mark.parametrize(
    ("row", "schema"),
    [
        (_row("age", "at-least", " 60 "), {"minimum": 60}),
        (_row("age", "at-most", "1.5"), {"maximum": Decimal("1.5")}),
        (_row("grade", "one-of", "1", "2"), {"enum": ["1", "2"]}),
        (_row("grade", "is", "2"), {"const": "2"}),
        (_row("alone", "is", "true"), {"const": True}),
        (_row("since", "is", "2026-01-02"), {"const": "2026-01-02"}),
        (_row("name", "is", "12"), {"const": "12"}),
        (_row("name", "longer", "12"), {"minLength": 12}),
        (_row("grade", "none-of", "1"), {"not": {"enum": ["1"]}}),
    ],
)
def test_values_are_read_as_the_field_has_them(row: list[tuple[str, str]], schema: Any) -> None:
    found = _posted(*row)
    assert found.is_ready
    name = row[0][1]
    assert found.where == {"type": "object", "properties": {name: schema}, "required": [name]}


@pytest.mark.parametrize(
    ("row", "control"),
    [
        (_row("", "is"), "field"),
        (_row("gone", "is", "1"), "field"),
        (_row("age", "at-least", "sixty"), "value"),
        (_row("age", "at-least", "NaN"), "value"),
        (_row("age", "at-least"), "value"),
        (_row("grade", "is", "9"), "value"),
        (_row("alone", "is", "maybe"), "value"),
        (_row("since", "is", "yesterday"), "value"),
        (_row("name", "longer", "-1"), "value"),
        ([*_row("age", "between", "9"), ("rule.0.to", "3")], "value"),
        ([*_row("age", "between", ""), ("rule.0.to", "3")], "value"),
    ],
)
def test_what_is_wrong_is_said_where_it_is(row: list[tuple[str, str]], control: str) -> None:
    found = _posted(*row)
    assert set(found.problems) == {f"rule.0.{control}"}
    typed = [value for name, value in row if name.endswith((".value", ".to"))]
    assert found.group is not None
    assert [spelt(v) for v in next(found.group.rows()).values] == typed


def test_a_step_only_draws_anew() -> None:
    found = _posted(*_row("age", "at-least", "60"), ("rule.do", "group:"))
    assert found.is_step
    assert not found.problems
    assert found.group == Group(
        "all", (Row(("age",), "at-least", (60,)), Group("any", (Row((), "is"),)))
    )


def test_rows_come_and_go() -> None:
    group = stepped(stepped(stepped(Group(), "add:"), "group:"), "add:1")
    assert [len(list(group.rows())), len(group.parts)] == [3, 2]
    assert len(list(stepped(group, "remove:1.0").rows())) == 2
    for nonsense in ("remove:9", "remove:", "x:1", "remove:1.x", "add:7.7", ""):
        assert stepped(group, nonsense) == group


def test_what_cannot_be_composed_is_kept() -> None:
    base = {"properties": {"age": {"multipleOf": 2}}}
    assert _posted(*_row("age", "is", "1"), base=base).where is base


def test_a_form_without_the_composer_changes_nothing() -> None:
    base = {"properties": {"age": {"minimum": 1}}, "required": ["age"]}
    assert COMPOSER.posted(MultiDict(), base).where is base


def _as_post(group: Group, name: str = "rule") -> MultiDict[str, str]:
    found: MultiDict[str, str] = MultiDict([(f"{name}.mode", group.mode)])
    for n, part in enumerate(group.parts):
        here = f"{name}.{n}"
        if isinstance(part, Group):
            found.update(_as_post(part, here))
            continue
        found.add(f"{here}.field", path_text(part.path))
        found.add(f"{here}.test", part.test)
        for value in part.values:
            found.add(f"{here}.value", spelt(value))
        if part.loose:
            found.add(f"{here}.loose", "1")
    return found


_ALL = tuple(
    Field(path, {"en": path[-1]}, "text" if path[-1] in "sy" else "number")
    for path in [("n",), ("s",), ("m",), ("o", "x"), ("o", "y")]
)


@given(groups)
def test_what_is_drawn_and_posted_back_is_the_same(group: Group) -> None:
    composer = Composer(_ALL)
    opened = composer.opened(written(group))
    post = _as_post(opened.group or group)
    assert composer.posted(post, opened.where).where is opened.where


@given(st.lists(st.text(max_size=4).filter(bool), max_size=3).map(tuple))
def test_a_path_comes_back(path: tuple[str, ...]) -> None:
    assert path_of(path_text(path)) == path


def test_it_is_drawn_without_html_of_others() -> None:
    app = Flask(__name__)
    app.register_blueprint(builder)
    app.jinja_env.globals.update(_=gettext, ngettext=ngettext, say=say)
    hostile = Field(("age",), {"en": "<script>"}, "number", unit={"en": "<b>"})
    with app.app_context():
        draw = get_template_attribute("builder/rules/composer.html", "composer")
        drawn = draw(Composer([hostile]).opened({"properties": {"age": {"minimum": 1}}}), "/x")
        assert "<script>" not in drawn
        assert "<b>" not in drawn
        assert "&lt;script&gt;" in drawn
        locked = draw(Composer([]).opened({"pattern": "</pre><script>"}), "/x")
        assert "<script>" not in locked
