"""The one list of what stands against a form: of the builder's page and of `yibiao check --render`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from runtime.definitions.check import check
from runtime.definitions.codes import problem
from runtime.definitions.compile import compile_form
from runtime.definitions.load import Library
from runtime.definitions.plan import Plan
from runtime.errors import DefinitionError, Problem
from runtime.hooks import Output
from runtime.language import gettext as _
from runtime.publishing.papers import Progress, paper_problems


def checked(
    library: Library, address: str, outputs: Mapping[str, Output], progress: Progress | None = None
) -> Iterator[Problem]:
    """All problems of the form at `address`: of its definition, its card for the catalogue, its papers."""
    found = list(check(library, [address]))
    yield from found
    if any(one.severity == "error" for one in found):
        return
    try:
        plan = compile_form(address, library=library)
    except DefinitionError as error:
        yield from error.problems
        return
    yield from card_problems(plan)
    yield from paper_problems(plan, outputs, progress)


def card_problems(plan: Plan) -> Iterator[Problem]:
    """What the catalogue would like to know of a form and is not told."""
    form = plan.form
    if not form.number:
        text = _(
            "The form has no number for the catalogue (`number`); give it the department's own."
        )
        yield problem("card-number", text, plan.address)
    if not form.legal_basis:
        text = _(
            "No legal basis (`legalBasis`) is named: by which law or rule may the form be asked?"
        )
        yield problem("card-basis", text, plan.address)
    if not form.expires:
        text = _(
            "Nobody has said until when the form is asked (`expires`), so nobody will look at it again."
        )
        yield problem("card-expiry", text, plan.address)
