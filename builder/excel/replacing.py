"""A form that was made of a sheet kept as the draft, and what stands in the draft that it takes the place of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from builder.excel import keeping
from builder.excel.making import Ready
from builder.history import Told
from builder.studio.opened import Opened
from builder.studio.past import STEPS, Moment, difference_of, steps_of
from builder.studio.steps import set_text
from runtime.api import (
    Conflict,
    ExcelSheet,
    FormDraft,
    Session,
    Site,
    draft_steps,
    drafts,
    own_sheets,
    short_name,
)
from runtime.api import gettext as _


class InTheWay(Conflict):
    """The draft was changed since it was made of the sheet, and nobody has said yet that it may go."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What would be lost of a draft: its steps, or where it has none what would change in it."""

    mark: str
    """Of the draft as it is shown; who says yes to this says it of no other."""
    steps: Sequence[Moment]
    more: bool
    """Whether there are steps before these."""
    change: Told | None
    unfinished: bool
    """Whether a text waits in the JSON tab, which stays."""


def keep(
    session: Session, site: Site, sheet_id: str, ready: Ready, actor: int, seen: str = ""
) -> None:
    """Keep the form as its draft, with its template; over what was changed in the draft as a step, to be undone.

    `seen` is the mark of what was shown of the draft (`standing`) to whoever said that it may go. Raises `InTheWay`
    without it, and `Conflict` where the name is another form's, or the sheet was decided otherwise meanwhile.
    """
    draft = drafts.find(session, ready.address, to_change=True)
    sheet = keeping.sheet(session, sheet_id, to_change=True)
    if sheet.revision != ready.revision:
        raise Conflict(
            _(
                "Somebody has decided something of this sheet meanwhile; look at it, and make the form then."
            )
        )
    if sheet.form != ready.address and drafts.text_of(session, site.library, ready.address):
        name = short_name(ready.address).rpartition("/")[2]
        raise Conflict(_("There is a form %(name)s already; choose another name.", name=name))
    asks = _asks(session, sheet, draft)
    if asks and seen != _mark(session, ready.address):
        raise InTheWay(_("The form was changed in the builder since."))
    own_sheets.keep_asset(session, ready.template, actor)
    if asks:
        draft = set_text(session, site.library, ready.address, ready.text, actor)
    else:
        revision = draft.revision if draft else 0
        draft = drafts.keep(session, ready.address, ready.text, revision, actor)
    newest = draft_steps.standing(session, draft, 1)
    made = {"text": _digest(draft.source), "draft": draft.id, "step": newest[0].id if newest else 0}
    sheet.content, sheet.found = ready.content, {**ready.found, "made": made}
    sheet.form = ready.address
    sheet.revision += 1
    session.flush()


def standing(session: Session, site: Site, sheet: ExcelSheet, ready: Ready) -> Standing:
    """What stands in the draft that the form would take the place of."""
    department, _slash, name = short_name(ready.address).partition("/")
    one = Opened(session, site.library, department, name)
    made = sheet.found.get("made", {})
    since = made.get("step", 0) if one.draft and made.get("draft") == one.draft.id else 0
    found = steps_of(one)
    steps = [step for step in found if int(step.name) > since]
    change = None if steps or not one.draft else difference_of(one, one.draft.source, ready.text)
    return Standing(
        _mark(session, ready.address),
        steps,
        len(steps) == STEPS,
        change,
        bool(one.draft and one.draft.unfinished),
    )


def _asks(session: Session, sheet: ExcelSheet, draft: FormDraft | None) -> bool:
    """Whether the draft is another than the one that was made of the sheet last."""
    if draft is None:
        return False
    made = sheet.found.get("made", {}).get("text", "")
    if draft.unfinished or not made:
        return bool(draft.unfinished or draft_steps.standing(session, draft, 1))
    return bool(made != _digest(draft.source))


def _mark(session: Session, address: str) -> str:
    return drafts.stand(session, address).mark


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
