"""All checks of definitions, in one stream of problems. Not for printing them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import jsonschema_rs

from runtime.definitions import dialect
from runtime.definitions.address import absolute, resolve
from runtime.definitions.check_card import card
from runtime.definitions.check_form import form
from runtime.definitions.check_indicators import indicators
from runtime.definitions.check_keywords import keywords
from runtime.definitions.check_labels import labels
from runtime.definitions.check_layout import Layout
from runtime.definitions.check_refs import references
from runtime.definitions.check_register import code_list, register, stewards
from runtime.definitions.check_rules import conditions
from runtime.definitions.check_texts import texts
from runtime.definitions.check_totals import totals
from runtime.definitions.codes import CODES, problem
from runtime.definitions.load import Library
from runtime.definitions.publish import bundle
from runtime.definitions.spots import Spots
from runtime.definitions.view import View
from runtime.errors import Problem
from runtime.fields.formats import FORMATS
from runtime.language import gettext as _

__all__ = ["CODES", "check"]

Said = set[tuple[str, str, str]]


def check(library: Library, addresses: Iterable[str] | None = None) -> Iterator[Problem]:
    """Everything that is wrong with the definitions at `addresses` (all of them: None), file by file.

    First what kept files from being read, then each definition by address. A form that extends another is
    told only what is its own doing. Never raises, whatever the definitions hold.
    """
    wanted = library.addresses() if addresses is None else [absolute(a) for a in addresses]
    for found in library.problems:
        if addresses is None or found.address in wanted:
            yield found
    for address in wanted:
        if address in library:
            yield from definition(library, address)


def definition(library: Library, address: str) -> Iterator[Problem]:
    """The problems of one definition. Raises `NotFound`."""
    view = View(library, address)
    inherited = _inherited(view)
    seen: Said = set()
    errors = False
    for found in _judged(view):
        errors = errors or found.severity == "error"
        said = (found.code, found.pointer, found.message)
        if said in seen or said in inherited:
            continue
        seen.add(said)
        yield _at_home(view, found)
    if not errors and view.kind != "department":
        yield from _compiled(view)


def _judged(view: View) -> Iterator[Problem]:
    yield from keywords(view)
    derived = view.library.derived_problems(view.address)
    yield from derived
    if any(p.pointer == "/extends" for p in derived):
        return  # without its base form nothing more can be said of it
    spots = Spots(view) if view.kind == "form" else None
    yield from texts(view, spots)
    if view.kind == "department":
        return
    yield from references(view)
    yield from stewards(view)
    if view.kind == "register":
        yield from register(view)
    elif view.kind == "code-list":
        yield from code_list(view)
    elif view.kind == "indicators":
        yield from indicators(view)
    elif spots is not None:
        yield from form(view, spots)
        yield from conditions(view, spots)
        yield from labels(view, spots)
        yield from card(view)
        yield from totals(view, spots)
        yield from Layout(view, spots).problems()


def _inherited(view: View) -> Said:
    """What is said of the form that this one extends already."""
    base = view.source.get("extends")
    if view.kind != "form" or not isinstance(base, str):
        return set()
    address, _fragment = resolve(view.address, base)
    cyclic = any(p.code == "extends-cycle" for p in view.library.derived_problems(view.address))
    if cyclic or address not in view.library or view.library.kind(address) != "form":
        return set()
    return {(p.code, p.pointer, p.message) for p in _judged(View(view.library, address))}


def _at_home(view: View, found: Problem) -> Problem:
    """The problem with its pointer shortened to what stands in the file, where the part is inherited."""
    place = found.pointer
    if "extends" in view.source:
        while place and not view.written(place):
            place = place.rpartition("/")[0]
    return Problem(found.code, found.message, place, found.address, found.severity)


def _compiled(view: View) -> Iterator[Problem]:
    """What the validator says of the definition as a whole, once nothing else is wrong."""
    try:
        jsonschema_rs.Draft202012Validator(
            bundle(view.library, view.address),
            registry=dialect.rust_registry(),
            formats=FORMATS,
            validate_formats=True,
            offline=True,
        )
    except (ValueError, jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        text = _("The validator cannot use the definition: %(reason)s", reason=reason)
        yield problem("validator", text, view.address)
