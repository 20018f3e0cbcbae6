"""Files that come in, read as drafts that may be kept: whose each is, its name, what became of each of its rows."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any

from builder.exchange import templates
from builder.exchange.bundles import File
from builder.exchange.columns import Column, sheet_of
from builder.exchange.reading import is_xlsform
from builder.exchange.report import Line
from builder.exchange.schemas import lines_of
from builder.exchange.sheets import Sheets, read_sheets
from builder.exchange.templates import Taken, Templates, is_template
from builder.exchange.xlsform import taken_in
from builder.history import read
from runtime.api import (
    BASE,
    Conflict,
    OperatorError,
    Problem,
    Session,
    Site,
    drafts,
    dumps,
    form_address,
    judge,
    own_sheets,
    reading,
    say,
    writing,
)
from runtime.api import gettext as _

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_NOT_IN_NAMES = re.compile(r"[^a-z0-9]+")
_WORKBOOKS = (".xlsx", ".xlsm", ".xls")
_LONGEST_NAME = 160
_NO_FORMS = ("register", "indicators", "code-list", "department")


@dataclass(frozen=True, slots=True)
class Incoming:
    """A form that came in a file, not yet kept; `refused` says why it will not be."""

    file: str
    short: str
    text: str
    lines: tuple[Line, ...]
    problems: tuple[Problem, ...] = ()
    refused: str = ""
    is_xlsform: bool = False
    template: Taken | None = None
    """The Excel template that came with it."""
    wanted: str = ""
    """What it calls an Excel template that did not come with it."""


@dataclass(frozen=True, slots=True)
class Taking:
    """For whom files are read, and as what: a department and name where a file does not say, whose forms may come."""

    department: str = ""
    name: str = ""
    own: Collection[str] | None = None
    """None: those of all departments. Where it is but one, it has what says not whose it is."""


def prepared(site: Site, files: Sequence[File], taking: Taking) -> list[Incoming]:
    """Each file as the draft that it may become. Raises `OperatorError` for one that cannot be read, or is nobody's."""
    made: dict[str, Incoming] = {}
    brought = Templates(file for file in files if is_template(file))
    for file in files:
        if is_template(file):
            continue
        one = _prepared(site, file, taking, brought)
        if one.short and made.setdefault(one.short, one) is not one:
            raise OperatorError(_("Two of them would be %(name)s.", name=one.short))
        made.setdefault(one.short or one.file, one)
    refused = _("No form of the set fills this sheet.")
    lost = [Incoming(str(file.path), "", "", (), (), refused) for file in brought.unused()]
    return [*made.values(), *lost]


def known(session: Session, site: Site, incoming: Sequence[Incoming]) -> list[Incoming]:
    """The same with what this site says of each: refused where it has a draft already, told of its template."""
    begun = drafts.begun(session)
    told = (_with_template(session, site, one) for one in incoming)
    return [
        replace(one, refused=_has_draft(one.short))
        if not one.refused and form_address(one.short) in begun
        else one
        for one in told
    ]


def _with_template(session: Session, site: Site, one: Incoming) -> Incoming:
    """The form with a line on the template that did not come with it."""
    if not one.wanted or one.refused:
        return one
    return replace(one, lines=(templates.told(session, site, one.wanted), *one.lines))


def kept(session: Session, incoming: Sequence[Incoming], actor: int | None) -> None:
    """Keep each as a draft, with its template; raises `Conflict` where one has a draft already."""
    for one in incoming:
        address = form_address(one.short)
        if drafts.find(session, address) is not None:
            raise Conflict(_has_draft(one.short))
        if one.template is not None:
            own_sheets.keep_asset(session, one.template.content, actor)
        drafts.keep(session, address, one.text, 0, actor)


def imported(site: Site, files: Sequence[File], taking: Taking) -> list[Incoming]:
    """Keep all that the files bring as drafts, or nothing."""
    incoming = prepared(site, files, taking)
    with reading(site.engine) as session:
        incoming = [_with_template(session, site, one) for one in incoming]
    with writing(site.engine) as session:
        kept(session, [one for one in incoming if not one.refused], None)
    return incoming


def _has_draft(short: str) -> str:
    return _("%(name)s has a draft already; publish it or throw it away first.", name=short)


def _prepared(site: Site, file: File, taking: Taking, brought: Templates) -> Incoming:
    if file.is_workbook:
        return _of_workbook(site, file, taking)
    if file.path.suffix.lower() in _WORKBOOKS:
        raise OperatorError(
            _("%(name)s is damaged, or it is not an Excel workbook.", name=file.path.name)
        )
    text = file.text()
    document = read(text) or {}
    if _is_no_form(document):
        return _of_other(site, file, document)
    department = _department(site, file.path, document, taking)
    short = f"{department}/{_name(file.path.stem, taking.name)}"
    text = _as_own(text, document, department)
    template = brought.find(file.path, document)
    one = _owned(site, Incoming(str(file.path), short, text, ()), taking)
    if not one.refused:
        fitted = brought.fitted(text, read(text) or {}, template)
        lines, text = fitted.lines, fitted.text
        one = replace(one, text=text, template=fitted.taken, wanted=fitted.wanted, lines=lines)
    judged = judge(site.library, form_address(short), text)
    lines = (*_taken_over(site, document, department), *one.lines, *lines_of(judged))
    return replace(one, lines=lines, problems=judged.problems)


