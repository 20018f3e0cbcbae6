"""The sheet as an Excel workbook: laid out like the form, totals live, the same bytes each time."""

from __future__ import annotations

from collections.abc import Mapping

from runtime.outputs.tree import Document


class XlsxOutput:
    """Excel: one sheet as on paper. Every cell of the form has a defined name made from its pointer."""

    name = "xlsx"
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    title: Mapping[str, str] = {"en": "Excel", "zh-CN": "Excel"}

    def write(self, document: Document) -> bytes:
        """The workbook; the same document gives the same bytes."""
        from runtime.outputs.workbook import workbook  # late: openpyxl takes a while to come in

        return workbook(document)
