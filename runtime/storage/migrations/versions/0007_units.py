"""Tables: what became of units, words to search subjects by; what an erasure needs."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_KEPT = ("id", "entry_id", "revision", "form_digest", "digest", "previous", "at", "by")

_REWRITE = """
CREATE FUNCTION erase_personal_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF {same} AND {erased} THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'snapshot is append-only';
END $$
"""


def upgrade() -> None:
    op.add_column("subject", sa.Column("erased_on", sa.Date(), nullable=True))
    op.add_column("snapshot", sa.Column("sealed", sa.JSON(), nullable=True))
    _snapshot_erasure()
    _succession()
    _search()
    for statement in _sqlite() if op.get_bind().dialect.name == "sqlite" else _postgresql():
        op.execute(statement)


def _snapshot_erasure() -> None:
    op.create_table(
        "snapshot_erasure",
        sa.Column(
            "snapshot_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("change_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["snapshot.id"], name=op.f("fk_snapshot_erasure_snapshot_id")
        ),
        sa.ForeignKeyConstraint(
            ["change_id"], ["change.id"], name=op.f("fk_snapshot_erasure_change_id")
        ),
        sa.PrimaryKeyConstraint("snapshot_id", "change_id", name=op.f("pk_snapshot_erasure")),
    )


def _succession() -> None:
    op.create_table(
        "unit_succession",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("successor_id", sa.Integer(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["successor_id"], ["unit.id"], name=op.f("fk_unit_succession_successor_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_succession_unit_id")),
        sa.PrimaryKeyConstraint(
            "unit_id", "successor_id", "on_day", name=op.f("pk_unit_succession")
        ),
    )


def _search() -> None:
    word = sa.String(length=24).with_variant(sa.String(length=24, collation="C"), "postgresql")
    op.create_table(
        "search_word",
        sa.Column("register", sa.String(length=64), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("word", word, nullable=False),
        sa.Column("subject_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["subject.id"], name=op.f("fk_search_word_subject_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_search_word_unit_id")),
        sa.PrimaryKeyConstraint(
            "register", "unit_id", "word", "subject_id", name=op.f("pk_search_word")
        ),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_search_word_subject_id"), "search_word", ["subject_id"], unique=False)


_ERASED = (
    "EXISTS (SELECT 1 FROM snapshot_erasure AS e JOIN change AS c ON c.id = e.change_id"
    " WHERE e.snapshot_id = OLD.id AND c.kind = 'erase')"
)


def _sqlite() -> list[str]:
    same = " AND ".join(f'OLD."{name}" IS NEW."{name}"' for name in _KEPT)
    return [
        "DROP TRIGGER snapshot_stays",
        (
            f"CREATE TRIGGER snapshot_stays BEFORE UPDATE ON snapshot WHEN NOT ({same} AND {_ERASED})"
            " BEGIN SELECT RAISE(ABORT, 'snapshot is append-only'); END"
        ),
    ]


def _postgresql() -> list[str]:
    same = " AND ".join(f'OLD."{name}" IS NOT DISTINCT FROM NEW."{name}"' for name in _KEPT)
    return [
        _REWRITE.format(same=same, erased=_ERASED),
        "DROP TRIGGER snapshot_stays ON snapshot",
        (
            "CREATE TRIGGER snapshot_stays BEFORE UPDATE ON snapshot FOR EACH ROW"
            " EXECUTE FUNCTION erase_personal_only()"
        ),
    ]
