"""What is our own and comes in through the same door as any plugin's: field types, outputs, definitions, jobs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from importlib.resources import files
from importlib.resources.abc import Traversable

from runtime.fields.base import FieldType
from runtime.fields.catalogue import built_in as built_in_types
from runtime.hooks import JobKind, Output, hookimpl
from runtime.jobs import registry
from runtime.outputs.built_in import built_in as built_in_outputs
from runtime.plugins import Plugins

NAME = "runtime"

JOB_MODULES = (
    "runtime.jobs.daily",
    "runtime.facts.tallies.work",
    "runtime.facts.words_anew",
    "runtime.entry.work",
    "runtime.outputs.work",
    "runtime.imports.work",
    "runtime.replay.work",
    "runtime.publishing.work",
)
"""The modules with our own `@handler` and `@daily`: read when a site opens, so that every worker knows them."""


def definitions_folder() -> Traversable:
    """The shipped `form_defs/`."""
    return files("form_defs")


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """The first plugin of every site. Its PDF asks the others for their templates."""

    plugins: Plugins

    @hookimpl
    def yibiao_field_types(self) -> Iterable[FieldType]:
        """The field types of our own."""
        return built_in_types()

    @hookimpl
    def yibiao_outputs(self) -> Iterable[Output]:
        """PDF, Excel, HTML, CSV and JSON."""
        return built_in_outputs(dict(t for _, t in self.plugins.ask("yibiao_templates")))

    @hookimpl
    def yibiao_jobs(self) -> Iterable[JobKind]:
        """The work in the background that is ours."""
        for module in JOB_MODULES:
            import_module(module)
        own = registry.kinds().items()
        return [JobKind(kind, work) for kind, work in own if work.__module__ in JOB_MODULES]

    @hookimpl
    def yibiao_definitions(self) -> Iterable[Traversable]:
        """Dictionary, code lists, indicators and forms that ship."""
        return [definitions_folder()]
