"""Pages to look at the dictionary: the list, a register or group, a field or indicator, a code list."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from builder.dictionary import derived
from builder.dictionary.carrying import asking
from builder.dictionary.codes import rows_of
from builder.dictionary.controls import shape_of
from builder.dictionary.effects import outdated
from builder.dictionary.freshness import of_field
from builder.dictionary.history import told
from builder.dictionary.items import found, grouped, items
from builder.dictionary.pages import (
    READ,
    common,
    department,
    dictionary,
    form_url,
    here,
    stewards,
    url_of,
)
from builder.dictionary.places import Spot, at, flat
from builder.dictionary.rights import departments_to_add
from builder.dictionary.uses import Where
from builder.dictionary.wording import duration
from builder.rules import rule
from builder.search import matches
from runtime.api import access, db, dumps, made_here, needs, say, short_name, site, texts_of, user


@dictionary.get("")
@needs(READ)
def index() -> str:
    """Fields and indicators with where they are used; found by name, synonym, pinyin or code."""
    query = request.args.get("q", "")
    some = found(site().library, query)
    return render_template(
        "builder/dictionary/index.html",
        groups=[(home, _home_of(group[0].address), group) for home, group in grouped(some)],
        codes=_code_lists(query),
        query=query,
        count=len(some),
        says=department,
        url_of=url_of,
        form_url=form_url,
        may_add=bool(departments_to_add(db(), list(stewards()))),
        may_look_after=access.may(db(), user(), "dictionary.design"),
    )


@dictionary.get("/<any(registers, indicators, codes):folder>/<home>")
@dictionary.get("/<any(registers, indicators, codes):folder>/<home>/<name>")
@needs(READ)
def show(folder: str, home: str, name: str = "") -> str:
    """One place in the dictionary."""
    where = here(folder, home, name)
    if where.kind == "codes":
        return _codes(where)
    return _item(where) if where.name else _home(where)


def _item(where: Spot) -> str:
    library = site().library
    schema = at(library, where)
    return render_template(
        "builder/dictionary/item.html",
        schema=schema,
        whole=flat(library, where.document, schema),
        title=texts_of(schema) or {"en": where.name},
        definition=texts_of(schema, "definition"),
        purpose=texts_of(schema, "purpose"),
        unit=texts_of(schema, "unit"),
        home_title=texts_of(library.source(where.document)),
        sentence=rule(schema, library, where.document),
        derived_sentence=_derived(where, schema),
        codes=_codes_of(schema),
        shape=shape_of(schema),
        duration=duration,
        uses=Where(library, db(), site().outputs).all(where.address),
        steps=told(db(), library, made_here.steps(db(), about=where.address)),
        late=outdated(db(), library, where.address),
        near=told(db(), library, _made_near(where.address)),
        replaced=_replaced(where, schema),
        asking=asking(db(), where),
        departments=departments_to_add(db(), list(stewards())),
        **common(where),
    )


def _derived(where: Spot, schema: dict[str, Any]) -> str:
    """How a derived field follows from others, in words."""
    if where.kind != "derived":
        return ""
    return derived.opened(site().library, where.home, schema).sentence or dumps(schema.get("rule"))


@dictionary.get("/<any(registers, indicators, codes):folder>/<home>/<name>/fresh")
@needs(READ)
def fresh(folder: str, home: str, name: str) -> str:
    """How well a field is known; a fragment, asked for after the page has come."""
    where = here(folder, home, name)
    told_of = of_field(db(), site(), where)
    return render_template("builder/dictionary/fresh.html", told=told_of)


def _home(where: Spot) -> str:
    library = site().library
    document = library.source(where.document)
    some = [item for item in items(library) if item.address.startswith(f"{where.document}#")]
    return render_template(
        "builder/dictionary/home.html",
        document=document,
        title=texts_of(document) or {"en": where.home},
        definition=texts_of(document, "definition"),
        items=some,
        steps=told(db(), library, made_here.steps(db(), about=where.document)),
        departments=departments_to_add(db(), list(stewards())),
        **common(where),
    )


def _codes(where: Spot) -> str:
    library = site().library
    document = library.source(where.document)
    return render_template(
        "builder/dictionary/codes.html",
        document=document,
        title=texts_of(document) or {"en": where.home},
        definition=texts_of(document, "definition"),
        rows=rows_of(document),
        uses=Where(library, db(), site().outputs).all(where.document),
        asking=asking(db(), where),
        steps=told(db(), library, made_here.steps(db(), about=where.document)),
        **common(where),
    )


def _code_lists(query: str) -> list[tuple[str, str, int]]:
    """The code lists that answer to a query: address, title, number of codes."""
    library = site().library
    rows = []
    for address in library.addresses("code-list"):
        document = library.source(address)
        titles = texts_of(document)
        members = document.get("oneOf", ())
        labels = [text for one in members for text in texts_of(one).values()]
        if matches(query, [short_name(address), *titles.values(), *labels]):
            rows.append((address, say(titles) or short_name(address), len(members)))
    return sorted(rows, key=lambda row: row[1])


def _codes_of(schema: dict[str, Any]) -> str:
    """The address of a field's code list."""
    for address in site().library.addresses("code-list"):
        if str(schema.get("$ref", "")).endswith(f"/code-lists/{short_name(address)}.json"):
            return address
    return ""


def _made_near(address: str) -> list[made_here.DefinitionStep]:
    """What was made although it is nearly this."""
    gone = made_here.undone(db())
    made = made_here.steps(db(), kind="make", most=1_000)
    return [one for one in made if address in one.details.get("like", ()) and one.id not in gone]


def _replaced(where: Spot, schema: dict[str, Any]) -> str:
    """The address of what takes its place, where it was renamed or merged."""
    name = schema.get("replacedBy")
    if not isinstance(name, str):
        return ""
    for step in made_here.steps(db(), about=where.address):
        if step.kind in ("rename", "merge") and str(step.details.get("to", "")).endswith(
            f"/{name}"
        ):
            return str(step.details["to"])
    return f"{where.document}#/{where.keyword}/{name}"


def _home_of(address: str) -> str:
    return address.partition("#")[0]
