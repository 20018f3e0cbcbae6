"""The sheet as one HTML file, to be read in a browser and printed from there."""

from __future__ import annotations

from collections.abc import Mapping

from runtime.outputs.templates import PrintTemplates
from runtime.outputs.tree import Document


class HtmlOutput:
    """HTML: everything in one file, its style sheet included, nothing fetched, no scripts."""

    name = "html"
    media_type = "text/html"
    title: Mapping[str, str] = {"en": "Web page", "zh-CN": "网页"}

    def __init__(self, templates: PrintTemplates | None = None) -> None:
        self.templates = templates or PrintTemplates()

    def write(self, document: Document) -> bytes:
        """The page, in UTF-8; the paper and the template are those of the PDF."""
        return self.templates.render(document).encode()
