"""Whether a part that is no cell waits for somebody: a choice that nobody made, a list that is too short. Pure."""

from __future__ import annotations

from runtime.definitions.place import Placed
from runtime.definitions.plan import Rows
from runtime.entry.state import ASK, State
from runtime.fields.base import MISSING
from runtime.language import gettext as _
from runtime.language import ngettext

_DONE: State = ("", "", "")


def state_of_choice(placed: Placed) -> State:
    """State of a choice, with the words below it: to be made where required, or where its place holds something."""
    wanted = placed.required or placed.value is not MISSING
    return (ASK, _("choose"), "") if wanted and not placed.branch else _DONE


def state_of_rows(placed: Placed) -> State:
    """State of a list, with the words below it: to be filled where it is required and not there, or too short."""
    node = placed.node
    assert isinstance(node, Rows)
    missing = placed.required and placed.value is MISSING
    there = placed.required or placed.value is not MISSING
    short = there and len(placed.children) < node.minimum
    least = max(node.minimum, 1)
    words = ngettext("to type: at least %(n)s row", "to type: at least %(n)s rows", least)
    return (ASK, words, "") if missing or short else _DONE
