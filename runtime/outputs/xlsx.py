"""The sheet as an Excel workbook: the department's own one filled, else one laid out like the form, totals live."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING

from runtime.outputs.tree import Document

if TYPE_CHECKING:
    from runtime.hooks import Output

_log = logging.getLogger(__name__)


class XlsxOutput:
    """Excel: the form's own template filled in place, or one sheet as on paper, its cells named by their pointers.

    `folders` maps departments to their templates. A template that is missing or broken never stops a report: the
    log names it, and the sheet is laid out like the form.
    """

    name = "xlsx"
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    title: Mapping[str, str] = {"en": "Excel", "zh-CN": "Excel"}

    def __init__(self, folders: Mapping[str, Traversable] | None = None) -> None:
        self.folders = dict(folders or {})

    def write(self, document: Document) -> bytes:
        """The workbook; the same document gives the same bytes."""
        name = document.page("xlsx").template
        if name:
            template = document.assets.get(name) or self.shipped(name)
            if template is None:
                _log.warning("The sheet %s of %s is not there.", name, document.address)
            elif made := self._filled(document, template, name):
                return made
        from runtime.outputs.workbook import workbook  # late: openpyxl takes a while to come in

        return workbook(document)

    def _filled(self, document: Document, template: bytes, name: str) -> bytes | None:
        from runtime.outputs.own_sheet import filled

        try:
            return filled(document, template)
        except Exception:
            _log.warning(
                "The sheet %s of %s cannot be filled.", name, document.address, exc_info=True
            )
            return None

    def shipped(self, name: str) -> bytes | None:
        """A template that lies in the department's folder: `<department>/<file>.xlsx`; None where there is none."""
        department, slash, file = name.partition("/")
        folder = self.folders.get(department)
        if not slash or folder is None or "/" in file or not file.endswith(".xlsx"):
            return None
        place = folder / file
        return place.read_bytes() if place.is_file() else None


def shipped(outputs: Mapping[str, Output], name: str) -> bytes | None:
    """The same, where only the site's formats are at hand."""
    output = outputs.get("xlsx")
    return output.shipped(name) if isinstance(output, XlsxOutput) else None
