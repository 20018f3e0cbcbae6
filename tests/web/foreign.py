"""A report whose form is made of what others' schemas hold: names, places, types to choose from."""

import json
from importlib.resources import files

from runtime.definitions.compile import compile_form
from runtime.entry.versions import publish_version
from runtime.storage.engine import writing

FORM = "test/lines"


def publish_foreign(site):
    """The form `test/lines`, owed each month by communities."""
    text = files("tests.web").joinpath("foreign.json").read_text("utf-8")
    with writing(site.engine) as session:
        publish_version(session, compile_form(json.loads(text)), text)
