"""Forms as they stand: in the files, published here, begun as drafts; what each uses, read once. Not for who uses what.

Forms published here and drafts count as they stand in the database, whatever the files say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from builder.dictionary.references import Uses, uses_of
from runtime.api import (
    Library,
    NotJson,
    Session,
    Texts,
    drafts,
    loads,
    made_here,
    own_sheets,
    texts_of,
)

MOST_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Standing:
    """A form or a draft: `kind` is form or draft."""

    kind: str
    address: str
    title: Texts
    uses: Uses
    outputs: tuple[str, ...]
    """Templates and sheets of the form, as they are told."""
    books: tuple[str, ...]
    """The department's own sheets that it is written into, by the names that forms have for them."""


def standing(library: Library, session: Session | None) -> Iterator[Standing]:
    """All forms and drafts; without a session those of the files alone."""
    published = set()
    for one in _kept_here(session, library) if session is not None else ():
        if one.kind == "form":
            published.add(one.address)
        yield one
    for address in library.addresses("form"):
        if address not in published:
            yield _of_file(library, address)


def outputs_of(document: Mapping[str, Any]) -> tuple[str, ...]:
    """The templates and sheets that a form is written into; a sheet that the site keeps by the name of its output."""
    return tuple(
        f"{name}: {template}" if template and not template.startswith(own_sheets.KEPT) else name
        for name, template in _templates(document)
    )


def books_of(document: Mapping[str, Any]) -> tuple[str, ...]:
    """The workbooks that a form is written into: kept by the site, or in a department's folder."""
    found = (template for _name, template in _templates(document))
    return tuple(
        dict.fromkeys(
            one for one in found if one.startswith(own_sheets.KEPT) or one.endswith(".xlsx")
        )
    )


def _templates(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    outputs = document.get("outputs")
    for name, page in outputs.items() if isinstance(outputs, Mapping) else ():
        template = page.get("template") if isinstance(page, Mapping) else None
        yield str(name), template if isinstance(template, str) else ""


def _of_file(library: Library, address: str) -> Standing:
    """A form as its author wrote it; one that extends another with all that it has from there."""
    source = library.source(address)
    document = library.document(address) if "extends" in source else source
    kept = _files.get(id(document))
    if kept is None or kept[0] is not document:
        if len(_files) >= MOST_KEPT:
            _files.clear()
        kept = _files[id(document)] = (document, _made("form", address, document))
    return kept[1]


def _made(kind: str, address: str, document: Mapping[str, Any]) -> Standing:
    uses, title = uses_of(document, address), texts_of(document)
    return Standing(kind, address, title, uses, outputs_of(document), books_of(document))


def _kept_here(session: Session, library: Library) -> Iterator[Standing]:
    """The forms published by people here, newest version each, and the drafts."""
    moves = made_here.revision(session)
    for one in drafts.newest_here(session):
        key = ("form", one.address, f"{one.digest} {moves}")
        yield _texts.get(key) or _read(key, library, drafts.source_of(session, library, one.id))
    for draft in drafts.all_begun(session):
        key = ("draft", draft.address, f"{draft.id} {draft.revision}")
        yield _texts.get(key) or _read(key, library, draft.source)


_texts: dict[tuple[str, str, str], Standing] = {}
_files: dict[int, tuple[Mapping[str, Any], Standing]] = {}


def _read(key: tuple[str, str, str], library: Library, text: str) -> Standing:
    """What a text uses, found once for each version and each revision of a draft.

    One that extends another form changes with that, so it is put together anew each time.
    """
    kind, address, _mark = key
    document = _document(text)
    if "extends" in document:
        return _made(kind, address, library.with_documents({address: document}).document(address))
    if len(_texts) >= MOST_KEPT:
        _texts.clear()
    found = _texts[key] = _made(kind, address, document)
    return found


def _document(text: str) -> dict[str, Any]:
    try:
        found = loads(text)
    except NotJson:
        return {}
    return found if isinstance(found, dict) else {}
