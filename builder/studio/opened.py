"""A form opened in the studio: its document, parts and what is picked, for the pages. Not for changing it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from builder.edits.spots import Document
from builder.studio.canvas import Part, picked, tree, walk
from builder.studio.documents import document_of
from builder.studio.drawing import Drawing
from builder.studio.panel import properties
from builder.studio.properties import Property
from builder.studio.shapes import Shapes
from builder.studio.whole import whole_of
from runtime.api import (
    FormDraft,
    FormVersion,
    Judged,
    Library,
    Session,
    drafts,
    form_address,
    judge,
    say,
    texts_of,
)


@dataclass
class Opened:
    """One form as the studio shows it; `key` is the part that is picked."""

    session: Session
    library: Library
    department: str
    name: str
    key: str = ""

    @property
    def address(self) -> str:
        """The form's address."""
        return form_address(f"{self.department}/{self.name}")

    @cached_property
    def draft(self) -> FormDraft | None:
        """The draft, if anybody has begun one."""
        return drafts.find(self.session, self.address)

    @cached_property
    def versions(self) -> list[FormVersion]:
        """What was published, the newest first."""
        return drafts.versions(self.session, self.address)

    @cached_property
    def text(self) -> str:
        """The form's JSON text; empty where there is no such form."""
        return drafts.text_of(self.session, self.library, self.address)

    @cached_property
    def document(self) -> Document | None:
        """The form, of one that extends another the whole; None where its text is no object."""
        own = document_of(self.text)
        return None if own is None else whole_of(self.library, self.address, own)

    @cached_property
    def judged(self) -> Judged:
        """What the text is worth."""
        return judge(self.library, self.address, self.text)

    @cached_property
    def shapes(self) -> Shapes:
        """The schemas of the form's cells with what the dictionary says."""
        return Shapes(self.library, self.address)

    @cached_property
    def root(self) -> Part:
        """All parts of the form."""
        return self.tree_of(self.document or {})

    def tree_of(self, document: Document) -> Part:
        """All parts of the form as a document has it."""
        return tree(document, self.shapes.whole, self.library, self.address)

    @cached_property
    def picked(self) -> Part:
        """The part that is picked."""
        return picked(self.root, self.key)

    @cached_property
    def near(self) -> Drawing:
        """Draws single parts."""
        return Drawing(self.library, self.address, self.document or {})

    @cached_property
    def properties(self) -> list[Property]:
        """What can be set of the part that is picked."""
        part = self.picked
        cell = self.near.cell(part) if part.schema is not None and part.kind == "cell" else None
        return properties(part, cell, self.shapes, self.library)

    @property
    def title(self) -> str:
        """What the form is called."""
        return say(texts_of(self.document or {})) or self.name

    def title_of(self, part: Part) -> str:
        """What a part is called."""
        if part.kind == "note":
            return say(texts_of(part.own, "text"))[:60]
        own = self.shapes.title(part.own)
        if own or part.schema is None:
            return own
        return self.shapes.title(part.schema) or part.pointer.rpartition("/")[2]

    def level_of(self, part: Part) -> int:
        """How deep a part stands: 1 for what no other part holds."""
        level, holder = 1, part.holder
        while holder:
            level, holder = level + 1, picked(self.root, holder).holder
        return level

    def count(self) -> int:
        """How many cells, lists and tables stand on the form."""
        return sum(1 for part in walk(self.root) if part.schema is not None)
