"""Imports: why one failed is told by its job; the column for it was never filled."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.drop_column("import_batch", "why")
