"""`yibiao form`: forms out to files, in from files, and what differs between two. Not for their pages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from builder.edits.patch import difference
from builder.edits.sentences import sentences
from builder.exchange.bundles import files_at
from builder.exchange.incoming import Incoming, Taking, imported
from builder.exchange.outgoing import FORMATS, packed, write_one
from builder.exchange.report import counted, told
from builder.exchange.sources import Source, found
from builder.history import read, rules_in, titles_of
from runtime.api import OperatorError, Problem, Site, ngettext, reading
from runtime.api import gettext as _

Open = Callable[[], Site]


@click.group()
def form() -> None:
    """Forms: out to files, in from files, and what differs between two."""


@form.command()
@click.argument("forms", nargs=-1, metavar="ID...")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Where to write.")
@click.pass_obj
def export(open_site: Open, forms: tuple[str, ...], out: Path | None) -> None:
    """Write the form ID (`<department>/<form>`, `…@2` a version, `…@draft`) as JSON, or as --out is called.

    A name in .xlsx makes an XLSForm, and says what became of each part; one in .zip a set of one or several forms with
    all of this site that they refer to, and their Excel templates.
    """
    if not forms or (len(forms) > 1 and (out is None or out.suffix != ".zip")):
        raise click.UsageError(_("Name one form, or several and a file .zip with --out."))
    site = open_site()
    with reading(site.engine) as session:
        sources = [found(session, site.library, name) for name in forms]
    if out is None:
        _write(sources[0].text)
    elif out.suffix == ".zip":
        if len({source.short for source in sources}) < len(sources):
            raise click.UsageError(_("A set holds each form once: name one version of each."))
        with reading(site.engine) as session:
            made = packed(session, site, sources)
        out.write_bytes(made.content)
        for short in made.without:
            click.echo(
                _("%(name)s: its Excel template is not here, so the set is without.", name=short)
            )
    else:
        if out.suffix == ".xls":
            raise click.UsageError(_("An XLSForm is written as .xlsx."))
        content, lines = write_one(site.library, sources[0], FORMATS.get(out.suffix, "json"))
        out.write_bytes(content)
        for one in lines:
            click.echo(told(one))


@form.command("diff")
@click.argument("one", metavar="A")
@click.argument("other", metavar="B")
@click.pass_context
def differ(ctx: click.Context, one: str, other: str) -> None:
    """Say in sentences what makes B of A: forms as for `export`, or files; exits with 1 where they differ."""
    site: Site = ctx.obj()
    with reading(site.engine) as session:
        first, second = (
            _of_file(Path(name)) if Path(name).is_file() else found(session, site.library, name)
            for name in (one, other)
        )
    before, after = read(first.text), read(second.text)
    for source, document in ((first, before), (second, after)):
        if document is None:
            raise OperatorError(_("%(name)s is no JSON object.", name=source.name))
    patch = difference(before, after)
    address = first.address or second.address
    titles, rules = titles_of(site.library, address), rules_in(site.library, address)
    for sentence in sentences(before, after, patch, titles, rules):
        click.echo(sentence)
    ctx.exit(1 if patch else 0)


@form.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--department", default="", help="Whose form it will be, where the file does not say."
)
@click.option("--name", default="", help="The form's name; that of the file where it is not said.")
@click.pass_obj
def bring(open_site: Open, file: Path, department: str, name: str) -> None:
    """Take in FILE as drafts: a form or any JSON Schema (.json), an XLSForm (.xlsx, .xls), or a set of them (.zip).

    A set may hold their Excel templates (templates/<department>/<form>.xlsx). What became of each row is said
    first. Each form's id is the last word of its last line.
    """
    site = open_site()
    files = files_at(file)
    if name and len(files) > 1:
        raise click.UsageError(_("--name is for one form; those of a set have names."))
    for made in imported(site, files, Taking(department, name)):
        for row in (*map(told, made.lines), *map(_problem, made.problems)):
            click.echo(row)
        click.echo(made.refused or f"{summary(made)}: {made.short}")


def summary(made: Incoming) -> str:
    """How many rows became what, in words."""
    n = counted(made.lines)
    if made.is_xlsform:
        return _(
            "%(mapped)s rows are mapped, %(loss)s mapped with loss, %(kept)s kept but locked", **n
        )
    drawn = n["mapped"]
    return ", ".join(
        (
            ngettext("%(n)s cell is drawn", "%(n)s cells are drawn", drawn),
            ngettext("%(n)s is kept but locked", "%(n)s are kept but locked", n["kept"]),
        )
    )


def _problem(problem: Problem) -> str:
    return f"{problem.pointer or '/'}: {problem.message}"


def _write(text: str) -> None:
    click.echo(text, nl=not text.endswith("\n"))


def _of_file(file: Path) -> Source:
    try:
        return Source(str(file), "", file.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise OperatorError(_("%(name)s is not text in UTF-8.", name=file)) from error
