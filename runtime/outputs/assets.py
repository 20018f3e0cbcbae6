"""Departments' own sheets, kept under the digest of their content. Not for filling them."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from sqlalchemy.orm import Session

from runtime import clock
from runtime.definitions.plan import Plan
from runtime.errors import EntryError
from runtime.language import gettext as _
from runtime.storage.asset_tables import FormAsset
from runtime.storage.lock import share

KEPT = "sha256:"
"""How a form names a file that the site keeps: this, and the digest of its content."""
LOCK = "form assets"
"""Shared by who keeps a file for a form, held alone by who throws away what no form names."""
LARGEST = 5 * 1024 * 1024
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def keep_asset(
    session: Session, content: bytes, actor: int | None, media_type: str = WORKBOOK
) -> str:
    """Keep a file; what a form calls it. The same content is kept once. Raises `EntryError` where it is too large."""
    if len(content) > LARGEST:
        raise EntryError(_("The file is larger than %(most)s MB.", most=LARGEST // 1024 // 1024))
    share(session, LOCK)
    digest = name_of(content).removeprefix(KEPT)
    if session.get(FormAsset, digest) is None:
        session.add(
            FormAsset(
                digest=digest,
                media_type=media_type,
                size=len(content),
                content=content,
                created_at=clock.now(),
                created_by=actor,
            )
        )
        session.flush()
    return KEPT + digest


def name_of(content: bytes) -> str:
    """What a form calls a file of this content, kept or not."""
    return KEPT + sha256(content).hexdigest()


def asset(session: Session, name: str) -> bytes | None:
    """The content of the file that a form calls `name`; None where none is kept."""
    if not name.startswith(KEPT):
        return None
    found = session.get(FormAsset, name.removeprefix(KEPT))
    return found.content if found is not None else None


def assets_of(session: Session, plan: Plan) -> Mapping[str, bytes]:
    """Every kept file that the form's outputs name, by its name there: also what an export takes along."""
    found: dict[str, bytes] = {}
    for wish in plan.form.outputs.values():
        name = str(wish.get("template", "")) if isinstance(wish, Mapping) else ""
        content = asset(session, name)
        if content is not None:
            found[name] = content
    return found
