"""Form drafts: kept whatever is typed, judged as they stand, published as versions. Not for drawing them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from runtime import clock, made_here
from runtime.definitions.address import SCHEMAS, short_name
from runtime.definitions.check_texts import CHINESE
from runtime.definitions.json import dumps
from runtime.definitions.load import Library
from runtime.entry import audit
from runtime.entry.versions import latest as latest_version
from runtime.entry.versions import publish_version
from runtime.errors import Conflict, DefinitionError, NotFound
from runtime.facts.tallies.work import follow
from runtime.judging import judge
from runtime.language import Texts
from runtime.language import gettext as _
from runtime.storage.lock import take
from runtime.storage.publishing_tables import Admission
from runtime.storage.tables import FormDraft, FormVersion, new_id


@dataclass(frozen=True, slots=True)
class Latest:
    """The newest version of a form."""

    number: int
    title: Texts


def latest_versions(session: Session) -> dict[str, Latest]:
    """Address -> its newest version, of every form that has one."""
    query = select(FormVersion.address, FormVersion.number, FormVersion.title)
    rows = session.execute(query.order_by(FormVersion.number))
    return {address: Latest(number, title) for address, number, title in rows}


@dataclass(frozen=True, slots=True)
class PublishedHere:
    """The newest version of a form that people of this site published, without its texts."""

    id: int
    address: str
    digest: str
    at: datetime


def newest_here(session: Session) -> list[PublishedHere]:
    """Of each form whose newest version people published here, that version; shipped forms are in the files."""
    query = select(
        FormVersion.id,
        FormVersion.address,
        FormVersion.digest,
        FormVersion.published_at,
        FormVersion.published_by,
        FormVersion.retired_at,
    )
    newest = {row.address: row for row in session.execute(query.order_by(FormVersion.number))}
    return [
        PublishedHere(row.id, row.address, row.digest, row.published_at)
        for row in newest.values()
        if row.published_by is not None and row.retired_at is None
    ]


def published_at(session: Session) -> dict[str, tuple[int, datetime]]:
    """Address -> number and moment of the newest version that is in force, of every form."""
    query = select(FormVersion.address, FormVersion.number, FormVersion.published_at)
    rows = session.execute(
        query.where(FormVersion.retired_at.is_(None)).order_by(FormVersion.number)
    )
    return {address: (number, at) for address, number, at in rows}


def source_of(session: Session, library: Library, version_id: int) -> str:
    """A version's JSON text, with what was renamed and merged in the dictionary since; `""` when there is none."""
    version = session.get(FormVersion, version_id)
    if version is None:
        return ""
    return made_here.text_moved(
        session, library, version.address, version.source, version.published_at
    )


def all_begun(session: Session) -> list[FormDraft]:
    """All drafts, by address."""
    return list(session.scalars(select(FormDraft).order_by(FormDraft.address)))


def begun(session: Session) -> frozenset[str]:
    """The addresses of the forms that have a draft."""
    return frozenset(session.scalars(select(FormDraft.address)))


def blank(department: str, title: str) -> str:
    """The JSON text of a new form without any cell. A Chinese title is its 中文 too, as no form may be without one."""
    form = {
        "$schema": f"{SCHEMAS}form.json",
        "title": title,
        "department": department,
        "frequency": "monthly",
        "level": ["community"],
        "type": "object",
        "properties": {},
        "layout": [],
        **({"translations": {"zh-CN": {"title": title}}} if CHINESE.search(title) else {}),
    }
    return dumps(form, indent=2)


def find(session: Session, address: str, *, to_change: bool = False) -> FormDraft | None:
    """The draft of the form at `address`, if anybody has begun one.

    `to_change`: nobody else changes it until the session ends, so that what is made of it loses no step of others.
    Asked first of all that a change does: what the session has read of the draft before may be old, and is read anew.
    """
    query = select(FormDraft).where(FormDraft.address == address)
    if to_change:
        # The row is waited for, but an object that the session knows already would stay as it was.
        query = query.with_for_update().execution_options(populate_existing=True)
        if (draft := session.scalar(query)) is not None:
            return draft
        # There is no row yet to wait for: of two who begin it, one is first.
        take(session, f"form {address}")
    return session.scalar(query)


@dataclass(frozen=True, slots=True)
class Stand:
    """How a form stands: a mark that is another whenever its draft or version is, and who touched it last."""

    mark: str
    by: int | None = None


def stand(session: Session, address: str) -> Stand:
    """How the form stands now, told without reading it: for pages that ask often."""
    draft = session.execute(
        select(FormDraft.id, FormDraft.revision, FormDraft.updated_by).where(
            FormDraft.address == address
        )
    ).first()
    if draft is not None:
        return Stand(f"{draft.id}.{draft.revision}", draft.updated_by)
    query = select(FormVersion.number, FormVersion.published_by).order_by(FormVersion.number.desc())
    version = session.execute(query.where(FormVersion.address == address).limit(1)).first()
    return Stand(f"v{version.number}", version.published_by) if version else Stand("v0")


