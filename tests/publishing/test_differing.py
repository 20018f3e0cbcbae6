"""What makes one version of another, cell by cell."""

from __future__ import annotations

from typing import Any

import pytest

from runtime.definitions.compile import compile_form
from runtime.definitions.plan import Plan
from runtime.publishing.differing import between


def plan(required: tuple[str, ...] = (), **cells: Any) -> Plan:
    return compile_form({"type": "object", "properties": cells, "required": list(required)})


TEXT = {"type": "string", "maxLength": 20, "title": "Text"}


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        (plan(a=TEXT), plan(a=TEXT), []),
        (plan(), plan(a=TEXT), ["new"]),
        (plan(a=TEXT), plan(), ["gone"]),
        (plan(a=TEXT), plan(a={"type": "integer"}), ["other"]),
        (plan(a=TEXT), plan(a={**TEXT, "maxLength": 10}), ["tighter"]),
        (plan(a=TEXT), plan(a={**TEXT, "maxLength": 30}), ["looser"]),
        (
            plan(a={"type": "integer", "minimum": 1}),
            plan(a={"type": "integer", "minimum": 2}),
            ["tighter"],
        ),
        (plan(a={"type": "integer", "minimum": 1}), plan(a={"type": "integer"}), ["looser"]),
        (plan(a={"enum": ["x", "y"]}), plan(a={"enum": ["x"]}), ["tighter"]),
        (plan(a={"enum": ["x"]}), plan(a={"enum": ["x", "y"]}), ["looser"]),
        (plan(a=TEXT), plan(("a",), a=TEXT), ["tighter"]),
        (plan(("a",), a=TEXT), plan(a=TEXT), ["looser"]),
        (plan(a=TEXT), plan(a={**TEXT, "pattern": "^x"}), ["tighter"]),
    ],
)
def test_each_way_in_which_a_cell_may_differ(before: Plan, after: Plan, kinds: list[str]) -> None:
    found = between(before, after)
    assert [one.kind for one in found.cells] == kinds
    assert [one.kind for one in found.incompatible] == [
        k for k in kinds if k not in ("new", "looser")
    ]


def test_of_a_first_version_all_is_new() -> None:
    assert [one.kind for one in between(None, plan(a=TEXT, b=TEXT)).cells] == ["new", "new"]
