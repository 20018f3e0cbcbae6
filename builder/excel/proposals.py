"""What each cell of a sheet is proposed to be. Only its shape."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

SURE = 0.75
"""From here on a proposal is taken with “accept all”; what is less sure is for a person to decide."""
OFFERED = 0.45

ABOUT, MEANT, OWN = "about", "meant", "own"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a cell may be: `what` is `about` (the report), `meant` (of the dictionary) or `own` (the form's own).

    `address` is the field's or indicator's, `path` its codes; `reasons` say why, `others` what else it may be.
    """

    slot: str
    what: str
    address: str = ""
    path: tuple[str, ...] = ()
    score: float = 0.0
    reasons: tuple[tuple[str, ...], ...] = ()
    others: tuple[str, ...] = ()

    @property
    def sure(self) -> bool:
        """Whether it is taken without a question."""
        return self.what == ABOUT or (self.what == MEANT and self.score >= SURE)

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)

    @classmethod
    def of_json(cls, kept: dict[str, Any]) -> Proposal:
        """From what was kept."""
        return cls(
            **{
                **kept,
                "score": float(kept["score"]),
                "path": tuple(kept["path"]),
                "others": tuple(kept["others"]),
                "reasons": tuple(tuple(one) for one in kept["reasons"]),
            }
        )
