"""The name in the data follows the first label, and nothing that is spoken of elsewhere."""

from types import SimpleNamespace
from typing import Any

import pytest

from builder.edits.spots import with_at
from builder.studio.canvas import Part
from builder.studio.following import following
from runtime.api import dumps

BEGUN = {"type": "integer", "title": "Whole number"}
ITEM = {"id": "n", "kind": "cell", "at": "/whole_number"}


def labelled(title: str, name: str = "whole_number", /, **cell: Any) -> tuple[Any, str]:
    """What becomes of a form of one cell that is given a title."""
    schema = {**BEGUN, **cell}
    item = {**ITEM, "at": f"/{name}"}
    before = {"properties": {name: schema, "hours": {}}, "layout": [item], "required": [name]}
    after = with_at(before, ("properties", name, "title"), title)
    part = Part("n", "cell", f"/{name}", item=item, schema=schema)
    published = [SimpleNamespace(source=dumps(PUBLISHED))] if PUBLISHED else []
    return following(before, after, part, lambda: published)  # type: ignore[arg-type, return-value]


PUBLISHED: dict[str, Any] = {}


@pytest.mark.parametrize(
    ("title", "name", "found"),
    [
        ("Days of care", "whole_number", "days_of_care"),
        ("Days of care", "whole_number_2", "days_of_care"),
        ("护理天数", "whole_number", "hu_li_tian_shu"),
        ("Hours", "whole_number", "hours_2"),
        ("Days of care", "days", "days"),
        ("!", "whole_number", "whole_number"),
    ],
)
def test_a_new_cell_is_named_after_its_label(title: str, name: str, found: str) -> None:
    document, key = labelled(title, name)
    assert list(document["properties"]) == [found, "hours"]
    assert document["layout"][0]["at"] == f"/{found}"
    assert document["required"] == [found]
    assert key == "n"


def test_what_is_called_otherwise_already_keeps_its_name() -> None:
    document, _key = labelled("Days", title="Care")
    assert "whole_number" in document["properties"]


def test_what_is_published_keeps_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PUBLISHED, "properties", {"whole_number": BEGUN})
    document, _key = labelled("Days")
    assert "whole_number" in document["properties"]
