"""`yibiao check` and `yibiao defs`: definitions on the command line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote

import click

from runtime.cli.context import this_site
from runtime.definitions.address import BASE
from runtime.definitions.check import check as check_library
from runtime.definitions.load import Library
from runtime.definitions.publish import defs_map
from runtime.errors import OperatorError, Problem
from runtime.language import gettext as _
from runtime.language import ngettext
from runtime.publishing.checks import checked
from runtime.site import Site, definition_roots

TREE = ("dictionary", "code-lists", "indicators", "forms", "schemas")
"""The folders that a tree of definitions is made of."""


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the problems as a JSON list.")
@click.option(
    "--render",
    is_flag=True,
    help="Make PDF and Excel of each form with sample and worst-case data.",
)
@click.pass_context
def check(ctx: click.Context, paths: tuple[Path, ...], as_json: bool, render: bool) -> None:
    """Check definitions: all of the site, or only those in PATHS.

    A path is a folder laid out as form_defs/, a department's folder, or a file within one. Exits with 1
    where there are errors. With --render, which takes seconds a form, the list is that of the builder's page
    for publishing.
    """
    site = this_site()
    problems = [
        *_of_plugins(site),
        *(_of_paths(site, paths, render=render) if paths else _of_site(site, render=render)),
    ]
    if as_json:
        click.echo(json.dumps([p.as_dict() for p in problems], ensure_ascii=False, indent=2))
    else:
        _print(problems)
    ctx.exit(1 if any(p.severity == "error" for p in problems) else 0)


@click.group()
def defs() -> None:
    """The tree of definitions."""


@defs.command("map")
def map_() -> None:
    """Print which file stands behind each address, for editors that complete and check JSON."""
    click.echo(json.dumps(defs_map(this_site().library), ensure_ascii=False, indent=2))


def _of_site(site: Site, *, render: bool) -> Iterator[Problem]:
    yield from check_library(site.library)
    if render:
        yield from _rendered(site, site.library, site.library.addresses("form"))


def _rendered(site: Site, library: Library, addresses: Iterable[str]) -> Iterator[Problem]:
    """What publishing would say besides, of forms without errors."""
    for address in addresses:
        if library.kind(address) != "form":
            continue
        plain = set(check_library(library, [address]))
        yield from (p for p in checked(library, address, site.outputs) if p not in plain)


def _of_paths(site: Site, paths: Iterable[Path], *, render: bool) -> Iterator[Problem]:
    """The problems of the files at or below `paths`, which may lean on all that the site has."""
    places = [path.resolve() for path in paths]
    own = [_tree_of(place) for place in places]
    others = [r for r in definition_roots(site.plugins) if Path(str(r)).resolve() not in own]
    library = Library.read([*others, *dict.fromkeys(own)])
    for problem in library.problems:
        rest = unquote(problem.address.removeprefix(BASE))
        if any(_is_below(str(root / rest), places) for root in own if (root / rest).exists()):
            yield problem
    wanted = [a for a in library.addresses() if _is_below(library.origin(a), places)]
    yield from check_library(library, wanted)
    if render:
        yield from _rendered(site, library, wanted)


def _tree_of(place: Path) -> Path:
    """The root of the tree of definitions that `place` is, holds or stands in."""
    if (place / "form_defs").is_dir():
        return place / "form_defs"
    for folder in (place, *place.parents):
        if folder.is_dir() and any((folder / name).is_dir() for name in TREE):
            return folder
    raise OperatorError(
        _(
            "%(path)s is not within a tree of definitions (with folders such as dictionary/ and forms/).",
            path=place,
        )
    )


def _is_below(file: str, places: list[Path]) -> bool:
    path = Path(file).resolve()
    return bool(file) and any(path == place or place in path.parents for place in places)


def _of_plugins(site: Site) -> Iterator[Problem]:
    for report in site.plugins.reports:
        if report.problem:
            text = _(
                "The plugin %(name)s (%(where)s) was left out: %(why)s",
                name=report.name,
                where=report.where,
                why=report.problem,
            )
            yield Problem("plugin-left-out", text)


def _print(problems: list[Problem]) -> None:
    for p in problems:
        place = f"{p.address}#{p.pointer}: " if p.address else ""
        click.echo(f"{place}{p.severity} [{p.code}] {p.message}")
    errors = sum(p.severity == "error" for p in problems)
    click.echo(
        ngettext("%(n)s error", "%(n)s errors", errors)
        + _(", ")
        + ngettext("%(n)s warning", "%(n)s warnings", len(problems) - errors)
    )