def _of_workbook(site: Site, file: File, taking: Taking) -> Incoming:
    sheets = read_sheets(file.path.name, file.content)
    if not is_xlsform(sheets):
        raise OperatorError(
            _(
                "%(name)s is a workbook without a sheet “survey”: no XLSForm. A department's own sheet is taken in"
                " on the page “From Excel”.",
                name=file.path.name,
            )
        )
    department = _department(site, file.path, {}, taking)
    name = _name(_form_id(sheets) or file.path.stem, taking.name)
    found = taken_in(sheets, department, name)
    text = dumps(found.document, indent=2)
    judged = judge(site.library, form_address(f"{department}/{name}"), text)
    errors = tuple(p for p in judged.problems if p.severity == "error")
    made = Incoming(str(file.path), f"{department}/{name}", text, found.lines, errors, "", True)
    return _owned(site, made, taking)


def _owned(site: Site, one: Incoming, taking: Taking) -> Incoming:
    department = one.short.partition("/")[0]
    if taking.own is None or department in taking.own:
        return one
    whose = say(site.library.departments().get(department, {})) or department
    return replace(
        one, refused=_("It is a form of %(department)s, which you do not design.", department=whose)
    )


def _form_id(sheets: Sheets) -> str:
    for name, grid in sheets.items():
        if name.strip().lower() == "settings":
            rows = sheet_of(grid, "settings").rows
            return rows[0][1].get(Column("form_id"), "") if rows else ""
    return ""


def _taken_over(site: Site, document: dict[str, Any], department: str) -> Iterator[Line]:
    """A line where the form was another department's."""
    own = document.get("department")
    if isinstance(own, str) and own != department:
        whose = say(site.library.departments().get(own, {})) or own
        why = _("it was a form of %(department)s", department=whose)
        yield Line("/department", department, "loss", (why,))


def _as_own(text: str, document: dict[str, Any], department: str) -> str:
    """The text letter by letter; only a form of another department that is taken over says whose it is now."""
    own = document.get("department")
    if not isinstance(own, str) or own == department:
        return text
    return dumps({**document, "department": department}, indent=2)


def _is_no_form(document: dict[str, Any]) -> bool:
    """Whether it is a definition of ours that is no form; schemas from elsewhere may become one."""
    schema = document.get("$schema")
    if not isinstance(schema, str) or not schema.startswith(f"{BASE}schemas/"):
        return False
    kind = schema.removeprefix(f"{BASE}schemas/").removesuffix(".json")
    return kind in _NO_FORMS


def _of_other(site: Site, file: File, document: dict[str, Any]) -> Incoming:
    """A part of the dictionary that came along: only said whether the site has the same."""
    refused = _("It is not a form: the dictionary is looked after on its own pages.")
    return Incoming(str(file.path), "", "", tuple(_compared(site, file, document)), (), refused)


def _compared(site: Site, file: File, document: dict[str, Any]) -> Iterator[Line]:
    parts = file.path.parts
    for n in range(len(parts)):
        address = BASE + "/".join(parts[n:])
        if address in site.library:
            if site.library.source(address) == document:
                yield Line(str(file.path), _("the site has the same"))
            else:
                why = _("the site has another one, which stays")
                yield Line(str(file.path), "", "loss", (why,))
            return
    yield Line(str(file.path), "", "loss", (_("the site has none; what refers to it has errors"),))


def _department(site: Site, file: PurePosixPath, document: dict[str, Any], taking: Taking) -> str:
    own = document.get("department")
    within = file.parent.name if file.parent.parent.name == "forms" else ""
    code = taking.department or (own if isinstance(own, str) else "") or within
    if not code and taking.own is not None:
        if len(taking.own) != 1:
            raise OperatorError(_("Choose whose form %(name)s will be.", name=file.name))
        code = next(iter(taking.own))
    known = site.library.departments()
    if code not in known and taking.own is not None:
        raise OperatorError(
            _(
                "%(name)s is of a department that there is none of here (%(code)s); choose whose form it will be.",
                name=file.name,
                code=code,
            )
        )
    if code not in known:
        raise OperatorError(
            _(
                "Say whose form %(name)s is with --department: one of %(known)s.",
                name=file.name,
                known=", ".join(sorted(known)),
            )
        )
    return code


def _name(stem: str, said: str) -> str:
    name = said or _NOT_IN_NAMES.sub("-", stem.casefold()).strip("-")[:_LONGEST_NAME] or "form"
    if not is_name(name):
        raise OperatorError(
            _("A form's name has small letters, digits and single dashes, such as home-visits.")
        )
    return name


def is_name(text: str) -> bool:
    """Whether a form may be called so in addresses."""
    return len(text) <= _LONGEST_NAME and bool(_NAME.fullmatch(text)) and text != "department"
