"""What the page that publishes shows of one form, gathered; reads only. Not for its steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from builder.history import Told, steps
from runtime.api import (
    Burden,
    FormDraft,
    FormVersion,
    Impact,
    Judged,
    Library,
    Plan,
    Problem,
    Session,
    access,
    admission,
    burden_of,
    card_problems,
    drafts,
    form_address,
    impact_of,
    judge,
    papers,
    say,
    texts_of,
    user,
)

ADMITTERS = 6
"""Names of stewards that are told."""


@dataclass(slots=True)
class Page:
    """One form on its way to a version."""

    department: str
    name: str
    text: str
    draft: FormDraft | None
    versions: Sequence[FormVersion]
    judged: Judged
    asked: Any
    """What was last asked (`runtime.storage.publishing_tables.Admission`); None where nothing was."""
    burden: Burden | None
    impact: Impact | None
    changed: Told | None
    """What makes the draft of the version before, in sentences."""
    job: Any
    """The making of its papers, if it was started; None where not."""

    @property
    def plan(self) -> Plan | None:
        """The draft compiled; None where it cannot be."""
        return self.judged.plan

    @property
    def title(self) -> str:
        """The form's title."""
        return (say(self.plan.words.title) if self.plan else "") or self.name

    @property
    def problems(self) -> list[Problem]:
        """What stands against it, errors first; what its papers show is told apart."""
        found = [*self.judged.problems, *(card_problems(self.plan) if self.plan else ())]
        return sorted(found, key=lambda one: one.severity != "error")

    @property
    def paper_problems(self) -> list[Problem]:
        """What its papers show, once they are made."""
        return papers.problems_of(self.job) if self.job is not None else []

    @property
    def errors(self) -> int:
        """How many errors there are."""
        return sum(p.severity == "error" for p in (*self.problems, *self.paper_problems))

    @property
    def papers_made(self) -> bool:
        """Whether its papers were made, with whatever result."""
        return self.job is not None and self.job.state == "done"

    @property
    def is_asked(self) -> bool:
        """Whether this very text waits for a steward."""
        waits = self.asked is not None and self.asked.state == admission.AWAITING
        return waits and admission.is_of(self.asked, self.draft)

    @property
    def is_outdated(self) -> bool:
        """Whether another text than this was asked and is not decided."""
        waits = self.asked is not None and self.asked.state == admission.AWAITING
        return waits and not self.is_asked

    @property
    def may_be_asked(self) -> bool:
        """Whether nothing but hints stands against it."""
        return self.draft is not None and self.judged.may_be_published and not self.errors


def page_of(session: Session, library: Library, department: str, name: str) -> Page | None:
    """All of it; None where there is no such form."""
    address = form_address(f"{department}/{name}")
    text = drafts.text_of(session, library, address)
    if not text:
        return None
    judged = judge(library, address, text)
    draft, versions = drafts.find(session, address), drafts.versions(session, address)
    texts = [*(one.source for one in versions[:1]), *([draft.source] if draft else [])]
    told = steps(library, address, texts) if draft else []
    plan = judged.plan
    return Page(
        department,
        name,
        text,
        draft,
        versions,
        judged,
        admission.current(session, address),
        burden_of(session, plan, thoroughly=True) if plan and judged.may_be_published else None,
        impact_of(session, library, plan) if plan else None,
        told[-1] if told and versions else None,
        papers.found(session, plan, text) if plan else None,
    )


def admitters(session: Session, department: str) -> list[str]:
    """The names of those who may admit forms of the department."""
    found = access.holders(session, "form.admit", department)
    return [one.full_name for one in found[:ADMITTERS]]


def rights(session: Session, department: str) -> Mapping[str, bool]:
    """What whoever is signed in may do here."""
    actions = {"ask": "form.publish", "change": "form.design", "admit": "form.admit"}
    return {
        key: access.may(session, user(), action, department=department)
        for key, action in actions.items()
    }


def titles(library: Library, items: Sequence[str]) -> list[str]:
    """What items of the dictionary are called, by their addresses with pointers."""
    found = []
    for item in items:
        address, _hash, pointer = item.partition("#")
        schema: Any = library.document(address) if address in library else {}
        for step in pointer.split("/")[1:]:
            schema = schema.get(step, {}) if isinstance(schema, dict) else {}
        found.append(say(texts_of(schema)) or item.rpartition("/")[2])
    return found
