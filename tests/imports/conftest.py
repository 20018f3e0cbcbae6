"""The little city behind an open site, and sheets put into it from start to end."""

import io
from dataclasses import dataclass
from datetime import date

import openpyxl
import pytest
from sqlalchemy import func, select
from stdnum.cn import ric

from runtime.imports import batches, kept
from runtime.imports.apply import apply
from runtime.imports.batches import Upload
from runtime.imports.fields import fields_of
from runtime.imports.prepare import dry_run
from runtime.imports.read import open_file
from runtime.site import Site, open_site
from runtime.storage.engine import reading
from runtime.storage.import_tables import Import, ImportRow
from runtime.storage.staged_tables import (
    Settling,
    StagedChange,
    StagedMember,
    StagedPage,
    StagedSubject,
)
from runtime.storage.tables import Change, Subject
from tests.rig.city import prepare, settings

OCTOBER = date(2026, 10, 31)
HEADER = "姓名,公民身份号码,户籍地,社区\n"


def known(desk, n=1):
    """People with an identity number that are here now."""
    return [p for p in desk.people() if "identity_number" in p.document][:n]


def line(person, place="星澜市新区", unit=""):
    return f"{person.document['name']},{person.document['identity_number']},{place},{unit}\n"


def newcomers(n):
    """Rows of people whom nobody knows."""
    bodies = [f"110000{1950 + i // 300:04}0101{i % 300 + 600:03}" for i in range(n)]
    return "".join(
        f"新来{i},{b}{ric.calc_check_digit(b + '0')},外地,湖畔社区\n" for i, b in enumerate(bodies)
    )


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
        return apply(self.site, made, actor=None, allowed=None)

    def rows(self, import_id, kind):
        with reading(self.site.engine) as session:
            return kept.rows_of(session, import_id, kind, most=1000)

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

    def newcomers(self, session=None):
        """How many of those of `newcomers` belong somewhere."""
        name = Subject.document["name"].as_string()
        query = select(func.count()).where(Subject.unit_id.is_not(None), name.like("新来%"))
        if session is not None:
            return session.scalar(query)
        with reading(self.site.engine) as own:
            return own.scalar(query)

    def left_behind(self):
        """Rows that are staged, and subjects of which nothing is known."""
        names = {one.__tablename__: one for one in (StagedSubject, StagedChange, StagedPage)}
        names |= {"staged_member": StagedMember, "settling": Settling}
        with reading(self.site.engine) as session:
            found = {
                n: session.scalar(select(func.count()).select_from(t)) for n, t in names.items()
            }
            empty = select(func.count()).select_from(Subject).where(Subject.revision == 0)
            found["subject"] = session.scalar(empty)
        return {name: count for name, count in found.items() if count}

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
