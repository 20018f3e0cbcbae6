"""The document of a draft's text, read once and remembered while it is worked on. Documents are never written to."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from builder.edits.spots import Document
from builder.history import read
from runtime.api import dumps

MOST = 32
_lock = Lock()
_known: OrderedDict[str, Document | None] = OrderedDict()


def document_of(text: str) -> Document | None:
    """The JSON object of a text; None where it is none. The same text gives the very same object."""
    with _lock:
        if text in _known:
            _known.move_to_end(text)
            return _known[text]
    return _remember(text, read(text))


def text_of(document: Document) -> str:
    """The text of a document, remembered as its own."""
    text = dumps(document, indent=2)
    _remember(text, document)
    return text


def _remember(text: str, document: Document | None) -> Document | None:
    with _lock:
        _known[text] = document
        while len(_known) > MOST:
            _known.popitem(last=False)
    return document
