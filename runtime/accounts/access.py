"""Who may do what, for which unit and department. Asked on the server for each row, by every door.

A role is granted for a unit and, as the tree hangs today, all units below it; for one department or for all.
Asking without a unit or department means: in any.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import Session

from runtime import clock
from runtime.accounts.roles import roles_for
from runtime.accounts.users import grants_of
from runtime.errors import NotAllowed, NotFound
from runtime.facts.units import path
from runtime.language import gettext as _
from runtime.storage.engine import once
from runtime.storage.proposal_tables import Proposal
from runtime.storage.tables import Entry, FormVersion, Grant, Subject, Unit, UnitParent, User


def may(
    session: Session,
    user: User | None,
    action: str,
    unit_id: int | None = None,
    department: str | None = None,
) -> bool:
    """Whether the user may do `action` (one of `roles.ACTIONS`) for that unit and department."""
    held = _held(session, user, roles_for(action), department)
    if not held or unit_id is None:
        return bool(held)
    today = clock.today()
    units = once(session, ("path", unit_id, today), lambda: path(session, unit_id, today))
    above = {unit.id for unit in units}
    return any(grant.unit_id in above for grant in held)


def require(
    session: Session,
    user: User | None,
    action: str,
    unit_id: int | None = None,
    department: str | None = None,
) -> None:
    """Raise `NotAllowed` unless the user may."""
    if not may(session, user, action, unit_id, department):
        raise NotAllowed(_("You have no right to do this here."), action)


def require_entry(session: Session, user: User | None, entry: Entry, action: str) -> None:
    """Raise `NotFound` where the user may not even see the entry, `NotAllowed` where not do `action`."""
    department = department_of(session, entry)
    if not may(session, user, "entry.read", entry.unit_id, department):
        raise NotFound(_("There is no such entry."))
    require(session, user, action, entry.unit_id, department)


def department_of(session: Session, entry: Entry) -> str:
    """The department whose form the entry answers."""
    query = select(FormVersion.department).where(FormVersion.id == entry.form_version_id)
    return session.scalar(query) or ""


def visible_units(session: Session, user: User | None, *roles: str) -> list[int]:
    """The ids of all units for which the user has one of `roles` (none named: any role), as of today."""
    held = [g for g in _held(session, user) if not roles or g.role in roles]
    return list(_reached(session, held))


def units_where(
    session: Session, user: User | None, action: str, department: str | None = None
) -> frozenset[int]:
    """The ids of all units for which the user may do `action` for that department, as of today."""
    return _reached(session, _held(session, user, roles_for(action), department))


def departments(session: Session, user: User | None, action: str) -> frozenset[str] | None:
    """The departments for which the user may do `action`; None means all of them."""
    found = frozenset(g.department for g in _held(session, user, roles_for(action)))
    return None if "" in found else found


def entries_visible(
    session: Session, user: User | None, action: str = "entry.read"
) -> Select[Entry]:
    """A query of the entries for which the user may do `action`: narrow it further as you like."""
    held = _held(session, user, roles_for(action))
    return select(Entry).where(_entries(held))


def proposals_visible(session: Session, user: User | None) -> Select[Proposal]:
    """A query of the proposals that the user may decide: of his departments, about subjects of his units."""
    held = _held(session, user, roles_for("proposal.decide"))
    unit = func.coalesce(Subject.unit_id, Proposal.unit_id)
    parts: list[ColumnElement[bool]] = []
    for n, grant in enumerate(held):
        there = unit.in_(_below([grant], f"stewarded_{n}"))
        theirs = Proposal.department == grant.department
        parts.append(and_(there, theirs) if grant.department else there)
    query = select(Proposal).join(Subject, Subject.id == Proposal.subject_id)
    return query.where(or_(false(), *parts))


def holders(session: Session, action: str, department: str) -> list[User]:
    """The active users who may do `action` for that department, by name."""
    query = (
        select(User)
        .join(Grant, Grant.user_id == User.id)
        .where(
            Grant.role.in_(roles_for(action)),
            Grant.department.in_(("", department)),
            User.active,
        )
        .distinct()
        .order_by(User.full_name)
    )
    return list(session.scalars(query))


def forms_visible(
    session: Session, user: User | None, action: str = "form.design"
) -> Select[FormVersion]:
    """A query of the published versions of the departments for which the user may do `action`."""
    allowed = departments(session, user, action)
    query = select(FormVersion)
    return query if allowed is None else query.where(FormVersion.department.in_(allowed))


def may_manage(session: Session, administrator: User | None, user: User) -> bool:
    """Whether every role of `user` lies within the units that the administrator looks after.

    One role elsewhere is enough for no: whoever sets a password could use all roles of that user. A user
    without any role belongs to nobody yet, and any administrator may give the first one.
    """
    if not may(session, administrator, "user.manage"):
        return False
    mine = set(visible_units(session, administrator, "administrator"))
    return all(held.unit_id in mine for held in grants_of(session, user.id))


def _held(
    session: Session,
    user: User | None,
    roles: Iterable[str] | None = None,
    department: str | None = None,
) -> Sequence[Grant]:
    """The user's grants of these roles that reach that department."""
    if user is None or not user.active:
        return []
    wanted = None if roles is None else set(roles)
    return [
        grant
        for grant in grants_of(session, user.id)
        if (wanted is None or grant.role in wanted)
        and (department is None or grant.department in ("", department))
    ]


def _entries(held: Sequence[Grant]) -> ColumnElement[bool]:
    """The entries at the units of the grants and below, each for its own departments."""
    by_department: dict[str, list[Grant]] = {}
    for grant in held:
        by_department.setdefault(grant.department, []).append(grant)
    parts: list[ColumnElement[bool]] = []
    for n, (department, grants) in enumerate(sorted(by_department.items())):
        there = Entry.unit_id.in_(_below(grants, f"granted_{n}"))
        theirs = select(FormVersion.id).where(FormVersion.department == department)
        parts.append(and_(there, Entry.form_version_id.in_(theirs)) if department else there)
    return or_(false(), *parts)


def _reached(session: Session, held: Sequence[Grant]) -> frozenset[int]:
    """The units of these grants and all below them today: one inbox asks for each department, of the same units."""
    if not held:
        return frozenset()
    key = "reached", clock.today(), frozenset(grant.unit_id for grant in held)
    return once(session, key, lambda: frozenset(session.scalars(_below(held, "reached"))))


def _below(held: Sequence[Grant], name: str) -> Select[tuple[int]]:
    """The ids of the grants' units and all below them today; `name` keeps two of these apart in one query."""
    today = clock.today()
    tree = select(Unit.id).where(Unit.id.in_({grant.unit_id for grant in held}))
    reached = tree.cte(name, recursive=True)
    reached = reached.union(
        select(UnitParent.unit_id)
        .join(reached, UnitParent.parent_id == reached.c.id)
        .where(UnitParent.from_day <= today, UnitParent.to_day >= today)
    )
    return select(reached.c.id)
