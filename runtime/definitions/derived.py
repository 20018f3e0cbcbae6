"""A definition in full: what it extends merged in, its breakdowns written out. Not for judging the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from runtime.definitions.address import at, pointer, register_address, resolve
from runtime.definitions.expand import Breakdown, expanded, figure, members_of
from runtime.definitions.fills import ADDITIVE, operation, register_of, with_cells
from runtime.definitions.merge import extended
from runtime.definitions.read import Source
from runtime.definitions.walk import rebased
from runtime.errors import Problem
from runtime.language import gettext as _

MOST_CELLS = 20_000
"""Cells that one indicator may be broken down into."""


@dataclass(frozen=True, slots=True)
class Derived:
    """One definition in full, what was wrong on the way, and the other addresses that it was made from."""

    document: dict[str, Any]
    problems: tuple[Problem, ...] = ()
    uses: frozenset[str] = frozenset()


class Derivation:
    """Makes one `Derived`; it notes each address that it reads."""

    def __init__(self, sources: Mapping[str, Source]) -> None:
        self._sources = sources
        self._uses: set[str] = set()
        self._problems: list[Problem] = []

    def make(self, address: str) -> Derived:
        """The definition at `address` in full."""
        source = self._sources[address]
        document = self._merged(source, ())
        if source.kind == "indicators":
            document = self._expanded(document, address)
        return Derived(document, tuple(self._problems), frozenset(self._uses))

    def _read(self, address: str) -> Source | None:
        self._uses.add(address)
        return self._sources.get(address)

    def _merged(self, source: Source, below: tuple[str, ...]) -> dict[str, Any]:
        own: dict[str, Any] = rebased(source.document, source.address)
        own.setdefault("$id", source.address)
        base = self._base(source, below) if "extends" in own else None
        if base is None:
            return own
        merged, problems = extended(self._merged(base, (*below, source.address)), own)
        if not below:
            self._problems += [_of(p, source.address) for p in problems]
        for key in ("$schema", "$id"):
            if key in own:
                merged[key] = own[key]
        return merged

    def _base(self, source: Source, below: tuple[str, ...]) -> Source | None:
        name = source.document["extends"]
        if not isinstance(name, str) or source.kind != "form":
            return None
        address, _fragment = resolve(source.address, name)
        base = self._read(address)
        code, text = "", ""
        if address == source.address or address in below:
            code, base = "extends-cycle", None
            text = _(
                "The form extends itself, by way of %(address)s; take one `extends` out.",
                address=address,
            )
        elif base is None:
            code = "extends-unknown"
            text = _(
                "There is no definition at %(address)s to extend; correct `extends`.",
                address=address,
            )
        elif base.kind != "form":
            code, base = "extends-kind", None
            text = _("%(address)s is not a form; a form extends another form.", address=address)
        if text:
            self._problems.append(Problem(code, text, "/extends", source.address))
        return base

    def _expanded(self, document: dict[str, Any], address: str) -> dict[str, Any]:
        indicators = document.get("properties")
        if not isinstance(indicators, dict):
            return document
        made = {name: self._indicator(one, address, name) for name, one in indicators.items()}
        return {**document, "properties": made}

    def _indicator(self, indicator: Any, address: str, name: str) -> Any:
        if isinstance(indicator, dict) and isinstance(indicator.get("fill"), dict):
            indicator = {**indicator, "fill": with_cells(indicator["fill"], address)}
        if not isinstance(indicator, dict) or "by" not in indicator or "properties" in indicator:
            return indicator
        place = pointer("properties", name)
        fill = indicator.get("fill")
        if not isinstance(fill, dict):
            fill = {}
        register = register_of(fill) if operation(fill) else ""
        source = self._read(register_address(register)) if register else None
        if source is None or source.kind != "register":
            return indicator  # the check says that the register is unknown
        breakdowns = self._breakdowns(source, indicator["by"])
        if breakdowns is None:
            return indicator  # the check says which breakdown has no closed list
        cells = 1
        for one in breakdowns:
            cells *= len(one.members) + 1
        if cells > MOST_CELLS:
            text = _(
                "The breakdowns make %(cells)s cells, and %(most)s are the most; "
                "use a shorter code list or bands.",
                cells=cells,
                most=MOST_CELLS,
            )
            self._problems.append(Problem("by-too-many", text, place + "/by", address))
            return indicator
        op = operation(fill)
        leaf = figure(op, self._field(source, fill.get("field")), indicator)
        return expanded(indicator, f"{address}#{place}", breakdowns, leaf, additive=op in ADDITIVE)

    def _breakdowns(self, register: Source, by: Any) -> list[Breakdown] | None:
        if not isinstance(by, list) or not by:
            return None
        found = []
        for item in by:
            field, bands = (item, None)
            if isinstance(item, dict):
                field, bands = item.get("field"), item.get("bands")
            schema = self._field(register, field)
            if isinstance(bands, str):
                schema = self._at(bands) if schema else {}
            members = members_of(schema)
            if not members or not isinstance(field, str):
                return None
            found.append(Breakdown(field, members))
        return found

    def _field(self, register: Source, name: Any) -> dict[str, Any]:
        """The field or derived field of this name, with what its `$ref` says; empty when there is none."""
        for group in ("properties", "derive"):
            fields = register.document.get(group)
            if (
                isinstance(name, str)
                and isinstance(fields, dict)
                and isinstance(fields.get(name), dict)
            ):
                return self._with_target(fields[name], register.address, ())
        return {}

    def _with_target(
        self, schema: dict[str, Any], base: str, seen: tuple[str, ...]
    ) -> dict[str, Any]:
        reference = schema.get("$ref")
        if not isinstance(reference, str) or len(seen) > 20:
            return schema
        address, fragment = resolve(base, reference)
        target = self._at(address, fragment)
        if not isinstance(target, dict):
            return schema
        return {**self._with_target(target, address, (*seen, address)), **schema}

    def _at(self, address: str, fragment: str = "") -> dict[str, Any]:
        source = self._read(address)
        try:
            found = at(source.document, fragment) if source else {}
        except LookupError:
            return {}
        return found if isinstance(found, dict) else {}


def _of(problem: Problem, address: str) -> Problem:
    return Problem(problem.code, problem.message, problem.pointer, address, problem.severity)


Derive = Callable[[str], Derived]
