"""Checks of what a form's cells are called: not blank, not too long to read, not twice the same side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from runtime.definitions.codes import problem
from runtime.definitions.spots import ROWS, Path, Spots
from runtime.definitions.texts import texts_of
from runtime.definitions.view import View
from runtime.errors import Problem
from runtime.language import LANGUAGES, Texts
from runtime.language import gettext as _

LONGEST = 120
"""The longest label, in Latin letters; a Chinese character is as wide as two."""


def labels(view: View, spots: Spots) -> Iterator[Problem]:
    """Labels that cannot be read or told apart, in each language of the site."""
    beside: dict[tuple[Path, str, str], list[Path]] = defaultdict(list)
    for path, spot in spots.items():
        if not path or path[-1] == ROWS or spot.place is None:
            continue
        for language, text in _label(spots, path).items():
            if language not in LANGUAGES:
                continue
            if not text.strip():
                said = _("The label is blank in %(language)s.", language=LANGUAGES[language])
                yield problem("label-blank", said, view.address, spot.place)
            elif width(text) > LONGEST:
                said = _(
                    "The label is too long to be read (%(width)s letters wide, at most %(most)s); "
                    "put what is more into `description` or `help`.",
                    width=width(text),
                    most=LONGEST,
                )
                yield problem("label-long", said, view.address, spot.place)
            elif spots.leaf(path):
                beside[path[:-1], language, text.strip().casefold()].append(path)
    yield from _twice(view, spots, beside)


def _twice(
    view: View, spots: Spots, beside: dict[tuple[Path, str, str], list[Path]]
) -> Iterator[Problem]:
    told: set[Path] = set()
    for paths in beside.values():
        for path in paths[1:]:
            place = spots[path].place
            if path in told or place is None or _apart(spots, paths[0], path):
                continue
            told.add(path)
            said = _(
                "`%(name)s` and `%(other)s` stand side by side under the same label; name them apart.",
                name=path[-1],
                other=paths[0][-1],
            )
            yield problem("label-twice", said, view.address, place)


def _apart(spots: Spots, one: Path, other: Path) -> bool:
    """Whether the two are never there together: in branches of one condition or choice."""
    places = [spots[path].place or "" for path in (one, other)]
    for first, second in (("/then/", "/else/"), ("/else/", "/then/")):
        if first in places[0] and second in places[1]:
            return True
    return all("/oneOf/" in place or "/anyOf/" in place for place in places)


def _label(spots: Spots, path: Path) -> Texts:
    """The label in each language, by the schema nearest to the form that has one."""
    found: Texts = {}
    for schema, _place in spots[path].parts:
        for language, text in texts_of(schema).items():
            found.setdefault(language, text)
    return found


def width(text: str) -> int:
    """How wide a text is, in Latin letters."""
    return sum(2 if ord(letter) >= 0x2E80 else 1 for letter in text)
