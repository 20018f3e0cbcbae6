"""A form's paper really made, with sample and worst-case data: what runs out of its box, fails, or has no glyph."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from runtime.definitions.codes import problem
from runtime.definitions.plan import Plan
from runtime.errors import OperatorError, Problem
from runtime.hooks import Output
from runtime.language import LANGUAGES, Texts, in_all, say, using
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


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a paper, in each language: who made the papers and who reads of them may differ in it."""

    code: str
    texts: Texts
    pointer: str = ""

    def problem(self, address: str) -> Problem:
        """The same as a problem, in the language in force."""
        return problem(self.code, say(self.texts), address, self.pointer)


Progress = Callable[[int, int, str], None]


def paper_problems(
    plan: Plan,
    outputs: Mapping[str, Output],
    progress: Progress | None = None,
    assets: Mapping[str, bytes] | None = None,
) -> Iterator[Problem]:
    """The problems of all papers of a form, each said once; `progress` hears of each paper before it is made.

    `assets` are the kept sheets that the form fills, by what it calls them.
    """
    for found in findings(plan, outputs, progress, assets):
        yield found.problem(plan.address)


def findings(
    plan: Plan,
    outputs: Mapping[str, Output],
    progress: Progress | None = None,
    assets: Mapping[str, bytes] | None = None,
) -> Iterator[Finding]:
    """The same in all languages."""
    wanted = papers(outputs)
    said: list[Finding] = []
    for n, paper in enumerate(wanted):
        if progress is not None:
            progress(n, len(wanted), paper.name())
        for found in made(plan, outputs, paper, assets or {}):
            if found not in said:
                said.append(found)
                yield found
    if progress is not None:
        progress(len(wanted), len(wanted), "")


def made(
    plan: Plan, outputs: Mapping[str, Output], paper: Paper, assets: Mapping[str, bytes]
) -> Iterator[Finding]:
    """Make one paper and look at it; what raises is told by the paper's name."""
    with using(paper.language):
        data = worst_case(plan) if paper.worst else sample(plan)
        sheet = _document(plan, data, paper, assets)
    if not data.valid:
        yield Finding(
            "sample-none",
            in_all(
                lambda: _(
                    "No data were found that the form accepts: its rules may contradict each other."
                )
            ),
        )
        return
    try:
        yield from _LOOKS[paper.format](plan, outputs[paper.format], sheet, paper)
    except OperatorError:
        raise
    except (
        Exception
    ) as error:  # whatever a template or library raises, the form is what cannot be printed
        log.warning("%s cannot be made of %s", paper, plan.address, exc_info=True)
        yield _failed(plan, paper, error)


def _failed(plan: Plan, paper: Paper, error: Exception) -> Finding:
    texts = in_all(
        lambda: _("%(paper)s: it cannot be made (%(error)s).", paper=paper.name(), error=error)
    )
    return Finding("paper-failed", texts, _place(plan, paper))


def _document(plan: Plan, data: Sample, paper: Paper, assets: Mapping[str, bytes]) -> Document:
    heading = Heading(unit=_("Lakeside community"))
    return document(
        plan, data.data, data.choices, language=paper.language, heading=heading, assets=assets
    )


def _pdf(plan: Plan, output: Output, sheet: Document, paper: Paper) -> Iterator[Finding]:
    if not isinstance(output, PdfOutput):
        output.write(sheet)
        return
    wrong = list(_template(plan, output, sheet, paper))
    yield from wrong
    if wrong:
        return
    look = looked_at(output.templates.render(sheet))
    if look.beyond:
        first = look.beyond[0]
        texts = in_all(
            lambda: _(
                "%(paper)s: text runs out of its box, such as “%(text)s” on page %(page)s.",
                paper=paper.name(),
                text=first.text,
                page=first.page,
            )
        )
        yield Finding("paper-clipped", texts, _place(plan, paper))
    if look.strange and not paper.worst:
        strange = look.strange[0]
        texts = in_all(
            lambda: _(
                "%(paper)s: this machine has no font for “%(text)s”; it prints as boxes.",
                paper=paper.name(),
                text=strange,
            )
        )
        yield Finding("paper-glyph", texts, _place(plan, paper))


def _template(plan: Plan, output: PdfOutput, sheet: Document, paper: Paper) -> Iterator[Finding]:
    """What is wrong with the department's template, whatever the data."""
    if list(output.templates.problems(sheet)):
        texts = in_all(lambda: next(p.message for p in output.templates.problems(sheet)))
        yield Finding("template", texts, f"{_place(plan, paper)}/template")
    for name in output.templates.unknown_names(sheet):
        texts = in_all(partial(_unknown, name))
        yield Finding("template", texts, f"{_place(plan, paper)}/template")


def _unknown(name: str) -> str:
    return _("The template asks for “%(name)s”, which there is not.", name=name)


def _xlsx(plan: Plan, output: Output, sheet: Document, paper: Paper) -> Iterator[Finding]:
    template = sheet.page("xlsx").template
    if template.startswith(KEPT) and template not in sheet.assets:
        texts = in_all(
            lambda: _(
                "The department's own sheet that the form fills is not here; upload it again."
            )
        )
        yield Finding("template", texts, f"{_place(plan, paper)}/template")
    first = next(clipped(output.write(sheet)), None)  # one tells where to look
    if first is not None:
        texts = in_all(
            lambda: _(
                "%(paper)s: the value of %(cell)s does not fit (“%(text)s”).",
                paper=paper.name(),
                cell=first.cell,
                text=first.text,
            )
        )
        yield Finding("paper-clipped", texts, _place(plan, paper))


def _place(plan: Plan, paper: Paper) -> str:
    return f"/outputs/{paper.format}" if paper.format in plan.form.outputs else ""


_LOOKS = {"pdf": _pdf, "xlsx": _xlsx}
