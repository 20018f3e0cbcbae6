"""Pages on which something is added to the dictionary; what is nearly there already needs a reason."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for

from builder.dictionary import controls, figures
from builder.dictionary.history import title_of
from builder.dictionary.keeping import carry_out
from builder.dictionary.making import (
    free_name,
    with_document,
    with_new,
)
from builder.dictionary.pages import (
    ADD,
    common,
    department,
    dictionary,
    here,
    stewards,
    url_of,
)
from builder.dictionary.places import Spot, steward_of
from builder.dictionary.posting import (
    figure_alone,
    figure_of,
    is_htmx,
    own_of,
    posted,
    register_title,
    seen,
)
from builder.dictionary.rights import departments_to_add, require_add
from builder.radar import NEEDS_REASON, Alike, Wanted, index_of, similar
from builder.radar.views import drawn_alike
from runtime.api import (
    Conflict,
    DefinitionError,
    EntryError,
    db,
    made_here,
    needs,
    site,
    user,
)
from runtime.api import gettext as _


@dictionary.get("/<any(registers, indicators, codes):folder>/<home>/-new")
@needs(ADD)
def new(folder: str, home: str) -> Any:
    """A new field or indicator."""
    where = _home(folder, home)
    own = departments_to_add(db(), list(stewards()))
    title = request.args.get("name", "")
    kind = _kind(folder)
    steward = {} if kind == "derived" else {"steward": own[0] if own else ""}
    schema = {"title": title, **steward, **_blank(kind)}
    return _drawn_new(where, schema, {})


@dictionary.post("/<any(registers, indicators, codes):folder>/<home>/-new")
@needs(ADD)
def make(folder: str, home: str) -> Any:
    """Keep a new field or indicator; what is nearly one that is there needs a reason."""
    where = _home(folder, home)
    kind = _kind(folder)
    schema, wrong, figure = posted(kind, where, _blank(kind))
    key = request.form.get("key", "").strip() or free_name(
        site().library, where, schema.get("title", "")
    )
    if request.form.get("_do") == "look" or (figure is not None and figure.is_step):
        if is_htmx() and figure is not None:
            return figure_alone(where, figure, is_new=True)
        return _drawn_new(where, schema, {}, figure, key, typed=True)
    steward = schema.get("steward") or (
        steward_of(site().library, where) if kind == "derived" else ""
    )
    if not steward and kind != "derived":
        wrong["steward"] = _("Say which department answers for it.")
    alike = _alike(where, schema)
    near = [one for one in alike if one.score >= NEEDS_REASON]
    reason = request.form.get("reason", "").strip()
    if near and not reason:
        wrong["reason"] = _("Say why none of these will do; their stewards will read it.")
    if wrong:
        return _drawn_new(where, schema, wrong, figure, key, typed=True, alike=alike), 422
    require_add(db(), steward)
    target = Spot(folder, home, "derive" if kind == "derived" else "properties", key)
    like = [one.entry.address for one in near]
    try:
        carry_out(
            site(),
            lambda library: with_new(library, target, schema, reason, like),
            seen(),
            user().id,
        )
    except Conflict as error:
        return _drawn_new(
            where, schema, {"": str(error)}, figure, key, typed=True, alike=alike
        ), 409
    except DefinitionError as error:
        return _drawn_new(
            where, schema, {}, figure, key, typed=True, alike=alike, refused=error
        ), 422
    except EntryError as error:
        return _drawn_new(
            where, schema, {"key": str(error)}, figure, key, typed=True, alike=alike
        ), 422
    flash(_("It is in the dictionary now."))
    return redirect(url_of(target.address))


@dictionary.get("/begin/<any(registers, indicators, codes):folder>")
@needs(ADD)
def begin(folder: str) -> str:
    """A new register, group of indicators or code list."""
    return _drawn_begin(folder, {})


@dictionary.post("/begin/<any(registers, indicators, codes):folder>")
@needs(ADD)
def found(folder: str) -> Any:
    """Keep a new register, group or code list, with its first member."""
    form = request.form
    where = Spot(folder, form.get("home", "").strip())
    steward = form.get("steward", "")
    wrong = {}
    if steward not in departments_to_add(db(), list(stewards())):
        wrong["steward"] = _("Choose a department of your own.")
    if where.document in site().library:
        wrong["home"] = _("There is a “%(name)s” here already.", name=where.home)
    if not form.get("title", "").strip():
        wrong["title"] = _("Say what it is called.")
    document, more = _first(folder, steward)
    wrong |= more
    if wrong:
        return _drawn_begin(folder, wrong), 422
    require_add(db(), steward)
    try:
        carry_out(
            site(), lambda _library: with_document(where, document, steward), seen(), user().id
        )
    except (Conflict, EntryError) as error:
        return _drawn_begin(folder, {"home": str(error)}), 422
    except DefinitionError as error:
        return _drawn_begin(folder, {}, error), 422
    flash(_("It is in the dictionary now."))
    return redirect(url_of(where.address))


def _home(folder: str, home: str) -> Spot:
    """The register or group that gets a new member; a code list has rows instead."""
    return here(folder, home) if folder != "codes" else abort(404)


def _drawn_new(
    where: Spot,
    schema: dict[str, Any],
    wrong: dict[str, str],
    figure: figures.Figure | None = None,
    key: str = "",
    typed: bool = False,
    alike: list[Alike] | None = None,
    refused: DefinitionError | None = None,
) -> str:
    kind = _kind(where.folder)
    own = {code: department(code) for code in departments_to_add(db(), list(stewards()))}
    parts = controls.parts_of(site().library, kind, schema, own)
    if typed:
        parts = controls.as_typed(parts, request.form)
    found = alike if alike is not None else _alike(where, schema)
    shared = {**common(where), "seen": seen() if typed else made_here.revision(db())}
    return render_template(
        "builder/dictionary/edit.html",
        schema=schema,
        parts=parts,
        rows=[],
        figure=figure_of(kind, where, schema, figure),
        wrong=wrong,
        told=None,
        mark="",
        refused=refused.problems if refused else (),
        url=url_for(".make", folder=where.folder, home=where.home),
        operations=figures.OPERATIONS,
        of_figures=figures.OF_FIGURES,
        operation_title=figures.operation_title,
        breakdowns=figures.breakdowns,
        library=site().library,
        register_title=register_title,
        heading=title_of(site().library, where.address),
        home_title=title_of(site().library, where.document),
        is_new=True,
        key=key,
        kind=kind,
        reason=request.form.get("reason", ""),
        radar=drawn_alike(found) if found or schema.get("title") else "",
        **own_of(kind, where, schema),
        **shared,
    )


def _drawn_begin(folder: str, wrong: dict[str, str], refused: DefinitionError | None = None) -> str:
    own = {code: department(code) for code in departments_to_add(db(), list(stewards()))}
    return render_template(
        "builder/dictionary/begin.html",
        folder=folder,
        wrong=wrong,
        form=request.form,
        own=own,
        refused=refused.problems if refused else (),
        seen=made_here.revision(db()),
    )


def _first(folder: str, steward: str) -> tuple[dict[str, Any], dict[str, str]]:
    """A new document with its first field, figure or code, as posted."""
    form = request.form
    texts = {
        "title": form.get("title", "").strip(),
        "definition": form.get("definition", "").strip(),
    }
    translated = {"title": form.get("title@zh-CN", "").strip()}
    document: dict[str, Any] = {key: text for key, text in texts.items() if text}
    translations = {"translations": {"zh-CN": translated}} if translated["title"] else {}
    name, label = form.get("first", "").strip(), form.get("first_title", "").strip()
    label_zh = form.get("first_title@zh-CN", "").strip()
    own = {"translations": {"zh-CN": {"title": label_zh}}} if label_zh else {}
    wrong = {}
    if not name:
        wrong["first"] = _("Say how it is written.")
    if not label:
        wrong["first_title"] = _("Say what it is called.")
    if folder == "codes":
        document |= {
            "type": "string",
            "steward": steward,
            "oneOf": [{"const": name, "title": label, **own}],
        }
        return {**document, **translations}, wrong
    first: dict[str, Any] = {"title": label, "steward": steward}
    if folder == "registers":
        first |= {"type": "string", "minLength": 1, "maxLength": 60, "sensitivity": "internal"}
        document |= {"type": "object", "identity": [[name]], "label": [name]}
    else:
        first |= {"kind": "stock", "type": "integer", "minimum": 0}
        document["type"] = "object"
    return {**document, "properties": {name: {**first, **own}}, **translations}, wrong


def _alike(where: Spot, schema: dict[str, Any]) -> list[Alike]:
    names = [schema.get("title", ""), *schema.get("synonyms", ())]
    for texts in (schema.get("translations") or {}).values():
        names += [texts.get("title", ""), *texts.get("synonyms", ())]
    reference = str(schema.get("$ref", "")).rpartition("/")[2].removesuffix(".json")
    codes = Spot("codes", reference).document if reference else ""
    wanted = Wanted(
        tuple(n for n in names if n), where.document, codes, where.folder == "indicators"
    )
    return similar(index_of(site().library), wanted)


def _blank(kind: str) -> dict[str, Any]:
    if kind == "indicator":
        return {"kind": "stock", "type": "integer", "minimum": 0}
    return {} if kind == "derived" else {"type": "string"}


def _kind(folder: str) -> str:
    """What is to be made: of a register's a field that follows from others, where that is asked for."""
    if folder == "indicators":
        return "indicator"
    return "derived" if request.values.get("derived") else "field"
