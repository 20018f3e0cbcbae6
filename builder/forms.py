"""The list of forms: what shipped, what departments brought, what was begun or published here. Not for its page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import msgspec
from sqlalchemy import select

from builder.burdens import Counted, counted_of
from builder.search import matches
from runtime.api import (
    FormDraft,
    FormVersion,
    Library,
    Session,
    Texts,
    admission,
    form_address,
    full_names,
    say,
    short_name,
    texts_of,
)

State = Literal["draft", "awaiting", "published", "retired", "shipped"]
"""Being worked on; waiting for somebody's word; in force; no longer; lying in a folder and not published here."""
STATES: tuple[State, ...] = ("draft", "awaiting", "published", "retired", "shipped")

_MOST = 20_000
_Said = dict[tuple[str, str], tuple[Texts, str, str]]
_said: _Said = {}
"""Title, number and frequency of a text that was read already, by address and what tells it from others."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One form as the list shows it; `version` is 0 where none is published."""

    short: str
    """`<department>/<form>`."""
    title: Texts
    number: str
    frequency: str
    version: int
    has_draft: bool
    states: frozenset[State]
    changed_at: datetime | None = None
    changed_by: int | None = None
    version_id: int = 0

    @property
    def department(self) -> str:
        """The department's code."""
        return self.short.partition("/")[0]

    @property
    def name(self) -> str:
        """The form's name within its department."""
        return self.short.partition("/")[2]

    def names(self) -> Iterator[str]:
        """All that it may be found by."""
        yield self.short
        yield self.number
        yield from self.title.values()


def listed(session: Session, library: Library) -> list[Listed]:
    """All forms by department and name."""
    versions = {row.address: row for row in session.execute(_VERSIONS)}
    begun = {row.address: row for row in session.execute(_DRAFTS)}
    said = _read_along(session, versions, begun)
    waiting = admission.waiting(session)
    addresses = {*library.addresses("form"), *versions, *begun}
    found = (_row(a, library, versions.get(a), begun.get(a), a in waiting, said) for a in addresses)
    return sorted(found, key=lambda one: one.short)


def chosen(
    rows: Iterable[Listed], query: str = "", department: str = "", state: str = ""
) -> list[Listed]:
    """Those that answer to a search, are of a department, and have a state (each empty: all)."""
    return [
        one
        for one in rows
        if (not department or one.department == department)
        and (not state or state in one.states)
        and (not query or matches(query, one.names()))
    ]


Order = Literal["name", "number", "changed", "burden"]
ORDERS: tuple[Order, ...] = ("name", "number", "changed", "burden")


def ordered(session: Session, rows: Sequence[Listed], order: str, turned: bool) -> list[Listed]:
    """The rows in an order, `turned` the other way round; those of which it is not known come last."""
    counted = counted_in(session, rows) if order == "burden" else {}
    keys: dict[str, Callable[[Listed], Any]] = {
        "number": lambda one: one.number or None,
        "changed": lambda one: one.changed_at,
        "burden": lambda one: counted[one.short].typed if one.short in counted else None,
        "name": lambda one: say(one.title).casefold(),
    }
    key = keys.get(order, keys["name"])
    known = sorted((one for one in rows if key(one) is not None), key=key)
    known = known[::-1] if turned else known
    return [*known, *(one for one in rows if key(one) is None)]


def counted_in(session: Session, rows: Iterable[Listed]) -> dict[str, Counted]:
    """What each published form asks of whoever fills it, by `<department>/<form>`."""
    return counted_of(session, {one.short: one.version_id for one in rows if one.version_id})


def who_changed(session: Session, rows: Iterable[Listed]) -> dict[int, str]:
    """The names of those who changed the forms last."""
    return full_names(session, (one.changed_by for one in rows))


