"""Finding plugins and asking them: the one door. What they may answer is told in `runtime.hooks`."""

from __future__ import annotations

import importlib
import importlib.util
import logging
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from importlib.metadata import EntryPoint, entry_points
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import ModuleType
from typing import Any

import pluggy

from runtime.hooks import PROJECT, Specification, hookimpl

GROUP = "yibiao.plugins"
log = logging.getLogger(__name__)


def _manager() -> pluggy.PluginManager:
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(Specification)
    return manager


@dataclass(frozen=True, slots=True)
class Report:
    """What became of one plugin; `problem` is empty when it works."""

    name: str
    where: str
    problem: str = ""


@dataclass(slots=True)
class Plugins:
    """The plugins of a site, and what became of those that were found."""

    manager: pluggy.PluginManager = field(default_factory=_manager)
    reports: list[Report] = field(default_factory=list)

    def add(self, name: str, plugin: object, where: str = "") -> None:
        """Take a plugin in. Raises what pluggy raises for hooks that do not exist."""
        try:
            self.manager.register(plugin, name)
            self.manager.check_pending()
        except Exception:
            self.manager.unregister(name=name)
            raise
        self.reports.append(Report(name, where))

    def ask(self, hook: str, **given: Any) -> Iterator[tuple[str, Any]]:
        """`(plugin name, item)` of all answers; a plugin that fails is logged and passed over."""
        for implementation in getattr(self.manager.hook, hook).get_hookimpls():
            try:
                answer = implementation.function(*(given[name] for name in implementation.argnames))
                items = list(answer or ())
            except Exception as error:
                self.blame(implementation.plugin_name, hook, error)
                continue
            for item in items:
                yield implementation.plugin_name, item

    def blame(self, name: str, hook: str, error: Exception) -> None:
        """Log that `name` failed in `hook` and was passed over."""
        log.error(
            "plugin %s failed in %s and was passed over: %r", name, hook, error, exc_info=error
        )

    def leave_out(self, name: str, problem: str) -> None:
        """Take a plugin out again, with the reason in its report."""
        self.manager.unregister(name=name)
        self.reports = [
            replace(r, problem=problem) if r.name == name and not r.problem else r
            for r in self.reports
        ]
        log.error("plugin %s was left out: %s", name, problem)

    def refuse(self, name: str, where: str, problem: str) -> None:
        """Report a plugin that never came in, with the reason."""
        self.reports.append(Report(name, where, problem))
        log.error("plugin %s at %s was left out: %s", name, where, problem)


@dataclass(frozen=True, slots=True)
class DepartmentFolder:
    """What a department's folder gives without any Python: definitions, templates, messages."""

    department: str
    folder: Traversable

    @hookimpl
    def yibiao_definitions(self) -> Iterable[Traversable]:
        """Its `form_defs/`."""
        return self._there("form_defs")

    @hookimpl
    def yibiao_templates(self) -> Iterable[tuple[str, Traversable]]:
        """Its `templates/`, named after the department."""
        return [(self.department, place) for place in self._there("templates")]

    @hookimpl
    def yibiao_translations(self) -> Iterable[Traversable]:
        """Its `translations/`."""
        return self._there("translations")

    def _there(self, name: str) -> list[Traversable]:
        place = self.folder / name
        return [place] if place.is_dir() else []


def discover(
    folders: Iterable[Traversable],
    *,
    with_entry_points: bool = True,
    leave_out: Iterable[str] = (),
    into: Plugins | None = None,
) -> Plugins:
    """Find and load plugins: the sub-folders of `folders`, and the entry points of the group `yibiao.plugins`.

    A plugin's name is its department (`fire-emergency` for the folder `fire_emergency`) or its entry
    point's name. One that fails to load is reported and left out, as is one whose name is taken: what
    `into` holds already comes first, then folders.
    """
    plugins = into or Plugins()
    unwanted = set(leave_out)
    for folder in folders:
        for place in _departments(folder, plugins):
            if place.name.replace("_", "-") not in unwanted:
                _add_folder(plugins, place)
    for point in entry_points(group=GROUP) if with_entry_points else ():
        if point.name not in unwanted:
            _add_entry_point(plugins, point)
    return plugins


