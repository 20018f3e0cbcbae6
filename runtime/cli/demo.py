"""`yibiao demo`: the sample city with its accounts, and one real report of October 2026 in every form."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from runtime import clock
from runtime.accounts import roles, users
from runtime.accounts.passwords import is_right
from runtime.cli.context import this_site
from runtime.cli.sheets import Asked, filled_sheet, write
from runtime.definitions.address import form_address
from runtime.definitions.texts import texts_of
from runtime.demo.accounts import ACCOUNTS, Account, made_up_password
from runtime.demo.cast import first_id
from runtime.demo.city import BUILT_AT, SEED, build_city
from runtime.demo.sheets.write import write_sheets
from runtime.demo.tree import Place, planned
from runtime.entry import life
from runtime.facts import units
from runtime.language import gettext as _
from runtime.language import say
from runtime.periods import Period
from runtime.site import Site, initialise
from runtime.storage.engine import reading, writing
from runtime.storage.tables import FormVersion, Subject, Unit

FORM = "disabled-persons/residents-monthly"
PERIOD = "202610"
FORMATS = ("html", "pdf", "xlsx", "json")


@click.command()
@click.option("--residents", default=20_000, show_default=True, type=click.IntRange(50, 2_000_000))
@click.option("--seed", default=SEED, show_default=True, help="Another seed, another city.")
@click.option("--password", default="", help="Of all accounts; made up where none is given.")
@click.option(
    "--out",
    default=Path("demo"),
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder for the filled report.",
)
@click.option(
    "--sheets",
    type=click.Path(file_okay=False, path_type=Path),
    help="A folder for thirteen sheets of departments about the city, untidy as in life.",
)
def demo(residents: int, seed: int, password: str, out: Path, sheets: Path | None) -> None:
    """Create the database, load an invented city, and fill one real report of October 2026.

    Again it only says what is there. The city lives from January to October 2026.
    """
    site = this_site()
    initialise(site)
    places = planned(residents)
    if not _is_complete(site, places, f"{seed}/{residents}"):
        places = build_city(site.engine, site.library, residents, seed, _progress)
    with clock.fixed(BUILT_AT):
        password = _accounts(site, places, password)
        _report(site, places, out)
    if sheets is not None:
        _sheets(site, sheets, seed)
    _tell(site, places, password)


def _is_complete(site: Site, places: Sequence[Place], mark: str) -> bool:
    """Whether this very city is there: the report is begun only once it is."""
    with reading(site.engine) as session:
        unit = session.scalar(select(Unit).where(Unit.code == _community(places).code))
        if unit is None or session.get(Subject, first_id(mark)) is None:
            return False
        period = Period.parse(PERIOD)
        return life.find(session, form_address(FORM), unit.id, period, None) is not None


def _community(places: Sequence[Place]) -> Place:
    return next(place for place in places if place.level == "community")


def _progress(done: int, residents: int) -> None:
    if done == residents or not sys.stderr.isatty():
        return
    click.echo(f"\r{done:,} / {residents:,}", nl=False, err=True)


def _accounts(site: Site, places: Sequence[Place], wanted: str) -> str:
    """Make the accounts that are missing; the password of all of them, `""` where nobody can know it."""
    kept = site.settings.home / "demo-password"
    known = wanted or (kept.read_text() if kept.is_file() else "")
    with writing(site.engine) as session:
        missing = [a for a in ACCOUNTS if users.find(session, a.name) is None]
        password = known or (made_up_password() if len(missing) == len(ACCOUNTS) else "")
        for account in ACCOUNTS:
            _account(session, account, places, password or made_up_password(), renew=bool(wanted))
    if password:
        _keep(kept, password)
    return password


def _account(
    session: Session, account: Account, places: Sequence[Place], password: str, *, renew: bool
) -> None:
    user = users.find(session, account.name)
    if user is None:
        user = users.create(
            session, account.name, account.full_name, password, language=account.language
        )
    elif renew and not is_right(password, user.password_hash):
        users.set_password(session, user, password)
    unit = units.by_code(session, account.unit(places).code)
    users.grant(session, user, account.role, unit.id, account.department)


def _keep(file: Path, password: str) -> None:
    """Note the password for the next run, for the owner's eyes only."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_text(password)


def _report(site: Site, places: Sequence[Place], out: Path) -> None:
    community = _community(places)
    sheet = filled_sheet(site, Asked(FORM, community.code, Period.parse(PERIOD)))
    files = [out / f"{FORM.replace('/', '-')}-{PERIOD}.{ending}" for ending in FORMATS]
    for file in files:
        write(site, sheet, file)
    told = _(
        "%(form)s of %(unit)s for %(period)s: %(filled)s cells filled, %(empty)s to type",
        form=sheet.document.heading.title,
        unit=say(community.title),
        period=Period.parse(PERIOD).title(),
        filled=sheet.filled,
        empty=sheet.empty,
    )
    click.echo(told)
    for file in files:
        click.echo(f"  {file}")


def _sheets(site: Site, folder: Path, seed: int) -> None:
    for kind, file in write_sheets(site.engine, site.library, site.field_types, folder, seed):
        click.echo(f"  yibiao import {kind.register} {file} --department {kind.department}")


def _tell(site: Site, places: Sequence[Place], password: str) -> None:
    with reading(site.engine) as session:
        registers = session.execute(
            select(Subject.register, func.count())
            .group_by(Subject.register)
            .order_by(Subject.register)
        ).all()
        versions_there = session.scalar(select(func.count(FormVersion.address.distinct())))
    counted = ", ".join(
        f"{n:,} {say(texts_of(site.library.register(name)))}" for name, n in registers
    )
    click.echo(
        _(
            "In the city: %(units)s units; %(registers)s; %(forms)s forms",
            units=len(places),
            registers=counted,
            forms=versions_there,
        )
    )
    click.echo(_("Accounts:"))
    for account in ACCOUNTS:
        where = say(account.unit(places).title)
        click.echo(f"  {account.name:<10} {roles.title(account.role)}, {where}")
    known = _("Their password: %(password)s", password=password)
    unknown = _(
        "Their password is the one they were given; “yibiao demo --password …” sets another."
    )
    click.echo(known if password else unknown)
