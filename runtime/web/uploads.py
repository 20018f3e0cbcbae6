"""Files beside an entry: what a form posts of them is kept, and they are given out only to be kept."""

from __future__ import annotations

from typing import Any

import simplejson
from flask import Response, make_response
from werkzeug.datastructures import FileStorage, MultiDict

from runtime.accounts import records
from runtime.entry import attachments, life
from runtime.entry.names import is_of_entry
from runtime.errors import NotFound
from runtime.language import gettext as _
from runtime.storage.tables import Entry
from runtime.web.asking import let_go, site, user, writes


def stored(entry: Entry, form: Any, files: Any) -> MultiDict[str, str]:
    """What was posted, each fresh file kept and put in its cell's place, each taken away one emptied.

    Raises `EntryError` for a file that is not taken.
    """
    posted: MultiDict[str, str] = MultiDict(form)
    for name in list(form):
        if name.startswith("_drop") and is_of_entry(name.removeprefix("_drop")):
            posted.setlist(name.removeprefix("_drop"), [""])
    for name, file in files.items():
        if name.startswith("_file") and is_of_entry(name.removeprefix("_file")) and file.filename:
            posted.setlist(name.removeprefix("_file"), [_kept(entry, file)])
    return posted


def _kept(entry: Entry, file: FileStorage) -> str:
    content = file.stream.read(attachments.LARGEST + 1)
    with writes() as session:
        held = life.load(session, entry.id)
        made = attachments.add(session, held, file.filename or "", content, user().id)
        return str(simplejson.dumps(attachments.value_of(made)))


def sent(entry_id: str, attachment_id: str) -> Response:
    """The file, as a download that no browser takes for a page. Raises `NotFound`, `NotAllowed`."""
    let_go()
    found = records.read_attachment(site().engine, user(), attachment_id)
    if found.entry_id != entry_id:
        raise NotFound(_("There is no such file."))
    answer = make_response(found.content)
    answer.mimetype = found.media_type
    answer.headers.set("Content-Disposition", "attachment", filename=found.name)
    return answer
