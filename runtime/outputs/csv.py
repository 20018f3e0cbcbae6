"""The cells as CSV, one a line: pointer, label, value, text, unit, source. For other programs and for Excel.

UTF-8 with a byte-order mark, without which Excel reads Chinese wrongly; lines end in CR LF (RFC 4180). A
text that a spreadsheet would run as a formula (it begins with `= + - @`, a tab or a carriage return) has an
apostrophe put before it; numbers never have.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from decimal import Decimal
from io import StringIO
from typing import Any

from runtime.fields.base import MISSING
from runtime.language import gettext as _
from runtime.language import using
from runtime.outputs.clean import clean, looks_like_formula
from runtime.outputs.tree import Document, Value, values
from runtime.outputs.values import as_json

BOM = "\ufeff"


class CsvOutput:
    """CSV in long form."""

    name = "csv"
    media_type = "text/csv"
    title: Mapping[str, str] = {"en": "CSV", "zh-CN": "CSV"}

    def write(self, document: Document) -> bytes:
        """The lines, with a heading line in the document's language."""
        out = StringIO()
        writer = csv.writer(out)
        with using(document.language):
            writer.writerow(
                [_("Cell"), _("Label"), _("Value"), _("Text"), _("Unit of value"), _("Source")]
            )
            writer.writerows(_rows(document))
        return (BOM + out.getvalue()).encode()


def safe(text: str) -> str:
    """`text` so that no spreadsheet runs it."""
    fit = clean(text)
    return "'" + fit if looks_like_formula(fit) or looks_like_formula(text) else fit


def _rows(document: Document) -> Iterator[list[str]]:
    for value in values(document.blocks):
        label = safe(" › ".join(value.labels))
        yield [
            safe(value.pointer), label, _value(value), _text(value), safe(value.unit), safe(value.source),
        ]  # fmt: skip


def _value(value: Value) -> str:
    raw: Any = value.raw
    if raw is MISSING or raw is None:
        return ""
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, int | Decimal):
        return format(raw, "f") if isinstance(raw, Decimal) else str(raw)
    return safe(raw if isinstance(raw, str) else as_json(raw))


def _text(value: Value) -> str:
    return value.text if value.numeric else safe(value.text)
