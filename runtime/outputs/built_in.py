"""The output formats of our own, which come in through the hook `yibiao_outputs` as any other."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources.abc import Traversable

from runtime.hooks import Output
from runtime.outputs.csv import CsvOutput
from runtime.outputs.html import HtmlOutput
from runtime.outputs.json import JsonOutput
from runtime.outputs.pdf import PdfOutput
from runtime.outputs.templates import PrintTemplates
from runtime.outputs.xlsx import XlsxOutput


def built_in(folders: Mapping[str, Traversable] | None = None) -> list[Output]:
    """PDF, Excel, HTML, CSV and JSON. `folders` maps departments to their print templates."""
    templates = PrintTemplates(folders)
    return [
        PdfOutput(templates),
        XlsxOutput(folders),
        HtmlOutput(templates),
        CsvOutput(),
        JsonOutput(),
    ]
