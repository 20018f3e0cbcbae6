"""The table of rates that a replay lives by, read from `rates.json`. Not for drawing chance from it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec


class Seconds(msgspec.Struct, frozen=True):
    """How long a person takes for one cell or fact, and where that number is from."""

    typed: float
    confirmed: float
    corrected: float
    reviewed: float
    source: str


class Gaps(msgspec.Struct, frozen=True):
    """Shares of what a department's file does not know, knows too long ago, or knows otherwise than another."""

    missing: float
    stale: float
    conflict: float


class Delivery(msgspec.Struct, frozen=True):
    """How one department sends its data, month by month from `since` on.

    What happened later than `delay` days before the reports are due comes a month later. Every so many months the
    facts of a kind come in whole (`restates`), and confirm what has not changed. `unlisted` subjects the department
    does not know at all; `lost` is the share of changes that it never tells.
    """

    department: str
    since: str = msgspec.field(name="from")
    delay: int = 0
    restates: dict[str, int] = {}
    unlisted: float = 0.0
    lost: float = 0.0


class Staff(msgspec.Struct, frozen=True):
    """What staff do: the share of visits that they record, and the facts that a unit can mend in a month."""

    visits: float
    facts: int


class Rates(msgspec.Struct, frozen=True):
    """All that a replay assumes."""

    about: str
    seconds: Seconds
    kinds: dict[str, tuple[str, ...]]
    gaps: dict[str, Gaps]
    deliveries: tuple[Delivery, ...]
    staff: Staff
    nearly: float
    """A figure of which no larger share is stale is told apart from the others, and is stale all the same."""
    kind_of: dict[str, str] = {}

    def kind(self, register: str, field: str) -> str:
        """Which kind of field it is; `record` where it is listed nowhere."""
        return self.kind_of.get(f"{register}.{field}", "record")

    def __post_init__(self) -> None:
        """Turn the lists of fields round, to be looked up by field."""
        turned = {name: kind for kind, names in self.kinds.items() for name in names}
        msgspec.structs.force_setattr(self, "kind_of", turned)

    def minutes(self, work: Mapping[str, int]) -> float:
        """The minutes for so much work: `{"typed": n, "confirmed": n, "corrected": n, "reviewed": n}`."""
        seconds: float = sum(getattr(self.seconds, name) * n for name, n in work.items())
        return round(seconds / 60, 1)


@cache
def shipped() -> Rates:
    """The table in this folder."""
    return read((files("runtime.replay") / "rates.json").read_bytes())


def read(text: bytes) -> Rates:
    """A table of rates from JSON; raises `msgspec.ValidationError` where it is none."""
    return msgspec.json.decode(text, type=Rates, strict=True)


def share(*words: Any) -> float:
    """A number from 0 to below 1 that is always the same for the same words: chance that needs no order."""
    text = "\x1f".join(map(str, words)).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big") / 2**64
