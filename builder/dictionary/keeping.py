"""A step in the dictionary carried out or taken back: judged, kept with what differs, drafts along with it.

Nothing is kept that would leave a definition wrong which was not wrong before. Not for making the step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from builder.dictionary.places import at, spot_of
from builder.dictionary.uses import Where
from builder.edits.data import kept, patch_of
from builder.edits.patch import Overtaken, applied, difference, inverse
from builder.history import read
from runtime.api import (
    MISSING,
    Conflict,
    DefinitionError,
    Library,
    Move,
    NotFound,
    Problem,
    Session,
    Site,
    check,
    drafts,
    dumps,
    form_address,
    made_here,
    moved,
    reading,
    writing,
)
from runtime.api import gettext as _

UNDOABLE = frozenset({"make", "change", "retire", "rename", "merge", "take-in"})


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be done: new documents by address (None: gone), and references that follow (`moves`)."""

    kind: str
    """make, change, retire, rename, merge, take-in."""
    address: str
    department: str
    documents: Mapping[str, dict[str, Any] | None]
    moves: tuple[Move, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a step would make: every document and every draft that differs, and what would be wrong then."""

    documents: Mapping[str, dict[str, Any] | None]
    followers: Mapping[str, dict[str, Any]]
    """Documents from files that follow by the moves alone, and are not kept."""
    drafts: Mapping[str, str]
    """Address of a form -> the draft's text then."""
    unreadable: tuple[str, ...]
    """Drafts that are not JSON just now and are left as they are: short names."""
    problems: tuple[Problem, ...]
    """Errors that are not there yet."""


def foresee(session: Session, library: Library, step: Step) -> Foreseen:
    """What the step would make; nothing is kept."""
    known = {address: library.source(address) for address in library.addresses()}
    known |= {a: document for a, document in step.documents.items() if document is not None}
    held = made_here.here(session) | step.documents.keys()
    documents = dict(step.documents)
    followers: dict[str, dict[str, Any]] = {}
    for address, document in known.items():
        found = moved(document, address, step.moves, known)
        if found is not document:
            (documents if address in held else followers)[address] = found
    texts, unreadable = _drafts(session, step.moves, known)
    then = library.with_documents(
        {**followers, **{a: d for a, d in documents.items() if d is not None}}
    )
    problems = _new_problems(session, library, then, step, {*documents, *followers})
    return Foreseen(documents, followers, texts, unreadable, problems)


def carry_out(site: Site, make: Callable[[Library], Step], seen: int, actor: int) -> int:
    """Keep the step that `make` makes of the library; its number. `seen` is the newest step that the page had shown.

    It is judged before anything is locked, and again only where somebody else was quicker. Raises `DefinitionError`
    with the problems where it would leave something wrong, `Conflict` where the same was changed meanwhile.
    """
    with reading(site.engine) as session:
        site.notice(session)
        judged = made_here.revision(session)
        step = make(site.library)
        found = foresee(session, site.library, step)
    _require_right(found)
    with writing(site.engine) as session:
        made_here.alone(session)
        if made_here.revision(session) != judged:
            site.notice(session)
            step = make(site.library)
            found = foresee(session, site.library, step)
            _require_right(found)
        number = _keep(session, site, step, found, seen, actor)
    _notice(site)
    return number


def _notice(site: Site) -> None:
    """Let what comes next in this request see what was done."""
    with reading(site.engine) as session:
        site.notice(session)


def _require_right(found: Foreseen) -> None:
    if found.problems:
        raise DefinitionError(_("This would leave definitions wrong."), found.problems)


def _keep(session: Session, site: Site, step: Step, found: Foreseen, seen: int, actor: int) -> int:
    library = site.library
    made = made_here.Made(
        kind=step.kind,
        address=step.address,
        department=step.department,
        documents=found.documents,
        patches={
            a: kept(patch_to(library, a, document)) for a, document in found.documents.items()
        },
        drafts=_keep_drafts(session, found.drafts, actor),
        moves=step.moves,
        details=step.details,
        reason=step.reason,
    )
    return made_here.keep(session, site.files, made, seen, actor).id


def take_back(site: Site, number: int, actor: int) -> tuple[str, ...]:
    """Undo a step; the short names of drafts that have changed since and stay as they are.

    Raises `Conflict` where something of it was changed again since: that is to be taken back first.
    """
    with writing(site.engine) as session:
        made_here.alone(session)
        site.notice(session)
        left = _take_back(session, site, number, actor)
    _notice(site)
    return left


def _take_back(session: Session, site: Site, number: int, actor: int) -> tuple[str, ...]:
    step = session.get(made_here.DefinitionStep, number)
    if step is None:
        raise NotFound(_("There is no such step."))
    if step.kind not in UNDOABLE or number in made_here.undone(session):
        raise Conflict(_("This step was taken back already."))
    library = site.library
    _require_unpublished(session, library, step)
    documents = {a: _before(library, a, patch) for a, patch in step.patches.items()}
    if step.kind == "rename" and step.details.get("carried"):
        documents |= _with_new_key(library, step, documents)
    texts, left = _drafts_before(session, step.drafts)
    gone = made_here.Made(
        kind="undo",
        address=step.address,
        department=step.department,
        documents=documents,
        patches={a: kept(patch_to(library, a, document)) for a, document in documents.items()},
        drafts=_keep_drafts(session, texts, actor),
        details=dict(step.details),
        undoes=number,
    )
    _require_sound(session, site, step, documents)
    made_here.keep(session, site.files, gone, made_here.revision(session), actor)
    return left


def _with_new_key(
    library: Library, step: made_here.DefinitionStep, documents: Mapping[str, Any]
) -> dict[str, Any]:
    """The new key stays, retired, for what was carried over under it; a job takes that back."""
    old, new = spot_of(str(step.details["from"])), spot_of(str(step.details["to"]))
    if old is None or new is None or documents.get(new.document) is None:
        return {}
    document = documents[new.document]
    schema = {**at(library, new), "deprecated": True, "replacedBy": old.name}
    members = {**document[new.keyword], new.name: schema}
    return {new.document: {**document, new.keyword: members}}


def _require_sound(
    session: Session, site: Site, step: made_here.DefinitionStep, documents: Mapping[str, Any]
) -> None:
    """Nothing that was made since may lean on what goes."""
    if step.moves:
        return  # what follows a move goes back with it
    then = site.library.with_documents({a: d for a, d in documents.items() if d is not None})
    gone = [a for a, document in documents.items() if document is None]
    where = Where(site.library, session)
    users = [use.short for one in gone for use in where.of(one)]
    plain = Step(step.kind, step.address, step.department, documents)
    problems = _new_problems(session, site.library, then, plain, set(documents))
    if users or problems:
        names = ", ".join(dict.fromkeys([*users, *(p.address for p in problems)]))
        text = _("This cannot be taken back while %(names)s use what it made.", names=names)
        raise DefinitionError(text, problems)


def _require_unpublished(
    session: Session, library: Library, step: made_here.DefinitionStep
) -> None:
    """A form that was published since with the new name would lead nowhere."""
    since = [one for one in drafts.newest_here(session) if one.at > step.at]
    names = [one["new"] for one in step.moves if not one.get("codes")]
    if step.kind != "rename" or not names or not since:
        return
    where = Where(library, session)
    used = {use.address for name in names for use in where.of(name) if use.kind == "form"}
    if clash := sorted(one.address for one in since if one.address in used):
        text = _(
            "Forms published since use the new name: %(names)s. Rename it back instead.",
            names=", ".join(clash),
        )
        raise Conflict(text)


def _before(library: Library, address: str, patch: Iterable[Mapping[str, Any]]) -> Any:
    now = library.source(address) if address in library else MISSING
    try:
        found = applied(now, inverse(patch_of(patch)))
    except Overtaken as error:
        text = _(
            "“%(place)s” was changed again since; take that back first.",
            place="/".join(error.change.path[-2:]),
        )
        raise Conflict(text) from error
    return None if found is MISSING else found


def patch_to(library: Library, address: str, document: Any) -> Any:
    """What makes the document of what stands at an address; None for one that goes."""
    before = library.source(address) if address in library else MISSING
    return difference(before, MISSING if document is None else document)


def _drafts(
    session: Session, moves: tuple[Move, ...], known: Mapping[str, Any]
) -> tuple[dict[str, str], tuple[str, ...]]:
    texts, unreadable = {}, []
    for draft in drafts.all_begun(session) if moves else ():
        document = read(draft.source)
        if document is None:
            unreadable.append(draft.address)
            continue
        found = moved(document, draft.address, moves, known)
        if found is not document:
            texts[draft.address] = dumps(found, indent=2)
    return texts, tuple(unreadable)


def _keep_drafts(session: Session, texts: Mapping[str, str], actor: int) -> dict[str, Any]:
    """Each draft's new text; what it made of the old one, as data."""
    patches = {}
    for address, text in texts.items():
        draft = drafts.find(session, address)
        if draft is None:
            continue
        patches[address] = kept(difference(read(draft.source), read(text)))
        drafts.keep(session, address, text, draft.revision, actor)
    return patches


def _drafts_before(
    session: Session, patches: Mapping[str, Any]
) -> tuple[dict[str, str], tuple[str, ...]]:
    texts, left = {}, []
    for address, patch in patches.items():
        draft = drafts.find(session, address)
        document = read(draft.source) if draft else None
        if document is None:
            left.append(address)
            continue
        try:
            texts[address] = dumps(applied(document, inverse(patch_of(patch))), indent=2)
        except Overtaken:
            left.append(address)
    return texts, tuple(left)


def _new_problems(
    session: Session, library: Library, then: Library, step: Step, touched: set[str]
) -> tuple[Problem, ...]:
    """Errors after the step that were not there before: of what it touches, and of what uses that."""
    where = Where(library, session)
    forms = {form_address(short) for short in where.reached(step.address)}
    wanted = sorted((touched | forms) & set(then.addresses()))
    before = {_mark(p) for p in check(library, [a for a in wanted if a in library])}
    after = [p for p in check(then, wanted) if p.severity == "error"]
    return tuple(p for p in after if _mark(p) not in before)


def _mark(problem: Problem) -> tuple[str, str, str]:
    return problem.code, problem.address, problem.pointer
