"""A household of the little city of which nobody has asked for years, and the two who live there."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from runtime import clock
from runtime.facts.changes import record
from runtime.site import Site, open_site
from runtime.storage.engine import writing
from runtime.storage.tables import Unit
from tests.rig.city import NOW, settings

NUMBER = "T-0012"
SAID = date(2024, 5, 1)
OLD = {
    "phone": "0991-5550001",
    "address": "No. 12, Lake Road",
    "employment_status": "retired",
    "medical_insurance": "employee",
}
"""What of the grandmother has grown old: four facts."""
_LATELY = {"low_income_class": "minimum", "living_alone": False}
_GRANDMOTHER = {
    **OLD, "name": "Gu Lan 顾兰", "sex": "2", "birth_date": "1948-03-05", "household_number": NUMBER,
    "disability_kind": "3", "disability_certificate_until": "2031-06-30", **_LATELY,
}  # fmt: skip
_SON = {
    "name": "Gu Ming 顾明", "sex": "1", "birth_date": "1975-07-11", "household_number": NUMBER,
    "phone": "0991-5550002",
}  # fmt: skip
_HOUSE = {"household_number": NUMBER, "head_name": "Gu Lan 顾兰", "smoke_alarm": True}


IDS = ("family-house", "family-gu-lan", "family-gu-ming")
"""The household, the grandmother and her son."""


def moved_in(address: str) -> None:
    """Let them live in the city whose database is there."""
    with clock.fixed(NOW):
        site = open_site(settings(address, "."))
        move_in(site)
        site.close()


def move_in(site: Site, code: str = "990101001000101") -> tuple[str, str, str]:
    """Let them live in the grid with that code; the ids of household, grandmother and son.

    Of her disability the grade is not known. That she is not alone, and on aid, was asked two months ago, all else
    of her two years ago.
    """
    with writing(site.engine) as session:
        unit = session.scalar(select(Unit.id).where(Unit.code == code))
        assert unit is not None, code
        for key, told in zip(IDS, (_HOUSE, _GRANDMOTHER, _SON), strict=True):
            register = site.register("household" if key == IDS[0] else "resident")
            record(session, register, key, {"_unit": unit, **told}, "set", SAID)
        record(session, site.register("resident"), IDS[1], _LATELY, "confirm", date(2026, 9, 1))
    return IDS
