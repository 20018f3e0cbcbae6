"""The dictionary made here as files, laid out as `form_defs/`, and back: what is brought is judged whole, kept whole.

What was renamed is told by the files as they read now; the files of forms that follow a rename go along, so that the
tree over what is shipped says what this site says.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from builder.dictionary.carrying import known_code
from builder.dictionary.keeping import Step, foresee, patch_to
from builder.dictionary.making import SCHEMA_OF
from builder.dictionary.places import FOLDERS, Spot, spot_of, steward_of
from builder.dictionary.registers import of_register
from builder.edits.data import kept
from builder.exchange.bundles import File
from runtime.api import (
    BASE,
    Conflict,
    DefinitionError,
    Library,
    NotJson,
    OperatorError,
    Session,
    Site,
    dumps,
    loads,
    looked_over,
    made_here,
    reading,
    writing,
)
from runtime.api import gettext as _

_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
_KINDS = {f"{BASE}schemas/{name}.json": FOLDERS[folder] for folder, name in SCHEMA_OF.items()}
_KEYWORDS = ("properties", "derive")


@dataclass(frozen=True, slots=True)
class Brought:
    """What was made of files: addresses new here, changed here, and the names of files that say nothing new."""

    made: tuple[str, ...]
    changed: tuple[str, ...]
    same: tuple[str, ...]
    passed: tuple[str, ...]
    """Files of forms, which come in as drafts by `yibiao form import`."""


def made_here_as_files(site: Site) -> dict[str, str]:
    """Path in the tree -> JSON text, of every definition that differs from what is shipped, in order."""
    with reading(site.engine) as session:
        site.notice(session)
        library, shipped = site.library, site.files
    found = {}
    for address in sorted(library.addresses()):
        now = library.source(address)
        if address not in shipped or dumps(shipped.source(address)) != dumps(now):
            found[address.removeprefix(BASE)] = dumps(now, indent=2) + "\n"
    return found


def packed(files: Mapping[str, str]) -> bytes:
    """A ZIP of them; the same files give the same bytes."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in files.items():
            made.writestr(zipfile.ZipInfo(name, _FIRST_DAY), text, zipfile.ZIP_DEFLATED)
    return content.getvalue()


def bring(site: Site, files: Iterable[File], actor: int | None = None) -> Brought:
    """Keep what files say of the dictionary, all of it or nothing.

    Raises `OperatorError` for what is no definition of a dictionary and for what would take away something that is
    known here, `DefinitionError` with the problems where it would leave definitions wrong, `Conflict` where somebody
    changes the dictionary meanwhile.
    """
    documents, passed = _documents(files)
    with reading(site.engine) as session:
        site.notice(session)
        seen, library = made_here.revision(session), site.library
        new = {a: d for a, d in documents.items() if not _is_same(library, a, d)}
        for address, document in new.items():
            _require_kept(session, library, address, document)
        problems = foresee(session, library, Step("change", next(iter(new), ""), "", new)).problems
    if problems:
        raise DefinitionError(_("This would leave definitions wrong."), problems)
    with writing(site.engine) as session:
        made_here.alone(session)
        if made_here.revision(session) != seen:
            raise Conflict(_("Somebody is changing the dictionary just now; do it again."))
        for address, document in new.items():
            made_here.keep(session, site.files, _step(library, address, document), seen, actor)
    made = tuple(a for a in new if a not in library)
    changed = tuple(a for a in new if a in library)
    return Brought(made, changed, tuple(a for a in documents if a not in new), passed)


def _documents(files: Iterable[File]) -> tuple[dict[str, dict[str, Any]], tuple[str, ...]]:
    found: dict[str, dict[str, Any]] = {}
    passed = []
    for file in files:
        document = _read(file)
        folder = _KINDS.get(str(document.get("$schema", "")), "")
        if folder:
            address = f"{BASE}{folder}/{file.path.stem}.json"
            if address in found:
                raise OperatorError(_("%(name)s is there twice; take one out.", name=file.path))
            found[address] = document
        elif str(document.get("$schema", "")).startswith(f"{BASE}schemas/"):
            passed.append(str(file.path))
        else:
            raise OperatorError(
                _(
                    "%(name)s is no register, group of indicators or code list: its `$schema` says another thing.",
                    name=file.path,
                )
            )
    return found, tuple(passed)


def _read(file: File) -> dict[str, Any]:
    try:
        document = loads(file.text())
    except NotJson as error:
        raise OperatorError(f"{file.path}: {error}") from error
    if not isinstance(document, dict):
        raise OperatorError(_("%(name)s is no JSON object.", name=file.path))
    return document


def _is_same(library: Library, address: str, document: dict[str, Any]) -> bool:
    return address in library and dumps(library.source(address)) == dumps(document)


def _require_kept(
    session: Session, library: Library, address: str, document: Mapping[str, Any]
) -> None:
    """A field or code under which somebody knows something never goes, and everybody is still recognised."""
    where = spot_of(address) if address in library else None
    if where is None:
        return
    name = address.removeprefix(BASE)
    if gone := list(_gone(session, library, where, document)):
        text = _(
            "%(name)s does not have %(gone)s, which is known of subjects here; retire it instead, or export anew.",
            name=name,
            gone=", ".join(gone),
        )
        raise OperatorError(text)
    if where.kind == "register":
        for one in of_register(session, where.home, library.source(address), document):
            if one.keyword == "identity" and not one.is_compatible:
                raise OperatorError(f"{name}: identity: {one.why}")


def _gone(
    session: Session, library: Library, where: Spot, document: Mapping[str, Any]
) -> Iterator[str]:
    now = library.source(where.document)
    if where.kind == "register":
        left = {name for key in _KEYWORDS for name in document.get(key) or ()}
        for name in now.get("properties", ()):
            if name not in left and looked_over.how_many(session, where.home, name):
                yield name
    elif where.kind == "codes":
        stay = _codes(document)
        for code in _codes(now):
            if code not in stay and known_code(session, library, where, code):
                yield code


def _codes(document: Mapping[str, Any]) -> list[str]:
    listed = document.get("oneOf")
    some = listed if isinstance(listed, list) else ()
    return [str(one["const"]) for one in some if isinstance(one, Mapping) and "const" in one]


def _step(library: Library, address: str, document: dict[str, Any]) -> made_here.Made:
    where = spot_of(address)
    steward = str(document.get("steward", ""))
    if where is not None and address in library:
        steward = steward_of(library, where)
    return made_here.Made(
        kind="change" if address in library else "make",
        address=address,
        department=steward,
        documents={address: document},
        patches={address: kept(patch_to(library, address, document))},
        details={"file": True},
    )
