"""A question is shown here exactly when XLSForm shows it, for all answers; nested in groups and repeats."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from builder.exchange.reading import read_xlsform
from builder.exchange.xpath import read
from runtime.api import cells, compile_form, place
from tests.builder.exchange.field import form
from tests.builder.exchange.xpaths import holds

OUTER = [
    "${a} = 'x'",
    "${n} > 1",
    "not(${a} = 'y')",
    "${n} != 2",
    "${a} != '' and ${n} < 3",
    "true()",
]
INNER = [
    *OUTER,
    "${k} > 1",
    "${k} != '' or ${k} = 0",
    "${w} = 'x' and ${n} > 0",
    "${k} = 2 and ${a} = 'x'",
]
DEEP = [*INNER, "${z} = 1", "${z} > 0 and ${w} = 'x'", "${k} = 2 and ${z} != 1 and ${n} = 2"]


@given(
    group=st.sampled_from(OUTER),
    question=st.sampled_from(OUTER),
    row=st.sampled_from(INNER),
    deep=st.sampled_from(DEEP),
    outer=st.fixed_dictionaries({}, optional={"a": st.sampled_from("xy"), "n": st.integers(0, 3)}),
    inner=st.fixed_dictionaries({}, optional={"k": st.integers(0, 3), "w": st.sampled_from("xy")}),
    deepest=st.fixed_dictionaries({}, optional={"z": st.integers(0, 2)}),
)
def test_it_is_shown_when_xlsform_shows_it(
    group: str,
    question: str,
    row: str,
    deep: str,
    outer: dict[str, Any],
    inner: dict[str, Any],
    deepest: dict[str, Any],
) -> None:
    sheets = form(
        f"""
text | a | A | 甲
integer | n | N | 数
begin_group | g | G | 组 | relevant={group}
text | q | Q | 问 | relevant={question}
begin_repeat | rows | Rows | 行
integer | k | K | 数
text | w | W | 字
text | r | R | 行问 | relevant={row}
begin_repeat | more | More | 更多
integer | z | Z | 数
text | d | D | 深问 | relevant={deep}
end_repeat
end_repeat
end_group
"""
    )
    found = read_xlsform(sheets, "disabled-persons", "x")
    lost = {item.name for item in found.items if item.losses}
    plan = compile_form(found.document)
    data = {**outer, "g": {"rows": [{**inner, "more": [deepest]}]}}
    shown = {cell.pointer for cell in cells(place(plan, data))}
    everything = {**outer, **inner, **deepest}
    there = holds(read(group), everything)
    for name, pointer, text in (
        ("q", "/g/q", question),
        ("r", "/g/rows/0/r", row),
        ("d", "/g/rows/0/more/0/d", deep),
    ):
        wanted = there and holds(read(text), everything)
        # what is lost is told, and leaves the question shown more often
        assert (pointer in shown) is wanted or (name in lost and not wanted)
    assert "q" not in lost
