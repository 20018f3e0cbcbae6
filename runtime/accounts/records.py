"""Reading what holds personal records: allowed for the place, and noted in the audit log. Not for statistics.

A door for pages: whoever comes through here has been asked for the right and has left a trace.
"""

from __future__ import annotations

from sqlalchemy import Engine

from runtime.accounts.access import require as require_right
from runtime.accounts.access import require_entry
from runtime.definitions.place import cells, place
from runtime.definitions.plan import Cell, CellFill, Plan
from runtime.entry import attachments, audit, life
from runtime.errors import NotFound
from runtime.fill.filling import behind
from runtime.fill.scan import Behind
from runtime.language import gettext as _
from runtime.periods import Period
from runtime.storage.engine import reading, writing
from runtime.storage.tables import Attachment, Entry, User

LONGEST = 500
"""Characters of a cell's pointer that are noted: it comes from an address that anybody may write."""


def read_entry(
    engine: Engine, user: User, entry_id: str, action: str = "entry.read", *, cell: str = ""
) -> Entry:
    """The entry, for a page that shows it, or one `cell` of it; noted in the log when it names persons.

    Raises `NotFound` where the user may not see it, `NotAllowed` where not do `action` with it.
    """
    with reading(engine) as session:
        entry = life.load(session, entry_id)
        require_entry(session, user, entry, action)
    if names_persons(entry):
        note_entry(engine, user, entry, cell=cell)
    return entry


def names_persons(entry: Entry) -> bool:
    """Whether to read the entry is to read of persons, and so is noted."""
    return bool(entry.subject_id) or _names_subjects(entry)


def note_entry(engine: Engine, user: User, entry: Entry, *, cell: str = "") -> None:
    """Note that the user reads the entry, or one `cell` of it, in a transaction of its own."""
    details = {"cell": cell[:LONGEST]} if cell else {}
    with writing(engine) as session:
        audit.read(
            session, "entry", entry.id, actor=user.id, unit_id=entry.unit_id, details=details
        )


def read_behind(
    engine: Engine,
    user: User,
    entry_id: str,
    pointer: str,
    *,
    bare: bool = False,
    outside: bool = False,
) -> list[Behind]:
    """The subjects behind the figure in a cell of an entry, for those who may read the register there.

    With `outside` those that it should count and that stand in no row. `bare` tells the log that sensitive values are
    shown, not masked.
    Raises `NotFound` for a cell that is not filled by counting.
    """
    with reading(engine) as session:
        entry = life.load(session, entry_id)
        require_entry(session, user, entry, "entry.read")
        require_right(session, user, "subject.read", entry.unit_id)
        plan = life.plan_for(session, entry)
        period = Period.parse(entry.period) if entry.period else None
        fill = _figure_at(plan, entry, pointer)
        found = behind(session, plan, fill, entry.unit_id, period, outside=outside)
    with writing(engine) as session:
        audit.log(
            session,
            "subject.list",
            "entry",
            entry.id,
            actor=user.id,
            unit_id=entry.unit_id,
            details={
                "cell": pointer,
                "count": len(found),
                **({"outside": True} if outside else {}),
                **({"sensitive": True} if bare else {}),
            },
        )
    return found


def read_attachment(engine: Engine, user: User, attachment_id: str) -> Attachment:
    """A file with its content, for those who may read its entry; always noted in the log."""
    with writing(engine) as session:
        found = attachments.fetch(
            session,
            attachment_id,
            lambda entry: require_entry(session, user, entry, "entry.read"),
        )
        audit.read(session, "attachment", found.id, actor=user.id, entry_id=found.entry_id)
        return found


def _figure_at(plan: Plan, entry: Entry, pointer: str) -> CellFill:
    for cell in cells(place(plan, entry.data, entry.choices)):
        node = cell.node
        if cell.pointer == pointer and isinstance(node, Cell) and node.fill is not None:
            return node.fill
    raise NotFound(_("This cell is not counted from a register."))


def _names_subjects(entry: Entry) -> bool:
    return any(told.get("kind") == "subject" for told in entry.provenance.values())
