"""The definitions that shipped, and the builder's texts."""

from __future__ import annotations

from importlib.resources import files

from runtime.api import Library
from runtime.built_in import definitions_folder
from runtime.plugins import shipped_folder

BUILDER_TEXTS = files("builder") / "translations"


def shipped_library() -> Library:
    """The library of everything that shipped, departments included."""
    departments = [
        f / "form_defs" for f in shipped_folder().iterdir() if (f / "form_defs").is_dir()
    ]
    return Library.read([definitions_folder(), *departments])
