"""A file beside an entry, kept as what is known of it. Not for storing its content."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import simplejson

from runtime.fields.base import MISSING, ExcelCell, Options, WrongInput
from runtime.fields.coercion import CoercingType, is_missing, one
from runtime.language import Texts
from runtime.language import gettext as _

MEMBERS = {"id": str, "name": str, "mediaType": str, "size": int, "digest": str}


class Attachment(CoercingType):
    """`{id, name, mediaType, size, digest}` of a stored file.

    The untouched control posts the file's `id` in a hidden input, `""` when there is none or it is taken
    away; a fresh upload is stored by the web layer first, which posts the whole object as JSON in its place.
    """

    name = "attachment"
    title: ClassVar[Texts] = {"en": "File or picture", "zh-CN": "附件"}
    beginning: ClassVar[dict[str, Any]] = {"type": "object", "format": "attachment"}
    control = "attachment"
    option_schema: ClassVar[dict[str, Any]] = {
        "type": "object",
        "properties": {
            "maxSize": {
                "type": "integer",
                "minimum": 1,
                "title": "Largest size (bytes)",
                "translations": {"zh-CN": {"title": "最大字节数"}},
            }
        },
    }

    def claims(self, schema: Mapping[str, Any]) -> int:
        """An object of format `attachment`."""
        return 20 if schema.get("format") == "attachment" else 0

    def options(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        """The largest size, the media types."""
        return {k: schema[k] for k in ("maxSize", "mediaTypes") if k in schema}

    def carries(self, value: Any, options: Options) -> bool:
        """An object that names a stored file."""
        return isinstance(value, dict) and isinstance(value.get("id"), str) and value["id"] != ""

    def encode(self, value: Any, options: Options) -> list[str]:
        """The file's id."""
        return [value["id"] if self.carries(value, options) else ""]

    def coerce(self, posted: Sequence[str], options: Options) -> Any:
        """What is known of the file just stored."""
        text = one(posted)
        if not text:
            return MISSING
        try:
            known = simplejson.loads(text)
        except ValueError:
            known = None
        if not _is_attachment(known):
            raise WrongInput(_("This file did not arrive. Choose it again."))
        return {member: known[member] for member in MEMBERS}

    def display(self, value: Any, options: Options) -> str:
        """The file's name."""
        if is_missing(value):
            return ""
        return str(value.get("name", "")) if isinstance(value, dict) else str(value)

    def excel(self, value: Any, options: Options) -> ExcelCell:
        """The file's name."""
        return ExcelCell(self.display(value, options), "@")

    def read(self, raw: Any, options: Options) -> Any:
        """A sheet holds no files."""
        if raw in (None, ""):
            return MISSING
        raise WrongInput(_("Files cannot be read from a sheet."))


def _is_attachment(known: Any) -> bool:
    return isinstance(known, dict) and all(
        isinstance(known.get(member), kind) for member, kind in MEMBERS.items()
    )