def shipped_folder() -> Traversable:
    """The `plugins/` that came with this installation (which may have been taken away)."""
    return files("runtime").joinpath("..", "plugins")


def _departments(folder: Traversable, plugins: Plugins) -> list[Traversable]:
    try:
        places = [p for p in folder.iterdir() if p.is_dir() and p.name[:1] not in {"_", "."}]
    except OSError as error:
        if folder != shipped_folder():
            plugins.refuse(folder.name, str(folder), _said(error))
        return []
    return sorted(places, key=lambda place: place.name)


def _add_folder(plugins: Plugins, place: Traversable) -> None:
    name, where = place.name.replace("_", "-"), str(Path(str(place)).resolve())
    if _is_taken(plugins, name, where):
        return
    try:
        code = (place / "plugin.py").is_file()
        module = _import(Path(str(place))) if code else None
        plugins.add(name, _joined_up(name, place, module), where)
    except (Exception, SystemExit) as error:
        plugins.refuse(name, where, _said(error))


def _add_entry_point(plugins: Plugins, point: EntryPoint) -> None:
    where = f"{point.dist.name if point.dist else '?'}: {point.value}"
    if _is_taken(plugins, point.name, where):
        return
    try:
        if importlib.util.find_spec(point.module.partition(".")[0]) is None:
            return  # the package was taken away; what is not there needs no report
        module = point.load()
        home = module.__package__  # empty for a lone module, which has no folder to give
        place = files(home) if home else None
        plugins.add(point.name, _joined_up(point.name, place, module), where)
    except (Exception, SystemExit) as error:
        plugins.refuse(point.name, where, _said(error))


def _joined_up(name: str, place: Traversable | None, module: Any) -> object:
    if place is None:
        return module
    folder = DepartmentFolder(name, place)
    return _Both(folder, module) if module else folder


class _Both:
    """One plugin of a folder's data and a module's hooks; where both answer, both answers count."""

    def __init__(self, folder: DepartmentFolder, module: Any) -> None:
        for source in (folder, module):
            for hook in filter(_is_hook, dir(source)):
                given, own = getattr(source, hook), getattr(self, hook, None)
                setattr(self, hook, given if own is None else _joined(own, given))


def _is_hook(name: str) -> bool:
    return name.startswith(f"{PROJECT}_")


def _joined(first: Any, second: Any) -> Any:
    @hookimpl
    def both() -> list[Any]:
        return [*(first() or ()), *(second() or ())]

    return both


def _is_taken(plugins: Plugins, name: str, where: str) -> bool:
    """Whether a plugin of that name came first; the same one found twice is no matter for a report."""
    first = next((r for r in plugins.reports if r.name == name), None)
    if first is None:
        return False
    if where not in {r.where for r in plugins.reports if r.name == name}:
        plugins.refuse(name, where, f"the name “{name}” is taken already by {first.where or name}")
    return True


def _import(place: Path) -> ModuleType:
    shipped = Path(str(shipped_folder())).resolve()
    if place.resolve().parent == shipped:
        return importlib.import_module(f"plugins.{place.name}.plugin")
    package = f"yibiao_plugin_{place.name}"
    _load(package, place / "__init__.py", [str(place)])
    return _load(f"{package}.plugin", place / "plugin.py", None)


def _load(name: str, file: Path, folders: list[str] | None) -> ModuleType:
    if folders is not None and not file.is_file():
        module = ModuleType(name)
        module.__path__ = folders
        sys.modules[name] = module
        return module
    spec = importlib.util.spec_from_file_location(name, file, submodule_search_locations=folders)
    if spec is None or spec.loader is None:
        raise ImportError(f"{file} cannot be imported")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _said(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"
