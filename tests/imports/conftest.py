"""The little city behind an open site, and sheets put into it from start to end."""

import io
from dataclasses import dataclass
from datetime import date

import openpyxl
import pytest
from sqlalchemy import func, select

from runtime.imports import batches
from runtime.imports.apply import apply
from runtime.imports.batches import Upload
from runtime.imports.fields import fields_of
from runtime.imports.prepare import dry_run
from runtime.imports.read import open_file
from runtime.site import Site, open_site
from runtime.storage.engine import reading
from runtime.storage.import_tables import Import, ImportRow
from runtime.storage.tables import Change, Subject
from tests.rig.city import prepare, settings

OCTOBER = date(2026, 10, 31)


@dataclass
class Desk:
    """A site, and what is done with department data at it."""

    site: Site

    def fields(self, register="resident"):
        return fields_of(self.site.library, self.site.field_types, register)

    def begin(self, content, register="resident", department="civil-affairs", **more):
        """Upload; the import's id."""
        given = {"name": "sheet.csv", "as_of": None, "unit_id": None, **more}
        chosen = given.pop("chosen", None)
        content = content.encode() if isinstance(content, str) else content
        opened = open_file(given["name"], content, self.fields(register), None, chosen)
        given["as_of"] = given["as_of"] or opened.as_of
        made = Upload(register=register, department=department, content=content, **given)
        return batches.begin(self.site.engine, made, opened.columns())

    def check(self, content, allowed=None, **more):
        """Upload and weigh; the id and the counts."""
        made = self.begin(content, **more)
        return made, dry_run(self.site, made, allowed=allowed)

    def take(self, content, **more):
        """Upload, weigh and record; the counts."""
        made, _counts = self.check(content, **more)
        return apply(self.site, made, actor=None)

    def rows(self, import_id, kind):
        with reading(self.site.engine) as session:
            return batches.rows_of(session, import_id, kind, most=1000)

    def found(self, import_id):
        with reading(self.site.engine) as session:
            return session.get(Import, import_id)

    def people(self, most=5000, register="resident"):
        """Who is there, in the order of their ids."""
        with reading(self.site.engine) as session:
            query = select(Subject).where(
                Subject.register == register, Subject.unit_id.is_not(None)
            )
            return session.scalars(query.order_by(Subject.id).limit(most)).all()

    def subject(self, subject_id):
        with reading(self.site.engine) as session:
            return session.get(Subject, subject_id)

    def changes(self):
        with reading(self.site.engine) as session:
            return session.scalar(select(func.count()).select_from(Change))

    def staged(self):
        with reading(self.site.engine) as session:
            return session.scalar(select(func.count()).select_from(ImportRow))


@pytest.fixture
def desk(prepared_database, fixed_now, tmp_path):
    site = open_site(settings(prepared_database("city", prepare), tmp_path))
    yield Desk(site)
    site.close()


def workbook(rows, merged=()):
    """An XLSX of these rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(list(row))
    for box in merged:
        sheet.merge_cells(box)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()
