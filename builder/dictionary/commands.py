"""`yibiao dictionary`: what was made here out to files, and in from files. Not for its pages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path, PurePosixPath

import click

from builder.dictionary.files import bring, made_here_as_files, packed
from builder.exchange.bundles import File, files_at
from runtime.api import BASE, DefinitionError, OperatorError, Site, ngettext
from runtime.api import gettext as _

Open = Callable[[], Site]


@click.group("dictionary")
def dictionary() -> None:
    """The dictionary: what was made here out to files, and in from files."""


@dictionary.command()
@click.argument("file", default="dictionary.zip", type=click.Path(path_type=Path))
@click.pass_obj
def export(open_site: Open, file: Path) -> None:
    """Write what was made or changed here as JSON files laid out as form_defs/: a ZIP, or a folder where FILE is none.

    FILE is dictionary.zip where it is not said. Forms whose definition follows a renamed key go along.
    """
    files = made_here_as_files(open_site())
    if not files:
        click.echo(_("Nothing was made or changed here; the dictionary is the one that shipped."))
        return
    if file.suffix == ".zip":
        file.write_bytes(packed(files))
    else:
        _write(file, files)
    for name in files:
        click.echo(name)
    click.echo(
        ngettext(
            "%(n)s file is written: %(name)s",
            "%(n)s files are written: %(name)s",
            len(files),
            name=file,
        )
    )


@dictionary.command("import")
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.pass_obj
def take(open_site: Open, file: Path) -> None:
    """Take in FILE: what `export` wrote (a ZIP or a folder), or one JSON file. All of it is kept, or nothing."""
    try:
        brought = bring(open_site(), _files(file))
    except DefinitionError as error:
        rows = [f"{p.address.removeprefix(BASE)}{p.pointer}: {p.message}" for p in error.problems]
        raise OperatorError("\n".join([str(error), *rows])) from error
    for address in brought.made:
        click.echo(_("new: %(name)s", name=address.removeprefix(BASE)))
    for address in brought.changed:
        click.echo(_("changed: %(name)s", name=address.removeprefix(BASE)))
    for name in brought.passed:
        click.echo(_("passed over, a form comes in by `yibiao form import`: %(name)s", name=name))
    if not brought.made and not brought.changed:
        click.echo(_("All of it is here already."))


def _files(path: Path) -> list[File]:
    if not path.is_dir():
        return files_at(path)
    return [
        one
        for name in sorted(path.rglob("*.json"))
        for one in _placed(name.relative_to(path), name)
    ]


def _placed(place: Path, file: Path) -> list[File]:
    return [File(PurePosixPath(place.as_posix()), one.content) for one in files_at(file)]


def _write(folder: Path, files: dict[str, str]) -> None:
    if folder.is_file():
        raise OperatorError(
            _("%(name)s is a file; name a folder, or a file that ends in .zip.", name=folder)
        )
    for name, text in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