_VERSIONS = select(
    FormVersion.id,
    FormVersion.address,
    FormVersion.number,
    FormVersion.digest,
    FormVersion.title,
    FormVersion.published_at,
    FormVersion.published_by,
    FormVersion.retired_at,
).order_by(FormVersion.number)
"""The newest of a form comes last."""
_DRAFTS = select(
    FormDraft.id,
    FormDraft.address,
    FormDraft.revision,
    FormDraft.updated_at,
    FormDraft.updated_by,
)


def _row(
    address: str, library: Library, version: Any, draft: Any, waits: bool, said: _Said
) -> Listed:
    short = short_name(address)
    shipped = library.document(address) if address in library else {}
    title, number, frequency = _words(version, draft, shipped, said)
    newer = draft is not None and (version is None or draft.updated_at >= version.published_at)
    return Listed(
        short=short,
        title=title or {"en": short},
        number=number,
        frequency=frequency,
        version=version.number if version else 0,
        has_draft=draft is not None,
        states=frozenset(_states(version, draft, waits)),
        changed_at=draft.updated_at if newer else version.published_at if version else None,
        changed_by=draft.updated_by if newer else version.published_by if version else None,
        version_id=version.id if version else 0,
    )


def _states(version: Any, draft: Any, waits: bool) -> Iterator[State]:
    if draft is not None:
        yield "awaiting" if waits else "draft"
    if version is not None:
        yield "retired" if version.retired_at else "published"
    if draft is None and version is None:
        yield "shipped"


def _words(
    version: Any, draft: Any, shipped: Mapping[str, Any], said: _Said
) -> tuple[Texts, str, str]:
    """Title, number and frequency: of what is in force, else of the draft, else as it shipped."""
    if version is not None:
        _title, number, frequency = said[version.address, version.digest]
        return version.title, number, frequency
    if draft is not None and (words := said[draft.address, _mark(draft)])[0]:
        return words
    return texts_of(shipped), str(shipped.get("number", "")), str(shipped.get("frequency", ""))


def _mark(draft: Any) -> str:
    return f"{draft.id}@{draft.revision}"


def _read_along(session: Session, versions: Mapping[str, Any], begun: Mapping[str, Any]) -> _Said:
    """What these say of themselves; read are those texts only that were not read yet."""
    if len(_said) > _MOST:
        _said.clear()
    keys = {(a, v.digest) for a, v in versions.items()} | {(a, _mark(d)) for a, d in begun.items()}
    said = {key: words for key in keys if (words := _said.get(key)) is not None}
    fresh = {v.id: (a, v.digest) for a, v in versions.items() if (a, v.digest) not in said}
    drafts = {d.id: (a, _mark(d)) for a, d in begun.items() if (a, _mark(d)) not in said}
    for table, wanted in ((FormVersion, fresh), (FormDraft, drafts)):
        for ids in _pieces(list(wanted)):
            query = select(table.id, table.source).where(table.id.in_(ids))
            for row_id, source in session.execute(query):
                head = _head(source)
                said[wanted[row_id]] = (
                    texts_of(head),
                    str(head.get("number", "")),
                    str(head.get("frequency", "")),
                )
    _said.update(said)
    return said


class _Head(msgspec.Struct):
    """What a form says of itself; reading no more than that is many times quicker."""

    title: Any = msgspec.UNSET
    translations: Any = msgspec.UNSET
    number: Any = msgspec.UNSET
    frequency: Any = msgspec.UNSET


_DECODER = msgspec.json.Decoder(_Head)


def _head(source: str) -> dict[str, Any]:
    """The members of a form that the list shows; nothing of a text that is no JSON object."""
    try:
        found: dict[str, Any] = msgspec.to_builtins(_DECODER.decode(source))
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return {}
    return found


def _pieces(ids: list[Any]) -> Iterator[list[Any]]:
    for n in range(0, len(ids), 500):
        yield ids[n : n + 500]


__all__ = ["ORDERS", "STATES", "Listed", "chosen", "form_address", "listed", "ordered"]
