"""Bringing a database to the shape that the code expects, all of it or none. Not for what the shape is."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from runtime.errors import OperatorError
from runtime.language import gettext as _
from runtime.storage.engine import clear_errors

VERSION_TABLE = "schema_version"
"""Where a database says how far it has come; a plugin with tables of its own has its own."""

SCRIPTS = "runtime.storage:migrations"

_LOCK = 7_426_202_611
"""The advisory lock on PostgreSQL that one upgrade at a time holds; SQLite's write lock does it there."""


def upgrade(engine: Engine, scripts: str = SCRIPTS, version_table: str = VERSION_TABLE) -> None:
    """Take every step that is missing, in one transaction; safe when two processes start at once.

    A plugin gives its own `scripts` (`package:folder`) and `version_table`. Raises `OperatorError` when the
    database cannot be reached, or is newer than this code.
    """
    config = _config(scripts)
    with clear_errors(), engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        _refuse_newer(connection, config, version_table)
        config.attributes.update(connection=connection, version_table=version_table)
        command.upgrade(config, "head")


def is_current(engine: Engine, scripts: str = SCRIPTS, version_table: str = VERSION_TABLE) -> bool:
    """Whether the database has exactly the shape that this code expects."""
    with clear_errors(), engine.connect() as connection:
        return _version(connection, version_table) == _head(_config(scripts))


def require_current(engine: Engine) -> None:
    """Raise an `OperatorError` that says what to do unless the database is ready for this code."""
    config = _config(SCRIPTS)
    with clear_errors(), engine.connect() as connection:
        _refuse_newer(connection, config, VERSION_TABLE)
        if _version(connection, VERSION_TABLE) != _head(config):
            raise OperatorError(
                _("The database is not ready for this version of Yibiao; run “yibiao init” first.")
            )


def _config(scripts: str) -> Config:
    config = Config()
    config.set_main_option("script_location", scripts)
    config.set_main_option("path_separator", "os")
    return config


def _head(config: Config) -> str | None:
    return ScriptDirectory.from_config(config).get_current_head()


def _version(connection: Connection, version_table: str) -> str | None:
    context = MigrationContext.configure(connection, opts={"version_table": version_table})
    return context.get_current_revision()


def _refuse_newer(connection: Connection, config: Config, version_table: str) -> None:
    version = _version(connection, version_table)
    known = {step.revision for step in ScriptDirectory.from_config(config).walk_revisions()}
    if version is not None and version not in known:
        raise OperatorError(
            _(
                "The database is newer than this version of Yibiao (it is at “%(version)s”); "
                "install the version that made it.",
                version=version,
            )
        )
