"""Which of the kept sheets any form still names: its versions, its draft, and the steps that can be taken back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from runtime.outputs.assets import KEPT
from runtime.storage.asset_tables import FormAsset
from runtime.storage.publishing_tables import Admission
from runtime.storage.tables import DraftStep, FormDraft, FormVersion

_NAMED = re.compile(re.escape(KEPT) + "([0-9a-f]{64})")
_ALL = (
    (FormVersion.id, FormVersion.source, FormVersion.plan),
    (FormDraft.id, FormDraft.source, FormDraft.unfinished),
    (DraftStep.id, DraftStep.patch),
    (Admission.id, Admission.source),
)
"""Of each table its key, and the texts that may name a sheet."""


def unnamed(session: Session) -> list[str]:
    """The digests of the sheets that no form names."""
    digests = set(session.scalars(select(FormAsset.digest)))
    return sorted(digests - set(_named(session, 0))) if digests else []


def last_version(session: Session) -> int:
    """The number behind which all versions are later than now."""
    newest = select(FormVersion.id).order_by(FormVersion.id.desc()).limit(1)
    return session.scalar(newest) or 0


def is_named(session: Session, digest: str, since: int) -> bool:
    """Whether a form names the sheet; of the versions only those after `since` are looked at."""
    return digest in _named(session, since, digest)


def _named(session: Session, since: int, digest: str = "") -> Iterator[str]:
    for key, *texts in _ALL:
        query: Select[Any] = select(*texts)  # type: ignore[assignment]
        query = query.where(or_(*(text.contains(KEPT + digest) for text in texts)))
        if key is FormVersion.id:
            query = query.where(FormVersion.id > since)
        with session.execute(query.execution_options(yield_per=20)) as rows:
            for row in rows:
                for text in row:
                    yield from _NAMED.findall(text)
