"""The page of all forms: found, filtered, sorted, chosen to go out; where a new one begins. Not for one form's page."""

from __future__ import annotations

from typing import Any, NamedTuple
from urllib.parse import urljoin

from flask import current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from builder.burdens import burden_of
from builder.edits.naming import fresh, plain
from builder.edits.texts import with_text
from builder.exchange.incoming import is_name
from builder.forms import (
    ORDERS,
    STATES,
    Listed,
    State,
    chosen,
    counted_in,
    listed,
    ordered,
    who_changed,
)
from builder.history import read
from builder.views import READ, builder
from runtime.api import (
    NotFound,
    access,
    admission,
    burdens,
    current_language,
    db,
    drafts,
    dumps,
    form_address,
    needs,
    say,
    short_name,
    site,
    texts_of,
    user,
    whole_number,
    writes,
)
from runtime.api import gettext as _

__all__ = ["begin", "builder", "copy_of", "forms"]

ON_A_PAGE = 50
LONGEST_TITLE = 200


class Wanted(NamedTuple):
    """What the address asks for."""

    query: str = ""
    department: str = ""
    state: str = ""
    order: str = "name"
    turned: bool = False
    page: int = 1

    def address(self, **changed: Any) -> str:
        """The address of the list with something else asked for; what is as usual is left out."""
        asked = self._replace(**changed)
        said = {
            "q": asked.query,
            "department": asked.department,
            "state": asked.state,
            "sort": "" if asked.order == "name" else asked.order,
            "turned": "1" if asked.turned else "",
            "page": str(asked.page) if asked.page > 1 else "",
        }
        shown: dict[str, Any] = {key: value for key, value in said.items() if value}
        return url_for("builder.forms", **shown)

    def sorted_by(self, order: str) -> str:
        """The address of the list in this order: asked again, the other way round."""
        return self.address(order=order, turned=order == self.order and not self.turned, page=1)

    def direction(self, order: str) -> str:
        """What `aria-sort` says of a column."""
        if order != self.order:
            return "none"
        return "descending" if self.turned else "ascending"


@builder.get("/")
@needs(READ)
def forms() -> str:
    """All forms: shipped, of departments, and begun here; with search, filters and order, page by page."""
    return _page({}, "")


