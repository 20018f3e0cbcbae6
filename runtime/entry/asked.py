"""Whether a form is still asked: until the day on which it expires. Not for who owes it."""

from __future__ import annotations

from datetime import date

from runtime import clock
from runtime.definitions.plan import Plan
from runtime.errors import EntryError
from runtime.fields.dates import in_words
from runtime.language import gettext as _
from runtime.language import say
from runtime.periods import Period


def expires_on(plan: Plan) -> date | None:
    """The last day for which the form is asked; None where it has none."""
    try:
        return date.fromisoformat(plan.form.expires)
    except ValueError:
        return None


def is_asked(plan: Plan, period: Period | None) -> bool:
    """Whether the form may still be begun for that period, or, about a subject, today."""
    last = expires_on(plan)
    return last is None or (period.first if period else clock.today()) <= last


def require_asked(plan: Plan, period: Period | None) -> None:
    """Raise an `EntryError` that says until when the form was asked, where it no longer is."""
    last = expires_on(plan)
    if last is None or is_asked(plan, period):
        return
    raise EntryError(
        _(
            "The form “%(form)s” expired on %(day)s: nothing new is begun with it. What was begun stays.",
            form=say(plan.words.title),
            day=in_words(last),
        )
    )
