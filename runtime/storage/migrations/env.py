"""How Alembic runs our steps: on the connection, and in the transaction, that `migrate.upgrade` gives it."""

from alembic import context

from runtime.storage import (  # noqa: F401 - known to Base once imported
    asset_tables,
    definition_tables,
    import_tables,
    job_tables,
    proposal_tables,
    publishing_tables,
    staged_tables,
    tally_tables,
    unit_tables,
)
from runtime.storage.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    version_table=context.config.attributes["version_table"],
    transactional_ddl=False,  # the caller's transaction holds all steps together
    compare_type=True,
)
context.run_migrations()
