"""The public names: all that plugins and the builder use of the runtime, beside `runtime.hooks`.

What is not listed here may change without notice. Plans and problems are plain data; definitions come from a
`Library`; pages of a plugin ask for the request's site, session and user by `site`, `db`, `writes` and `user`.
"""

from sqlalchemy.orm import Session

from runtime import draft_steps, drafts
from runtime.accounts import access
from runtime.definitions.address import BASE, form_address, register_address, short_name
from runtime.definitions.check import check
from runtime.definitions.compile import compile_form
from runtime.definitions.fills import register_of
from runtime.definitions.formulas import WrongFormula, names_in
from runtime.definitions.json import NotJson, dumps, loads
from runtime.definitions.load import Library
from runtime.definitions.locked import why as why_locked
from runtime.definitions.place import Placed, cells, place, walk
from runtime.definitions.plan import Cell, Plan
from runtime.definitions.references import references
from runtime.definitions.sources import NAMES as SOURCES
from runtime.definitions.texts import texts_of
from runtime.definitions.values import value_at, with_value
from runtime.definitions.verdict import annotations, is_valid, problems
from runtime.drafts import Judged
from runtime.entry.decode import Decoded, decode
from runtime.entry.pieces import Pieces
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
from runtime.fields.base import MISSING, ExcelCell, FieldType, Options, WrongInput
from runtime.fields.catalogue import field_types
from runtime.hooks import JobKind, Navigation, Output, hookimpl
from runtime.jobs.run import Cancelled, Run
from runtime.jobs.store import start as start_job
from runtime.jobs.worker import offer as offer_job
from runtime.language import LANGUAGES, Texts, gettext, ngettext, say
from runtime.language import current as current_language
from runtime.outputs.document import Document, Heading, document, tables, values
from runtime.periods import Period
from runtime.site import Site
from runtime.storage.engine import reading, writing
from runtime.storage.tables import FormDraft, FormVersion
from runtime.web.asking import db, needs, needs_user, site, user, whole_number, writes

__all__ = [
    "BASE",
    "LANGUAGES",
    "MISSING",
    "SOURCES",
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
    "Navigation",
    "NotAllowed",
    "NotFound",
    "NotJson",
    "OperatorError",
    "Options",
    "Output",
    "Period",
    "Pieces",
    "Placed",
    "Plan",
    "PluginError",
    "Problem",
    "Run",
    "Session",
    "Site",
    "Texts",
    "WrongFormula",
    "WrongInput",
    "YibiaoError",
    "access",
    "annotations",
    "cells",
    "check",
    "compile_form",
    "current_language",
    "db",
    "decode",
    "document",
    "draft_steps",
    "drafts",
    "dumps",
    "field_types",
    "form_address",
    "gettext",
    "hookimpl",
    "is_valid",
    "loads",
    "names_in",
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
