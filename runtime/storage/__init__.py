"""The database: engine, tables, migrations, transactions."""
