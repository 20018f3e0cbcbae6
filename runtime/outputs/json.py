"""The entry as JSON: its data as they are, exactly, with what they answer and where each came from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import simplejson

from runtime.fields.base import MISSING
from runtime.outputs.tree import Document

FORMAT = 1
"""Raised when a reader of older files would misread newer ones."""


class JsonOutput:
    """JSON: `form`, `heading`, `data`, `choices`, `provenance`; decimals exact, keys in order."""

    name = "json"
    media_type = "application/json"
    title: Mapping[str, str] = {"en": "JSON", "zh-CN": "JSON"}

    def write(self, document: Document) -> bytes:
        """The file, indented, in UTF-8 without a byte-order mark (RFC 8259)."""
        text = simplejson.dumps(
            described(document), use_decimal=True, ensure_ascii=False, indent=2, default=str
        )
        return (text + "\n").encode("utf-8", "surrogatepass")


def described(document: Document) -> dict[str, Any]:
    """The document's data with all that says what they are."""
    heading = document.heading
    told: dict[str, Any] = {
        "format": FORMAT,
        "form": {
            "address": document.address,
            "digest": document.digest,
            "number": heading.number,
            "version": heading.version_number or heading.version,
            "title": heading.title,
            "department": document.department,
        },
        "entry": heading.entry,
        "unit": {"code": heading.unit_code, "title": heading.unit},
        "period": {"code": heading.period_code, "title": heading.period},
        "state": heading.state,
        "printedOn": heading.printed_on.isoformat() if heading.printed_on else None,
        "language": document.language,
        "choices": dict(document.choices),
        "provenance": dict(document.provenance),
    }
    if document.data is not MISSING:
        told["data"] = document.data
    return told
