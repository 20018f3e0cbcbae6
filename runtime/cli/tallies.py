"""`yibiao tallies`: proving and mending the stored parts of figures. Not for figures themselves."""

from __future__ import annotations

import sys
from collections.abc import Iterable

import click

from runtime import clock
from runtime.cli.context import opened
from runtime.facts import units
from runtime.facts.tallies import proof, upkeep
from runtime.language import gettext as _
from runtime.site import Site
from runtime.storage.engine import reading
from runtime.storage.tables import Unit


@click.group()
def tallies() -> None:
    """The stored parts of figures: compare them with the facts, make them anew."""


@tallies.command()
@click.option("--unit", "code", help="Only this unit and all below it, by code.")
def verify(code: str | None) -> None:
    """Compare the tallies with a scan of the timelines; status 1 when something differs."""
    site = opened()
    ids = _units(site, code)
    damaged = list(proof.verify(site.engine, _shown(ids)))
    for one in damaged:
        click.echo(
            _(
                "%(unit)s: %(tallies)s tallies and %(members)s memberships differ",
                unit=_code(site, one.unit_id),
                tallies=one.tallies,
                members=one.members,
            )
        )
    if damaged:
        click.echo(_("Mend them by “yibiao tallies rebuild”."))
        sys.exit(1)
    click.echo(_("%(n)s units compared: all tallies are as the facts say.", n=len(ids)))


@tallies.command()
@click.option("--unit", "code", help="Only this unit and all below it, by code.")
def rebuild(code: str | None) -> None:
    """Count everybody by the rules in force, and write tallies anew from the timelines."""
    site = opened()
    upkeep.catch_up(site.engine, told)
    ids = _units(site, code)
    for unit in _shown(ids):
        proof.rebuild(site.engine, unit)
    click.echo(_("The tallies of %(n)s units are written anew.", n=len(ids)))


def told(done: int, total: int) -> None:
    """Say how far it is, on a terminal."""
    if sys.stderr.isatty():
        end = "\n" if done >= total else ""
        click.echo(f"\r{done:,} / {total:,}{end}", nl=False, err=True)


def _units(site: Site, code: str | None) -> list[int]:
    with reading(site.engine) as session:
        every = proof.units(session)
        if code is None:
            return every
        below = set(units.below(session, units.by_code(session, code).id, clock.today()))
        return [one for one in every if one in below]


def _shown(ids: list[int]) -> Iterable[int]:
    for n, unit in enumerate(ids, 1):
        yield unit
        told(n, len(ids))


def _code(site: Site, unit_id: int) -> str:
    with reading(site.engine) as session:
        unit: Unit = units.get(session, unit_id)
        return unit.code
