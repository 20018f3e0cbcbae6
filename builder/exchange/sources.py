"""The JSON texts of forms, looked up by name and version. Not for what comes in."""

from __future__ import annotations

from dataclasses import dataclass

from runtime.api import Library, NotFound, Session, drafts, form_address, short_name
from runtime.api import gettext as _


@dataclass(frozen=True, slots=True)
class Source:
    """A form's text and where it is from; `address` is empty for a file."""

    name: str
    address: str
    text: str

    @property
    def short(self) -> str:
        """`<department>/<form>`."""
        return short_name(self.address)


def found(session: Session, library: Library, name: str) -> Source:
    """The form `<department>/<form>`: its newest version or as it shipped; `…@2` that version, `…@draft` the draft.

    Raises `NotFound` where there is none.
    """
    short, at, wanted = name.partition("@")
    if not at:
        wanted = "newest"
    address = form_address(short)
    text = _text(session, library, address, wanted)
    if not text:
        raise NotFound(_("There is no form %(name)s.", name=name))
    return Source(name, address, text)


def _text(session: Session, library: Library, address: str, wanted: str) -> str:
    if wanted == "draft":
        draft = drafts.find(session, address)
        return draft.source if draft else ""
    versions = drafts.versions(session, address)
    if wanted != "newest":
        return next((one.source for one in versions if str(one.number) == wanted), "")
    return versions[0].source if versions else drafts.shipped(library, address)
