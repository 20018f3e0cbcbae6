"""What a definition says once a field, an indicator or a code means something else: the references that follow.

A rename or a merge is kept as a move, and applied to whatever is read from files or was published before, so that no
file has to be rewritten for it. Not for deciding whether a move may be made.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from runtime.definitions.address import BASE, register_address, resolve, tokens
from runtime.definitions.fills import register_of
from runtime.definitions.moves_within import Names, renamed_conditions, renamed_list
from runtime.definitions.walk import transformed

Documents = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Move:
    """`old` is `new` from now on: addresses with pointers; or, of the code list `codes`, its codes."""

    old: str
    new: str
    codes: str = ""

    def kept(self) -> dict[str, str]:
        """As data."""
        return asdict(self)

    @property
    def register(self) -> str:
        """The address of the register within which a field becomes another; empty for all else."""
        home, _hash, rest = self.old.partition("#")
        same = home == self.new.partition("#")[0] and home.startswith(f"{BASE}dictionary/")
        return home if same and rest.startswith(("/properties/", "/derive/")) else ""

    @property
    def names(self) -> tuple[str, str]:
        """The field's old and new name."""
        return _last(self.old), _last(self.new)


def move_of(kept: Mapping[str, str]) -> Move:
    """The move that `kept` gave."""
    return Move(kept["old"], kept["new"], kept.get("codes", ""))


def moved(document: dict[str, Any], address: str, moves: Iterable[Move], known: Documents) -> Any:
    """The definition at `address` after these moves; the same object where none concerns it.

    `known` are all definitions as written, by address: what a cell refers to is looked up there.
    """
    for move in moves:
        document = _moved(document, address, move, known)
    return document


def _moved(document: dict[str, Any], address: str, move: Move, known: Documents) -> dict[str, Any]:
    if move.codes:
        found = _codes_moved(document, address, move, known)
    else:
        found = transformed(document, lambda schema: _references(schema, address, move))
        if move.register:
            found = _field_moved(found, address, move, known)
    return document if found == document else found


def _references(schema: dict[str, Any], address: str, move: Move) -> dict[str, Any]:
    changed = dict(schema)
    if isinstance(schema.get("$ref"), str):
        changed["$ref"] = _reference(schema["$ref"], address, move)
    if isinstance(schema.get("fill"), dict):
        changed["fill"] = _figures(schema["fill"], address, move)
    return changed


def _figures(fill: dict[str, Any], address: str, move: Move) -> dict[str, Any]:
    """References to other figures; a formula keeps its names, and is told what they are now."""
    found = dict(fill)
    if isinstance(fill.get("ratio"), list):
        found["ratio"] = [
            _reference(one, address, move) if isinstance(one, str) else one for one in fill["ratio"]
        ]
    cells = fill.get("cells")
    if isinstance(cells, dict):
        found["cells"] = {
            name: _reference(one, address, move) if isinstance(one, str) and "#" in one else one
            for name, one in cells.items()
        }
    home, _hash, pointer = move.old.partition("#")
    name = _last(pointer)
    formula = fill.get("formula")
    in_group = address == home and f"/properties/{name}" == pointer
    if (
        isinstance(formula, str)
        and in_group
        and name in formula
        and name not in found.get("cells", {})
    ):
        found["cells"] = {**found.get("cells", {}), name: _relative(address, move.new)}
    return found


def _reference(reference: str, address: str, move: Move) -> str:
    whole = "#".join(resolve(address, reference))
    if whole != move.old and not whole.startswith(f"{move.old}/"):
        return reference
    return _relative(address, move.new + whole.removeprefix(move.old))


def _relative(address: str, target: str) -> str:
    """`target` as the definition at `address` would write it."""
    home, _hash, pointer = target.partition("#")
    if home == address:
        return f"#{pointer}"
    here = posixpath.dirname(address.removeprefix(BASE))
    return f"{posixpath.relpath(home.removeprefix(BASE), here)}#{pointer}"


def _field_moved(document: Any, address: str, move: Move, known: Documents) -> dict[str, Any]:
    old, new = move.names
    names = Names({old: new})

    def rules(schema: dict[str, Any]) -> dict[str, Any]:
        fill = schema.get("fill")
        if not isinstance(fill, dict) or not register_of(fill):
            return schema
        if register_address(register_of(fill)) != move.register:
            return schema
        return {**schema, "fill": _rule(fill, names), **_breakdowns(schema, names)}

    found: dict[str, Any] = transformed(document, rules)
    if address == move.register:
        return _own(found, names)
    if isinstance(found.get("layout"), list):
        tables = _Tables(address, found, move.register, known)
        return {**found, "layout": [tables.renamed(item, names) for item in found["layout"]]}
    return found


def _rule(fill: dict[str, Any], names: Names) -> dict[str, Any]:
    found = dict(fill)
    for key in ("on", "field"):
        if isinstance(fill.get(key), str):
            found[key] = names.of(fill[key])
    if "where" in fill:
        found["where"] = renamed_conditions(fill["where"], names)
    if isinstance(fill.get("order"), list):
        found["order"] = renamed_list(fill["order"], names)
    return found


def _breakdowns(schema: dict[str, Any], names: Names) -> dict[str, Any]:
    by = schema.get("by")
    return {"by": renamed_list(by, names)} if isinstance(by, list) else {}


