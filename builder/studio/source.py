"""The JSON tab: the form as text, saved while it is typed, with its problems. Not for what the text is worth."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import (
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response

from builder.history import Clashes, Clashing
from builder.keeping import mark
from builder.studio.kept_text import Begun, Waits, drop, keep_text, look_ahead
from builder.studio.opened import Opened
from builder.studio.pages import DESIGN, READ, frame, opened
from builder.studio.typed import MOST, Typed, too_large
from builder.studio.unfinished import waiting
from runtime.api import (
    Conflict,
    access,
    db,
    drafts,
    dumps,
    loads,
    needs,
    site,
    takes,
    user,
    whole_number,
    writes,
)
from runtime.api import gettext as _

LARGEST_POST = 6 * MOST
"""Bytes of the text and of that which it was begun from; what is larger yet is refused unread."""


@dataclass
class Shown:
    """What the page shows of a text: what it began from, and what is to be said of keeping it."""

    text: str
    base: str
    waited: str = ""
    step: int = 0
    said: str = ""
    alert: str = ""
    clashes: Clashes = ()
    other: str = ""
    """Somebody else's unfinished text."""
    replaced: bool = False
    """Whether the text is another than the one that was sent."""
    more: dict[str, Any] = field(default_factory=dict)


@needs(READ)
def source(department: str, name: str) -> str:
    """The form as JSON: what waits unfinished, else the form as it was last."""
    one = opened(department, name)
    return _page(one, _as_it_stands(one))


@needs(DESIGN)
@takes(LARGEST_POST)
def change(department: str, name: str) -> Any:
    """Look at what was typed (nothing is kept), keep it, put it in order, or throw what is unfinished away."""
    access.require(db(), user(), DESIGN, department=department)
    one, step = opened(department, name), request.form.get("_do", "look")
    text = _plain(request.form.get("text", ""))
    if step == "drop":
        return _dropped(one)
    if too_large(text):
        return _answer(one, _sent(text), 413)
    if step == "look":
        return _answer(one, _sent(text), 200)
    ordered = _in_order(text) if step == "format" else text
    try:
        return _kept(one, ordered, step, replaced=ordered != text)
    except Clashing as error:
        shown = _sent(text, alert=str(error), clashes=error.clashes)
        shown.more["shown"] = mark(drafts.text_of(db(), one.library, one.address))
        return _answer(_anew(one), shown, 409)
    except Waits as error:
        return _answer(_anew(one), _sent(text, alert=str(error), other=error.text), 409)
    except Conflict as error:
        words = _("Your text is below and not saved; copy it, then open the draft anew.")
        return _answer(_anew(one), _sent(text, alert=f"{error} {words}"), 409)


@needs(DESIGN)
def discard(department: str, name: str) -> Response:
    """Throw the draft away: what was published or shipped stays."""
    access.require(db(), user(), DESIGN, department=department)
    address = opened(department, name).address
    with writes() as session:
        drafts.discard(session, address, _number("_revision"), user().id)
    flash(_("The draft was thrown away."))
    return redirect(url_for("builder.forms"))


def _kept(one: Opened, text: str, step: str, *, replaced: bool) -> Any:
    typed = Typed(one.library, one.address, text)
    if step == "theirs" and request.form.get("_waits"):
        return _to_page(one)
    begun, actor = _begun(step), user().id
    look_ahead(db(), one.library, one.address, typed, begun, actor)
    with writes() as session:
        kept = keep_text(session, one.library, one.address, typed, begun, actor)
    theirs = _("Somebody else meanwhile: %(what)s", what=kept.theirs) if kept.theirs else ""
    fresh = _anew(one)
    if not request.headers.get("HX-Request"):
        if theirs:
            flash(theirs)
        flash(_("The draft is saved."))
        return _to_page(one)
    shown = Shown(text, text, step=kept.step, said=theirs, replaced=replaced)
    if typed.document is None:
        shown.base, shown.waited = _plain(request.form.get("_base", text)), mark(text)
    elif fresh.text != text:
        shown.text = shown.base = fresh.text
        shown.replaced, typed = True, Typed(one.library, one.address, fresh.text)
    return _answer(fresh, shown, 200, typed)


def _dropped(one: Opened) -> Any:
    try:
        with writes() as session:
            drop(session, one.address, request.form.get("_waited", ""), user().id)
    except Waits as error:
        flash(str(error), "check")
        return _to_page(one)
    flash(_("The unfinished text was thrown away; the form is as it was last."))
    return _to_page(one)


def _begun(step: str) -> Begun:
    base = request.form.get("_base")
    return Begun(
        None if base is None else _plain(base),
        _number("_revision"),
        step if step in ("mine", "theirs") else "",
        request.form.get("_shown", ""),
        request.form.get("_waited", ""),
        _number("_step"),
    )


def _as_it_stands(one: Opened) -> Shown:
    waits = waiting(one.draft)
    if waits is not None and request.args.get("as") != "form":
        return Shown(waits.text, waits.base, mark(waits.text))
    return Shown(one.text, one.text)


def _sent(text: str, **said: Any) -> Shown:
    base = request.form.get("_base")
    return Shown(
        text,
        text if base is None else _plain(base),
        request.form.get("_waited", ""),
        _number("_step"),
        more={"revision": _number("_revision")},
        **said,
    )


def _answer(one: Opened, shown: Shown, status: int, typed: Typed | None = None) -> Any:
    """The pieces that changed, for htmx; else the whole page."""
    if not request.headers.get("HX-Request"):
        return _page(one, shown, typed), status
    html = render_template("builder/studio/source_kept.html", **_given(one, shown, typed))
    answer = make_response(html, status)
    answer.headers["HX-Trigger-After-Settle"] = "source:answered"
    return answer


def _page(one: Opened, shown: Shown, typed: Typed | None = None) -> str:
    return render_template("builder/studio/source.html", **_given(one, shown, typed))


def _given(one: Opened, shown: Shown, typed: Typed | None) -> dict[str, Any]:
    return {
        **frame(one),
        "shown": shown,
        "typed": typed or Typed(one.library, one.address, shown.text),
        "revision": shown.more.get("revision", one.draft.revision if one.draft else 0),
        "most": MOST,
    }


def _anew(one: Opened) -> Opened:
    """The form as it stands after what was written."""
    return Opened(db(), site().library, one.department, one.name)


def _to_page(one: Opened) -> Response:
    return redirect(url_for("builder.source", department=one.department, name=one.name))


def _in_order(text: str) -> str:
    """The text with each value on a line of its own; as it is where it is no JSON."""
    try:
        ordered = dumps(loads(text), indent=2)
        ordered.encode()
    except ValueError:  # no JSON, or half a letter in it
        return text
    return ordered


def _plain(text: str) -> str:
    """A text as a page has it: lines end with one sign, and what no database takes is told as unreadable."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "\ufffd")


def _number(name: str) -> int:
    return whole_number(request.form.get(name, "")) or 0
