"""The public names: all that plugins and the builder use of the runtime, beside `runtime.hooks`.

What is not listed here may change without notice. Plans and problems are plain data; definitions come from a
`Library`; pages of a plugin ask for the request's site, session and user by `site`, `db`, `writes` and `user`.
"""

from sqlalchemy.orm import Session

from runtime import drafts, made_here
from runtime.accounts import access
from runtime.clock import today
from runtime.definitions.address import BASE, form_address, register_address, short_name
from runtime.definitions.check import check
from runtime.definitions.compile import compile_form
from runtime.definitions.fills import register_of
from runtime.definitions.json import NotJson, dumps, loads
from runtime.definitions.load import Library
from runtime.definitions.locked import why as why_locked
from runtime.definitions.moves import Move, moved
from runtime.definitions.place import Placed, cells, place, walk
from runtime.definitions.plan import Cell, Plan
from runtime.definitions.references import references
from runtime.definitions.texts import texts_of
from runtime.definitions.values import value_at, with_value
from runtime.definitions.verdict import annotations, is_valid, problems
from runtime.drafts import Judged
from runtime.entry.decode import Decoded, decode
from runtime.entry.screen import render
from runtime.errors import (
    Conflict,
    DefinitionError,
    EntryError,
    NotAllowed,
    NotFound,
    OperatorError,
    PluginError,
    Problem,
    YibiaoError,
)
from runtime.facts import carried, looked_over
from runtime.fields.base import MISSING, ExcelCell, FieldType, Options, WrongInput
from runtime.hooks import JobKind, Navigation, Output, hookimpl
from runtime.jobs.run import Cancelled, Run
from runtime.jobs.store import start as start_job
from runtime.jobs.worker import offer as offer_job
from runtime.language import Texts, gettext, in_all, ngettext, say
from runtime.outputs.document import Document, Heading, document, tables, values
from runtime.periods import Period
from runtime.site import Site
from runtime.storage.engine import reading, writing
from runtime.storage.tables import FormDraft, FormVersion
from runtime.web.asking import db, needs, needs_user, site, user, whole_number, writes

__all__ = [
    "BASE",
    "MISSING",
    "Cancelled",
    "Cell",
    "Conflict",
    "Decoded",
    "DefinitionError",
    "Document",
    "EntryError",
    "ExcelCell",
    "FieldType",
    "FormDraft",
    "FormVersion",
    "Heading",
    "JobKind",
    "Judged",
    "Library",
    "Move",
    "Navigation",
    "NotAllowed",
    "NotFound",
    "NotJson",
    "OperatorError",
    "Options",
    "Output",
    "Period",
    "Placed",
    "Plan",
    "PluginError",
    "Problem",
    "Run",
    "Session",
    "Site",
    "Texts",
    "WrongInput",
    "YibiaoError",
    "access",
    "annotations",
    "carried",
    "cells",
    "check",
    "compile_form",
    "db",
    "decode",
    "document",
    "drafts",
    "dumps",
    "form_address",
    "gettext",
    "hookimpl",
    "in_all",
    "is_valid",
    "loads",
    "looked_over",
    "made_here",
    "moved",
    "needs",
    "needs_user",
    "ngettext",
    "offer_job",
    "place",
    "problems",
    "reading",
    "references",
    "register_address",
    "register_of",
    "render",
    "say",
    "short_name",
    "site",
    "start_job",
    "tables",
    "texts_of",
    "today",
    "user",
    "value_at",
    "values",
    "walk",
    "whole_number",
    "why_locked",
    "with_value",
    "writes",
    "writing",
]