def _page(typed: dict[str, str], wrong: str) -> str:
    """The list; `typed` and `wrong` are what was typed of a new form, and what is wrong with it."""
    wanted = _wanted()
    everything = listed(db(), site().library)
    found = chosen(everything, wanted.query, wanted.department, wanted.state)
    pages = max(1, -(-len(found) // ON_A_PAGE))
    wanted = wanted._replace(page=min(max(wanted.page, 1), pages))
    start = (wanted.page - 1) * ON_A_PAGE
    rows = ordered(db(), found, wanted.order, wanted.turned)[start : start + ON_A_PAGE]
    return render_template(
        "builder/listing/forms.html",
        rows=rows,
        found=len(found),
        all=len(everything),
        pages=pages,
        wanted=wanted,
        burdens={
            short: burden_of(db(), short, counted)
            for short, counted in counted_in(db(), rows).items()
        },
        rounded=burdens.rounded,
        plural=burdens.plural,
        people=who_changed(db(), rows),
        departments=_departments(everything),
        states=_states(everything),
        state_words=state_words,
        own=own_departments(),
        typed=typed or {"copy_of": request.args.get("copy", "")},
        wrong=wrong,
        waiting=_waiting(),
        from_excel=_from_excel(),
        says=department_title,
    )


def _waiting() -> list[tuple[str, str, str]]:
    """What waits for whoever is signed in to admit, the oldest first: department, name, title."""
    if not access.may(db(), user(), "form.admit"):
        return []
    found = []
    for asked in admission.awaiting(db(), user()):
        department, _slash, name = short_name(asked.address).partition("/")
        title = texts_of(read(asked.source) or {})
        found.append((department, name, say(title) or name))
    return found


def _from_excel() -> str:
    """Where a department's sheet becomes a form; empty where that part is left out."""
    rules = current_app.url_map.iter_rules()
    return next((r.rule for r in rules if r.rule in ("/builder/excel", "/builder/excel/")), "")


def _wanted() -> Wanted:
    asked = request.args
    order = asked.get("sort", "name")
    return Wanted(
        asked.get("q", "").strip(),
        asked.get("department", ""),
        asked.get("state", ""),
        order if order in ORDERS else "name",
        asked.get("turned") == "1",
        whole_number(asked.get("page", "")) or 1,
    )


def _departments(rows: list[Listed]) -> list[tuple[str, str]]:
    codes = {one.department for one in rows} | set(site().library.departments())
    return sorted(((code, department_title(code)) for code in codes), key=lambda pair: pair[1])


def _states(rows: list[Listed]) -> list[tuple[str, str]]:
    """The states that there are."""
    there = frozenset[State]().union(*(one.states for one in rows))
    return [(state, state_words(state)) for state in STATES if state in there]


def state_words(state: State) -> str:
    """A state in words."""
    return {
        "draft": _("draft"),
        "awaiting": _("awaiting approval"),
        "published": _("published"),
        "retired": _("retired"),
        "shipped": _("shipped, not published"),
    }[state]


def own_departments() -> list[str]:
    """The codes of the departments whose forms whoever is signed in may change."""
    allowed = access.departments(db(), user(), "form.design")
    known = site().library.departments()
    return [code for code in known if allowed is None or code in allowed]


def department_title(code: str) -> str:
    """What a department is called."""
    return say(site().library.departments().get(code, {})) or code


@builder.post("/forms")
@needs("form.design")
def begin() -> Any:
    """Begin a new form: an empty one, or a copy of another. Its name in addresses is typed, or made of its title."""
    department, title, name, copied = (
        request.form.get(key, "").strip() for key in ("department", "title", "name", "copy_of")
    )
    access.require(db(), user(), "form.design", department=department)
    if name and not is_name(name):
        return _wrong(
            _("A form's name has small letters, digits and single dashes, such as home-visits.")
        )
    if not (name or title or copied):
        return _wrong(_("Give the form a title."))
    if len(title) > LONGEST_TITLE:
        return _wrong(
            _("The title has at most %(most)s characters; shorten it.", most=LONGEST_TITLE)
        )
    if name and drafts.text_of(db(), site().library, form_address(f"{department}/{name}")):
        flash(_("There is a form %(name)s already; here it is.", name=name), "check")
        return _to_form(department, name)
    try:
        text = copy_of(copied, department, title) if copied else _blank(department, title or name)
    except NotFound as error:
        return _wrong(str(error))
    name = name or _free_name(department, title or copied.rpartition("/")[2])
    with writes() as session:
        drafts.keep(session, form_address(f"{department}/{name}"), text, 0, user().id)
    return _to_form(department, name)


def _free_name(department: str, title: str) -> str:
    """A name that no form of the department has, made of a title."""
    taken = {one.name for one in listed(db(), site().library) if one.department == department}
    return fresh(plain(title, "-") or "form", {*taken, "department"}, "-")


def _wrong(why: str) -> Any:
    return _page(request.form.to_dict(), why), 422


def _to_form(department: str, name: str) -> Response:
    return redirect(url_for("builder.form", department=department, name=name))


def _blank(department: str, title: str) -> str:
    spoken = title.replace("-", " ").capitalize() if is_name(title) else title
    return drafts.blank(department, spoken)


def copy_of(short: str, department: str, title: str = "") -> str:
    """The text of a form for another department: without its number, which is the other's. Raises `NotFound`.

    A `title` of its own takes the place of the other's in the language that the page speaks.
    """
    address = form_address(short)
    text = drafts.text_of(db(), site().library, address)
    if not text:
        raise NotFound(_("There is no form %(name)s.", name=short))
    document = read(text)
    if document is None:
        raise NotFound(_("%(name)s is no JSON object.", name=short))
    document = {key: value for key, value in document.items() if key not in ("number", "$id")}
    if isinstance(base := document.get("extends"), str):
        document["extends"] = _from_any_department(address, base)
    if title:
        document = with_text(document, "title", current_language(), title)
    return dumps({**document, "department": department}, indent=2)


def _from_any_department(address: str, base: str) -> str:
    """The form that is extended, named so that every department's folder finds it."""
    whole = urljoin(address, base)
    return f"../{short_name(whole)}.json" if "/forms/" in whole else base
