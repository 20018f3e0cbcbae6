"""A field, an indicator or a code that becomes another: renamed, or merged. Pure steps, and what stands in their way.

What people know under the old key stays under it, in a ledger that is only ever added to; so the old field stays in
its register, retired and pointing to the new one, while a job carries over what is known (`facts`). Only what nobody
knows, and no published form asks for, is renamed outright.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from builder.dictionary.compatible import findings
from builder.dictionary.keeping import Step
from builder.dictionary.making import NAME
from builder.dictionary.places import Spot, at, flat, steward_of
from builder.dictionary.uses import Where
from runtime.api import EntryError, Library, Move, Session, drafts, form_address
from runtime.api import gettext as _

LEANS_ON = ("identity", "label", "required")
"""What a register cannot do without while it is carried over."""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why it cannot be done, and the way out."""

    why: str


def renamed(library: Library, where: Spot, name: str, outright: bool, known: int) -> Step:
    """The step that gives a member another key: outright, or as a new one with the old retired beside it.

    Raises `EntryError` for a key that is none, or is taken.
    """
    if not NAME.fullmatch(name):
        raise EntryError(
            _("A key has small letters, digits and underscores, and begins with a letter.")
        )
    document = library.source(where.document)
    if name in document.get("properties", {}) or name in document.get("derive", {}):
        raise EntryError(_("There is a “%(name)s” here already.", name=name))
    target = Spot(where.folder, where.home, where.keyword, name)
    members: dict[str, Any] = {}
    for key, schema in document[where.keyword].items():
        if key != where.name:
            members[key] = schema
            continue
        members[name] = schema
        if not outright:
            members[key] = _replaced(schema, name)
    return Step(
        "rename",
        where.address,
        steward_of(library, where),
        {where.document: {**document, where.keyword: members}},
        moves=(Move(where.address, target.address),),
        details={
            "from": where.address,
            "to": target.address,
            "outright": outright,
            "carried": known,
        },
    )


def merged(library: Library, where: Spot, target: Spot, known: int, reason: str) -> Step:
    """The step after which all that used the one uses the other; the one stays, retired, for what is known under it."""
    document = library.source(where.document)
    old = document[where.keyword][where.name]
    members = {**document[where.keyword], where.name: _replaced(old, target.name)}
    documents = {where.document: {**document, where.keyword: members}}
    home = documents.get(target.document) or library.source(target.document)
    kept = _with_synonyms(home[target.keyword][target.name], old)
    documents[target.document] = {
        **home,
        target.keyword: {**home[target.keyword], target.name: kept},
    }
    return Step(
        "merge",
        where.address,
        steward_of(library, where),
        documents,
        moves=(Move(where.address, target.address),),
        details={"from": where.address, "to": target.address, "carried": known},
        reason=reason,
    )


def codes_merged(
    library: Library,
    where: Spot,
    code: str,
    into: str,
    fields: list[tuple[str, str]],
    known: int,
    reason: str,
) -> Step:
    """The step after which conditions that named the one code name the other.

    Where somebody has the code (`known`) in one of `fields` it stays in the list, retired. Raises `EntryError` where
    one of the two is none of the list.
    """
    document = library.source(where.document)
    codes = [one.get("const") for one in document["oneOf"]]
    if code not in codes or into not in codes or code == into:
        raise EntryError(_("Choose two different codes of the list."))
    members = []
    for one in document["oneOf"]:
        if one.get("const") != code:
            members.append(one)
        elif known:
            members.append({**one, "deprecated": True, "replacedBy": into})
    return Step(
        "merge",
        where.document,
        steward_of(library, where),
        {where.document: {**document, "oneOf": members}},
        moves=(Move(code, into, where.document),),
        details={
            "code": code,
            "to": into,
            "carried": known,
            "fields": [list(one) for one in fields],
        },
        reason=reason,
    )


def obstacles(library: Library, where: Spot, target: Spot | None, known: int) -> list[Obstacle]:
    """What stands in the way of renaming it, or of merging it into `target`; `known`: subjects that have it."""
    found = []
    if target is not None:
        found += _of_merge(library, where, target, known)
    if where.kind == "field" and known:
        leaning = _leaning(library, where)
        if leaning:
            text = _(
                "The register itself leans on this field (%(words)s), and %(n)s subjects have it: its key stays. "
                "Its title and other names can be changed at any time, and reach everybody.",
                words=", ".join(leaning),
                n=known,
            )
            found.append(Obstacle(text))
    return found


def is_asked(session: Session, library: Library, where: Spot) -> list[str]:
    """The published forms that ask for it or count by it: they go on under the old key until published anew."""
    published = drafts.published_at(session)
    reached = Where(library, session).reached(where.address)
    return [short for short in reached if form_address(short) in published]


def _of_merge(library: Library, where: Spot, target: Spot, known: int) -> list[Obstacle]:
    found = []
    if where.address == target.address:
        return [Obstacle(_("It cannot be merged with itself."))]
    if where.kind != target.kind:
        return [Obstacle(_("A field and a figure cannot be one; choose another."))]
    if where.kind == "field" and where.document != target.document:
        text = _(
            "They belong to different registers; what is known of one subject is not known of another."
        )
        return [Obstacle(text)]
    if at(library, target).get("deprecated") is True:
        found.append(
            Obstacle(_("The other one is retired; bring it back first, or choose another."))
        )
    one, other = (flat(library, spot.document, at(library, spot)) for spot in (where, target))
    if where.kind == "field" and known:
        narrower = [f.keyword for f in findings(one, other) if not f.is_compatible]
        if narrower:
            text = _(
                "Values of the one are not valid in the other (%(keywords)s); make its limits wider first.",
                keywords=", ".join(narrower),
            )
            found.append(Obstacle(text))
    elif where.kind == "indicator" and one.get("by") != other.get("by"):
        found.append(
            Obstacle(_("They are broken down differently; make the breakdowns alike first."))
        )
    return found


def _leaning(library: Library, where: Spot) -> list[str]:
    document = library.source(where.document)
    found = []
    for word in LEANS_ON:
        names = document.get(word, [])
        flat_names = [n for one in names for n in (one if isinstance(one, list) else [one])]
        if where.name in flat_names:
            found.append(word)
    return found


def _replaced(schema: Mapping[str, Any], name: str) -> dict[str, Any]:
    rest = {key: value for key, value in schema.items() if key != "translations"}
    found = {**rest, "deprecated": True, "replacedBy": name}
    return {**found, "translations": schema["translations"]} if "translations" in schema else found


def _with_synonyms(schema: Mapping[str, Any], old: Mapping[str, Any]) -> dict[str, Any]:
    """The field that stays is found by the names of the one that goes, too."""
    own = list(schema.get("synonyms", ()))
    title = schema.get("title")
    more = [old.get("title"), *old.get("synonyms", ())]
    names = [one for one in more if isinstance(one, str) and one != title and one not in own]
    found = {**schema, "synonyms": [*own, *names]} if names else dict(schema)
    translations = {tag: dict(texts) for tag, texts in (found.get("translations") or {}).items()}
    for tag, texts in (old.get("translations") or {}).items():
        mine = translations.setdefault(tag, {})
        known = [mine.get("title"), *mine.get("synonyms", ())]
        other = [texts.get("title"), *texts.get("synonyms", ())]
        new = [one for one in other if isinstance(one, str) and one not in known]
        if new:
            mine["synonyms"] = [*mine.get("synonyms", ()), *new]
    return {**found, "translations": translations} if translations else found
