"""Where a field, an indicator or a code list is used: forms, drafts, rules, lists, registers, and outputs of forms.

Of the department's own sheets each cell is told that shows it. Not for finding it in one document: that is
`references`; nor for which documents there are: that is `standing`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from builder.dictionary.references import uses_of
from builder.dictionary.sheet_cells import SheetCell, sheet_cells
from builder.dictionary.standing import Standing, standing
from runtime.api import BASE, Library, Output, Session, Texts, short_name, texts_of


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
    cells: tuple[SheetCell, ...] = ()
    """The cells of the department's own sheets that show it."""
    by: tuple[str, ...] = ()
    """What stands between, by address; empty where it is used only itself."""

    @property
    def short(self) -> str:
        """What a form is called in addresses."""
        return short_name(self.address.partition("#")[0])

    @property
    def by_names(self) -> tuple[str, ...]:
        """What stands between, by name."""
        return tuple(sorted(one.rpartition("/")[2].removesuffix(".json") for one in self.by))


class Where:
    """Who uses what, in a library and, where a session is given, in what was published and begun here."""

    def __init__(
        self,
        library: Library,
        session: Session | None = None,
        outputs: Mapping[str, Output] | None = None,
    ) -> None:
        """`outputs`, the site's, are asked for the sheets in departments' folders."""
        self.library = library
        self._session, self._outputs = session, outputs or {}

    @cached_property
    def _standing(self) -> list[Standing]:
        return list(standing(self.library, self._session))

    def of(self, target: str) -> list[Use]:
        """Everything that uses it directly, forms first."""
        found = [*self._forms([target]), *self._dictionary(target)]
        return sorted(found, key=_order)

    def all(self, target: str) -> list[Use]:
        """Everything that uses it directly, and the forms that show it by way of others."""
        return sorted([*self.forms(target), *self._dictionary(target)], key=_order)

    def forms(self, target: str) -> list[Use]:
        """The forms and drafts that show it, itself or by way of indicators and derived fields (`by`)."""
        return sorted(self._forms(self.leaning_on(target)), key=_order)

    def reached(self, target: str) -> dict[str, frozenset[str]]:
        """Short names of forms that show it, directly or by way of indicators and derived fields -> by which."""
        forms: dict[str, set[str]] = {}
        for short, way in self._ways(self.leaning_on(target)):
            forms.setdefault(short, set()).add(way)
        return {short: frozenset(ways) for short, ways in sorted(forms.items())}

    def leaning_on(self, target: str) -> list[str]:
        """The addresses of itself, and of all in the dictionary that leans on it."""
        waiting, seen = [target], {target: None}
        while waiting:
            for use in self._dictionary(waiting.pop()):
                if use.kind != "register" and use.address not in seen:
                    seen[use.address] = None
                    waiting.append(use.address)
        return list(seen)

    def _ways(self, targets: Iterable[str]) -> Iterator[tuple[str, str]]:
        wanted = dict.fromkeys(targets).keys()
        for one in self._standing:
            for way in wanted & one.uses.keys():
                yield short_name(one.address), way

    def _forms(self, targets: list[str]) -> Iterator[Use]:
        target, wanted = targets[0], dict.fromkeys(targets).keys()
        for one in self._standing:
            ways = wanted & one.uses.keys()
            if not ways:
                continue
            places = _places(place for way in sorted(ways) for place in one.uses[way])
            by = tuple(sorted(ways - {target}))
            cells = self._cells(one, places)
            yield Use(one.kind, one.address, one.title, places, one.outputs, cells, by)

    def _cells(self, one: Standing, places: tuple[str, ...]) -> tuple[SheetCell, ...]:
        if self._session is None:
            return ()
        return sheet_cells(self._session, self._outputs, one.books, places)

    def _dictionary(self, target: str) -> Iterator[Use]:
        for kind in ("indicators", "register"):
            for address in self.library.addresses(kind):
                document = self.library.source(address)
                places = uses_of(document, address).get(target, ())
                yield from _members(address, document, places)


_ORDER = ("form", "draft", "indicator", "field", "register")


def _order(use: Use) -> tuple[int, str]:
    return _ORDER.index(use.kind), use.address


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
    return tuple(dict.fromkeys(pointer for _how, pointer in places))
