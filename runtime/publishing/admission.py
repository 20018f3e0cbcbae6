"""From a draft to a version: a designer asks, a steward admits or returns it with a reason. Not for its checks."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from runtime import clock, drafts
from runtime.accounts import access
from runtime.definitions.address import short_name
from runtime.definitions.load import Library
from runtime.entry import audit
from runtime.errors import Conflict, DefinitionError, EntryError, NotFound
from runtime.judging import judge
from runtime.language import gettext as _
from runtime.publishing.retiring import lift
from runtime.storage.lock import take
from runtime.storage.publishing_tables import Admission
from runtime.storage.tables import FormDraft, FormVersion, User

AWAITING, ADMITTED, RETURNED, WITHDRAWN = "awaiting", "admitted", "returned", "withdrawn"


def current(session: Session, address: str) -> Admission | None:
    """What was last asked of the form at `address`, decided or not."""
    query = select(Admission).where(Admission.address == address)
    return session.scalar(query.order_by(Admission.id.desc()).limit(1))


def is_of(asked: Admission | None, draft: FormDraft | None) -> bool:
    """Whether what was asked is still what the draft says."""
    return asked is not None and draft is not None and asked.source == draft.source


def awaiting(session: Session, user: User) -> Sequence[Admission]:
    """What waits for this user to decide, the oldest first."""
    allowed = access.departments(session, user, "form.admit")
    query = select(Admission).where(Admission.state == AWAITING).order_by(Admission.id)
    if allowed is not None:
        query = query.where(Admission.department.in_(allowed))
    return session.scalars(query).all()


def waiting(session: Session) -> frozenset[str]:
    """The addresses of all forms of which something waits to be decided."""
    query = select(Admission.address).where(Admission.state == AWAITING)
    return frozenset(session.scalars(query))


def ask(
    session: Session,
    library: Library,
    address: str,
    revision: int,
    user: User,
    note: str = "",
    minutes: int | None = None,
) -> Admission:
    """Ask that the draft at this revision be admitted; raises `DefinitionError` while it has errors.

    `minutes` a year it was said to cost. What was asked before and not decided is withdrawn by it.
    Raises `NotAllowed`, `NotFound`, `Conflict`.
    """
    department = short_name(address).split("/")[0]
    access.require(session, user, "form.publish", department=department)
    take(session, f"form {address}")
    draft = _draft(session, address, revision)
    judged = judge(library, address, draft.source)
    if judged.plan is None or not judged.may_be_published:
        raise DefinitionError(_("This draft has errors; mend them first."), judged.problems)
    _withdraw(session, address, user)
    asked = Admission(
        address=address,
        department=department,
        source=draft.source,
        state=AWAITING,
        note=note.strip(),
        minutes=minutes,
        asked_by=user.id,
        asked_at=clock.now(),
    )
    session.add(asked)
    session.flush()
    _log(session, "form.ask", asked, user)
    return asked


def withdraw(session: Session, asked: Admission, user: User) -> None:
    """Take back what was asked; raises `NotAllowed`, and `Conflict` where it is decided."""
    access.require(session, user, "form.publish", department=asked.department)
    _require_open(session, asked)
    _withdraw(session, asked.address, user)


def admit(
    session: Session, library: Library, asked: Admission, user: User, reason: str = ""
) -> FormVersion:
    """Make a version of what was asked; raises `Conflict` where the draft has been changed since.

    Also raises `NotAllowed`, and `DefinitionError` where by now it has errors.
    """
    access.require(session, user, "form.admit", department=asked.department)
    _require_open(session, asked)
    draft = drafts.find(session, asked.address, to_change=True)
    if draft is None or not is_of(asked, draft):
        raise Conflict(
            _(
                "The draft has been changed since it was asked to be admitted; it must be asked anew."
            )
        )
    version = drafts.publish(session, library, asked.address, draft.revision, user.id, beside=True)
    asked.version_id = version.id
    _decide(asked, ADMITTED, user, reason)
    lift(session, asked.address)
    session.flush()
    own = asked.asked_by == user.id
    _log(session, "form.admit", asked, user, version=version.number, own=own)
    return version


def send_back(session: Session, asked: Admission, user: User, reason: str) -> None:
    """Return it to its designers with a reason; raises `EntryError` without one, `NotAllowed`, `Conflict`."""
    access.require(session, user, "form.admit", department=asked.department)
    _require_open(session, asked)
    if not reason.strip():
        raise EntryError(_("Say why it is returned, so that its designers know what to change."))
    _decide(asked, RETURNED, user, reason)
    session.flush()
    _log(session, "form.return", asked, user)


def publish_at_once(
    session: Session, library: Library, address: str, revision: int, user: User
) -> FormVersion:
    """Make the draft a version without asking anybody, on a site where nobody need admit it."""
    department = short_name(address).split("/")[0]
    access.require(session, user, "form.publish", department=department)
    version = drafts.publish(session, library, address, revision, user.id)
    _withdraw(session, address, user)
    lift(session, address)
    return version


def require(session: Session, admission_id: int, address: str) -> Admission:
    """What was asked under that number of that form; raises `NotFound`."""
    found = session.get(Admission, admission_id)
    if found is None or found.address != address:
        raise NotFound(_("Nothing was asked of this form under that number."))
    return found


def _draft(session: Session, address: str, revision: int) -> FormDraft:
    draft = drafts.find(session, address, to_change=True)
    if draft is None:
        raise NotFound(_("There is no draft of this form."))
    if draft.revision != revision:
        raise Conflict(_("Somebody else has changed this draft since you opened it."))
    return draft


def _withdraw(session: Session, address: str, user: User) -> None:
    asked = current(session, address)
    if asked is not None and asked.state == AWAITING:
        _decide(asked, WITHDRAWN, user, "")
        _log(session, "form.withdraw", asked, user)


def _require_open(session: Session, asked: Admission) -> None:
    """Raise `Conflict` where it is decided; until the session ends nobody else decides it."""
    take(session, f"form {asked.address}")
    session.refresh(asked, with_for_update=True)  # somebody may have decided while we waited
    if asked.state != AWAITING:
        raise Conflict(_("This has been decided meanwhile."))


def _decide(asked: Admission, state: str, user: User, reason: str) -> None:
    asked.state, asked.reason = state, reason.strip()
    asked.decided_by, asked.decided_at = user.id, clock.now()


def _log(session: Session, action: str, asked: Admission, user: User, **details: object) -> None:
    told = {"admission": asked.id, **details}
    audit.log(session, action, "form", asked.address, actor=user.id, details=told)
