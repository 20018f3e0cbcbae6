"""Where a field, an indicator or a code list is used: forms, drafts, rules, lists, registers, and outputs of forms.

Forms published here and drafts count as they stand in the database, whatever the files say. Not for finding it in one
document: that is `references`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from builder.dictionary.references import Uses, uses_of
from runtime.api import (
    BASE,
    Library,
    NotJson,
    Session,
    Texts,
    drafts,
    loads,
    made_here,
    short_name,
    texts_of,
)


@dataclass(frozen=True, slots=True)
class Use:
    """One definition that uses something: `kind` is form, draft, indicator, field or register."""

    kind: str
    address: str
    """Of the form; of what stands in the dictionary with its pointer."""
    title: Texts
    places: tuple[str, ...]
    """JSON pointers within it."""
    outputs: tuple[str, ...] = ()
    """Templates and sheets of a form: their names."""

    @property
    def short(self) -> str:
        """What a form is called in addresses."""
        return short_name(self.address.partition("#")[0])


@dataclass(frozen=True, slots=True)
class _Text:
    """A form as it stands in the database."""

    kind: str
    address: str
    title: Texts
    uses: Uses
    outputs: tuple[str, ...]


class Where:
    """Who uses what, in a library and, where a session is given, in what was published and begun here."""

    def __init__(self, library: Library, session: Session | None = None) -> None:
        self.library = library
        self._texts = list(_texts(session, library)) if session is not None else []
        self._published = {one.address for one in self._texts if one.kind == "form"}

    def of(self, target: str) -> list[Use]:
        """Everything that uses it directly, forms first."""
        found = [*self._forms(target), *self._dictionary(target)]
        return sorted(found, key=lambda use: (_ORDER.index(use.kind), use.address))

    def reached(self, target: str) -> dict[str, frozenset[str]]:
        """Short names of forms that show it, directly or by way of indicators and derived fields -> by which."""
        waiting, seen = [target], {target}
        forms: dict[str, set[str]] = {}
        while waiting:
            one = waiting.pop()
            for use in self.of(one):
                if use.kind in ("form", "draft"):
                    forms.setdefault(use.short, set()).add(one)
                elif use.kind != "register" and use.address not in seen:
                    seen.add(use.address)
                    waiting.append(use.address)
        return {short: frozenset(ways) for short, ways in sorted(forms.items())}

    def _forms(self, target: str) -> Iterator[Use]:
        for one in self._texts:
            if places := one.uses.get(target):
                yield Use(one.kind, one.address, one.title, _places(places), one.outputs)
        for address in self.library.addresses("form"):
            if address in self._published:
                continue
            document = _written(self.library, address)
            if places := uses_of(document, address).get(target):
                yield Use(
                    "form", address, texts_of(document), _places(places), outputs_of(document)
                )

    def _dictionary(self, target: str) -> Iterator[Use]:
        for kind in ("indicators", "register"):
            for address in self.library.addresses(
                "register" if kind == "register" else "indicators"
            ):
                document = self.library.source(address)
                places = uses_of(document, address).get(target, ())
                yield from _members(address, document, places)


_ORDER = ("form", "draft", "indicator", "field", "register")


def _written(library: Library, address: str) -> Mapping[str, Any]:
    """A form as its author wrote it; one that extends another with all that it has from there."""
    source = library.source(address)
    return library.document(address) if "extends" in source else source


def _members(
    address: str, document: Mapping[str, Any], places: Iterable[tuple[str, str]]
) -> Iterator[Use]:
    """The indicators and fields of a document in which something is used, or the register itself."""
    by_member: dict[str, list[str]] = {}
    for _how, pointer in places:
        steps = pointer.split("/")
        own = len(steps) > 2 and steps[1] in ("properties", "derive")
        by_member.setdefault("/".join(steps[:3]) if own else "", []).append(pointer)
    for member, pointers in by_member.items():
        node: Any = document
        for step in member.split("/")[1:]:
            node = node.get(step, {}) if isinstance(node, Mapping) else {}
        kind = "field" if address.startswith(f"{BASE}dictionary/") else "indicator"
        whole = f"{address}#{member}" if member else address
        yield Use(kind if member else "register", whole, texts_of(node), tuple(pointers))


def _places(places: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(pointer for _how, pointer in places)


def outputs_of(document: Mapping[str, Any]) -> tuple[str, ...]:
    """The templates and sheets that a form is written into."""
    outputs = document.get("outputs")
    found = []
    for name, page in outputs.items() if isinstance(outputs, Mapping) else ():
        template = page.get("template") if isinstance(page, Mapping) else None
        found.append(f"{name}: {template}" if isinstance(template, str) else str(name))
    return tuple(found)


def _texts(session: Session, library: Library) -> Iterator[_Text]:
    """The forms published by people here, newest version each, and the drafts."""
    moves = made_here.revision(session)
    for one in drafts.newest_here(session):
        key = ("form", one.address, f"{one.digest} {moves}")
        yield _known.get(key) or _read(key, drafts.source_of(session, library, one.id))
    for draft in drafts.all_begun(session):
        key = ("draft", draft.address, f"{draft.id} {draft.revision}")
        yield _known.get(key) or _read(key, draft.source)


_known: dict[tuple[str, str, str], _Text] = {}
MOST_KEPT = 10_000


def _read(key: tuple[str, str, str], text: str) -> _Text:
    """What a text uses, found once for each version and each revision of a draft."""
    if len(_known) >= MOST_KEPT:
        _known.clear()
    kind, address, _mark = key
    document = _document(text)
    found = _Text(
        kind, address, texts_of(document), uses_of(document, address), outputs_of(document)
    )
    _known[key] = found
    return found


def _document(text: str) -> dict[str, Any]:
    try:
        found = loads(text)
    except NotJson:
        return {}
    return found if isinstance(found, dict) else {}
