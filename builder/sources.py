"""The JSON texts of forms: looked up by name and version, and taken in as drafts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from builder.history import read
from runtime.api import (
    MISSING,
    Conflict,
    Library,
    NotFound,
    OperatorError,
    Plan,
    Session,
    Site,
    cells,
    drafts,
    form_address,
    place,
    short_name,
    walk,
    why_locked,
    writing,
)
from runtime.api import gettext as _

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_NOT_IN_NAMES = re.compile(r"[^a-z0-9]+")


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


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a text that was taken in; `rows` say each problem, and each part that is kept but locked."""

    short: str
    drawn: int
    locked: int
    rows: tuple[str, ...]


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


def imported(
    site: Site,
    texts: Sequence[tuple[PurePosixPath, str]],
    department: str | None,
    name: str | None,
) -> list[Imported]:
    """Keep each text as the draft of the form that it is or will be, letter by letter: all of them or none.

    A form of ours says its department, and `forms/<department>/<form>.json` is its place in a set. Raises
    `OperatorError` where neither that nor `department` says whose it is, and for two of one name, `Conflict` where
    one has a draft already.
    """
    wanted: dict[str, str] = {}
    for file, text in texts:
        short = f"{_department(site, file, text, department)}/{_name(file, name)}"
        if wanted.setdefault(short, text) is not text:
            raise OperatorError(_("Two of them would be %(name)s.", name=short))
    with writing(site.engine) as session:
        for short, text in wanted.items():
            _keep(session, short, text)
    return [_told(site, short, text) for short, text in wanted.items()]


def _keep(session: Session, short: str, text: str) -> None:
    address = form_address(short)
    if drafts.find(session, address) is not None:
        raise Conflict(
            _("%(name)s has a draft already; publish it or throw it away first.", name=short)
        )
    drafts.keep(session, address, text, 0, None)


def _told(site: Site, short: str, text: str) -> Imported:
    judged = drafts.judge(site.library, form_address(short), text)
    said = [f"{p.pointer or '/'}: {p.message}" for p in judged.problems]
    drawn, locked = _drawn(judged.plan)
    return Imported(short, drawn, len(locked), (*said, *locked))


def _text(session: Session, library: Library, address: str, wanted: str) -> str:
    if wanted == "draft":
        draft = drafts.find(session, address)
        return draft.source if draft else ""
    versions = drafts.versions(session, address)
    if wanted != "newest":
        return next((one.source for one in versions if str(one.number) == wanted), "")
    return versions[0].source if versions else drafts.shipped(library, address)


def _department(site: Site, file: PurePosixPath, text: str, said: str | None) -> str:
    document = read(text) or {}
    own = document.get("department")
    within = file.parent.name if file.parent.parent.name == "forms" else ""
    code = said or (own if isinstance(own, str) else "") or within
    if code not in site.library.departments():
        known = ", ".join(sorted(site.library.departments()))
        raise OperatorError(
            _(
                "Say whose form %(name)s is with --department: one of %(known)s.",
                name=file.name,
                known=known,
            )
        )
    return code


def _name(file: PurePosixPath, said: str | None) -> str:
    name = said or _NOT_IN_NAMES.sub("-", file.stem.casefold()).strip("-") or "form"
    if not _NAME.fullmatch(name) or name == "department":
        raise OperatorError(
            _("A form's name has small letters, digits and single dashes, such as home-visits.")
        )
    return name


def _drawn(plan: Plan | None) -> tuple[int, list[str]]:
    """How many cells are real controls, and a line for each part that is not."""
    if plan is None:
        return 0, []
    placed = place(plan, MISSING)
    locked = [f"{one.pointer or '/'}: {why_locked(one)}" for one in walk(placed) if one.locked]
    return sum(not cell.locked for cell in cells(placed)), locked
