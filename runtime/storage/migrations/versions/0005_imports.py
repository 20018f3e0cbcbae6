"""Tables: imports."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    _batch()
    op.create_table(
        "import_part",
        sa.Column("import_id", sa.String(length=36), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        _of_batch("import_part"),
        sa.PrimaryKeyConstraint("import_id", "n", name=op.f("pk_import_part")),
    )
    _row()
    op.create_table(
        "import_memory",
        sa.Column("department", sa.String(length=64), nullable=False),
        sa.Column("register", sa.String(length=64), nullable=False),
        sa.Column("header", sa.String(length=200), nullable=False),
        sa.Column("field", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("department", "register", "header", name=op.f("pk_import_memory")),
    )


def _batch() -> None:
    op.create_table(
        "import_batch",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("register", sa.String(length=64), nullable=False),
        sa.Column("department", sa.String(length=64), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("seen_seq", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("applied_by", sa.Integer(), nullable=True),
        sa.Column("job_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_import_batch_unit_id")),
        sa.ForeignKeyConstraint(
            ["created_by"], ["user_account.id"], name=op.f("fk_import_batch_created_by")
        ),
        sa.ForeignKeyConstraint(
            ["applied_by"], ["user_account.id"], name=op.f("fk_import_batch_applied_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
    )
    named = op.f("ix_import_batch_register_department_digest")
    op.create_index(named, "import_batch", ["register", "department", "digest"], unique=False)
    op.create_index(op.f("ix_import_batch_created_at"), "import_batch", ["created_at"])


def _row() -> None:
    op.create_table(
        "import_row",
        sa.Column("import_id", sa.String(length=36), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("subject_id", sa.String(length=36), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("old", sa.JSON(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        _of_batch("import_row"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_import_row_unit_id")),
        sa.PrimaryKeyConstraint("import_id", "n", name=op.f("pk_import_row")),
    )
    named = op.f("ix_import_row_import_id_kind_n")
    op.create_index(named, "import_row", ["import_id", "kind", "n"], unique=False)


def _of_batch(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["import_id"], ["import_batch.id"], name=op.f(f"fk_{table}_import_id")
    )
