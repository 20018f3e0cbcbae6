"""What all pages of the dictionary share: their blueprint, and what a place is called and who looks after it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, url_for

from builder.dictionary.places import Spot, spot, spot_of, steward_of
from builder.dictionary.rights import may_change
from runtime.api import Library, db, made_here, say, site

dictionary = Blueprint("dictionary", __name__, url_prefix="/builder/dictionary")
READ, CHANGE, ADD = "form.read", "dictionary.design", "dictionary.add"


def here(folder: str, home: str, name: str = "") -> Spot:
    """The place of a page. Raises `NotFound`."""
    return spot(site().library, folder, home, name)


def url_of(address: str) -> str:
    """The page of what stands at an address of the dictionary; of a form its own; empty for others."""
    where = spot_of(address)
    if where is not None:
        return url_for(
            "dictionary.show", folder=where.folder, home=where.home, name=where.name or None
        )
    if "/forms/" in address:
        department, _slash, name = (
            address.rpartition("/forms/")[2].removesuffix(".json").partition("/")
        )
        return url_for("builder.form", department=department, name=name)
    return ""


def form_url(short: str) -> str:
    """The builder's page of a form `<department>/<form>`."""
    department, _slash, name = short.partition("/")
    return url_for("builder.form", department=department, name=name)


def department(code: str) -> str:
    """What a department is called."""
    return _departments(site().library).get(code, code)


def stewards() -> dict[str, str]:
    """All departments: code -> what it is called."""
    return {code: say(texts) or code for code, texts in site().library.departments().items()}


def common(where: Spot) -> dict[str, Any]:
    """What the templates of one place need."""
    steward = steward_of(site().library, where)
    return {
        "where": where,
        "steward": steward,
        "may_change": may_change(db(), steward),
        "seen": made_here.revision(db()),
        "says": department,
        "url_of": url_of,
        "form_url": form_url,
    }


def _departments(library: Library) -> Mapping[str, str]:
    return {code: say(texts) or code for code, texts in library.departments().items()}
