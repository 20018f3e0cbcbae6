"""Tables of what an import has prepared; on PostgreSQL the views through which it is seen while it settles."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_COLUMNS = "id, subject_id, kind, field_values, effective, recorded_at, actor_id, provenance, based_on, reason"
_SUBJECT = """
CREATE VIEW overlay.subject AS SELECT s.id, s.register, {chosen}, s.erased_on
FROM {schema}.subject AS s LEFT JOIN {schema}.staged_subject AS x
ON x.subject_id = s.id AND x.import_id = (SELECT import_id FROM {schema}.settling)
"""
_CHANGES = """
CREATE VIEW overlay.change AS SELECT seq, {columns} FROM {schema}.change
UNION ALL
SELECT {late} + n + (SELECT after FROM {schema}.settling), {columns} FROM {schema}.staged_change
WHERE import_id = (SELECT import_id FROM {schema}.settling)
"""


def upgrade() -> None:
    op.create_table(
        "settling",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("import_id", sa.String(length=36), nullable=False),
        sa.Column("after", _SERIAL, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settling")),
    )
    _subject()
    _change()
    _page()
    _member()
    if op.get_bind().dialect.name == "postgresql":
        _views()


def _subject() -> None:
    op.create_table(
        "staged_subject",
        sa.Column("import_id", sa.String(length=36), nullable=False),
        sa.Column("subject_id", sa.String(length=36), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("fresh", sa.Boolean(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("timeline", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("basis", sa.Integer(), nullable=False),
        sa.Column("renamed", sa.Boolean(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        _to("staged_subject", "subject"),
        _to("staged_subject", "unit"),
        sa.PrimaryKeyConstraint("import_id", "subject_id", name=op.f("pk_staged_subject")),
    )
    op.create_index(op.f("ix_staged_subject_subject_id"), "staged_subject", ["subject_id"])
    op.create_index(op.f("ix_entry_subject_id"), "entry", ["subject_id"])


def _change() -> None:
    op.create_table(
        "staged_change",
        sa.Column("import_id", sa.String(length=36), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("subject_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("field_values", sa.JSON(), nullable=False),
        sa.Column("effective", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("provenance", sa.JSON(), nullable=False),
        sa.Column("based_on", sa.String(length=36), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        _to("staged_change", "subject"),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["user_account.id"], name=op.f("fk_staged_change_actor_id")
        ),
        sa.PrimaryKeyConstraint("import_id", "n", name=op.f("pk_staged_change")),
    )
    named = op.f("ix_staged_change_subject_id_import_id")
    op.create_index(named, "staged_change", ["subject_id", "import_id"], unique=False)


def _page() -> None:
    op.create_table(
        "staged_page",
        sa.Column("import_id", sa.String(length=36), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("base", sa.Text(), nullable=False),
        sa.Column("events", sa.Text(), nullable=False),
        _to("staged_page", "unit"),
        sa.PrimaryKeyConstraint("import_id", "unit_id", "quarter", name=op.f("pk_staged_page")),
    )


def _member() -> None:
    op.create_table(
        "staged_member",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("import_id", sa.String(length=36), nullable=False),
        sa.Column("subject_id", sa.String(length=36), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("from_day", sa.Integer(), nullable=False),
        sa.Column("to_day", sa.Integer(), nullable=False),
        sa.Column("on_day", sa.Integer(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("counts", sa.Integer(), nullable=False),
        _to("staged_member", "subject"),
        _to("staged_member", "unit"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staged_member")),
    )
    op.create_index(op.f("ix_staged_member_subject_id"), "staged_member", ["subject_id"])
    named = op.f("ix_staged_member_unit_id_slot_import_id")
    op.create_index(named, "staged_member", ["unit_id", "slot", "import_id"])


def _to(table: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{other}_id")
    return sa.ForeignKeyConstraint([f"{other}_id"], [f"{other}.id"], name=name)


def _views() -> None:
    schema = op.get_bind().scalar(sa.text("SELECT quote_ident(current_schema())"))
    chosen = ", ".join(
        f"CASE WHEN x.subject_id IS NULL THEN s.{name} ELSE x.{name} END AS {name}"
        for name in ("unit_id", "document", "timeline", "revision", "basis")
    )
    op.execute("CREATE SCHEMA overlay")
    op.execute(_SUBJECT.format(schema=schema, chosen=chosen))
    op.execute(_CHANGES.format(schema=schema, columns=_COLUMNS, late=1 << 40))
