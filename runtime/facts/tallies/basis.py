"""The rules that tallies are kept for: adopted, stored, compiled. Not for counting anyone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import msgspec
from sqlalchemy import bindparam, func, insert, select
from sqlalchemy.orm import Session

from runtime import clock
from runtime.definitions.plan import Rule
from runtime.rules.tallied import Tallied, TalliedRule, is_tallied
from runtime.storage.lock import take
from runtime.storage.tally_tables import TallyBasis

YEARS_AHEAD = 2
"""A basis reaches to the end of the year after next, and is made anew when the next one begins."""


Mark = tuple[int, str, str, int]
"""What tells a basis apart from those of other databases too: id, digest, register, first slot that is free."""


class Slotted(msgspec.Struct, frozen=True):
    """A rule with the first of its slots."""

    slot: int
    rule: Rule


@dataclass(frozen=True, slots=True)
class Basis:
    """A stored basis; `rules` by what they say (see `digest_of`)."""

    id: int
    register: str
    tallied: Tallied
    rules: Mapping[str, TalliedRule]
    next_slot: int


def digest_of(rule: Rule) -> str:
    """What a rule says, wherever it is written: two forms that ask the same share its tallies."""
    known = _digests.get(id(rule))
    if known is not None and known[0] is rule:
        return known[1]
    if len(_digests) > 4096:
        _digests.clear()
    _digests[id(rule)] = rule, (found := _digest_of(rule))
    return found


_digests: dict[int, tuple[Rule, str]] = {}
"""By identity: rules are frozen, but hold mappings, which cannot be hashed; each is kept, so its id stays its own."""


def _digest_of(rule: Rule) -> str:
    said = msgspec.structs.replace(rule, definition="")
    return hashlib.sha256(msgspec.json.encode(said, order="deterministic")).hexdigest()


def presence(register: str) -> Rule:
    """The rule that counts all who belong: what a figure is counted from."""
    return Rule(definition="", op="count", register=register)


def horizon_on(day: date) -> date:
    """How far tallies reach when their rules are adopted on `day`."""
    return date(day.year + YEARS_AHEAD, 12, 31)


def adopt(session: Session, rules: Iterable[Rule], *, beside: bool = False) -> list[int]:
    """Put these rules in force, and those no longer among them out unless `beside`; the ids of the new bases.

    Figures of new rules can be read once every subject is counted by them (`upkeep.catch_up`). A register
    that has a basis keeps one, if only for its presence.
    """
    take(session, "tally bases")
    wanted = _by_register(session) if beside else {}
    for rule in rules:
        if is_tallied(rule):
            wanted.setdefault(rule.register, {})[digest_of(rule)] = rule
    registers = {*wanted, *session.scalars(select(TallyBasis.register).distinct())}
    made = (_adopt(session, name, wanted.get(name, {})) for name in sorted(registers))
    return [found for found in made if found is not None]


def in_force(session: Session) -> list[Rule]:
    """All rules of the newest bases."""
    return [rule for rules in _by_register(session).values() for rule in rules.values()]


def _by_register(session: Session) -> dict[str, dict[str, Rule]]:
    registers = session.scalars(select(TallyBasis.register).distinct()).all()
    held = ((name, newest(session, name)) for name in registers)
    return {name: {k: one.rule for k, one in b.rules.items()} for name, b in held if b}


def _adopt(session: Session, register: str, rules: dict[str, Rule]) -> int | None:
    base = presence(register)
    rules = {digest_of(base): base, **dict(sorted(rules.items()))}
    held = newest(session, register)
    known = {key: one.first for key, one in held.rules.items()} if held else {}
    free = session.scalar(select(func.max(TallyBasis.next_slot))) or 0
    slotted = []
    for key, rule in rules.items():
        first = known.get(key)
        if first is None:
            first, free = free, TalliedRule(rule, free).end
        slotted.append(Slotted(first, rule))
    horizon = horizon_on(clock.today())
    text = msgspec.json.encode(slotted, order="deterministic").decode()
    digest = hashlib.sha256(f"{horizon} {text}".encode()).hexdigest()
    if held is not None and digest == _digest(session, held.id):
        return None
    row = {
        "register": register,
        "digest": digest,
        "rules": text,
        "next_slot": free,
        "horizon": horizon,
        "made_at": clock.now(),
    }
    return session.scalar(insert(TallyBasis).returning(TallyBasis.id), row)


def newest(session: Session, register: str) -> Basis | None:
    """The basis in force, or None where the register has none yet."""
    found = session.execute(_NEWEST, {"register": register}).first()
    if found is None:
        return None
    here = session.info.setdefault(_LOADED, {})
    if found.id not in here:
        here[found.id] = loaded(session, (found.id, found.digest, register, found.next_slot))
    basis: Basis = here[found.id]
    return basis


_NEWEST = (
    select(TallyBasis.id, TallyBasis.digest, TallyBasis.next_slot)
    .where(TallyBasis.register == bindparam("register"))
    .order_by(TallyBasis.id.desc())
    .limit(1)
)
newest_basis = _NEWEST.subquery()
"""The same as a part of another statement, which then has a parameter `register`."""


def load(session: Session, basis_id: int) -> Basis:
    """A basis by its id, compiled once a process: it never changes."""
    here: dict[int, Basis] = session.info.setdefault(_LOADED, {})
    if basis_id not in here:
        here[basis_id] = _load(session, basis_id)
    return here[basis_id]


def _load(session: Session, basis_id: int) -> Basis:
    found = session.execute(
        select(TallyBasis.digest, TallyBasis.register, TallyBasis.next_slot).where(
            TallyBasis.id == basis_id
        )
    ).one()
    return loaded(session, (basis_id, found.digest, found.register, found.next_slot))


def loaded(session: Session, mark: Mark) -> Basis:
    """The same for whoever has read the basis' marks already."""
    compiled = _kept.get(mark)
    if compiled is None:
        row = session.execute(
            select(TallyBasis.rules, TallyBasis.horizon).where(TallyBasis.id == mark[0])
        ).one()
        compiled = _kept[mark] = _compiled(*mark, row.rules, row.horizon)
        while len(_kept) > _MOST:
            _kept.pop(next(iter(_kept)))
    return compiled


_LOADED = "tally bases"
_kept: dict[Mark, Basis] = {}
_MOST = 64


def _compiled(
    basis_id: int, _digest: str, register: str, next_slot: int, text: str, horizon: date
) -> Basis:
    slotted = msgspec.json.decode(text, type=list[Slotted])
    tallied = Tallied([(one.slot, one.rule) for one in slotted], horizon)
    rules = {digest_of(one.rule): one for one in tallied.rules}
    return Basis(basis_id, register, tallied, rules, next_slot)


def _digest(session: Session, basis_id: int) -> str | None:
    return session.scalar(select(TallyBasis.digest).where(TallyBasis.id == basis_id))
