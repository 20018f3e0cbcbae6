"""Tables: definitions made or changed at this site, and the steps that made them, which are append-only."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_TABLE = "definition_step"


def upgrade() -> None:
    op.create_table(
        "definition_here",
        sa.Column("address", sa.String(length=255), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("base", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["updated_by"], ["user_account.id"], name=op.f("fk_definition_here_updated_by")
        ),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_definition_here")),
    )
    op.create_table(
        _TABLE,
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("address", sa.String(length=400), nullable=False),
        sa.Column("department", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("patches", sa.JSON(), nullable=False),
        sa.Column("drafts", sa.JSON(), nullable=False),
        sa.Column("moves", sa.JSON(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by"], ["user_account.id"], name=op.f("fk_definition_step_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_definition_step")),
        sa.UniqueConstraint("undoes", name=op.f("uq_definition_step_undoes")),
    )
    op.create_index(op.f("ix_definition_step_address"), _TABLE, ["address"])
    op.create_index(op.f("ix_definition_step_department"), _TABLE, ["department"])
    for statement in _kept(op.get_bind().dialect.name):
        op.execute(statement)


def _kept(dialect: str) -> list[str]:
    """What keeps the steps as they are, as 0002 does for the ledger."""
    if dialect == "sqlite":
        stop = f"BEGIN SELECT RAISE(ABORT, '{_TABLE} is append-only'); END"
        return [
            f"CREATE TRIGGER {_TABLE}_keeps BEFORE DELETE ON {_TABLE} {stop}",
            f"CREATE TRIGGER {_TABLE}_stays BEFORE UPDATE ON {_TABLE} {stop}",
        ]
    return [
        f"CREATE TRIGGER {_TABLE}_{name} BEFORE {event} ON {_TABLE} {how} "
        "EXECUTE FUNCTION refuse_change_of_record()"
        for name, event, how in (
            ("keeps", "DELETE", "FOR EACH ROW"),
            ("stays", "UPDATE", "FOR EACH ROW"),
            ("all_keep", "TRUNCATE", ""),
        )
    ]
