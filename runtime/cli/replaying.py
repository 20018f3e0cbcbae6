"""`yibiao replay` and `yibiao burden`: what reports cost their staff, lived over again or on this site."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from runtime.cli.context import opened, this_site
from runtime.demo.city import SEED
from runtime.errors import OperatorError
from runtime.language import gettext as _
from runtime.language import say
from runtime.periods import Period
from runtime.replay import keep, work
from runtime.replay.replaying import replay as replay_city
from runtime.site import Site, initialise, open_site


@click.command()
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The JSON file to write.",
)
@click.option("--residents", default=3000, show_default=True, type=click.IntRange(50, 200_000))
@click.option("--seed", default=SEED, show_default=True, help="Another seed, another city.")
@click.option(
    "--units",
    type=click.IntRange(1),
    help="Of each level only so many units report; default all.",
)
@click.option(
    "--until",
    default="202610",
    show_default=True,
    help="The last month that is lived.",
)
def replay(out: Path, residents: int, seed: int, units: int | None, until: str) -> None:
    """Live January to October of the sample city over again, knowing only what was sent, typed or confirmed.

    It happens in databases of its own, which are thrown away. What it found is kept for the page “What it
    spares” as well.
    """
    site, months = this_site(), [f"2026{n:02}" for n in range(1, 11)]
    if until not in months:
        raise OperatorError(_("The sample city lives from 202601 to 202610."))
    told = replay_city(
        site.library,
        lambda address: _prepare(site, address),
        residents,
        seed,
        sample=units,
        last=until,
        checks=site.entry_problems,
        on_progress=_progress,
    )
    keep.write(out, told)
    keep.keep(site.settings.home, keep.REPLAY, told)
    _say_months(told["months"])
    _say_unfilled(told["unfilled"])


@click.command()
@click.option(
    "--period", required=True, help="As 202610; quarters that end with the month count too."
)
@click.option("--json", "as_json", is_flag=True, help="The same shape as a replay's file.")
def burden(period: str, as_json: bool) -> None:
    """Count what the reports of a period cost on this site: cells, filled, typed, left to type, minutes."""
    told = work.count(opened(), _period(period))
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    _say_forms(told["forms"])
    _say_months(told["months"])


def _prepare(site: Site, address: str) -> None:
    other = open_site(replace(site.settings, database_url=address))
    try:
        initialise(other)
    finally:
        other.close()


def _progress(month: str) -> None:
    if sys.stderr.isatty():
        click.echo(_("%(month)s has been lived", month=Period.parse(month).title()), err=True)


def _period(text: str) -> Period:
    try:
        return Period.parse(text)
    except ValueError as error:
        raise OperatorError(str(error)) from error


def _say_months(months: list[Mapping[str, Any]]) -> None:
    click.echo(_("Month    Reports   Cells  Filled   Typed  To check  Of 100  Minutes  By hand"))
    for one in months:
        click.echo(
            f"{one['period']:<8} {one['reports']:>7} {one['cells']:>7} {one['filled']:>7} {one['typed']:>7}"
            f" {one['confirmed']:>9} {one['per100']:>7} {one['minutes']:>8} {one['minutesByHand']:>8}"
        )


def _say_forms(forms: list[Mapping[str, Any]]) -> None:
    for told in forms:
        month = told["months"][0]
        click.echo(
            _(
                "%(number)s %(title)s: %(units)s units, %(cells)s cells, %(filled)s filled, %(left)s left to type, "
                "%(check)s to check",
                number=told["number"],
                title=say(told["title"]),
                units=month["reports"],
                cells=month["cells"],
                filled=month["filled"],
                left=month["left"],
                check=month["confirmed"],
            )
        )


def _say_unfilled(unfilled: list[Mapping[str, Any]]) -> None:
    click.echo(_("Most often not filled in the last month:"))
    for one in unfilled[:10]:
        click.echo(
            f"{one['times']:>7}  {one['state']:<10} {one['cell']} {one.get('unknown', '')}".rstrip()
        )
