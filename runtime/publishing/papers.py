"""A form's paper really made, with sample and worst-case data: what runs out of its box, fails, or has no glyph."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from runtime.definitions.codes import problem
from runtime.definitions.plan import Plan
from runtime.errors import OperatorError, Problem
from runtime.hooks import Output
from runtime.language import LANGUAGES, current, using
from runtime.language import gettext as _
from runtime.outputs.assets import KEPT
from runtime.outputs.document import Document, Heading, document
from runtime.outputs.pdf import PdfOutput
from runtime.publishing.pdf_look import looked_at
from runtime.publishing.sheet_look import clipped
from runtime.samples.sampling import Sample, sample, worst_case

FORMATS = ("pdf", "xlsx")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper to make: in which language, with which data, in which format."""

    language: str
    worst: bool
    format: str

    def name(self) -> str:
        """What it is called in a sentence."""
        kind = {"pdf": _("PDF"), "xlsx": _("Excel")}.get(self.format, self.format)
        data = _("worst-case data") if self.worst else _("sample data")
        return _(
            "%(kind)s, %(language)s, %(data)s",
            kind=kind,
            language=LANGUAGES[self.language],
            data=data,
        )


def papers(outputs: Mapping[str, Output]) -> list[Paper]:
    """All papers that are made of a form, the quickest first."""
    formats = [name for name in FORMATS if name in outputs]
    return [
        Paper(language, worst, name)
        for worst in (False, True)
        for language in LANGUAGES
        for name in formats
    ]


def paper_problems(
    plan: Plan,
    outputs: Mapping[str, Output],
    progress: Callable[[int, int, str], None] = lambda _done, _total, _message: None,
    assets: Mapping[str, bytes] | None = None,
) -> Iterator[Problem]:
    """The problems of all papers of a form, each said once; `progress` hears of each paper before it is made.

    `assets` are the kept sheets that the form fills, by what it calls them.
    """
    wanted = papers(outputs)
    said: set[tuple[str, str, str]] = set()
    for n, paper in enumerate(wanted):
        progress(n, len(wanted), paper.name())
        for found in made(plan, outputs, paper, assets or {}):
            key = (found.code, found.pointer, found.message)
            if key not in said:
                said.add(key)
                yield found
    progress(len(wanted), len(wanted), "")


def made(
    plan: Plan, outputs: Mapping[str, Output], paper: Paper, assets: Mapping[str, bytes]
) -> Iterator[Problem]:
    """Make one paper and look at it; what raises is a problem that names it."""
    speaking = current()
    with using(paper.language):
        data = worst_case(plan) if paper.worst else sample(plan)
        if not data.valid:
            with using(speaking):
                yield _unfillable(plan)
            return
        sheet = _document(plan, data, paper, assets)
    try:
        yield from _LOOKS[paper.format](plan, outputs[paper.format], sheet, paper)
    except OperatorError:
        raise
    except (
        Exception
    ) as error:  # whatever a template or library raises, the form is what cannot be printed
        log.warning("%s cannot be made of %s", paper, plan.address, exc_info=True)
        text = _("%(paper)s: it cannot be made (%(error)s).", paper=paper.name(), error=error)
        yield problem("paper-failed", text, plan.address, _place(plan, paper))


def _document(plan: Plan, data: Sample, paper: Paper, assets: Mapping[str, bytes]) -> Document:
    heading = Heading(unit=_("Lakeside community"))
    return document(
        plan, data.data, data.choices, language=paper.language, heading=heading, assets=assets
    )


def _unfillable(plan: Plan) -> Problem:
    text = _("No data were found that the form accepts: its rules may contradict each other.")
    return problem("sample-none", text, plan.address)


def _pdf(plan: Plan, output: Output, sheet: Document, paper: Paper) -> Iterator[Problem]:
    if not isinstance(output, PdfOutput):
        output.write(sheet)
        return
    failed = False
    for found in output.templates.problems(sheet):
        failed = True
        yield problem("template", found.message, plan.address, found.pointer)
    for name in output.templates.unknown_names(sheet):
        failed = True
        text = _("The template asks for “%(name)s”, which there is not.", name=name)
        yield problem("template", text, plan.address, _place(plan, paper))
    if failed:
        return
    look = looked_at(output.templates.render(sheet))
    if look.beyond:
        text = _(
            "%(paper)s: text runs out of its box, such as “%(text)s” on page %(page)s.",
            paper=paper.name(),
            text=look.beyond[0].text,
            page=look.beyond[0].page,
        )
        yield problem("paper-clipped", text, plan.address, _place(plan, paper))
    if look.strange and not paper.worst:
        text = _(
            "%(paper)s: this machine has no font for “%(text)s”; it prints as boxes.",
            paper=paper.name(),
            text=look.strange[0],
        )
        yield problem("paper-glyph", text, plan.address, _place(plan, paper))


def _xlsx(plan: Plan, output: Output, sheet: Document, paper: Paper) -> Iterator[Problem]:
    template = sheet.page("xlsx").template
    if template.startswith(KEPT) and template not in sheet.assets:
        text = _("The department's own sheet that the form fills is not here; upload it again.")
        yield problem("template", text, plan.address, _place(plan, paper))
    content = output.write(sheet)
    for found in clipped(content):
        text = _(
            "%(paper)s: the value of %(cell)s does not fit (“%(text)s”).",
            paper=paper.name(),
            cell=found.cell,
            text=found.text,
        )
        yield problem("paper-clipped", text, plan.address, _place(plan, paper))
        return  # one is enough to know where to look


def _place(plan: Plan, paper: Paper) -> str:
    return f"/outputs/{paper.format}" if paper.format in plan.form.outputs else ""


_LOOKS = {"pdf": _pdf, "xlsx": _xlsx}
