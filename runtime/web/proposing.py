"""The proposals that wait for a steward: what was known, what is proposed, by whom. Not for making them."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from runtime.accounts import access
from runtime.definitions.json import canonical
from runtime.entry import audit, versions
from runtime.errors import Conflict, EntryError, NotFound, OperatorError
from runtime.facts import proposals
from runtime.fields.choices import same
from runtime.language import gettext as _
from runtime.language import ngettext, say
from runtime.storage.proposal_tables import Proposal
from runtime.storage.tables import Entry, Subject, Unit, User
from runtime.web import one_field
from runtime.web.account import department_title
from runtime.web.asking import db, needs, site, user, whole_number, writes
from runtime.web.described import label_of, title_of

proposing = Blueprint("proposing", __name__, url_prefix="/proposals")
PER_PAGE = 30


@dataclass(frozen=True, slots=True)
class Waiting:
    """One proposal, in words."""

    id: int
    state: str
    label: str
    register: str
    unit: str
    department: str
    fields: list[tuple[str, str, str, str]]
    """Of each field: title, what was known when it was proposed, what is known now, what is proposed."""
    moved_on: bool
    """Whether the fact has changed meanwhile."""
    seen: str
    since: date
    form: str
    who: str
    at: datetime
    reason: str
    decided_by: str
    answer: str


def init_app(app: Flask) -> None:
    """Let an entry's pages tell what became of what it proposed."""
    app.jinja_env.globals.update(proposed_by_entry=proposed_by_entry)


@proposing.get("/")
@needs("proposal.decide")
def index() -> str:
    """What waits for me, oldest first; or what was decided, newest first."""
    decided = request.args.get("decided") == "1"
    page = max(1, whole_number(request.args.get("page", "")) or 1)
    query = access.proposals_visible(db(), user())
    if decided:
        query = query.where(Proposal.state != proposals.OPEN).order_by(Proposal.decided_at.desc())
    else:
        query = query.where(Proposal.state == proposals.OPEN).order_by(Proposal.id)
    found = db().scalars(query.offset((page - 1) * PER_PAGE).limit(PER_PAGE + 1)).all()
    lines = [told(one) for one in found[:PER_PAGE]]
    _note([one.subject_id for one in found[:PER_PAGE]])
    return render_template(
        "proposals.html", lines=lines, decided=decided, page=page, more=len(found) > PER_PAGE
    )


def _note(subjects: Iterable[str]) -> None:
    ids = sorted(set(subjects))
    if not ids:
        return
    me = user().id
    with writes() as session:
        audit.read(session, "proposal", "list", actor=me, details={"subjects": ids})


@proposing.post("/<int(max=2147483647):proposal_id>/accept")
@needs("proposal.decide")
def accept(proposal_id: int) -> Response:
    """It becomes a change, if the steward was shown what is known now."""
    try:
        counts = _accept(proposal_id, request.form.get("_seen", ""))
    except EntryError as error:
        flash(str(error), "check")
    else:
        flash(_("Accepted: it is known from now on.") if counts else _accepted_late(1))
    return redirect(url_for(".index"), 303)


def _accepted_late(count: int) -> str:
    return ngettext(
        "%(n)s proposal is accepted for its own day: what was said for a later day still counts today.",
        "%(n)s proposals are accepted for their own days: what was said for later days still counts today.",
        count,
    )


def _accept(proposal_id: int, shown: str) -> bool:
    """Whether what is accepted counts today.

    Raises `EntryError` where something else is known than was `shown`, or it is decided already.
    """
    held, me = _decidable(proposal_id), user().id
    register, answer = site().register(held.register), request.form.get("_answer", "")
    with writes() as session:
        now = proposals.now_known(session, proposals.get(session, proposal_id))
        if shown != seen_of(now):
            raise Conflict(_("The fact has changed since this page was shown. Look at it again."))
        made = proposals.accept(session, register, proposal_id, me, seen=now, answer=answer)
        _log(session, made, me)
        return proposals.counts_today(session, made)


@proposing.post("/<int(max=2147483647):proposal_id>/refuse")
@needs("proposal.decide")
def refuse(proposal_id: int) -> Response:
    """The fact stays as it is; whoever proposed it reads why."""
    _decidable(proposal_id)
    try:
        _refuse(proposal_id)
    except EntryError as error:
        flash(str(error), "check")
    else:
        flash(_("Refused."))
    return redirect(url_for(".index"), 303)


def _refuse(proposal_id: int) -> None:
    """Raises `EntryError` where no reason is given, or it is decided already."""
    me = user().id
    with writes() as session:
        made = proposals.refuse(session, proposal_id, me, request.form.get("_answer", ""))
        _log(session, made, me)