def _own(document: dict[str, Any], names: Names) -> dict[str, Any]:
    """A register's own words: by what its subjects are known, what follows from its fields, what each must have."""
    found = dict(document)
    if isinstance(document.get("identity"), list):
        found["identity"] = [
            renamed_list(one, names) if isinstance(one, list) else one
            for one in document["identity"]
        ]
    for key in ("label", "place", "required"):
        if isinstance(document.get(key), list):
            found[key] = renamed_list(document[key], names)
    if isinstance(document.get("derive"), dict):
        found["derive"] = {name: _derived(one, names) for name, one in document["derive"].items()}
    for key in ("allOf", "anyOf", "oneOf", "if", "then", "else", "not"):
        if key in document:
            found[key] = renamed_conditions(document[key], names)
    if isinstance(document.get("properties"), dict):
        found["properties"] = {
            name: _from_number(one, names) for name, one in document["properties"].items()
        }
    return found


def _derived(schema: Any, names: Names) -> Any:
    rule = schema.get("rule") if isinstance(schema, dict) else None
    if not isinstance(rule, dict):
        return schema
    found = {
        key: names.of(value) if key in ("since", "until") and isinstance(value, str) else value
        for key, value in rule.items()
    }
    if isinstance(rule.get("compare"), list):
        found["compare"] = [
            names.of(one) if isinstance(one, str) else one for one in rule["compare"]
        ]
    return {**schema, "rule": found}


def _from_number(schema: Any, names: Names) -> Any:
    source = schema.get("fromNumber") if isinstance(schema, dict) else None
    if not isinstance(source, dict) or not isinstance(source.get("field"), str):
        return schema
    return {**schema, "fromNumber": {**source, "field": names.of(source["field"])}}


class _Tables:
    """The cross-tables of a form, whose axes name the fields that their indicators are broken down by."""

    def __init__(self, address: str, form: dict[str, Any], register: str, known: Documents) -> None:
        self.address, self.form, self.register, self.known = address, form, register, known

    def renamed(self, item: Any, names: Names) -> Any:
        if not isinstance(item, dict):
            return item
        found = dict(item)
        if isinstance(item.get("items"), list):
            found["items"] = [self.renamed(one, names) for one in item["items"]]
        if item.get("kind") == "crossTable" and self._is_of(item.get("at")):
            for axis in ("rows", "columns"):
                if isinstance(item.get(axis), dict):
                    found[axis] = self._axis(item[axis], names)
        return found

    def _axis(self, axis: dict[str, Any], names: Names) -> dict[str, Any]:
        return {
            key: renamed_list(value, names)
            if key in ("by", "total") and isinstance(value, list)
            else value
            for key, value in axis.items()
        }

    def _is_of(self, at: Any) -> bool:
        """Whether the table at this cell is of the register, as far as the form itself says."""
        node: Any = self.form
        for name in tokens(at) if isinstance(at, str) and at.startswith("/") else ():
            inner = node.get("properties") if isinstance(node, dict) else None
            node = inner.get(name) if isinstance(inner, dict) else None
        reference = node.get("$ref") if isinstance(node, dict) else None
        if not isinstance(reference, str):
            return True  # what a form extends says it; the name alone decides
        home, pointer = resolve(self.address, reference)
        figure = _at(self.known.get(home, {}), pointer)
        if not isinstance(figure, Mapping):
            return True
        fill = figure.get("fill")
        return isinstance(fill, dict) and register_address(register_of(fill)) == self.register


def _codes_moved(document: dict[str, Any], address: str, move: Move, known: Documents) -> Any:
    """The conditions that name the old code, of fields and cells that have the list."""
    held = _Held(move.codes, known)

    def conditions(schema: dict[str, Any]) -> dict[str, Any]:
        found = dict(schema)
        fill = schema.get("fill")
        if isinstance(fill, dict) and "where" in fill and register_of(fill):
            fields = held.fields(register_address(register_of(fill)))
            found["fill"] = {
                **fill,
                "where": renamed_conditions(fill["where"], _codes(fields, move)),
            }
        own = held.cells(schema, address)
        for key in ("if", "then", "else", "allOf", "anyOf", "not") if own else ():
            if key in schema:
                found[key] = renamed_conditions(schema[key], _codes(own, move))
        return found

    return transformed(document, conditions)


def _codes(fields: Iterable[str], move: Move) -> Names:
    return Names({}, frozenset(fields), move.old, move.new)


class _Held:
    """Which fields and cells take their values from one code list."""

    def __init__(self, codes: str, known: Documents) -> None:
        self.codes, self.known = codes, known

    def fields(self, register: str) -> list[str]:
        document = self.known.get(register, {})
        return self.cells(document, register)

    def cells(self, schema: Mapping[str, Any], address: str) -> list[str]:
        properties = schema.get("properties")
        if not isinstance(properties, Mapping):
            return []
        return [name for name, part in properties.items() if self._leads(part, address, 0)]

    def _leads(self, schema: Any, address: str, depth: int) -> bool:
        reference = schema.get("$ref") if isinstance(schema, Mapping) else None
        if not isinstance(reference, str) or depth > 8:
            return False
        home, pointer = resolve(address, reference)
        if home == self.codes:
            return True
        return self._leads(_at(self.known.get(home, {}), pointer), home, depth + 1)


def _at(document: Any, pointer: str) -> Any:
    for name in tokens(pointer) if pointer.startswith("/") else ():
        if not isinstance(document, Mapping):
            return None
        document = document.get(name)
    return document


def _last(pointer: str) -> str:
    steps: Sequence[str] = tokens(pointer.partition("#")[2] or pointer) if "/" in pointer else ()
    return steps[-1] if steps else ""
