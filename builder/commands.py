"""`yibiao form`: forms out to files, in from files, and what differs between two. Not for their pages."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import click

from builder.bundles import files_in
from builder.edits.patch import difference
from builder.edits.sentences import sentences
from builder.history import read, rules_in, titles_of
from builder.sources import Source, found, imported
from runtime.api import OperatorError, Site, ngettext, reading
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
    """Write the form ID (`<department>/<form>`, `…@2` a version, `…@draft`) as JSON, or several as a ZIP to --out."""
    if not forms or (len(forms) > 1 and out is None):
        raise click.UsageError(_("Name one form, or several and a file with --out."))
    site = open_site()
    with reading(site.engine) as session:
        sources = [found(session, site.library, name) for name in forms]
    if len(sources) == 1 and (out is None or out.suffix != ".zip"):
        _write(sources[0].text, out)
    elif out is not None:
        if len({source.short for source in sources}) < len(sources):
            raise click.UsageError(_("A set holds each form once: name one version of each."))
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
            for source in sources:
                made.writestr(f"forms/{source.short}.json", source.text)


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
@click.option("--department", help="Whose form it will be, where the file does not say.")
@click.option("--name", help="The form's name; that of the file where it is not said.")
@click.pass_obj
def bring(open_site: Open, file: Path, department: str | None, name: str | None) -> None:
    """Take in FILE, a form or any JSON Schema (.json), or a set of them (.zip), as drafts, unchanged.

    Each form's id is the last word of its last line; before it stands what is drawn, and what is kept but locked.
    """
    site = open_site()
    texts = list(files_in(file))
    if name and len(texts) > 1:
        raise click.UsageError(_("--name is for one form; those of a set have names."))
    for made in imported(site, texts, department, name):
        for row in made.rows:
            click.echo(row)
        drawn = ngettext("%(n)s cell is drawn", "%(n)s cells are drawn", made.drawn)
        locked = ngettext("%(n)s is kept but locked", "%(n)s are kept but locked", made.locked)
        click.echo(f"{drawn}, {locked}: {made.short}")


def _write(text: str, out: Path | None) -> None:
    if out is None:
        click.echo(text, nl=not text.endswith("\n"))
    else:
        out.write_text(text, encoding="utf-8")


def _of_file(file: Path) -> Source:
    try:
        return Source(str(file), "", file.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise OperatorError(_("%(name)s is not text in UTF-8.", name=file)) from error