def text_of(session: Session, library: Library, address: str) -> str:
    """The form's JSON text: the draft, else the latest version, else as it shipped; `""` when there is none.

    What was renamed or merged in the dictionary since a version was published is followed.
    """
    if (draft := find(session, address)) is not None:
        return draft.source
    if (version := latest_version(session, address)) is not None:
        return made_here.text_moved(session, library, address, version.source, version.published_at)
    return shipped(library, address)


def shipped(library: Library, address: str) -> str:
    """The form's JSON text as it shipped or a department brought it; `""` when there is none."""
    return dumps(library.source(address), indent=2) if address in library else ""


def keep(session: Session, address: str, text: str, revision: int, actor: int | None) -> FormDraft:
    """Keep what was typed, whatever it is; raises `Conflict` when somebody has kept another text since.

    `revision` is that of the draft which was being edited, 0 where there was none.
    """
    draft = find(session, address, to_change=True)
    if (draft.revision if draft else 0) != revision:
        raise Conflict(_("Somebody else has changed this draft since you opened it."))
    if draft is None:
        department = short_name(address).split("/")[0]
        draft = FormDraft(id=new_id(), address=address, department=department, revision=0)
        session.add(draft)
    draft.source, draft.unfinished = text.replace("\r\n", "\n"), ""
    try:
        return _touched(session, draft, actor)
    except IntegrityError as error:  # two begin the draft at once
        raise Conflict(_("Somebody else has begun a draft of this form just now.")) from error


def keep_unfinished(
    session: Session, library: Library, address: str, text: str, revision: int, actor: int | None
) -> FormDraft:
    """Keep a text that is no form yet beside the form as it was last; raises `Conflict` as `keep` does."""
    draft = find(session, address, to_change=True)
    if draft is None:
        kept = text_of(session, library, address)
        draft = keep(session, address, kept, revision, actor)
    elif draft.revision != revision:
        raise Conflict(_("Somebody else has changed this draft since you opened it."))
    draft.unfinished = text.replace("\r\n", "\n")
    return _touched(session, draft, actor)


def _touched(session: Session, draft: FormDraft, actor: int | None) -> FormDraft:
    draft.revision += 1
    draft.updated_at, draft.updated_by = clock.now(), actor
    session.flush()
    details = {"revision": draft.revision}
    audit.log(session, "draft.keep", "form", draft.address, actor=actor, details=details)
    return draft


def publish(
    session: Session,
    library: Library,
    address: str,
    revision: int,
    actor: int | None,
    *,
    beside: bool = False,
) -> FormVersion:
    """Make the draft at this revision a version; raises `DefinitionError` while it has errors.

    The draft is gone afterwards: the version is what there is. `beside`: a text that is no form yet does not keep it
    from being published, and stays with a new draft of the version.
    """
    take(session, f"form {address}")
    draft = find(session, address, to_change=True)
    if draft is None:
        raise NotFound(_("There is no draft of this form."))
    if draft.revision != revision:
        raise Conflict(_("Somebody else has changed this draft since you opened it."))
    if draft.unfinished and not beside:
        raise DefinitionError(
            _("A text that is no form yet was typed as JSON; finish it or throw it away first.")
        )
    judged = judge(library, address, draft.source)
    if judged.plan is None or not judged.may_be_published:
        raise DefinitionError(_("This draft has errors; mend them first."), judged.problems)
    version = publish_version(session, judged.plan, draft.source, actor=actor)
    follow(session, judged.plan.rules.values(), actor)
    left = draft.source, draft.unfinished, draft.updated_by
    session.delete(draft)
    session.flush()
    if left[1]:
        fresh = keep(session, address, left[0], 0, left[2])
        fresh.unfinished = left[1]
        session.flush()
    return version


def discard(session: Session, address: str, revision: int, actor: int | None) -> None:
    """Throw the draft away as it was at `revision`; raises `Conflict` when it has changed since."""
    take(session, f"form {address}")  # first, as whoever decides what was asked of it does
    draft = find(session, address, to_change=True)
    if draft is None:
        return
    if draft.revision != revision:
        raise Conflict(_("Somebody else has changed this draft since you opened it."))
    session.delete(draft)
    session.flush()
    audit.log(session, "draft.discard", "form", address, actor=actor)
    withdraw(session, address, actor, _("The draft was thrown away."))


def withdraw(session: Session, address: str, actor: int | None, reason: str = "") -> None:
    """Take back what was asked of the form and is not decided yet, if anything is."""
    query = select(Admission).where(Admission.address == address, Admission.state == "awaiting")
    for asked in session.scalars(query.with_for_update()):
        asked.state, asked.reason = "withdrawn", reason
        asked.decided_by, asked.decided_at = actor, clock.now()
        session.flush()
        told = {"admission": asked.id, "reason": reason}
        audit.log(session, "form.withdraw", "form", address, actor=actor, details=told)


def versions(session: Session, address: str) -> list[FormVersion]:
    """All versions of a form, the newest first."""
    query = select(FormVersion).where(FormVersion.address == address)
    return list(session.scalars(query.order_by(FormVersion.number.desc())))
