"""Tables: tallies, and by which rules a subject was counted in last."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "tally_basis",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("register", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("next_slot", sa.Integer(), nullable=False),
        sa.Column("horizon", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tally_basis")),
    )
    op.create_index(op.f("ix_tally_basis_register"), "tally_basis", ["register"])
    op.create_table(
        "tally_leaf",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_tally_leaf_unit_id")),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_tally_leaf")),
    )
    op.create_table(
        "tally_page",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("base", sa.Text(), nullable=False),
        sa.Column("events", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_tally_page_unit_id")),
        sa.PrimaryKeyConstraint("unit_id", "quarter", name=op.f("pk_tally_page")),
    )
    op.create_table(
        "tally_member",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("subject_id", sa.String(length=36), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("from_day", sa.Integer(), nullable=False),
        sa.Column("to_day", sa.Integer(), nullable=False),
        sa.Column("on_day", sa.Integer(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["subject.id"], name=op.f("fk_tally_member_subject_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_tally_member_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tally_member")),
    )
    op.create_index(op.f("ix_tally_member_subject_id"), "tally_member", ["subject_id"])
    op.create_index(
        op.f("ix_tally_member_unit_id_slot_on_day"), "tally_member", ["unit_id", "slot", "on_day"]
    )
    op.add_column("subject", sa.Column("basis", sa.Integer(), server_default="0", nullable=False))
    op.create_index(op.f("ix_subject_register_basis"), "subject", ["register", "basis"])
