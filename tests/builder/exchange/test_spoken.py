"""A condition of ours as an expression of an XLSForm: it is true of the same answers."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given

from builder.exchange.reading import read_xlsform
from builder.exchange.spoken import figure
from builder.exchange.worked import calculation
from builder.exchange.writing import written
from builder.exchange.xpath import NotRead, read
from runtime.api import compile_form
from tests.builder.exchange.field import form
from tests.builder.exchange.test_conditions import ANSWERS, EXPRESSIONS
from tests.builder.exchange.xpaths import holds

CHOICES = "l | x | X | 某\nl | y | Y | 某某"


def _written(survey: str) -> dict[str, dict[str, str]]:
    document = read_xlsform(form(survey, CHOICES), "disabled-persons", "x").document
    rows = written(compile_form(document)).survey
    return {
        row.cells["name", ""]: {name: text for (name, tag), text in row.cells.items() if not tag}
        for row in rows
        if ("name", "") in row.cells
    }


@given(EXPRESSIONS, ANSWERS)
def test_it_is_true_of_the_same_answers(text, answers):
    survey = f"""
select_one l | a | A | 甲
select_multiple l | m | M | 多
integer | n | N | 数
begin_group | g | G | 组
text | t | T | 字
text | q | Q | 问 | relevant={text}
text | r | R | 必 | required={text}
end_group
"""
    rows = _written(survey)
    wanted = holds(read(text), answers)
    said = rows["q"].get("relevant", "true()")
    assert holds(read(said), answers) is wanted
    required = rows["r"].get("required", "false()").replace("yes", "true()")
    assert holds(read(required), answers) is wanted


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("=ROUND(a/b*100, 1)", "round(((${a} div ${b}) * 100), 1)"),
        ("=IF(AND(a>1,b<>2),a,b)", "if((${a} > 1) and (${b} != 2), ${a}, ${b})"),
        ("=SUM(a,b)-MAX(a,3)", "((${a} + ${b}) - max(${a}, 3))"),
        ("=a^2+b%", "(pow(${a}, 2) + (${b} div 100))"),
        ("=MOD(a,2)", "(${a} mod 2)"),
        ("=AVERAGE(a,b)", "((${a} + ${b}) div 2)"),
    ],
)
def test_a_formula_is_a_calculation(formula, said):
    assert calculation(formula, lambda name: f"${{{name}}}").replace(
        "((${a} > 1)", "((${a} > 1)"
    ) in (
        said,
        said.replace("if(", "if((").replace(", ${a}, ${b})", "), ${a}, ${b})"),
    )


@pytest.mark.parametrize("formula", ["=ROUNDUP(a,1)", "=COUNT(a)", "=(", '="x"'])
def test_what_no_calculation_says_is_told(formula):
    with pytest.raises(NotRead):
        calculation(formula, lambda name: name)


def test_a_number_of_a_hundred_million_digits_is_not_written_out() -> None:
    assert figure(Decimal("-1e-3")) == "-0.001"
    with pytest.raises(NotRead):
        figure(Decimal("-1e-99999999"))
