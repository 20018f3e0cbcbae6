"""What the rows of a file tell, on a temporary file, and of whom; rows of one subject together. Weighs none of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from runtime.imports.fields import FieldsOf
from runtime.imports.identity import SEVERAL, Key, Known, compared, keys_of
from runtime.imports.joined import join, joined
from runtime.imports.marks import Marks
from runtime.imports.places import ADDRESS
from runtime.imports.rows import Told
from runtime.imports.spool import Spool


class Gathered:
    """The rows of a file: in memory are only marks, and those rows that speak of a subject together."""

    def __init__(self, fields: FieldsOf, rows: Iterable[Told]) -> None:
        self._fields = fields
        self.keys = Marks()
        """The keys of all whom a row speaks of."""
        self._spool: Spool[tuple[Any, ...]] = Spool()
        self._subjects: Spool[str | None] = Spool()
        for told in rows:
            self._spool.append((told.n, told.values, told.unit, told.problems))
            if not told.problems:
                self.keys.extend(self._keys_of(told))
        again = self.keys.repeated()
        alike = (told for told in self._each() if any(key in again for key in self._keys_of(told)))
        self._joined = {told.n: told for told in (joined(fields, alike) if again else ())}
        for told in self._joined.values():
            self.keys.extend(self._keys_of(told))

    def __len__(self) -> int:
        return len(self._spool)

    def __iter__(self) -> Iterator[Told]:
        return (self._joined.get(told.n, told) for told in self._each())

    def meet(self, known: Known) -> set[str]:
        """Find of whom each row tells; the subjects of which several rows tell, by whatever keys they do."""
        met = Marks()
        for told in self:
            subject = known.find(told.values) if told.values else None
            self._subjects.append(subject)
            met.extend(_of(told, subject))
        again = met.repeated()
        rows = self.of_subjects() if again else ()
        return {one for told, subject in rows for one in _of(told, subject) if one in again}

    def join(self, subjects: Collection[str]) -> None:
        """Take the rows of each of these subjects together; after `meet`."""
        firsts: dict[str, Told] = {}
        for told, subject in self.of_subjects() if subjects else ():
            for one in _of(told, subject):
                if one in subjects:
                    self._joined[told.n] = told
                    first = firsts.setdefault(one, told)
                    if first is not told:
                        join(self._fields, first, told)

    def of_subjects(self) -> Iterator[tuple[Told, str | None]]:
        """Each row, and of whom it tells as `Known.find` says it; after `meet`."""
        return zip(self, self._subjects, strict=True)

    def addresses(self) -> Marks:
        """The compared addresses of those who are new and whose row does not say where they belong; after `meet`."""
        found = Marks()
        found.extend(
            compared(told.values[ADDRESS])
            for told, subject in self.of_subjects()
            if told.unit is None and told.values.get(ADDRESS) and subject is None
        )
        return found

    def _each(self) -> Iterator[Told]:
        return (Told(*row) for row in self._spool)

    def _keys_of(self, told: Told) -> Iterator[Key]:
        return keys_of(self._fields.identity, told.values)


def _of(told: Told, subject: str | None) -> list[str]:
    """The known subject of which a row tells by itself; none where it is wrong, or told with another row."""
    alone = told.into is None and not told.problems
    return [subject] if alone and subject and subject != SEVERAL else []