@proposing.post("/decide")
@needs("proposal.decide")
def decide() -> Response:
    """Accept or refuse all that were ticked, each by itself; what became of them is told."""
    named = [whole_number(one) for one in request.form.getlist("proposal")[:PER_PAGE]]
    chosen = [one for one in dict.fromkeys(named) if one is not None]
    for one in chosen:
        _decidable(one)  # a steward may ask for all of them or for none
    done, late, problems = 0, 0, []
    for one in chosen:
        try:
            counts = _decide(one)
        except (EntryError, OperatorError) as error:  # what was decided before is told all the same
            problems.append(str(error))
        else:
            done, late = done + counts, late + (not counts)
    _tell(done, late, problems)
    return redirect(url_for(".index"), 303)


def _decide(proposal_id: int) -> bool:
    """Whether it stands as decided today: not where an accepted value is overtaken by a later one."""
    if request.form.get("_do") != "refuse":
        return _accept(proposal_id, request.form.get(f"seen-{proposal_id}", ""))
    _refuse(proposal_id)
    return True


def _tell(done: int, late: int, problems: list[str]) -> None:
    refused = request.form.get("_do") == "refuse"
    if done and refused:
        flash(ngettext("%(n)s proposal is refused.", "%(n)s proposals are refused.", done))
    elif done:
        flash(ngettext("%(n)s proposal is accepted: it is known from now on.",
                       "%(n)s proposals are accepted: they are known from now on.", done))  # fmt: skip
    if late:
        flash(_accepted_late(late))
    if problems:
        left = ngettext("%(n)s is left undecided:", "%(n)s are left undecided:", len(problems))
        flash(f"{left} {' '.join(dict.fromkeys(problems))}", "check")
    if not (done or late or problems):
        flash(_("Nothing was ticked."), "check")


def _decidable(proposal_id: int) -> Proposal:
    query = access.proposals_visible(db(), user()).where(Proposal.id == proposal_id)
    found = db().scalar(query)
    if found is None:
        raise NotFound(_("There is no such proposal."))
    return found


def _log(session: Any, held: Proposal, actor: int) -> None:
    audit.log(
        session,
        f"proposal.{held.state}",
        "subject",
        held.subject_id,
        actor=actor,
        unit_id=held.unit_id,
        details={"proposal": held.id, "fields": sorted(held.values)},
    )


def seen_of(known: Mapping[str, Any]) -> str:
    """A short text that is another one when something else is known."""
    return hashlib.sha256(canonical(dict(known))).hexdigest()[:16]


def told(held: Proposal) -> Waiting:
    """A proposal in words."""
    subject = db().get(Subject, held.subject_id)
    unit = db().get(Unit, (subject.unit_id if subject else None) or held.unit_id)
    now = proposals.now_known(db(), held)
    return Waiting(
        id=held.id,
        state=held.state,
        label=label_of(held.register, subject.document if subject else {}),
        register=title_of(held.register),
        unit=say(unit.title) if unit else "",
        department=department_title(held.department),
        fields=[_field(held, name, now) for name in held.values],
        moved_on=proposals.has_moved_on(held, now),
        seen=seen_of(now),
        since=held.effective,
        form=_form(held),
        who=_name(held.proposed_by),
        at=held.proposed_at,
        reason=held.reason,
        decided_by=_name(held.decided_by),
        answer=held.answer,
    )


def _field(held: Proposal, name: str, now: Mapping[str, Any]) -> tuple[str, str, str, str]:
    def text(some: Mapping[str, Any]) -> str:
        value = some.get(name)
        return "" if value is None else one_field.text_of(held.register, name, value)

    title = one_field.title_of_field(held.register, name)
    return title, text(held.known), text(now), text(held.values)


def _form(held: Proposal) -> str:
    entry = db().get(Entry, held.entry_id) if held.entry_id else None
    return say(versions.get(db(), entry.form_version_id).title) if entry else ""


def _name(user_id: int | None) -> str:
    found = db().scalar(select(User.full_name).where(User.id == user_id)) if user_id else None
    return found or ""


def proposed_by_entry(entry: Entry, cell: str = "") -> list[Waiting]:
    """What an entry, or one cell of it, proposed, and what became of it."""
    made = [p for p in proposals.of_entry(db(), entry.id) if cell in ("", p.cell)]
    return [told(one) for one in made if one.values and one.state != proposals.WITHDRAWN]


def waiting_for(subjects: Iterable[str]) -> dict[tuple[str, str], str]:
    """Subject and field -> what is proposed of it and not decided yet, where its subject may be read today."""
    waiting = proposals.of_subjects(db(), subjects)
    here = readable({held.subject_id for held in waiting})
    return {
        (held.subject_id, name): one_field.text_of(held.register, name, value)
        if not same(value, None)
        else _("(to be taken away)")
        for held in waiting
        if held.subject_id in here
        for name, value in held.values.items()
    }


def readable(subjects: Collection[str]) -> Collection[str]:
    """Those of the subjects that belong today where whoever is signed in may read them."""
    if not subjects:
        return ()
    units = access.units_where(db(), user(), "subject.read")
    found = db().execute(select(Subject.id, Subject.unit_id).where(Subject.id.in_(subjects)))
    return {subject_id for subject_id, unit_id in found if unit_id in units}
