"""What one definition uses of the dictionary, found once for each document. Not for asking who uses something.

Definitions never change while they are held, so what was found of one is kept with it: a dictionary of a thousand
forms in which one has changed is gone through in the time of one.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from threading import Lock
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin

from runtime.api import BASE, WrongFormula, names_in, register_address, register_of

Uses = Mapping[str, tuple[tuple[str, str], ...]]
"""Address of a field, indicator or code list -> how and where it is used: (`refers` or `reads`, pointer)."""
MOST_KEPT = 20_000
_kept: OrderedDict[int, tuple[Any, Uses]] = OrderedDict()
_lock = Lock()
_OWN = ("identity", "label", "place", "required", "if", "then", "else", "allOf", "anyOf", "not")


def uses_of(document: Mapping[str, Any], address: str) -> Uses:
    """What the definition at `address` uses; the same document object is gone through once."""
    key = id(document)
    with _lock:
        kept = _kept.get(key)
        if kept is not None and kept[0] is document:
            _kept.move_to_end(key)
            return kept[1]
    found = _found(document, address)
    with _lock:
        _kept[key] = (document, found)
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return found


def item_of(whole: str) -> str:
    """The address of the field or indicator that a reference leads to or into; of a code list its own."""
    home, _hash, pointer = whole.partition("#")
    steps = pointer.split("/")
    return f"{home}#{'/'.join(steps[:3])}" if len(steps) > 2 else home


def _found(document: Mapping[str, Any], address: str) -> Uses:
    uses: dict[str, dict[tuple[str, str], None]] = {}
    for how, pointer, target in _all(document, address):
        uses.setdefault(target, {})[how, pointer] = None
    return {target: tuple(places) for target, places in uses.items()}


def _all(document: Mapping[str, Any], address: str) -> Iterator[tuple[str, str, str]]:
    for pointer, node in _nodes(document, ""):
        reference = node.get("$ref")
        if isinstance(reference, str):
            yield "refers", pointer, item_of(_whole(address, reference))
        yield from _figures(node, pointer, address)
        for register, place in _registers(node):
            yield "reads", pointer + place, register_address(register)
        for register, name, place in _rules(node):
            yield from _fields(register_address(register), name, pointer + place)
    if address.startswith(f"{BASE}dictionary/"):
        yield from _own_words(document, address)


def _figures(node: Mapping[str, Any], pointer: str, address: str) -> Iterator[tuple[str, str, str]]:
    """Other figures that one is worked out from, and the bands that it is broken down by."""
    fill = node.get("fill")
    if isinstance(fill, Mapping):
        cells = fill.get("cells")
        named = [
            *(fill.get("ratio") or ()),
            *(cells.values() if isinstance(cells, Mapping) else ()),
        ]
        for reference in named:
            if isinstance(reference, str) and "#" in reference:
                yield "reads", f"{pointer}/fill", item_of(_whole(address, reference))
        if address.startswith(f"{BASE}indicators/"):
            for name in _of_the_group(fill):
                yield "reads", f"{pointer}/fill", f"{address}#/properties/{name}"
    by = node.get("by")
    for one in by if isinstance(by, list) else ():
        if isinstance(one, Mapping) and isinstance(one.get("bands"), str):
            yield "refers", f"{pointer}/by", item_of(_whole(address, one["bands"]))


def _registers(node: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The registers that a form is about, and that a rule or list reads."""
    fill, subject = node.get("fill"), node.get("subject")
    if isinstance(fill, Mapping) and (register := register_of(fill)):
        yield register, "/fill"
    if isinstance(subject, str) and str(node.get("$schema", "")).endswith("/form.json"):
        yield subject, ""


def _of_the_group(fill: Mapping[str, Any]) -> Iterator[str]:
    """The names of a formula that mean an indicator beside it, as nothing else is said of them."""
    text, cells = fill.get("formula"), fill.get("cells")
    try:
        names = names_in(text) if isinstance(text, str) else ()
    except WrongFormula:  # the check says so
        return
    yield from (name for name in names if not isinstance(cells, Mapping) or name not in cells)


def _rules(node: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """The register, name and place of each field that a rule over subjects reads."""
    fill = node.get("fill")
    register = register_of(fill) if isinstance(fill, Mapping) else ""
    if not isinstance(fill, Mapping) or not register:
        return
    by, order = node.get("by"), fill.get("order")
    for name in (fill.get("on"), fill.get("field"), *(order if isinstance(order, list) else ())):
        if isinstance(name, str):
            yield register, name.removeprefix("-"), "/fill"
    for one in by if isinstance(by, list) else ():
        name = one.get("field") if isinstance(one, Mapping) else one
        if isinstance(name, str):
            yield register, name, "/by"
    for name in tested(fill.get("where")):
        yield register, name, "/fill/where"


def tested(where: Any) -> Iterator[str]:
    """The names of the properties that a condition looks at, at any depth."""
    if isinstance(where, list):
        for part in where:
            yield from tested(part)
    elif isinstance(where, Mapping):
        properties, required = where.get("properties"), where.get("required")
        yield from properties if isinstance(properties, Mapping) else ()
        yield from (n for n in required if isinstance(n, str)) if isinstance(required, list) else ()
        for keyword in ("allOf", "anyOf", "oneOf", "not", "if", "then", "else"):
            yield from tested(where.get(keyword))


def _own_words(document: Mapping[str, Any], address: str) -> Iterator[tuple[str, str, str]]:
    """What a register says of its own fields."""
    for keyword in _OWN:
        value = document.get(keyword)
        lists = value if keyword == "identity" and isinstance(value, list) else [value]
        for one in lists:
            plain = keyword in ("identity", "label", "place", "required")
            names = one if plain and isinstance(one, list) else () if plain else tested(one)
            for name in names:
                if isinstance(name, str):
                    yield from _fields(address, name, f"/{keyword}")
    derived, fields = document.get("derive"), document.get("properties")
    for name, schema in derived.items() if isinstance(derived, Mapping) else ():
        rule = schema.get("rule") if isinstance(schema, Mapping) else None
        rule = rule if isinstance(rule, Mapping) else {}
        compared = rule.get("compare")
        read = [
            rule.get("since"),
            rule.get("until"),
            *(compared if isinstance(compared, list) else ()),
        ]
        for field in read:
            if isinstance(field, str) and field.isidentifier():
                yield from _fields(address, field, f"/derive/{name}")
    for name, schema in fields.items() if isinstance(fields, Mapping) else ():
        source = schema.get("fromNumber") if isinstance(schema, Mapping) else None
        if isinstance(source, Mapping) and isinstance(source.get("field"), str):
            yield from _fields(address, source["field"], f"/properties/{name}/fromNumber")


def _fields(home: str, name: str, pointer: str) -> Iterator[tuple[str, str, str]]:
    for keyword in ("properties", "derive"):
        yield "reads", pointer, f"{home}#/{keyword}/{name}"


def _nodes(node: Any, pointer: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if isinstance(node, Mapping):
        yield pointer, node
        for key, value in node.items():
            if isinstance(value, (Mapping, list)):
                yield from _nodes(value, f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(node, list):
        for n, value in enumerate(node):
            if isinstance(value, (Mapping, list)):
                yield from _nodes(value, f"{pointer}/{n}")


def _whole(address: str, reference: str) -> str:
    try:
        home, fragment = urldefrag(urljoin(address, reference))
    except ValueError:
        return reference
    return f"{home}#{unquote(fragment)}" if fragment else home
