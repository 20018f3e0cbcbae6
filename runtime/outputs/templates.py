"""The sheet as HTML: the base template, and the departments' own that override its blocks.

A department's template is named `<department>/<file>` by the form's `outputs.pdf.template`. One that is
missing or broken is named in the log, and the base template takes its place: a report is always printable.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from jinja2 import BaseLoader, Environment, StrictUndefined, TemplateError, TemplateNotFound, nodes
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from runtime.errors import PluginError, Problem
from runtime.language import gettext as _
from runtime.language import using
from runtime.outputs.clean import clean
from runtime.outputs.fields_grid import grid_of
from runtime.outputs.tree import Block, Document, Fields, Page, Section, Table

BASE = "base.html"
GIVEN = frozenset({"document", "heading", "page", "blank", "imprint"})
"""What every template is given, beside the functions of the environment."""
_ROOM = {
    ("A4", "portrait"): 90,
    ("A4", "landscape"): 136,
    ("A3", "portrait"): 136,
    ("A3", "landscape"): 202,
}
"""How many Latin letters of 10 points fit between the margins, edges of boxes included."""

_log = logging.getLogger("yibiao.outputs")


class PrintTemplates:
    """Templates by name. `folders` maps a department's code to the folder with its own."""

    def __init__(self, folders: Mapping[str, Traversable] | None = None) -> None:
        self.folders = dict(folders or {})
        self._environment = _environment(self.folders)

    def render(self, document: Document, output: str = "pdf") -> str:
        """The document as a standalone HTML page; falls back to the base template with a warning logged."""
        name = document.page(output).template
        if name:
            try:
                return self.render_as(document, name, output)
            except PluginError as error:
                _log.warning("%s", error)
        return self._render(document, BASE, output)

    def render_as(self, document: Document, name: str, output: str = "pdf") -> str:
        """The document by the template of that name. Raises PluginError, which names the template."""
        try:
            return self._render(document, name, output)
        except TemplateNotFound as error:
            missing = error.name or name
            message = _(
                "Print template %(name)s: %(missing)s is not there.", name=name, missing=missing
            )
            raise PluginError(message) from error
        except (
            Exception
        ) as error:  # a template is code of a department: whatever it raises, it is named
            line = getattr(error, "lineno", None)
            place = f"{name}:{line}" if line else name
            message = _("Print template %(place)s is broken: %(error)s", place=place, error=error)
            raise PluginError(message) from error

    def problems(self, document: Document, output: str = "pdf") -> Iterator[Problem]:
        """What is wrong with the template that the document's form names, for checks and the builder."""
        name = document.page(output).template
        if name:
            try:
                self.render_as(document, name, output)
            except PluginError as error:
                yield Problem(
                    "template", str(error), f"/outputs/{output}/template", document.address
                )

    def unknown_names(self, document: Document, output: str = "pdf") -> list[str]:
        """The names and blocks that the form's template uses and nobody gives it, those it never came to included."""
        name = document.page(output).template
        if not name:
            return []
        try:
            text = self._environment.loader.get_source(self._environment, name)[0]  # type: ignore[union-attr]
            tree = self._environment.parse(text)
            base = self._environment.get_template(BASE)
        except TemplateError:
            return []  # `problems` says so
        names = find_undeclared_variables(tree) - GIVEN - set(self._environment.globals)
        blocks = {block.name for block in tree.find_all(nodes.Block)}
        extends = any(True for _one in tree.find_all(nodes.Extends))
        inner = {
            b.name
            for top in tree.find_all(nodes.Block)
            for b in top.find_all(nodes.Block)
            if b is not top
        }
        strange = blocks - set(base.blocks) - inner if extends else set()
        return sorted(names | strange)

    def _render(self, document: Document, name: str, output: str) -> str:
        with using(document.language):
            return self._environment.get_template(name).render(
                document=document,
                heading=document.heading,
                page=document.page(output),
                blank=document.blank,
                imprint=imprint(document),
            )


def imprint(document: Document) -> str:
    """The small line at the very end: which version this is and when it was printed."""
    heading = document.heading
    parts = [heading.version] if heading.version else []
    if heading.printed_on:
        local = heading.printed_on.astimezone()
        parts.append(_("printed %(time)s", time=f"{local:%Y-%m-%d %H:%M}"))
    if document.digest:
        parts.append(document.digest[:12])
    return " · ".join(parts)


def css_text(text: object) -> Markup:
    """Any text as it stands between the quotes of a CSS string, inside a `style` element too."""
    return Markup(re.sub(r'["\\<>&\n\r\f\x00]', lambda m: f"\\{ord(m[0]):x} ", str(text)))  # noqa: S704 - escaped here


def page_counter() -> Markup:
    """`Page 2 of 3` as the inside of a CSS `content` string."""
    said = str(css_text(_("Page %(page)s of %(pages)s", page="\ue000", pages="\ue001")))
    counters = said.replace("\ue000", '" counter(page) "').replace("\ue001", '" counter(pages) "')
    return Markup(counters)  # noqa: S704 - escaped by css_text


def density(table: Table, page: Page) -> str:
    """The class that sets a wide table in smaller type, so that its columns keep their words whole."""
    room = _ROOM[page.paper, page.orientation]
    for size in (10, 9, 8, 7):
        if table.letters <= room * 10 / size:
            return f"size{size}"
    return "size6"


def widths_of(blocks: tuple[Block, ...]) -> list[int]:
    """Every width of a column that occurs, in thousandths."""
    found: set[int] = set()
    for block in blocks:
        if isinstance(block, Section):
            found.update(widths_of(block.blocks))
        elif isinstance(block, Table):
            found.update(block.widths)
        elif isinstance(block, Fields):
            found.update(grid_of(block).widths)
    return sorted(found)


class _Loader(BaseLoader):
    """Our own templates by their file name, a department's as `<department>/<path>`."""

    def __init__(self, folders: Mapping[str, Traversable]) -> None:
        self.folders = folders

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str | None, Callable[[], bool] | None]:
        """The text of a template. Raises TemplateNotFound."""
        department, slash, rest = template.partition("/")
        place = self.folders.get(department) if slash else files(__package__) / "templates"
        if place is None or ".." in template.split("/"):
            raise TemplateNotFound(template)
        for part in (rest if slash else department).split("/"):
            place = place / part
        if not place.is_file():
            raise TemplateNotFound(template)
        return place.read_text(encoding="utf-8"), template, lambda: True


def _environment(folders: Mapping[str, Traversable]) -> Environment:
    environment = ImmutableSandboxedEnvironment(
        loader=_Loader(folders),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        finalize=_fit,
    )
    environment.filters["css"] = css_text
    environment.globals.update(
        _=_,
        kind_of=_kind_of,
        grid_of=grid_of,
        density=density,
        page_counter=page_counter,
        widths_of=widths_of,
    )
    return environment


def _fit(value: Any) -> Any:
    """Whatever is written, no character goes out that XML forbids."""
    return clean(value) if type(value) is str else value


def _kind_of(block: Block) -> Any:
    return type(block).__name__
