"""What the forms accept and what they ask for, on small entries: the table is `entries.json`."""

from pathlib import Path

import pytest

from runtime.definitions.compile import compile_form
from runtime.definitions.json import loads
from runtime.definitions.verdict import problems

CASES = loads((Path(__file__).parent / "entries.json").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['form']}: {case['says']}")
def test_an_entry(case, library):
    plan = compile_form(f"https://yibiao.example/defs/forms/{case['form']}.json", library=library)
    found = problems(plan, case["data"], case.get("choices"))
    assert sorted({p.pointer for p in found}) == case["wrong"]
