"""Why the value of a cell is to be looked at, in sentences for the panel that tells why. Not for finding it out."""

from __future__ import annotations

from collections.abc import Iterable

from runtime.entry.count import Shown
from runtime.entry.drawn import Drawn
from runtime.entry.hold import OPEN
from runtime.fill.ground_of_unit import MOST
from runtime.language import gettext as _
from runtime.language import ngettext
from runtime.web.described import faces_of
from runtime.web.filling import Filling
from runtime.web.frame import day
from runtime.web.looked import last, standing


def doubts(filling: Filling, cell: Drawn) -> list[str]:
    """What is not sound of the value in an open entry's cell, as it was looked at last; nothing where all is sound."""
    entry = filling.entry
    if entry.state not in OPEN:
        return []
    looked = last(entry.id)
    if looked is not None and not looked.whole:
        return [_too_many()] if cell.face.fill is not None and cell.name in entry.provenance else []
    seen = standing(entry.id, entry.data, entry.provenance).get(cell.name)
    return list(_sentences(filling, cell, seen)) if seen is not None else []


def _too_many() -> str:
    return _(
        "Nobody has looked how old the facts behind it are: the unit has more than %(most)s subjects.",
        most=MOST,
    )


def _sentences(filling: Filling, cell: Drawn, seen: Shown) -> Iterable[str]:
    if seen.state == "offered":
        yield _("It is proposed by the form, and nobody has said yet that it is so.")
    if seen.state == "conflict":
        yield _("Of what it rests on two sources say different things; nobody has decided yet.")
    if cell.face.fill is None:
        return
    register = filling.plan.rules[cell.face.fill.rule].register
    if seen.state == "stale":
        names = titles(register, seen.fields)
        said = {"n": seen.old, "all": seen.subjects, "day": day(seen.before), "fields": names}
        yield _(
            "Of %(n)s of the %(all)s it was last said before %(day)s (%(fields)s); it may have changed.",
            **said,
        )
    if seen.state == "incomplete":
        count = seen.concerned
        yield ngettext(
            "%(n)s more should be counted and stands in no row: %(fields)s.",
            "%(n)s more should be counted and stand in no row: %(fields)s.",
            count,
            fields=titles(register, seen.fields),
        )
    if seen.state == "missing":
        yield _("Nobody has sent what it needs: %(fields)s.", fields=titles(register, seen.unknown))


def titles(register: str, names: Iterable[str]) -> str:
    """The titles of a register's fields, in one line."""
    faces = faces_of(register)
    return _(", ").join(sorted(faces[n][0] if n in faces else n for n in names))
