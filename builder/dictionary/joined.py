"""Pages on which a field, an indicator or a code becomes another: what would change is listed first."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from flask import abort, flash, redirect, render_template, request

from builder.dictionary.carrying import fields_with, known, known_code, offer
from builder.dictionary.codes import rows_of
from builder.dictionary.effects import FormReached, forms_reached
from builder.dictionary.history import title_of
from builder.dictionary.items import items
from builder.dictionary.joining import Obstacle, codes_merged, is_asked, merged, obstacles, renamed
from builder.dictionary.keeping import Foreseen, Step, carry_out, foresee
from builder.dictionary.pages import CHANGE, common, dictionary, form_url, here, url_of
from builder.dictionary.places import Spot, spot_of, steward_of
from builder.dictionary.rights import require_change
from builder.radar import Wanted, index_of, similar
from runtime.api import (
    Conflict,
    DefinitionError,
    EntryError,
    Library,
    db,
    needs,
    references,
    say,
    short_name,
    site,
    user,
    whole_number,
)
from runtime.api import gettext as _


@dataclass(frozen=True, slots=True)
class DryRun:
    """What would change, by kind; nothing has been done."""

    found: Foreseen
    forms: list[FormReached]
    known: int
    """Subjects of whom something is known under the old key."""
    obstacles: list[Obstacle]
    mark: str

    @property
    def definitions(self) -> list[str]:
        """The addresses of definitions that would differ, those of forms apart."""
        both = [*self.found.documents, *self.found.followers]
        return sorted(address for address in both if "/forms/" not in address)

    @property
    def form_definitions(self) -> list[str]:
        """The short names of forms whose definition would differ."""
        both = [*self.found.documents, *self.found.followers]
        return sorted(short_name(address) for address in both if "/forms/" in address)

    @property
    def drafts(self) -> list[str]:
        """The short names of drafts that would be rewritten."""
        return sorted(map(short_name, self.found.drafts))

    @property
    def unreadable(self) -> list[str]:
        """The short names of drafts that are not JSON and stay as they are."""
        return sorted(map(short_name, self.found.unreadable))


@dictionary.route(
    "/<any(registers, indicators, codes):folder>/<home>/<name>/rename", methods=["GET", "POST"]
)
@needs(CHANGE)
def rename(folder: str, home: str, name: str) -> Any:
    """Another key for a field or an indicator."""
    where = here(folder, home, name)
    require_change(db(), steward_of(site().library, where))
    wish = request.values.get("name", "").strip()
    if not wish:
        return _drawn("rename", where, None, "")
    subjects = known(db(), where)
    asked = is_asked(db(), site().library, where)

    def step(library: Library) -> Step:
        return renamed(library, where, wish, outright=not (subjects or asked), known=subjects)

    return _offered(
        "rename", where, step, obstacles(site().library, where, None, subjects), subjects
    )


@dictionary.route(
    "/<any(registers, indicators, codes):folder>/<home>/<name>/merge", methods=["GET", "POST"]
)
@needs(CHANGE)
def merge(folder: str, home: str, name: str) -> Any:
    """One of two becomes the other."""
    where = here(folder, home, name)
    library = site().library
    require_change(db(), steward_of(library, where))
    target = spot_of(request.values.get("into", "")) if request.values.get("into") else None
    if target is None or not target.name:
        return _drawn("merge", where, None, "")
    target = here(target.folder, target.home, target.name)
    require_change(db(), steward_of(library, target))
    subjects = known(db(), where)
    reason = request.form.get("reason", "")
    return _offered(
        "merge",
        where,
        lambda found: merged(found, where, target, subjects, reason),
        obstacles(library, where, target, subjects),
        subjects,
    )


@dictionary.route(
    "/<any(registers, indicators, codes):folder>/<home>/-merge", methods=["GET", "POST"]
)
@needs(CHANGE)
def merge_codes(folder: str, home: str) -> Any:
    """One of two codes becomes the other."""
    if folder != "codes":
        abort(404)
    where = here(folder, home)
    library = site().library
    require_change(db(), steward_of(library, where))
    code, into = request.values.get("code", ""), request.values.get("into", "")
    if not code or not into:
        return _drawn("codes", where, None, "")
    fields = fields_with(library, where.document)
    subjects = known_code(db(), library, where, code)
    reason = request.form.get("reason", "")
    return _offered(
        "codes",
        where,
        lambda found: codes_merged(found, where, code, into, fields, subjects, reason),
        _pointed_at(library, where, code),
        subjects,
    )


def _offered(what: str, where: Spot, make: Any, hinder: list[Obstacle], subjects: int) -> Any:
    """The dry run; where it was seen and is said yes to, it is carried out."""
    library = site().library
    if hinder:
        return _drawn(what, where, DryRun(_NOTHING, [], subjects, hinder, ""), ""), 422
    try:
        step = make(library)
        found = foresee(db(), library, step)
    except EntryError as error:
        return _drawn(what, where, None, str(error)), 422
    dry = DryRun(
        found,
        forms_reached(db(), library, where.address, site().outputs),
        subjects,
        [],
        _mark(step, found, subjects),
    )
    if found.problems or request.method == "GET" or request.form.get("_seen_effects") != dry.mark:
        return _drawn(what, where, dry, ""), 422 if found.problems else 200
    try:
        number = carry_out(site(), make, _seen(), user().id)
    except Conflict as error:
        return _drawn(what, where, dry, str(error)), 409
    except (DefinitionError, EntryError) as error:
        return _drawn(what, where, dry, str(error)), 422
    offer(number, step.details)
    flash(_("It is done; take it back from the history if it was a mistake."))
    if step.details.get("carried"):
        flash(_("What is known is being carried over in the background."))
    target = str(step.details.get("to", ""))
    return redirect(url_of(target) if "#" in target else url_of(where.address))


def _drawn(what: str, where: Spot, dry: DryRun | None, wrong: str) -> str:
    library = site().library
    shared = common(where)
    if request.method == "POST":
        shared["seen"] = _seen()
    return render_template(
        "builder/dictionary/join.html",
        what=what,
        dry=dry,
        wrong=wrong,
        title=title_of(library, where.address),
        title_of=lambda address: title_of(library, address),
        others=_others(where) if what == "merge" else [],
        rows=rows_of(library.source(where.document)) if what == "codes" else [],
        values=request.values,
        short=short_name,
        **{**shared, "form_url": form_url},
    )


def _others(where: Spot) -> list[tuple[str, str]]:
    """What it may become: the likeliest first, then the rest of its register or all figures."""
    library = site().library
    some = [
        item for item in items(library) if item.address != where.address and not item.is_retired
    ]
    fitting = [
        item
        for item in some
        if (item.kind == "indicator") == (where.kind == "indicator")
        and item.kind == where.kind
        and (where.kind == "indicator" or item.address.startswith(f"{where.document}#"))
    ]
    own = next((item for item in items(library) if item.address == where.address), None)
    names = tuple(own.names()) if own else ()
    near = [
        one.entry.address
        for one in similar(index_of(library), Wanted(names, itself=where.address), 20)
    ]
    ranked = sorted(
        fitting, key=lambda item: near.index(item.address) if item.address in near else 99
    )
    return [(item.address, f"{say(item.title) or item.name} ({item.name})") for item in ranked]


def _pointed_at(library: Library, where: Spot, code: str) -> list[Obstacle]:
    """Places that name a code in a pointer, such as a cell of a table laid out by hand, which no step can follow."""
    fields = {name for _register, name in fields_with(library, where.document)}
    groups = [
        f"{address}#/properties/{name}/"
        for address in library.addresses("indicators")
        for name, schema in library.source(address).get("properties", {}).items()
        if fields & {b if isinstance(b, str) else b.get("field") for b in schema.get("by", ())}
    ]
    named = sorted(
        short_name(form)
        for form in library.addresses("form")
        if any(_names_code(target, groups, code) for target in _targets(library, form))
    )
    if not named:
        return []
    text = _(
        "These forms point at the code's own cell: %(names)s. Change them first.",
        names=", ".join(named),
    )
    return [Obstacle(text)]


def _targets(library: Library, form: str) -> list[str]:
    return list(references(library.source(form), form))


def _names_code(target: str, groups: list[str], code: str) -> bool:
    return any(target.startswith(group) and code in target.split("/") for group in groups)


def _mark(step: Step, found: Foreseen, known_of: int) -> str:
    parts = [
        step.kind,
        step.address,
        str(step.details),
        *sorted(found.documents),
        *sorted(found.followers),
    ]
    return sha256("\n".join([*parts, *sorted(found.drafts), str(known_of)]).encode()).hexdigest()


def _seen() -> int:
    return whole_number(request.form.get("_seen", "")) or 0


_NOTHING = Foreseen({}, {}, {}, (), ())
