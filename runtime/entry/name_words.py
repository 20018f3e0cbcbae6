"""Why what was typed cannot be the name of a row, in words. Not for changing names."""

from __future__ import annotations

from runtime.definitions.named import fits, is_allowed, is_typed
from runtime.definitions.plan import Named, Plan
from runtime.language import gettext as _

MOST_NAMES = 12
"""So many allowed names are told to whoever gives none of them."""


def unfit(plan: Plan, named: Named, name: str) -> str:
    """Why `name` cannot be that of one of these rows; empty where it can, if nobody else has it."""
    if not name:
        return _("Give this row a name; to be rid of it, remove it.")
    if not is_typed(name):
        return _("This name holds characters that cannot be kept; type another one.")
    if name in named.declared:
        return _("“%(name)s” has a place of its own in the form; type another name.", name=name)
    if not fits(plan, named, name):
        if named.pattern:
            pattern = named.pattern
            return _(
                "“%(name)s” does not fit the pattern %(pattern)s; type a name that does.",
                name=name,
                pattern=pattern,
            )
        return _("“%(name)s” belongs to the other rows here, by its pattern.", name=name)
    return "" if is_allowed(plan, named, name) else _not_allowed(named, name)


def _not_allowed(named: Named, name: str) -> str:
    if 0 < len(named.names) <= MOST_NAMES:
        names = _(", ").join(named.names)
        return _("“%(name)s” may not be a name here. Names are: %(names)s.", name=name, names=names)
    if named.wanted:
        return _(
            "“%(name)s” does not fit the pattern %(pattern)s; type a name that does.",
            name=name,
            pattern=named.wanted,
        )
    return _("“%(name)s” may not be a name here; type another one.", name=name)


def taken(name: str) -> str:
    """That another row has the name."""
    return _("There is “%(name)s” already; type another name.", name=name)


def too_many(most: int) -> str:
    """That no row more may be added."""
    return _("There may be %(most)s rows at most.", most=most)
