"""Numbers that people and businesses of the sample city carry: valid by their check digits, and nobody's."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import count
from random import Random

from stdnum.cn import ric, uscc

REGION = "110000"
"""In identity numbers: the code of a province as a whole, in which no card is issued, since cards name counties."""

_PHONES = ("1660000", "1700000", "1710000", "1990000")
"""First digits of the mobile numbers: exchanges of zeros, as in examples."""

_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


class Numbers:
    """Gives out each number once; the same again for the same random numbers and the same questions."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._born: Counter[tuple[date, str]] = Counter()
        self._organisations = count(10_000_000 + rng.randrange(10_000_000))
        self._serials: Counter[str] = Counter()

    def identity(self, birth: date, sex: str) -> str:
        """A resident identity number (GB 11643): region, day of birth, order (odd for men), check digit."""
        self._born[birth, sex] += 1
        order = 2 * self._born[birth, sex] - (1 if sex == "1" else 0)
        if order > 999:
            raise ValueError("more people are born on one day than identity numbers can tell apart")
        body = f"{REGION}{birth:%Y%m%d}{order:03}"
        return body + ric.calc_check_digit(body + "0")  # it wants a place for the digit

    def certificate(self, identity: str, kind: str, grade: str) -> str:
        """A disability certificate: the identity number, the kind and the grade."""
        return identity + kind + grade

    def credit_code(self) -> str:
        """A unified social credit code (GB 32100), its organisation code (GB 11714) included."""
        organisation = f"{next(self._organisations):08}"
        total = sum(int(d) * w for d, w in zip(organisation, _WEIGHTS, strict=True))
        body = "91" + "990100" + organisation + "0123456789X"[(11 - total % 11) % 11]
        return body + uscc.calc_check_digit(body)

    def phone(self) -> str:
        """A mobile telephone number."""
        return f"{self._rng.choice(_PHONES)}{self._rng.randrange(10_000):04}"

    def licence(self) -> str:
        """A food licence: JY and 14 digits."""
        return f"JY199010100{self.serial('licence'):05}"

    def veteran_card(self) -> str:
        """A card of a veteran: 16 digits."""
        return f"9901{self.serial('veteran'):012}"

    def serial(self, what: str) -> int:
        """The next whole number from 1 of that kind."""
        self._serials[what] += 1
        return self._serials[what]
