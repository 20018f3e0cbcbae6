"""The list of forms: what shipped, what departments brought, what was begun or published here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from runtime.api import Library, Session, Texts, drafts, form_address, short_name, texts_of


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
    published = drafts.latest_versions(session)
    begun = drafts.begun(session)
    shorts = {short_name(a) for a in [*library.addresses("form"), *published, *begun]}
    return [_row(short, library, published, begun) for short in sorted(shorts)]


def _row(
    short: str, library: Library, published: dict[str, drafts.Latest], begun: frozenset[str]
) -> Listed:
    address = form_address(short)
    source = library.document(address) if address in library else {}
    latest = published.get(address)
    return Listed(
        short=short,
        title=(latest.title if latest else texts_of(source)) or {"en": short},
        number=str(source.get("number", "")),
        frequency=str(source.get("frequency", "")),
        version=latest.number if latest else 0,
        has_draft=address in begun,
    )
