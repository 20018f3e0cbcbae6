"""What can be put on a form: fields and indicators of the dictionary with where they are used, field types, layout."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from builder.dictionary import found, grouped
from builder.dictionary.places import spot_of
from builder.edits.spots import Document
from builder.search import matches
from runtime.api import LANGUAGES, Library, field_types, references, say, short_name, texts_of
from runtime.api import gettext as _

SHOWN = 60
"""Fields of a register that are listed at once; a search shows the others."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing to put on the form: `what` as `adding` reads it."""

    what: str
    title: str
    hint: str = ""
    uses: int = 0
    is_there: bool = False
    """Whether the form has it already."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Things of one kind; `more` are not listed."""

    title: str
    offers: tuple[Offer, ...]
    more: int = 0
    is_open: bool = False
    folder: str = ""
    home: str = ""
    """Of the dictionary: where something new of this kind is made."""
    called: str = ""
    """What a cell that is put on the form from here is called, where the search named it."""


def shelves(library: Library, address: str, document: Document, query: str) -> list[Shelf]:
    """All that answers to a search; everything where it is empty. A form about a subject has that register first.

    What nothing answers to may become a cell of the form's own that is called so.
    """
    used = set(references(document, address))
    kinds: dict[str, bool] = {}
    for home, items in (listed := grouped(found(library, query))):
        kinds[home] = items[0].kind == "indicator"
    groups = [
        Shelf(
            home,
            tuple(
                Offer(
                    f"field:{item.address}",
                    say(item.title) or item.name,
                    say(item.definition),
                    len(item.uses),
                    item.address in used,
                )
                for item in items[:SHOWN]
            ),
            max(0, len(items) - SHOWN),
            bool(query),
            *_place(items[0].address),
        )
        for home, items in listed
    ]
    own = [
        Shelf(_("Layout"), _layout(query), is_open=True),
        Shelf(_("Own cells"), _types(query), is_open=bool(query)),
    ]
    first = _first(library, document)

    def nearest(shelf: Shelf) -> bool:
        """The register that the form is about comes first, and figures where it is about a unit and a period."""
        return not (shelf.title == first if first else kinds[shelf.title])

    answering = [s for s in [*own, *sorted(groups, key=nearest)] if s.offers]
    return answering or [Shelf(_("Own cells"), _types(""), is_open=True, called=query)]


def _place(address: str) -> tuple[str, str]:
    where = spot_of(address)
    return (where.folder, where.home) if where else ("", "")


def _first(library: Library, document: Document) -> str:
    subject = document.get("subject")
    for address in library.addresses("register"):
        if short_name(address) == subject:
            title = library.source(address)
            return say(texts_of(title))
    return ""


def _layout(query: str) -> tuple[Offer, ...]:
    known = {
        "section": _("Section"),
        "columns": _("Columns"),
        "rows": _("Repeated rows"),
        "crossTable": _("Cross-table"),
        "part": _("Group of cells"),
        "note": _("Note"),
    }
    return tuple(
        Offer(f"part:{kind}", title)
        for kind, title in known.items()
        if matches(query, [title, kind])
    )


def _types(query: str) -> tuple[Offer, ...]:
    return tuple(
        Offer(f"type:{one.name}", say(one.title))
        for one in field_types
        if one.beginning and matches(query, [*_titles(one.title), one.name])
    )


def _titles(texts: Mapping[str, str]) -> list[str]:
    return [texts[tag] for tag in LANGUAGES if tag in texts]
