"""Papers of the preview that are remembered while their pages are fetched; never one with figures of a unit."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from threading import Lock

from builder.studio.papers import paper
from builder.studio.preview_choice import Chosen
from runtime.api import Library, Plan

_papers: OrderedDict[str, tuple[Library, bytes]] = OrderedDict()
_lock = Lock()
MOST_PAPERS = 12


def remembered(chosen: Chosen, plan: Plan, ending: str) -> bytes:
    """The paper of a form with what was chosen."""
    wish = chosen.wish(ending)
    if chosen.kind == "real":
        return paper(chosen.one, plan, chosen.shown(), wish)
    key = hashlib.sha256(
        f"{chosen.one.address}\n{chosen.kind}\n{wish}\n{chosen.one.text}".encode()
    ).hexdigest()
    with _lock:
        library, found = _papers.get(key, (None, b""))
    if library is not chosen.one.library:  # what a form refers to may say something else by now
        found = paper(chosen.one, plan, chosen.shown(), wish)
        with _lock:
            _papers[key] = chosen.one.library, found
            while len(_papers) > MOST_PAPERS:
                _papers.popitem(last=False)
    return found
