"""Why somebody says what they say, as a page posts it. Never cut: what is too long is for the person to shorten."""

from __future__ import annotations

from flask import request

from runtime.errors import EntryError
from runtime.language import gettext as _

MOST = 500
"""Characters."""


def reason() -> str:
    """What was posted as the reason; raises `EntryError` where it is too long to be kept."""
    text = request.form.get("_reason", "").strip()
    if len(text) > MOST:
        told = {"n": len(text), "most": MOST}
        raise EntryError(_("The reason has %(n)s characters; shorten it to %(most)s.", **told))
    return text
