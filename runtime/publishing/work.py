"""Making a form's papers in the background: started from the page that publishes, found again by what was checked."""

from __future__ import annotations

from dataclasses import asdict
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from runtime.definitions.plan import Plan
from runtime.errors import DefinitionError, Problem
from runtime.jobs import store
from runtime.jobs.registry import handler
from runtime.jobs.run import Run
from runtime.judging import judge
from runtime.language import gettext as _
from runtime.language import in_all, say
from runtime.outputs.assets import assets_of
from runtime.publishing.papers import Finding, findings
from runtime.storage.engine import reading
from runtime.storage.job_tables import Job

KIND = "papers"


def key_of(plan: Plan, text: str) -> str:
    """What a check of papers is found again by: the compiled form and its text."""
    digest = sha256(f"{plan.address}\0{plan.digest}\0{text}".encode()).hexdigest()
    return f"{KIND} {digest}"


def found(session: Session, plan: Plan, text: str) -> Job | None:
    """The check of this very text, waiting, at work or done; one that failed or was cancelled is forgotten."""
    query = select(Job).where(Job.kind == KIND, Job.key.startswith(key_of(plan, text)))
    jobs = session.scalars(query.order_by(Job.created_at.desc(), Job.id)).all()
    return next(iter(jobs), None)


def started(session: Session, plan: Plan, text: str, actor: int, url: str) -> str:
    """Write the job down unless there is one that has not failed; its id, to be offered after the commit.

    `url`: the page that shows what was found.
    """
    held = found(session, plan, text)
    key = key_of(plan, text)
    if held is not None:
        if held.state not in ("failed", "cancelled"):
            return held.id
        key = f"{key[:90]} {held.id[:8]}"
    name = say(plan.words.title)
    title = in_all(lambda: _("The papers of “%(form)s” with sample data", form=name))
    arguments = {"address": plan.address, "text": text, "url": url}
    return store.start(session, KIND, arguments, actor=actor, title=title, key=key)


def problems_of(job: Job) -> list[Problem]:
    """What the check found."""
    found = (Finding(**one) for one in job.result.get("findings", []))
    return [one.problem(str(job.arguments["address"])) for one in found]


@handler(KIND)
def make_papers(run: Run) -> dict[str, Any]:
    """Make the papers that the job names; a repetition makes them again."""
    address = str(run.arguments["address"])
    judged = judge(run.site.library, address, str(run.arguments["text"]))
    if judged.plan is None:
        raise DefinitionError(_("This draft has errors; mend them first."), judged.problems)
    with reading(run.site.engine) as session:
        assets = assets_of(session, judged.plan)
    found = findings(judged.plan, run.site.outputs, run.progress, assets)
    told = [asdict(one) for one in found]
    return {"findings": told, "url": str(run.arguments.get("url", ""))}
