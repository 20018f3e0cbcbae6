"""Users: making, changing and listing them, and the roles they are granted. Not for who may do that.

Each step is in the audit log with its `actor` (a user's id; None: the command line).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from runtime import clock
from runtime.accounts.passwords import hashed, is_right, require_good
from runtime.accounts.roles import ROLES
from runtime.entry import audit
from runtime.errors import EntryError, NotFound
from runtime.facts import units
from runtime.language import LANGUAGES
from runtime.language import gettext as _
from runtime.storage.engine import once
from runtime.storage.tables import Grant, User, new_id

_NAME = re.compile(r"[\w][\w.@-]{1,63}")


def create(
    session: Session,
    name: str,
    full_name: str,
    password: str,
    *,
    actor: int | None = None,
    language: str = "",
) -> User:
    """A new user without any role; raises `EntryError` for a name that is taken or a bad password."""
    name, full_name = normal_name(name), full_name.strip()
    if not _NAME.fullmatch(name):
        raise EntryError(
            _(
                "A user name has 2 to 64 letters, digits, dots, dashes or underscores, and no spaces."
            )
        )
    if not 1 <= len(full_name) <= 120:
        raise EntryError(_("The full name must have 1 to 120 characters."))
    if find(session, name):
        raise EntryError(_("There is a user “%(name)s” already.", name=name))
    require_good(password, name)
    user = User(
        name=name,
        full_name=full_name,
        password_hash=hashed(password),
        language=_language(language),
        created_at=clock.now(),
    )
    session.add(user)
    session.flush()
    audit.log(session, "user.create", "user", user.id, actor=actor, details={"name": name})
    return user


def find(session: Session, name: str) -> User | None:
    """The user of that name, however it is capitalised."""
    return session.scalar(select(User).where(User.name == normal_name(name)))


def get(session: Session, user_id: int) -> User:
    """The user; raises `NotFound`."""
    user = session.get(User, user_id)
    if user is None:
        raise NotFound(_("There is no such user."))
    return user


def by_name(session: Session, name: str) -> User:
    """The user of that name; raises `NotFound`."""
    user = find(session, name)
    if user is None:
        raise NotFound(_("There is no user “%(name)s”.", name=name))
    return user


def of_session(session: Session, user_id: int, session_key: str) -> User | None:
    """The user that a browser's session is of; None when it has ended or the user is switched off.

    The user's roles are read along, since nearly every page asks for them next.
    """
    rows = session.execute(_WITH_GRANTS, {"user": user_id}).all()
    roles = (grant for _user, grant in rows)  # nothing where there are none
    once(session, ("grants", user_id), lambda: list(filter(None, roles)))
    user: User | None = rows[0][0] if rows else None
    return user if user and user.active and user.session_key == session_key else None


def set_password(session: Session, user: User, password: str, *, actor: int | None = None) -> None:
    """Give the user a new password; all sessions of the user end."""
    require_good(password, user.name)
    user.password_hash = hashed(password)
    end_sessions(user)
    audit.log(session, "user.password", "user", user.id, actor=actor)


def change_password(session: Session, user: User, old: str, new: str) -> None:
    """The user's own change, which asks for the old password; raises `EntryError`."""
    if not is_right(old, user.password_hash):
        raise EntryError(_("The present password is wrong."))
    if old == new:
        raise EntryError(_("The new password is the present one."))
    set_password(session, user, new, actor=user.id)


def disable(session: Session, user: User, *, actor: int | None = None) -> None:
    """Switch a user off; nobody is ever deleted, since entries name them. All sessions of the user end."""
    user.active = False
    end_sessions(user)
    audit.log(session, "user.disable", "user", user.id, actor=actor)


def enable(session: Session, user: User, *, actor: int | None = None) -> None:
    """Let a user that was switched off sign in again."""
    user.active = True
    audit.log(session, "user.enable", "user", user.id, actor=actor)


def set_language(session: Session, user: User, language: str) -> None:
    """Remember the language that the user chose."""
    user.language = _language(language)
    session.flush()


def end_sessions(user: User) -> None:
    """Let every session of the user end."""
    user.session_key = new_id()


def grant(
    session: Session,
    user: User,
    role: str,
    unit_id: int,
    department: str = "",
    *,
    actor: int | None = None,
) -> Grant:
    """Give a role for a unit and all below it, for one department or (empty) all; again changes nothing."""
    if role not in ROLES:
        raise EntryError(
            _("“%(role)s” is not a role; there are %(known)s.", role=role, known=", ".join(ROLES))
        )
    units.get(session, unit_id)
    query = select(Grant).filter_by(
        user_id=user.id, role=role, unit_id=unit_id, department=department
    )
    if (held := session.scalar(query)) is not None:
        return held
    made = Grant(user_id=user.id, role=role, unit_id=unit_id, department=department)
    session.add(made)
    session.flush()
    _log_grant(session, "user.grant", made, actor)
    return made


def revoke(session: Session, grant_id: int, *, actor: int | None = None) -> None:
    """Take a role back; raises `NotFound`."""
    held = session.get(Grant, grant_id)
    if held is None:
        raise NotFound(_("There is no such role of a user."))
    _log_grant(session, "user.revoke", held, actor)
    session.delete(held)
    session.flush()


def grants_of(session: Session, user_id: int) -> Sequence[Grant]:
    """The roles of a user."""
    asked = {"user": user_id}
    return once(session, ("grants", user_id), lambda: session.scalars(_GRANTS, asked).all())


# Asked by every page, so put together once: building a statement costs more than SQLite takes to answer it.
_GRANTS = select(Grant).where(Grant.user_id == bindparam("user")).order_by(Grant.id)
_WITH_GRANTS = (
    select(User, Grant)
    .outerjoin(Grant, Grant.user_id == User.id)
    .where(User.id == bindparam("user"))
    .order_by(Grant.id)
)


def listed(session: Session, unit_ids: Collection[int] | None = None) -> Sequence[User]:
    """All users by name, or those with a role for one of the units."""
    query = select(User).order_by(User.name)
    if unit_ids is not None:
        query = query.where(User.id.in_(select(Grant.user_id).where(Grant.unit_id.in_(unit_ids))))
    return session.scalars(query).all()


def full_names(session: Session, ids: Iterable[int | None]) -> dict[int, str]:
    """What the users with these ids are called; nobody for an id that is none."""
    wanted = {one for one in ids if one is not None}
    rows = session.execute(select(User.id, User.full_name).where(User.id.in_(wanted)))
    return {user_id: name for user_id, name in rows}  # noqa: C416 - a row is no pair to the type checker


def normal_name(name: str) -> str:
    """A user's name as it is kept: small letters, one form for each character."""
    return unicodedata.normalize("NFKC", name).strip().lower()


def _language(language: str) -> str:
    return language if language in LANGUAGES else ""


def _log_grant(session: Session, action: str, held: Grant, actor: int | None) -> None:
    audit.log(
        session,
        action,
        "user",
        held.user_id,
        actor=actor,
        unit_id=held.unit_id,
        details={"role": held.role, "department": held.department},
    )
