"""What the builder answers to the hooks of the runtime."""

from __future__ import annotations

from collections.abc import Iterable

import click
from flask import Blueprint

from builder.commands import form
from builder.dictionary import adding, editing, joined, overview, undoing, views
from builder.dictionary.carrying import JOB
from builder.dictionary.pages import dictionary
from builder.radar.views import radar
from builder.views import builder
from runtime.hooks import JobKind, Navigation, hookimpl

DESIGNERS = ("designer", "steward")
PAGES_OF_DICTIONARY = (views, adding, editing, joined, overview, undoing)
"""They add their pages to `dictionary` when they are imported."""


@hookimpl
def yibiao_blueprints() -> Iterable[Blueprint]:
    """The builder's pages."""
    return [builder, dictionary, radar]


@hookimpl
def yibiao_navigation() -> Iterable[Navigation]:
    """Forms and dictionary, for those who look after them."""
    return [
        Navigation({"en": "Forms", "zh-CN": "表单"}, "builder.forms", DESIGNERS, 10),
        Navigation({"en": "Dictionary", "zh-CN": "字段字典"}, "dictionary.index", DESIGNERS, 20),
    ]


@hookimpl
def yibiao_jobs() -> Iterable[JobKind]:
    """Carrying over what is known when fields or codes are merged."""
    return [JOB]


@hookimpl
def yibiao_commands() -> Iterable[click.Command]:
    """`yibiao form`."""
    return [form]
