"""What was done to a form's draft, step by step: kept, taken back, done again. Not for what a step means."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from runtime import clock
from runtime.storage.tables import DraftStep, FormDraft


def add(session: Session, draft: FormDraft, patch: str, actor: int | None) -> DraftStep:
    """Keep a step that was just done; what its actor had taken back before it cannot be done again."""
    session.execute(
        delete(DraftStep).where(
            DraftStep.draft_id == draft.id,
            DraftStep.made_by == actor,
            DraftStep.taken_back.is_(True),
        )
    )
    step = DraftStep(
        draft_id=draft.id, patch=patch, made_at=clock.now(), made_by=actor, taken_back=False
    )
    session.add(step)
    session.flush()
    return step


def forget(session: Session, step: DraftStep) -> None:
    """Take a step out that in the end changed nothing."""
    session.delete(step)
    session.flush()


def last(session: Session, draft: FormDraft, actor: int | None) -> DraftStep | None:
    """The newest step of this actor that stands; None where there is none to take back."""
    query = _own(draft, actor).where(DraftStep.taken_back.is_(False))
    return session.scalars(query.order_by(DraftStep.id.desc()).limit(1)).first()


def next_again(session: Session, draft: FormDraft, actor: int | None) -> DraftStep | None:
    """The step of this actor that was taken back last; None where there is none to do again."""
    query = _own(draft, actor).where(DraftStep.taken_back.is_(True))
    return session.scalars(query.order_by(DraftStep.id).limit(1)).first()


def standing(session: Session, draft: FormDraft, limit: int) -> list[DraftStep]:
    """The newest steps of all that stand, the newest first."""
    query = select(DraftStep).where(DraftStep.draft_id == draft.id, DraftStep.taken_back.is_(False))
    return list(session.scalars(query.order_by(DraftStep.id.desc()).limit(limit)))


def _own(draft: FormDraft, actor: int | None):  # type: ignore[no-untyped-def]
    return select(DraftStep).where(DraftStep.draft_id == draft.id, DraftStep.made_by == actor)
