"""What must be among the rows of a list, in words, and how many there are. Not for judging the list."""

from __future__ import annotations

from typing import Any

from runtime.definitions.judge import holds
from runtime.definitions.plan import Condition, Plan, Wanted
from runtime.language import gettext as _
from runtime.language import ngettext, say


def told(one: Wanted) -> str:
    """The demand as a sentence."""
    what = say(one.what) or _("as the form asks for it")
    if one.maximum == 0:
        return _("No row may be %(what)s.", what=what)
    least, most = one.minimum, one.maximum
    if least == most:
        return ngettext(
            "Exactly %(n)s row must be %(what)s.",
            "Exactly %(n)s rows must be %(what)s.",
            least,
            what=what,
        )
    if most is None:
        return ngettext(
            "At least %(n)s row must be %(what)s.",
            "At least %(n)s rows must be %(what)s.",
            least,
            what=what,
        )
    if least == 0:
        return ngettext(
            "At most %(n)s row may be %(what)s.",
            "At most %(n)s rows may be %(what)s.",
            most,
            what=what,
        )
    return _("From %(least)s to %(most)s rows must be %(what)s.", least=least, most=most, what=what)


def missed(plan: Plan, wanted: tuple[Wanted, ...], rows: Any) -> list[str]:
    """The demands that the rows do not meet, each with how many of them do."""
    found = []
    for one in wanted:
        count = (
            sum(holds(plan, Condition(schema=one.schema), row) for row in rows)
            if isinstance(rows, list)
            else 0
        )
        if count < one.minimum or (one.maximum is not None and count > one.maximum):
            are = ngettext("There is %(n)s.", "There are %(n)s.", count)
            found.append(_("%(demand)s %(are)s", demand=told(one), are=are))
    return found
