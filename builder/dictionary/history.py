"""Steps in the dictionary told in sentences, newest first. Not for keeping or undoing them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from builder.dictionary.keeping import UNDOABLE
from builder.dictionary.places import spot_of
from builder.edits.data import patch_of
from builder.edits.patch import Change
from builder.edits.sentences import sentences
from runtime.api import MISSING, Library, Session, made_here, say, short_name, texts_of
from runtime.api import gettext as _

MOST = 12
"""Sentences of one step that are told."""


@dataclass(frozen=True, slots=True)
class Told:
    """One step as people read it."""

    id: int
    kind: str
    address: str
    title: str
    at: datetime
    by: str
    department: str
    sentences: tuple[str, ...]
    more: int
    reason: str
    like: tuple[str, ...]
    """The addresses that it was near when it was made."""
    is_undone: bool
    may_be_undone: bool
    undoes: int | None


def told(
    session: Session, library: Library, steps: Sequence[made_here.DefinitionStep]
) -> list[Told]:
    """These steps in sentences, in the language in force."""
    gone, names = made_here.undone(session), made_here.who(session, steps)
    return [_told(library, step, gone, names) for step in steps]


def _told(
    library: Library,
    step: made_here.DefinitionStep,
    gone: frozenset[int],
    names: Mapping[int, str],
) -> Told:
    said = list(dict.fromkeys(_sentences(library, step)))
    like = step.details.get("like")
    return Told(
        id=step.id,
        kind=step.kind,
        address=step.address,
        title=title_of(library, step.address),
        at=step.at,
        by=names.get(step.by, "") if step.by is not None else "",
        department=step.department,
        sentences=tuple(said[:MOST]),
        more=max(0, len(said) - MOST),
        reason=step.reason,
        like=tuple(like) if isinstance(like, list) else (),
        is_undone=step.id in gone,
        may_be_undone=step.kind in UNDOABLE and step.id not in gone,
        undoes=step.undoes,
    )


def title_of(library: Library, address: str) -> str:
    """What is called so at an address: its title, or its key where it is gone."""
    where = spot_of(address)
    if where is None or where.document not in library:
        return address.rpartition("/")[2].removesuffix(".json")
    node: Any = library.source(where.document)
    if where.name:
        node = node.get(where.keyword, {}).get(where.name, {})
    return say(texts_of(node)) or where.name or where.home


def _sentences(library: Library, step: made_here.DefinitionStep) -> Iterator[str]:
    target = str(step.details.get("to", ""))
    if step.kind == "undo":
        yield _("took back: %(what)s", what=title_of(library, step.address))
        return
    if step.kind == "rename":
        yield _("renamed the key %(old)s to %(new)s", old=_last(step.address), new=_last(target))
    elif step.kind == "merge" and "code" in step.details:
        yield _("merged the code %(old)s into %(new)s", old=step.details["code"], new=target)
    elif step.kind == "merge":
        yield _("merged it into “%(title)s”", title=title_of(library, target))
    elif step.kind == "apart":
        other = [one for one in step.details.get("apart", ()) if one != step.address]
        yield _(
            "said that it differs from “%(title)s”",
            title=title_of(library, other[0]) if other else "",
        )
    elif step.kind == "take-in":
        yield _("brought it together with what was shipped")
    own = {"rename", "merge", "apart"}
    if step.kind not in own:
        for patch in step.patches.values():
            yield from _patch(patch_of(patch))
    if step.drafts:
        yield _("rewrote drafts: %(names)s", names=", ".join(map(short_name, step.drafts)))


def _patch(patch: tuple[Change, ...]) -> Iterator[str]:
    """The sentences of forms fit most of it; codes are told one by one."""
    for change in patch:
        if change.path == () and change.before is MISSING:
            yield _("made it")
        elif change.path[-1:] == ("oneOf",):
            yield from _codes(change)
        elif change.path[-1:] == ("deprecated",):
            yield _("retired it") if change.after is True else _("brought it back into use")
        elif change.path:
            before, after = _around(change, change.before), _around(change, change.after)
            said = sentences(before, after, (change,), lambda _node: "")
            yield from (f"{one}{_language(change)}" for one in said)


def _language(change: Change) -> str:
    """Of a translation, which language it is in."""
    at = change.path.index("translations") if "translations" in change.path else -1
    return f" ({change.path[at + 1]})" if 0 <= at < len(change.path) - 1 else ""


def _around(change: Change, value: Any) -> Any:
    """As much of a document as leads to the change; the sentence needs no more."""
    node: Any = value
    for key in reversed(change.path):
        node = {} if node is MISSING else {key: node}
    return node


def _codes(change: Change) -> Iterator[str]:
    old, new = (_members(one) for one in (change.before, change.after))
    for code in new:
        if code not in old:
            yield _("added the code %(code)s “%(title)s”", code=code, title=new[code])
        elif old[code] != new[code]:
            yield _("changed the code %(code)s “%(title)s”", code=code, title=new[code])
    for code in old:
        if code not in new:
            yield _("removed the code %(code)s “%(title)s”", code=code, title=old[code])


def _members(codes: Any) -> dict[str, str]:
    found = codes if isinstance(codes, list) else []
    return {
        str(one.get("const", "")): say(texts_of(one)) for one in found if isinstance(one, Mapping)
    }


def _last(address: str) -> str:
    return address.rpartition("/")[2]
