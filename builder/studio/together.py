"""Two designers on one form: whether a page still shows it as it is, and how a refusal is answered. Not for merging."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, make_response, redirect, render_template, request

from runtime.api import Session, drafts


def is_as_shown(session: Session, address: str) -> bool:
    """Whether the form is as it was when the page was drawn that posts; also where the page does not say."""
    known = request.form.get("known", "")
    return known in ("", drafts.stand(session, address).mark)


Was = tuple[str, str, str]
"""The id of what the panel knows of a property, its name, and what it is by now."""


def refused(words: str, back: str, status: int, was: Sequence[Was] = ()) -> Any:
    """Say why something was not done: in place for htmx; else on the page `back`.

    What is typed stays; `was` is from then on what the page knows of these properties, so that they can be set again.
    """
    if not request.headers.get("HX-Request"):
        flash(words, "check")
        return redirect(back)
    answer = make_response(
        render_template("builder/studio/refused.html", words=words, was=was), status
    )
    answer.headers["HX-Reswap"] = "none"
    return answer
