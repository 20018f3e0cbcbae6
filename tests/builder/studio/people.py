"""A second designer of the department, for what two do at once."""

from __future__ import annotations

from runtime.accounts import users
from runtime.facts import units
from runtime.storage.engine import writing
from tests.rig.city import PASSWORD, City

LI_NA = "Li Na 李娜"


def add_designer(
    city: City, name: str = "lina2", full_name: str = LI_NA, *roles: tuple[str, str]
) -> str:
    """A user who designs the forms of the Disabled Persons' Federation, with more roles as `(role, unit)`; the name."""
    with writing(city.site.engine) as session:
        user = users.create(session, name, full_name, PASSWORD)
        top = next(iter(units.by_code(session, code).id for code in ("990101",)), None)
        users.grant(session, user, "designer", top, "disabled-persons")
        for role, code in roles:
            users.grant(session, user, role, units.by_code(session, code).id, "disabled-persons")
    return name
