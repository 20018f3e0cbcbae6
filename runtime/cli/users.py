"""`yibiao user …`: accounts and their roles, for whoever runs the site."""

from __future__ import annotations

import click

from runtime.accounts import roles, users
from runtime.cli.context import missing, opened, unit_named
from runtime.facts import units
from runtime.language import gettext as _
from runtime.language import say
from runtime.storage.engine import reading, writing
from runtime.storage.tables import User

password_option = click.option(
    "--password",
    prompt=True,
    hide_input=True,
    confirmation_prompt=True,
    help="Asked for when not given.",
)


@click.group()
def user() -> None:
    """Users: create, list, grant, disable, password."""


@user.command()
@click.argument("name")
@click.argument("full_name")
@click.option("--language", default="", help="en or zh-CN; empty: as the browser asks.")
@password_option
def create(name: str, full_name: str, language: str, password: str) -> None:
    """Create the user NAME (signs in with it) called FULL_NAME."""
    with writing(opened().engine) as session:
        made = users.create(session, name, full_name, password, language=language)
        click.echo(_("User %(name)s was created, with no role yet.", name=made.name))


@user.command("list")
def list_() -> None:
    """List all users with their roles."""
    with reading(opened().engine) as session:
        for each in users.listed(session):
            held = [
                f"{g.role}@{units.get(session, g.unit_id).code}"
                + (f"/{g.department}" if g.department else "")
                for g in users.grants_of(session, each.id)
            ]
            state = "" if each.active else _("disabled")
            click.echo("\t".join([each.name, each.full_name, " ".join(held), state]).rstrip())


@user.command()
@click.argument("name")
@click.argument("role", type=click.Choice(roles.ROLES))
@click.argument("unit")
@click.option("--department", default="", help="Only for this department's forms.")
def grant(name: str, role: str, unit: str, department: str) -> None:
    """Grant NAME the ROLE for UNIT (its code) and all below it."""
    site = opened()
    if department and department not in site.library.departments():
        text = _("There is no department “%(name)s”.", name=department)
        raise missing(text, department, site.library.departments())
    with writing(site.engine) as session:
        place = unit_named(session, unit)
        users.grant(session, users.by_name(session, name), role, place.id, department)
        where = say(place.title)
        click.echo(
            _(
                "%(name)s is now %(role)s for %(unit)s.",
                name=name,
                role=roles.title(role),
                unit=where,
            )
        )


@user.command()
@click.argument("name")
def disable(name: str) -> None:
    """Switch NAME off and end all sessions; entries keep the name."""
    with writing(opened().engine) as session:
        users.disable(session, users.by_name(session, name))
        click.echo(_("User %(name)s can no longer sign in.", name=name))


@user.command()
@click.argument("name")
@password_option
def password(name: str, password: str) -> None:
    """Give NAME a new password and end all sessions."""
    with writing(opened().engine) as session:
        found: User = users.by_name(session, name)
        users.set_password(session, found, password)
        click.echo(_("User %(name)s has a new password.", name=name))
