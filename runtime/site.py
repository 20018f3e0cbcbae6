"""A running site put together: settings, plugins, definitions, field types, outputs, database. Not for pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources.abc import Traversable
from typing import Any, Protocol

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, defer

from runtime import built_in, made_here
from runtime.definitions.compile import compile_form
from runtime.definitions.json import dumps
from runtime.definitions.load import Library
from runtime.definitions.plan import Plan
from runtime.entry.versions import publish_version, retire, rules_in_force
from runtime.errors import Problem
from runtime.facts.registers import Register, register_of
from runtime.facts.tallies.basis import adopt
from runtime.fields.catalogue import FieldTypes, field_types
from runtime.fill.sources import sources
from runtime.hooks import Navigation, Output
from runtime.jobs import registry
from runtime.language import add_catalogues
from runtime.plugins import Plugins, discover, shipped_folder
from runtime.publishing.retiring import retired
from runtime.settings import Settings
from runtime.storage.engine import is_made, make_engine, reading, writing
from runtime.storage.migrate import upgrade
from runtime.storage.tables import FormVersion

__all__ = ["Initialised", "Site", "definition_roots", "initialise", "open_site"]


@dataclass(frozen=True, slots=True)
class Shelf:
    """The definitions as of one step in the dictionary, with the registers made ready from them."""

    revision: int
    library: Library
    registers: dict[str, Register] = field(default_factory=dict)


@dataclass
class Site:
    """One site; made by `open_site`. The database is opened on first use, the definitions read likewise."""

    settings: Settings
    plugins: Plugins
    field_types: FieldTypes
    outputs: dict[str, Output]
    """Output formats by their file ending, in the order in which they are offered."""
    _shelf: Shelf | None = field(default=None, repr=False)

    @cached_property
    def engine(self) -> Engine:
        """The database; raises `OperatorError` where its address means nothing."""
        return make_engine(self.settings.database_url)

    @cached_property
    def files(self) -> Library:
        """All definitions that shipped or came with plugins."""
        return Library.read(definition_roots(self.plugins))

    @property
    def library(self) -> Library:
        """All definitions: the files, and over them what was made or changed at this site (see `notice`)."""
        return self._held().library

    def notice(self, session: Session) -> None:
        """Take in what was changed in the dictionary since, in this process or another; costs one small query.

        Asked at the beginning of each request and job, so that one of them sees one library throughout.
        """
        if self._held().revision != (now := made_here.revision(session)):
            self._shelf = Shelf(now, made_here.laid_over(session, self.files))

    def _held(self) -> Shelf:
        if self._shelf is None:
            self._shelf = self._first()
        return self._shelf

    def _first(self) -> Shelf:
        """What the database holds by now; the files alone where there is none yet, and none is made for this."""
        if is_made(self.settings.database_url):
            with reading(self.engine) as session:
                if made_here.is_there(session):
                    number = made_here.revision(session)
                    return Shelf(number, made_here.laid_over(session, self.files))
        return Shelf(0, self.files)

    @cached_property
    def navigation(self) -> list[Navigation]:
        """Places that plugins add to the top bar, in their order."""
        found = [place for _, place in self.plugins.ask("yibiao_navigation")]
        return sorted(found, key=lambda place: place.order)

    def register(self, name: str) -> Register:
        """A register by its short name, with the check of its values made once; raises `NotFound`."""
        held = self._held()
        if name not in held.registers:
            held.registers[name] = register_of(held.library, name)
        return held.registers[name]

    def entry_problems(self, plan: Plan, data: Any) -> list[Problem]:
        """What the plugins' own checks say of an entry's data."""
        return [p for _, p in self.plugins.ask("yibiao_problems", plan=plan, data=data)]

    def close(self) -> None:
        """Let go of the database's connections."""
        if "engine" in self.__dict__:
            self.engine.dispose()


def open_site(settings: Settings) -> Site:
    """Put a site together; plugins that fail are reported in `Site.plugins.reports` and left out.

    Everything comes in through the hooks, what is our own included, which comes first. Several sites may be
    open in one process; screens and outputs know the field types of all of them.
    """
    plugins = Plugins()
    plugins.add(built_in.NAME, built_in.BuiltIn(plugins))
    discover(
        [shipped_folder(), *settings.plugin_folders],
        with_entry_points=settings.entry_points,
        leave_out=settings.leave_out,
        into=plugins,
    )
    for name, clash in _clashes(plugins):
        plugins.leave_out(name, clash)
    for _, folder in plugins.ask("yibiao_translations"):
        add_catalogues(folder)
    for _, source in plugins.ask("yibiao_sources"):
        sources.include(source)
    types = FieldTypes()
    for name, field_type in plugins.ask("yibiao_field_types"):
        types.register(field_type, name)
    field_types.include(types)
    for _, kind in plugins.ask("yibiao_jobs"):
        registry.include(kind.name, kind.work)
    outputs = {output.name: output for _, output in plugins.ask("yibiao_outputs")}
    return Site(settings=settings, plugins=plugins, field_types=types, outputs=outputs)


