"""What a resident's number says of somebody new: birthday and sex (`fromNumber`). Not for who is known already."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from runtime import clock
from runtime.fields.formats import is_resident_number


def from_number(schema: Mapping[str, Any], document: Mapping[str, Any]) -> dict[str, str]:
    """Field -> value, of the fields with `fromNumber` of which the document says nothing and its number does.

    A number that is none, or of somebody born on a day to come, says nothing.
    """
    found: dict[str, str] = {}
    for name, field in schema.get("properties", {}).items():
        rule = field.get("fromNumber")
        if not rule or document.get(name) is not None:
            continue
        if said := _said(document.get(rule["field"]), rule["part"]):
            found[name] = said
    return found


def _said(number: object, part: str) -> str:
    if not isinstance(number, str) or not is_resident_number(number):
        return ""
    born = f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
    if born > clock.today().isoformat():
        return ""
    return born if part == "birthDate" else "21"[int(number[16]) % 2]
