"""How Alembic runs our steps: on the connection, and in the transaction, that `migrate.upgrade` gives it."""

from alembic import context

from runtime.storage.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    version_table=context.config.attributes["version_table"],
    transactional_ddl=False,  # the caller's transaction holds all steps together
    compare_type=True,
)
context.run_migrations()
