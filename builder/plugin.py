"""What the builder answers to the hooks of the runtime."""

from __future__ import annotations

from collections.abc import Iterable

import click
from flask import Blueprint

from builder import listing
from builder.dictionary import adding, commands, editing, joined, left, overview, undoing, views
from builder.dictionary.carrying import JOB
from builder.dictionary.pages import dictionary
from builder.excel.pages import excel
from builder.exchange.commands import form
from builder.exchange.pages import exchange
from builder.publishing.catalogue import catalogue
from builder.publishing.views import publishing
from builder.radar.views import radar
from builder.studio.tabs import studio
from runtime.hooks import JobKind, Navigation, hookimpl

DESIGNERS = ("designer", "steward")
READERS = (*DESIGNERS, "reviewer", "administrator")
PAGES_OF_DICTIONARY = (views, adding, editing, joined, left, overview, undoing)
"""They add their pages to `dictionary` when they are imported."""


listing.builder.register_blueprint(excel)


@hookimpl
def yibiao_blueprints() -> Iterable[Blueprint]:
    """The builder's pages."""
    return [listing.builder, dictionary, radar, exchange, studio, publishing, catalogue]


@hookimpl
def yibiao_navigation() -> Iterable[Navigation]:
    """Forms and dictionary, for those who look after them."""
    return [
        Navigation({"en": "Forms", "zh-CN": "表单"}, "builder.forms", DESIGNERS, 10),
        Navigation({"en": "Catalogue", "zh-CN": "表单目录"}, "catalogue.show", READERS, 15),
        Navigation({"en": "Dictionary", "zh-CN": "字段字典"}, "dictionary.index", DESIGNERS, 20),
    ]


@hookimpl
def yibiao_jobs() -> Iterable[JobKind]:
    """Carrying over what is known when fields or codes are merged."""
    return [JOB]


@hookimpl
def yibiao_commands() -> Iterable[click.Command]:
    """`yibiao form`, `yibiao dictionary`."""
    return [form, commands.dictionary]