@dataclass(frozen=True, slots=True)
class Initialised:
    """What making a site ready did, each by the addresses of the forms concerned."""

    published: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    """Forms of which people have published a version of their own, or which they have retired: that stays so."""
    retired: tuple[str, ...] = ()
    """Forms that are no longer installed: no new entries, the old ones stay readable."""


def initialise(site: Site) -> Initialised:
    """Make the database ready for this code and for the definitions that are installed; again changes nothing.

    An installed form becomes a version where its digest is new at its address, as it stands in the files and with
    what was changed in the dictionary here: a change of the dictionary alone publishes nothing.
    Raises `OperatorError` for a database that cannot be used, `DefinitionError` for a form that cannot be compiled.
    """
    upgrade(site.engine)
    with reading(site.engine) as session:
        site.notice(session)
        known = _versions(session)
    plans = [compile_form(a, library=site.library) for a in site.library.addresses("form")]
    changed = [plan for plan in plans if not _is_known(plan, known[plan.address])]
    wanted = [plan for plan in changed if not _is_ours_alone(site, plan, known[plan.address])]
    with reading(site.engine) as session:
        ended = {held.address for held in retired(session)}
    kept = [p.address for p in wanted if _is_own(known[p.address]) or p.address in ended]
    made = [plan for plan in wanted if plan.address not in kept]
    for plan in made:
        source = dumps(site.library.source(plan.address), indent=2)
        with writing(site.engine) as session:
            publish_version(session, plan, source)
    installed = {plan.address for plan in plans}
    gone = [a for a, held in known.items() if a not in installed and not _is_own(held)]
    left = [a for a in gone if _retire(site.engine, a)]
    with writing(site.engine) as session:
        adopt(session, rules_in_force(session))
    return Initialised(tuple(p.address for p in made), tuple(kept), tuple(left))


def _versions(session: Session) -> dict[str, list[FormVersion]]:
    """All versions by address, the oldest first, without their texts."""
    options = defer(FormVersion.plan), defer(FormVersion.source)
    known: dict[str, list[FormVersion]] = defaultdict(list)
    for version in session.scalars(
        select(FormVersion).order_by(FormVersion.number).options(*options)
    ):
        known[version.address].append(version)
    return known


def _is_ours_alone(site: Site, plan: Plan, held: list[FormVersion]) -> bool:
    """Whether nothing but what was changed in the dictionary here makes it differ from what was published."""
    if site.library is site.files or not any(v.retired_at is None for v in held):
        return False
    if compile_form(plan.address, library=site.files).digest == plan.digest:
        return False
    source = dumps(site.library.source(plan.address), indent=2)
    with reading(site.engine) as session:
        query = select(FormVersion.source).where(
            FormVersion.address == plan.address, FormVersion.retired_at.is_(None)
        )
        return source in session.scalars(query).all()


def _is_known(plan: Plan, held: list[FormVersion]) -> bool:
    return any(v.digest == plan.digest and v.retired_at is None for v in held)


def _is_own(held: list[FormVersion]) -> bool:
    """Whether people of this site published the newest version, which no shipped form takes the place of."""
    return bool(held) and held[-1].published_by is not None


def _retire(engine: Engine, address: str) -> bool:
    with writing(engine) as session:
        open_ones = session.scalars(
            select(FormVersion).where(
                FormVersion.address == address, FormVersion.retired_at.is_(None)
            )
        ).all()
        for version in open_ones:
            retire(session, version)
    return bool(open_ones)


def definition_roots(plugins: Plugins) -> list[Traversable]:
    """All folders that are read into the one tree of addresses: ours, then the plugins'."""
    return [folder for _, folder in plugins.ask("yibiao_definitions")]


_NAMED = {
    "yibiao_field_types": "field type",
    "yibiao_outputs": "output format",
    "yibiao_jobs": "kind of job",
    "yibiao_sources": "source",
}
"""Hooks whose answers bear names that only one plugin may give."""


class _Named(Protocol):
    @property
    def name(self) -> str: ...


def _clashes(plugins: Plugins) -> Iterator[tuple[str, str]]:
    """Plugins whose field types, outputs, sources or jobs bear names that are taken, each with the reason."""
    out: set[str] = set()
    for hook, kind in _NAMED.items():
        for name, clash in _taken(list(plugins.ask(hook)), kind):
            if name not in out:
                out.add(name)
                yield name, clash


def _taken(found: Iterable[tuple[str, _Named]], kind: str) -> Iterator[tuple[str, str]]:
    owners: dict[str, list[str]] = defaultdict(list)
    for name, item in found:
        owners[item.name].append(name)
    for item_name, (first, *others) in owners.items():
        for name in others:
            yield name, f"its {kind} “{item_name}” is there already: “{first}” brings it"
