"""What the builder answers to the hooks of the runtime."""

from __future__ import annotations

from collections.abc import Iterable

import click
from flask import Blueprint

from builder.commands import form
from builder.studio import rules_tab  # noqa: F401 -- its page joins the blueprint
from builder.studio.pages import studio
from builder.views import builder
from runtime.hooks import Navigation, hookimpl

DESIGNERS = ("designer", "steward")


@hookimpl
def yibiao_blueprints() -> Iterable[Blueprint]:
    """The builder's pages."""
    return [builder, studio]


@hookimpl
def yibiao_navigation() -> Iterable[Navigation]:
    """Forms and dictionary, for those who look after them."""
    return [
        Navigation({"en": "Forms", "zh-CN": "表单"}, "builder.forms", DESIGNERS, 10),
        Navigation({"en": "Dictionary", "zh-CN": "字段字典"}, "builder.dictionary", DESIGNERS, 20),
    ]


@hookimpl
def yibiao_commands() -> Iterable[click.Command]:
    """`yibiao form`."""
    return [form]
