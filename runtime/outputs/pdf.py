"""The sheet as a tagged PDF by WeasyPrint."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from runtime.errors import OperatorError
from runtime.language import gettext as _
from runtime.outputs.pdf_tables import head_tables
from runtime.outputs.templates import PrintTemplates
from runtime.outputs.tree import Document

if TYPE_CHECKING:
    from weasyprint.text.fonts import FontConfiguration


class PdfOutput:
    """PDF for paper: tagged (`pdf/ua-1`), with title, language, headings and table headings.

    Nothing is fetched while it is made, neither from the network nor from this machine's files: a picture
    in a department's template is written as a `data:` address.
    """

    name = "pdf"
    media_type = "application/pdf"
    title: Mapping[str, str] = {"en": "PDF", "zh-CN": "PDF"}

    def __init__(self, templates: PrintTemplates | None = None) -> None:
        self.templates = templates or PrintTemplates()

    def write(self, document: Document) -> bytes:
        """The PDF file. Raises OperatorError where WeasyPrint's libraries (pango) are missing."""
        page = self.templates.render(document)
        return _write(page)


def laid_out(page: str) -> Any:
    """The page as WeasyPrint lays it out (its `Document`), to be looked at. Raises OperatorError as `write` does."""
    weasyprint, fetcher = _weasyprint()
    return weasyprint.HTML(string=page, url_fetcher=fetcher).render(font_config=_fonts())


def _write(page: str) -> bytes:
    weasyprint, fetcher = _weasyprint()
    html = weasyprint.HTML(string=page, url_fetcher=fetcher)
    identifier = sha256(page.encode()).hexdigest()[:32].encode()
    file: bytes = html.write_pdf(
        pdf_variant="pdf/ua-1",
        pdf_identifier=identifier,
        font_config=_fonts(),
        finisher=head_tables,
    )
    return file


@cache
def _weasyprint() -> tuple[Any, Any]:
    try:  # late: it takes a while to come in, and its libraries may be missing where nobody prints
        import weasyprint
        from weasyprint.urls import URLFetcher
    except OSError as error:
        message = _(
            "PDF cannot be made: a library of WeasyPrint is missing (%(error)s).", error=error
        )
        raise OperatorError(message) from error
    return weasyprint, URLFetcher(allowed_protocols=("data",), allow_redirects=False)


@cache
def _fonts() -> FontConfiguration:
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()
