"""Whatever a definition holds, it is read, checked and bundled without an exception."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from runtime.definitions.address import absolute
from runtime.definitions.check import check
from runtime.definitions.codes import CODES
from runtime.definitions.json import dumps
from runtime.definitions.load import Library
from runtime.definitions.publish import bundle, digest
from tests.definitions.library import good

ADDRESSES = good().addresses()


WORDS = [
    *sorted(
        {
            word
            for address in ADDRESSES
            for word in dumps(good().source(address)).replace('"', " ").split()
            if word.isidentifier()
        }
    ),
    "$id", "$ref", "$defs", "$anchor", "$dynamicRef", "$dynamicAnchor", "extends", "remove", "place",
    "dependentSchemas", "prefixItems", "contains", "not", "if", "then", "else", "*", "", "0/x", "1/*",
    "#", "#/", "#/$defs/a", "../", "http://[", "person.json", "../../dictionary/person.json#/properties",
    "/properties", "/holders", "\x00", "%", "%(name)s",
]  # fmt: skip

ATOMS = (
    st.none()
    | st.booleans()
    | st.integers(-3, 300)
    | st.sampled_from([10**400, -(10**20)])
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.sampled_from(WORDS)
    | st.text(max_size=5)
)
JSON = st.recursive(
    ATOMS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(WORDS) | st.text(max_size=5), inner, max_size=5)
    ),
    max_leaves=15,
)


def nodes(value: Any, place: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [place]
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, part in pairs:
        here = (*place, key)
        found += nodes(part, here) if isinstance(part, (dict, list)) else [here]
    return found


def replaced(document: Any, place: tuple[Any, ...], value: Any) -> Any:
    if not place:
        return value
    made = copy.deepcopy(document)
    part = made
    for step in place[:-1]:
        part = part[step]
    part[place[-1]] = value
    return made


def judged(library: Library, *addresses: str) -> None:
    _ = library.registry
    for found in check(library):
        assert found.code in CODES
        assert found.message
        assert found.severity == CODES[found.code].severity
    for address in addresses:
        if address in library:
            made = bundle(library, address)
            assert digest(made) == digest(bundle(library, address))


@given(st.sampled_from(ADDRESSES), JSON)
def test_anything_in_place_of_a_definition(address: str, value: Any) -> None:
    judged(good().with_document(address, value), address)


@given(st.data())
def test_anything_in_place_of_a_part(data: st.DataObject) -> None:
    address = data.draw(st.sampled_from(ADDRESSES))
    document = good().source(address)
    place = data.draw(st.sampled_from(nodes(document)))
    judged(good().with_document(address, replaced(document, place, data.draw(JSON))), *ADDRESSES)


@given(st.data())
def test_any_two_parts_exchanged(data: st.DataObject) -> None:
    """Well-formed parts in the wrong place: a layout item as a field, an indicator as a breakdown."""
    library = good()
    for _n in range(data.draw(st.integers(1, 3))):
        address = data.draw(st.sampled_from(ADDRESSES))
        other = data.draw(st.sampled_from(ADDRESSES))
        donor: Any = good().source(other)
        for step in data.draw(st.sampled_from(nodes(donor))):
            donor = donor[step]
        document = good().source(address)
        place = data.draw(st.sampled_from(nodes(document)))
        library = library.with_document(
            absolute(address), replaced(document, place, copy.deepcopy(donor))
        )
    judged(library, *ADDRESSES)


@given(st.dictionaries(st.sampled_from(ADDRESSES) | st.text(max_size=8), JSON, max_size=4))
def test_any_library_at_all(documents: dict[str, Any]) -> None:
    judged(Library.of(documents), *documents)
