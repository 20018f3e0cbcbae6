"""`yibiao render` and `yibiao validate`: any JSON Schema file, without a site or a database."""

from __future__ import annotations

from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import click
from markupsafe import Markup, escape
from referencing import Registry, Resource
from referencing.exceptions import NoSuchResource
from referencing.jsonschema import DRAFT202012

from runtime.cli.context import read_json
from runtime.definitions.compile import compile_form
from runtime.definitions.locked import why
from runtime.definitions.place import Placed, cells, place, walk
from runtime.definitions.plan import Plan
from runtime.definitions.verdict import problems
from runtime.entry.screen import render as render_form
from runtime.errors import DefinitionError
from runtime.fields.base import MISSING
from runtime.language import current, ngettext, say
from runtime.language import gettext as _

PAGE = """<!doctype html>
<html lang="{language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style></head>
<body><main><form>{form}</form></main></body>
</html>
"""

DRAFT_7 = "http://json-schema.org/draft-07/schema#"

file_argument = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("schema", type=file_argument)
@click.option("--data", type=file_argument, help="An instance to show in the form.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Where to write it.")
def render(schema: Path, data: Path | None, out: Path | None) -> None:
    """Draw the form of SCHEMA as a page of its own, on standard output or to --out.

    What cannot be drawn is said on standard error, with the reason; the last line is `N drawn, M locked`.
    """
    plan = _plan(schema)
    instance = read_json(data) if data else MISSING
    page = _page(plan, instance, schema.stem)
    if out:
        out.write_text(page, encoding="utf-8")
    else:
        click.echo(page)
    _report(place(plan, instance))


@click.command()
@click.argument("schema", type=file_argument)
@click.argument("data", type=file_argument)
@click.pass_context
def validate(ctx: click.Context, schema: Path, data: Path) -> None:
    """Say what is wrong with DATA under SCHEMA; exits with 1 where it is not valid."""
    found = problems(_plan(schema), read_json(data))
    for problem in found:
        click.echo(f"{problem.pointer or '/'}: [{problem.code}] {problem.message}")
    click.echo(ngettext("%(n)s problem", "%(n)s problems", len(found)) if found else _("Valid."))
    ctx.exit(1 if found else 0)


def _plan(file: Path) -> Plan:
    document = read_json(file)
    if isinstance(document, dict) and "$id" not in document and "id" not in document:
        document = {"$id": file.resolve().as_uri(), **document}
    return compiled(document, Registry(retrieve=_retrieve))  # type: ignore[call-arg] # attrs' name


def compiled(document: Any, registry: Registry[Any] | None = None) -> Plan:
    """The plan of a schema from anywhere: one that names no draft may be of 2020-12 or, as many are, of draft 7.

    Raises `DefinitionError` where it is of neither.
    """
    try:
        return compile_form(document, registry)
    except DefinitionError:
        if not isinstance(document, dict) or "$schema" in document:
            raise
        with suppress(DefinitionError):
            return compile_form({"$schema": DRAFT_7, **document}, registry)
        raise


def _retrieve(uri: str) -> Resource[Any]:
    """Schemas that lie beside the one named; nothing is ever fetched over a network."""
    parts = urlsplit(uri)
    if parts.scheme != "file":
        raise NoSuchResource(uri)
    try:
        return Resource.from_contents(read_json(Path(unquote(parts.path))), DRAFT202012)
    except OSError as error:
        raise NoSuchResource(uri) from error


def _page(plan: Plan, instance: Any, name: str) -> str:
    style = (files("runtime") / "web" / "static" / "yibiao.css").read_text(encoding="utf-8")
    return PAGE.format(
        language=escape(current()),
        title=escape(say(plan.words.title) or name),
        style=Markup(style),  # noqa: S704 - our own stylesheet
        form=render_form(plan, instance),
    )


def _report(placed: Placed) -> None:
    locked = [part for part in walk(placed) if part.locked]
    for part in locked:
        click.echo(f"{part.pointer or '/'}: {why(part)}", err=True)
    drawn = sum(not cell.locked for cell in cells(placed))
    click.echo(_("%(drawn)s drawn, %(locked)s locked", drawn=drawn, locked=len(locked)), err=True)
