"""How a field type coerces what was posted through its WTForms field. Not for any one kind of value."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any

from wtforms import Field
from wtforms.meta import DefaultMeta
from wtforms.widgets import TextInput

from runtime.fields.base import MISSING, FieldType, Options, WrongInput
from runtime.language import gettext as _

Coerce = Callable[[Sequence[str]], Any]

_META = DefaultMeta()


class CoercedField(Field):
    """A WTForms field whose coercion is a function from the posted strings to a value.

    The function raises `ValueError` (`WrongInput`) with the message, as WTForms expects, and answers
    `MISSING` when the control was emptied.
    """

    widget = TextInput()

    def __init__(self, label: str | None = None, *, coerce: Coerce, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self._coerce = coerce

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Put the coerced value into `data`."""
        self.data = self._coerce(valuelist)


class CoercingType(FieldType):
    """A field type that says only how strings become a value, in `coerce`."""

    def coerce(self, posted: Sequence[str], options: Options) -> Any:
        """The value of what was posted, `MISSING` when emptied. Raises `WrongInput`."""
        raise NotImplementedError

    def form_field(self, options: Options) -> Field:
        """The unbound WTForms field of this type."""
        return CoercedField(coerce=lambda posted: self.coerce(posted, options))

    def decode(self, posted: Sequence[str], options: Options) -> Any:
        """The value of what was posted, by way of the type's WTForms field.

        Ours only hands on to `coerce`, so it is not made anew for each of the million cells of an import.
        """
        if type(self).form_field is CoercingType.form_field:
            return self.coerce(list(posted), options)
        bound = self.form_field(options).bind(None, "value", _meta=_META)  # type: ignore[attr-defined]
        bound.process_formdata(list(posted))
        return bound.data


def one(posted: Sequence[str]) -> str:
    """The last posted string: a control that is drawn once may follow its own hidden input."""
    return posted[-1] if posted else ""


def plain(text: str) -> str:
    """`text` trimmed, full-width letters and digits made narrow (`１２３` -> `123`)."""
    return unicodedata.normalize("NFKC", text).strip()


_NOT_IN_HTML = re.compile("[\\0\\ud800-\\udfff]")


def fits_html(text: str) -> bool:
    """Whether a page can carry `text` at all: no NUL, no lone surrogate, no carriage return to be folded."""
    return _NOT_IN_HTML.search(text) is None


def require_storable(text: str) -> None:
    """Raise `WrongInput` for a text that no page carries: PostgreSQL keeps none with a NUL, and stops at it later."""
    if not fits_html(text):
        raise WrongInput(_("It holds characters that cannot be kept; type it anew."))


def is_missing(value: Any) -> bool:
    """Whether a control shows `value` as empty: nothing there, or null."""
    return value is MISSING or value is None
