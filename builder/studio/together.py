"""Two designers on one form: whether a page still shows it as it is, and how a refusal is answered. Not for merging."""

from __future__ import annotations

from typing import Any

from flask import flash, make_response, redirect, render_template, request

from runtime.api import Session, drafts


def is_as_shown(session: Session, address: str) -> bool:
    """Whether the form is as it was when the page was drawn that posts; also where the page does not say."""
    known = request.form.get("known", "")
    return known in ("", drafts.stand(session, address).mark)


def refused(words: str, back: str, status: int) -> Any:
    """Say why something was not done: in place for htmx, which exchanges nothing else; else on the page `back`."""
    if not request.headers.get("HX-Request"):
        flash(words, "check")
        return redirect(back)
    answer = make_response(render_template("builder/studio/refused.html", words=words), status)
    answer.headers["HX-Reswap"] = "none"
    return answer
