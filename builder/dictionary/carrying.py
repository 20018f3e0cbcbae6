"""What is known under a merged field or code carried over by a job, and back again. Not for the definitions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from builder.dictionary.places import Spot, spot_of
from builder.dictionary.uses import Where
from runtime.api import (
    JobKind,
    Library,
    Run,
    Session,
    Site,
    Texts,
    carried,
    in_all,
    looked_over,
    made_here,
    offer_job,
    site,
    start_job,
    user,
    writes,
)
from runtime.api import gettext as _

KIND = "dictionary.carry"


def known(session: Session, where: Spot) -> int:
    """How many subjects have a field; 0 for figures. Goes through the register."""
    return looked_over.how_many(session, where.home, where.name) if where.kind == "field" else 0


def known_code(session: Session, library: Library, where: Spot, code: str) -> int:
    """How many subjects have a code, in any field that takes its values from the list."""
    fields = fields_with(library, where.document)
    return sum(looked_over.how_many(session, *place, [code]) for place in fields)


def fields_with(library: Library, codes: str) -> list[tuple[str, str]]:
    """The fields that take their values from a code list: (register, field)."""
    found = []
    for use in Where(library).of(codes):
        where = spot_of(use.address)
        if use.kind == "field" and where is not None and where.kind == "field":
            found.append((where.home, where.name))
    return found


def offer(number: int, what: Mapping[str, Any]) -> None:
    """Start the job that carries over what is known, if anything is; `what` as the step's details have it."""
    if what.get("carried"):
        _start(number, {**what, "back": False}, in_all(lambda: _("Carrying over what is known")))


def left(session: Session, here: Site, step: made_here.DefinitionStep) -> carried.Left:
    """What is not carried over yet of what a step asks for; told without doing it."""
    found = [
        carried.left(session, here.register(what.register), what)
        for what in _carryings({**step.details, "step": step.id})
    ]
    return carried.Left(
        sum(one.subjects for one in found),
        sum(one.refused for one in found),
        all(one.is_all for one in found),
    )


def asking(session: Session, where: Spot) -> list[made_here.DefinitionStep]:
    """The steps by which what is known goes from or to a field, or within a code list; those taken back left out."""
    gone = made_here.undone(session)
    some = [
        one
        for kind in ("rename", "merge")
        for one in made_here.steps(session, kind=kind, most=1_000)
        if one.id not in gone and not one.details.get("outright")
    ]
    if where.kind == "codes":
        return [one for one in some if one.address == where.address and "code" in one.details]
    if where.kind != "field":
        return []
    return [
        one for one in some if where.address in (one.details.get("from"), one.details.get("to"))
    ]


def offer_back(step: made_here.DefinitionStep) -> None:
    """Start the job that takes back what a step had carried over."""
    if step.kind in ("merge", "rename") and step.details.get("carried"):
        title = in_all(lambda: _("Taking back what was carried over"))
        _start(step.id, {**step.details, "back": True}, title)


def _start(number: int, what: Mapping[str, Any], title: Texts) -> None:
    with writes() as session:
        arguments = {**what, "step": number}
        job = start_job(session, KIND, arguments, actor=user().id, title=title)
    offer_job(site(), job)


def work(run: Run) -> dict[str, Any]:
    """Carry over, or back, field by field; safe to repeat."""
    here: Site = run.site
    back, found = bool(run.arguments.get("back")), [0, 0]
    for what in _carryings(run.arguments):
        act = carried.take_back if back else carried.carry
        done = act(here.engine, here.register(what.register), what, run.actor, run.progress)
        found = [found[0] + done.subjects, found[1] + done.refused]
    return {"subjects": found[0], "refused": found[1]}


def _carryings(arguments: Mapping[str, Any]) -> Iterator[carried.Carrying]:
    step = int(arguments["step"])
    if "code" in arguments:
        for register, field in arguments.get("fields", ()):
            yield carried.Carrying(
                register, field, field, step, str(arguments["code"]), str(arguments["to"])
            )
        return
    old, new = spot_of(str(arguments["from"])), spot_of(str(arguments["to"]))
    if old is not None and new is not None:
        yield carried.Carrying(old.home, old.name, new.name, step)


JOB = JobKind(KIND, work)
