"""Errors by who must act, and problems as data. Not for turning them into pages: that is the web layer's."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, where it is, and what to do about it.

    `pointer` is a JSON pointer: into the definition named by `address` when the problem is of a definition,
    into the entry's data when `address` is empty. `code` is stable and machine-readable; `message` is one
    sentence, in the language in force, for the person who must act.
    """

    code: str
    message: str
    pointer: str = ""
    address: str = ""
    severity: Severity = "error"

    def as_dict(self) -> dict[str, Any]:
        """The problem as a JSON object."""
        return asdict(self)


class YibiaoError(Exception):
    """Something that a person must mend; its text is one clear sentence in the language in force."""


class DefinitionError(YibiaoError):
    """The author of a definition must act; `problems` says where."""

    def __init__(self, message: str, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(message)
        self.problems = problems


class EntryError(YibiaoError):
    """The person who fills must act: wrong input, an entry that cannot take this step."""


class Conflict(EntryError):
    """Somebody else has changed the same cells since; nothing was written. `pointers` names the cells."""

    def __init__(self, message: str, pointers: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.pointers = pointers


class NotAllowed(YibiaoError):
    """The signed-in person has no right to this for that unit or department; `action` names the right, if one does."""

    def __init__(self, message: str, action: str = "") -> None:
        super().__init__(message)
        self.action = action


class NotFound(YibiaoError):
    """The thing named does not exist, or must look as if it did not to this person."""


class PluginError(YibiaoError):
    """The author of a plugin must act; the plugin is named in the text."""


class OperatorError(YibiaoError):
    """Whoever runs the site must act: a setting, a missing program, an unmigrated database."""
