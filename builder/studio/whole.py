"""The form as it is put together: of one that extends another the whole, which is kept as what differs."""

from __future__ import annotations

import json
from collections import deque
from threading import Lock

from builder.edits.extending import folded
from builder.edits.spots import Document, Refused
from runtime.api import Library
from runtime.api import gettext as _

_known: deque[tuple[Library, Document, Document]] = deque(maxlen=16)
_lock = Lock()


def whole_of(library: Library, address: str, own: Document) -> Document:
    """The form that a draft makes, itself where it extends nothing. The same draft gives the very same object."""
    if "extends" not in own:
        return own
    with _lock:
        for known, document, whole in _known:
            if document is own and known is library:
                return whole
    found = _merged(library, address, own)
    with _lock:
        _known.append((library, own, found))
    return found


def own_of(library: Library, address: str, own: Document, whole: Document) -> Document:
    """What the draft must say to make this form. Raises `Refused` where only its JSON can say it."""
    if "extends" not in own:
        return whole
    bare: Document = {key: own[key] for key in ("$schema", "extends") if key in own}
    found = folded(_merged(library, address, bare), whole, own)
    made = _merged(library, address, found)
    if _in_one_form(made) != _in_one_form(_merged(library, address, whole)):
        raise Refused(
            _("A form that extends another cannot say this; change its JSON, or the other form.")
        )
    with _lock:
        _known.append((library, found, made))
    return found


def _in_one_form(document: Document) -> str:
    return json.dumps(document, sort_keys=True, default=str)


def _merged(library: Library, address: str, own: Document) -> Document:
    draft = library.with_document(address, own)
    return draft.document(address) if address in draft else own
