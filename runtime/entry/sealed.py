"""What of an entry names a person, and its salted hashes, by which a digest outlives an erasure. Pure but for the salt.

A place is a cell's pointer, or the key of a choice. All of an entry about a subject speaks of it; of any other form,
a row in which a fact of the subject stands, or the cell alone where it stands in no row. A digest covers the hash
of each such place instead of what stands there; an erasure takes value and salt away, and the hash stays.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from secrets import token_hex
from typing import Any

from runtime.definitions.address import pointer as pointer_of
from runtime.definitions.json import canonical
from runtime.fill.provenance import Provenance

Steps = tuple[str | int, ...]


def places(
    subject_id: str | None,
    data: Any,
    choices: Mapping[str, str],
    provenance: Mapping[str, Provenance],
) -> dict[str, set[str]]:
    """Each place that speaks of subjects, with their ids; `subject_id` is the one that the entry is about."""
    rows = _rows(data, ())
    found: dict[str, set[str]] = {}
    below: dict[str, set[str]] = {"": {subject_id}} if subject_id else {}
    for pointer, subject in _subjects_of(provenance):
        below.setdefault(_row_around(pointer, rows), set()).add(subject)
    spoken = [*(p for p, _value in _leaves(data, ())), *provenance, *choices]
    for place in dict.fromkeys(spoken):
        at = place.partition("#")[0] if place in choices else place
        while True:
            if at in below:
                found.setdefault(place, set()).update(below[at])
            if not at:
                break
            at = at.rpartition("/")[0]
    return found


def seal(
    at: Collection[str],
    data: Any,
    choices: Mapping[str, str],
    provenance: Mapping[str, Provenance],
) -> dict[str, list[str | None]]:
    """Salt and hash of what stands at each of these places."""
    values = dict(_leaves(data, ()))
    sealed: dict[str, list[str | None]] = {}
    for place in sorted(at):
        salt = token_hex(16)
        told = _told(place, values, choices, provenance)
        sealed[place] = [salt, _hash(salt, told)]
    return sealed


def is_whole(
    sealed: Mapping[str, list[str | None]],
    data: Any,
    choices: Mapping[str, str],
    provenance: Mapping[str, Provenance],
) -> bool:
    """Whether each place still holds what was sealed; what was erased must hold nothing."""
    values = dict(_leaves(data, ()))
    for place, (salt, digest) in sealed.items():
        told = _told(place, values, choices, provenance)
        if told != [] if salt is None else _hash(salt, told) != digest:
            return False
    return True


def blanked(data: Any, at: Collection[str]) -> Any:
    """The data without the values at these places; rows and lists keep their length."""
    return _blanked(data, (), at)


def _blanked(value: Any, steps: Steps, at: Collection[str]) -> Any:
    if isinstance(value, dict):
        kept = {name: _blanked(one, (*steps, name), at) for name, one in value.items()}
        return {
            name: one
            for name, one in kept.items()
            if _is_holder(one) or pointer_of(*steps, name) not in at
        }
    if isinstance(value, list):
        return [
            _blanked(one, (*steps, n), at)
            if _is_holder(one) or pointer_of(*steps, n) not in at
            else None
            for n, one in enumerate(value)
        ]
    return value


def _leaves(value: Any, steps: Steps) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, one in value.items():
            yield from _leaves(one, (*steps, name))
    elif isinstance(value, list):
        for n, one in enumerate(value):
            yield from _leaves(one, (*steps, n))
    else:
        yield pointer_of(*steps), value


def _rows(value: Any, steps: Steps) -> set[str]:
    """The pointers of all rows: objects within lists."""
    found: set[str] = set()
    if isinstance(value, dict):
        for name, one in value.items():
            found |= _rows(one, (*steps, name))
    elif isinstance(value, list):
        for n, one in enumerate(value):
            if isinstance(one, dict):
                found.add(pointer_of(*steps, n))
            found |= _rows(one, (*steps, n))
    return found


def _row_around(pointer: str, rows: Collection[str]) -> str:
    """The innermost row in which the place stands, or the place itself."""
    at = pointer
    while at:
        if at in rows:
            return at
        at = at.rpartition("/")[0]
    return pointer


def _subjects_of(provenance: Mapping[str, Provenance]) -> Iterator[tuple[str, str]]:
    for pointer, told in provenance.items():
        beneath = told
        while beneath:
            if isinstance(beneath.get("subject"), str):
                yield pointer, beneath["subject"]
                break
            beneath = beneath.get("was") or {}


def _told(
    place: str,
    values: Mapping[str, Any],
    choices: Mapping[str, str],
    provenance: Mapping[str, Provenance],
) -> list[Any]:
    """What stands at the place, as a list that is empty where nothing does; null in a list is nothing."""
    found: list[Any] = []
    if values.get(place) is not None:
        found.append({"value": values[place]})
    if place in choices:
        found.append({"choice": choices[place]})
    if place in provenance:
        found.append({"provenance": provenance[place]})
    return found


def _hash(salt: str, told: list[Any]) -> str:
    return hashlib.sha256(salt.encode() + canonical(told)).hexdigest()


def _is_holder(value: Any) -> bool:
    return isinstance(value, dict | list)
