"""What is decided of each cell of a sheet: the proposal, unless a person said otherwise. Not for making the form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from builder.excel.proposals import ABOUT, MEANT, OWN, Proposal
from builder.excel.slots import Slot

NONE = "none"
State = Literal["accepted", "sure", "ask", "own", "none"]


@dataclass(frozen=True, slots=True)
class Choice:
    """What a cell is: `what` as in a proposal, or `none` (it is not to be filled); `state` says who decided."""

    slot: Slot
    what: str
    address: str = ""
    path: tuple[str, ...] = ()
    state: State = "ask"

    @property
    def counts(self) -> bool:
        """Whether the form is to have this as what it was proposed or chosen to be, not merely as its own cell."""
        return self.state in ("accepted", "sure")


def choices_of(
    slots: Sequence[Slot], proposals: Sequence[Proposal], decisions: Mapping[str, Any]
) -> list[Choice]:
    """A choice for each slot, in their order."""
    return [
        _choice(slot, proposal, decisions.get(slot.id))
        for slot, proposal in zip(slots, proposals, strict=True)
    ]


def decision(what: str, address: str = "", path: Sequence[str] = ()) -> dict[str, Any]:
    """What a person said of a cell, as it is kept."""
    return {"what": what, "address": address, "path": list(path)}


def accepted(choices: Sequence[Choice]) -> Iterator[tuple[str, dict[str, Any]]]:
    """A decision for each cell whose proposal is sure and nobody has spoken of yet."""
    for choice in choices:
        if choice.state == "sure":
            yield choice.slot.id, decision(choice.what, choice.address, choice.path)


def counts(choices: Sequence[Choice]) -> dict[str, int]:
    """How many cells there are of each state, and in all."""
    found = {"accepted": 0, "sure": 0, "ask": 0, "own": 0, "none": 0}
    for choice in choices:
        found[choice.state] += 1
    return {**found, "all": len(choices)}


def _choice(slot: Slot, proposal: Proposal, said: Any) -> Choice:
    if isinstance(said, Mapping):
        what = str(said.get("what", OWN))
        state: State = "own" if what == OWN else "none" if what == NONE else "accepted"
        path = tuple(str(step) for step in said.get("path", ()))
        return Choice(slot, what, str(said.get("address", "")), path, state)
    if proposal.sure:
        return Choice(slot, proposal.what, proposal.address, proposal.path, "sure")
    if proposal.what in (MEANT, ABOUT):
        return Choice(slot, proposal.what, proposal.address, proposal.path, "ask")
    return Choice(slot, OWN, state="own")
