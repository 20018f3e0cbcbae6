"""The public names: all that plugins and the builder use of the runtime, beside `runtime.hooks`.

What is not listed here may change without notice. Plans and problems are plain data; definitions come from a
`Library`; pages of a plugin ask for the request's site, session and user by `site`, `db`, `writes` and `user`.
"""

from sqlalchemy.orm import Session

from runtime import draft_steps, drafts, made_here
from runtime.accounts import access
from runtime.accounts.users import full_names
from runtime.clock import now, today
from runtime.definitions.address import BASE, form_address, register_address, short_name
from runtime.definitions.check import check
from runtime.definitions.compile import compile_form
from runtime.definitions.fills import register_of
from runtime.definitions.formulas import WrongFormula, names_in
from runtime.definitions.json import NotJson, dumps, loads
from runtime.definitions.load import Library
from runtime.definitions.locked import why as why_locked
from runtime.definitions.moves import Move, moved
from runtime.definitions.place import Placed, cells, place, walk
from runtime.definitions.plan import Cell, Plan
from runtime.definitions.references import references
from runtime.definitions.sources import NAMES as SOURCES
from runtime.definitions.texts import texts_of
from runtime.definitions.values import value_at, with_value
from runtime.definitions.verdict import annotations, is_valid, problems
from runtime.entry.act import act
from runtime.entry.begin import prefilled
from runtime.entry.decode import Decoded, decode
from runtime.entry.pieces import Pieces
from runtime.entry.screen import render
from runtime.entry.versions import in_force as versions_in_force
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
from runtime.fields.catalogue import field_types
from runtime.hooks import JobKind, Navigation, Output, hookimpl
from runtime.imports import limits as uploads
from runtime.imports import spelling
from runtime.imports.limits import kind_of as sheet_kind
from runtime.imports.recognised import Recognised, recognised
from runtime.jobs.run import Cancelled, Run
from runtime.jobs.store import start as start_job
from runtime.jobs.worker import offer as offer_job
from runtime.judging import Judged, judge
from runtime.language import LANGUAGES, Texts, gettext, in_all, ngettext, say, using
from runtime.language import current as current_language
from runtime.outputs import own_sheets
from runtime.outputs.document import Document, Heading, document, tables, values
from runtime.periods import Period
from runtime.publishing import admission, retiring
from runtime.publishing import burden as burdens
from runtime.publishing import work as papers
from runtime.publishing.burden import Burden, burden
from runtime.publishing.burden import line as burden_line
from runtime.publishing.checks import card_problems
from runtime.publishing.figures import burden_of, burden_of_counts
from runtime.publishing.impact import Impact, impact_of
from runtime.samples.sampling import Sample, sample, worst_case
from runtime.site import Site
from runtime.storage.asset_tables import ExcelSheet
from runtime.storage.engine import reading, writing
from runtime.storage.tables import DraftStep, FormDraft, FormVersion, Unit, User
from runtime.web.asking import db, needs, needs_user, site, user, whole_number, writes
from runtime.web.filling import name_of
from runtime.web.posting import takes
from runtime.web.present import others_in

__all__ = [
    "BASE",
    "LANGUAGES",
    "MISSING",
    "SOURCES",
    "Burden",
    "Cancelled",
    "Cell",
    "Conflict",
    "Decoded",
    "DefinitionError",
    "Document",
    "DraftStep",
    "EntryError",
    "ExcelCell",
    "ExcelSheet",
    "FieldType",
    "FormDraft",
    "FormVersion",
    "Heading",
    "Impact",
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
    "Pieces",
    "Placed",
    "Plan",
    "PluginError",
    "Problem",
    "Recognised",
    "Run",
    "Sample",
    "Session",
    "Site",
    "Texts",
    "Unit",
    "User",
    "WrongFormula",
    "WrongInput",
    "YibiaoError",
    "access",
    "act",
    "admission",
    "annotations",
    "burden",
    "burden_line",
    "burden_of",
    "burden_of_counts",
    "burdens",
    "card_problems",
    "carried",
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
    "full_names",
    "gettext",
    "hookimpl",
    "impact_of",
    "in_all",
    "is_valid",
    "judge",
    "loads",
    "looked_over",
    "made_here",
    "moved",
    "name_of",
    "names_in",
    "needs",
    "needs_user",
    "ngettext",
    "now",
    "offer_job",
    "others_in",
    "own_sheets",
    "papers",
    "place",
    "prefilled",
    "problems",
    "reading",
    "recognised",
    "references",
    "register_address",
    "register_of",
    "render",
    "retiring",
    "sample",
    "say",
    "sheet_kind",
    "short_name",
    "site",
    "spelling",
    "start_job",
    "tables",
    "takes",
    "texts_of",
    "today",
    "uploads",
    "user",
    "using",
    "value_at",
    "values",
    "versions_in_force",
    "walk",
    "whole_number",
    "why_locked",
    "with_value",
    "worst_case",
    "writes",
    "writing",
]
