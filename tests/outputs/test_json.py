"""The entry as JSON, for programs: codes beside words, exact numbers, provenance by pointer."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from runtime.definitions import json
from runtime.definitions.compile import compile_form
from runtime.outputs.document import Heading, document
from runtime.outputs.json import JsonOutput

PLAN = compile_form(
    {
        "$id": "https://yibiao.example/defs/forms/x/y.json",
        "type": "object",
        "properties": {"paid": {"type": "number", "title": "Paid"}},
    }
)
HEADING = Heading(
    unit="Lakeside Community",
    unit_code="990101",
    period="October 2026",
    period_code="202610",
    version="version 3",
    version_number=3,
    entry="e-1",
    printed_on=datetime(2026, 11, 1, tzinfo=UTC),
)


def test_programs_find_codes_and_exact_values() -> None:
    told = {"/paid": {"kind": "typed"}}
    data = {"paid": Decimal("12.50"), "unknown": "=1+1"}
    made = document(PLAN, data, None, told, language="en", heading=HEADING)
    found = json.loads(JsonOutput().write(made).decode())
    assert found["entry"] == "e-1"
    assert found["unit"] == {"code": "990101", "title": "Lakeside Community"}
    assert found["period"] == {"code": "202610", "title": "October 2026"}
    assert found["form"]["version"] == 3
    assert found["form"]["digest"] == PLAN.digest
    assert found["data"] == data
    assert str(found["data"]["paid"]) == "12.50"
    assert found["provenance"] == told
