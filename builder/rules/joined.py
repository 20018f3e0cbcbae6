"""Words one after another, as the language in force joins them."""

from __future__ import annotations

from collections.abc import Sequence

from runtime.api import gettext as _


def both(parts: Sequence[str]) -> str:
    """Conditions that hold together."""
    return _joined(parts, _("%(some)s and %(last)s", some="%(some)s", last="%(last)s"))


def either(parts: Sequence[str]) -> str:
    """Conditions or values of which one holds."""
    return _joined(parts, _("%(some)s or %(last)s", some="%(some)s", last="%(last)s"))


def names(parts: Sequence[str]) -> str:
    """Titles one after another: “grade, age and sex”."""
    return _joined(parts, _("%(some)s and %(name)s", some="%(some)s", name="%(last)s"))


def _joined(parts: Sequence[str], pattern: str) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return pattern % {"some": _(", ").join(parts[:-1]), "last": parts[-1]}
