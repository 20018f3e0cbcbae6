"""Whether a file's columns say who it is about, and which register they fit better. Not for taking columns: `match`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from runtime.imports.fields import FieldsOf
from runtime.imports.match import Names, match_columns
from runtime.language import gettext as _

LEAST = 2
"""So many columns a register must know before a file is likely to be for it."""


@dataclass(frozen=True, slots=True)
class Likelier:
    """Another register whose fields the columns name better, and how many of them it knows."""

    register: str
    title: str
    known: int


def says_who(fields: FieldsOf, taken: Iterable[str]) -> bool:
    """Whether these fields hold one of the register's keys; for a register without any, yes."""
    there = set(taken)
    return not fields.identity or any(there.issuperset(names) for names in fields.identity)


def wanted(fields: FieldsOf) -> str:
    """The keys of a register in words: `Number or Name + Date of birth`."""
    return _(" or ").join(
        " + ".join(fields.title_of(name) for name in names) for names in fields.identity
    )


def likelier(
    columns: Sequence[Mapping[str, Any]], own: FieldsOf, others: Iterable[FieldsOf]
) -> Likelier | None:
    """The register that knows most of the columns (as kept with the import), if it knows more than `own`; else None."""
    headers = [str(column["header"]).split(" / ") for column in columns]
    best, most = None, max(_known(headers, own), LEAST - 1)
    for other in others:
        if (count := _known(headers, other)) > most:
            best, most = Likelier(other.register, other.title, count), count
    return best


def _known(headers: Sequence[Sequence[str]], fields: FieldsOf) -> int:
    """How many columns the register takes; none where they would not say who is meant in it either."""
    taken = {match.field for match in match_columns(headers, Names(fields), {})} - {""}
    return len(taken) if says_who(fields, taken) else 0
