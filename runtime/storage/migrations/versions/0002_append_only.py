"""What was recorded stays: `change`, `snapshot` and `audit_event` are append-only, by the database itself.

One door is left for erasure: the `field_values` and the `reason` of a change, and nothing else of it, may be
overwritten once its subject has a change of kind `erase`.
"""

from alembic import op

revision = "0002"
down_revision = "0001"

_TABLES = ("change", "snapshot", "audit_event")

_KEPT = (
    "seq", "id", "subject_id", "kind", "effective", "recorded_at", "actor_id", "based_on",
)  # fmt: skip

_REFUSE = """
CREATE FUNCTION refuse_change_of_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$
"""

_ERASE = """
CREATE FUNCTION erase_values_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF {same} AND {erased} THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'change is append-only';
END $$
"""


def upgrade() -> None:
    for statement in _sqlite() if op.get_bind().dialect.name == "sqlite" else _postgresql():
        op.execute(statement)


def _sqlite() -> list[str]:
    same = " AND ".join(f"OLD.{name} IS NEW.{name}" for name in (*_KEPT, "provenance"))
    erased = "EXISTS (SELECT 1 FROM change WHERE subject_id = OLD.subject_id AND kind = 'erase')"
    statements = []
    for table in _TABLES:
        stop = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        door = f"WHEN NOT ({same} AND {erased}) " if table == "change" else ""
        statements += [
            f"CREATE TRIGGER {table}_keeps BEFORE DELETE ON {table} {stop}",
            f"CREATE TRIGGER {table}_stays BEFORE UPDATE ON {table} {door}{stop}",
        ]
    return statements


def _postgresql() -> list[str]:
    columns = (*_KEPT, "provenance::text")  # the type json knows no equality
    same = " AND ".join(f"OLD.{name} IS NOT DISTINCT FROM NEW.{name}" for name in columns)
    erased = "EXISTS (SELECT 1 FROM change WHERE subject_id = OLD.subject_id AND kind = 'erase')"
    statements = [_REFUSE, _ERASE.format(same=same, erased=erased)]
    for table in _TABLES:
        check = "erase_values_only" if table == "change" else "refuse_change_of_record"
        statements += [
            f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table} {how} EXECUTE FUNCTION {run}()"
            for name, event, how, run in (
                ("keeps", "DELETE", "FOR EACH ROW", "refuse_change_of_record"),
                ("stays", "UPDATE", "FOR EACH ROW", check),
                ("all_keep", "TRUNCATE", "", "refuse_change_of_record"),
            )
        ]
    return statements
