"""The accounts of the sample city: one for each role. Data and names only; `accounts.users` makes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import SystemRandom

from runtime.demo.tree import Place


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who signs in: the role holds for the `n`th unit of `level`, and one department or (empty) all."""

    name: str
    english: str
    chinese: str
    role: str
    level: str
    n: int = 0
    department: str = ""
    language: str = ""

    @property
    def full_name(self) -> str:
        """As shown to others: both scripts."""
        return f"{self.english} {self.chinese}"

    def unit(self, places: Sequence[Place]) -> Place:
        """The unit of the sample city for which the role holds."""
        of_level = [place for place in places if place.level == self.level]
        return of_level[min(self.n, len(of_level) - 1)]


ACCOUNTS: tuple[Account, ...] = (
    Account("chenwei", "Chen Wei", "陈伟", "staff", "community"),
    Account("linna", "Lin Na", "林娜", "staff", "grid"),
    Account("zhouming", "Zhou Ming", "周明", "reviewer", "street"),
    Account("sunli", "Sun Li", "孙丽", "designer", "city", department="disabled-persons"),
    Account("hejun", "He Jun", "何军", "steward", "city"),
    Account("admin", "Xu Yan", "许燕", "administrator", "city"),
)
"""Chen Wei is of the first community (Lakeside), Lin Na of its first grid, Zhou Ming of the street above both."""

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def made_up_password() -> str:
    """A password that can be read out: sixteen letters and digits in groups of four."""
    secret = SystemRandom()
    return "-".join("".join(secret.choice(_LETTERS) for _ in range(4)) for _ in range(4))
