"""Alembic's entry: runs on the connection that storage.schema opened, in its transaction."""

from alembic import context
from sqlalchemy import Connection, text

_OTHERWISE = """
SELECT format('ALTER TABLE %I %s', table_name,
              string_agg(format('ALTER COLUMN %I TYPE varchar COLLATE "C"', column_name), ', '))
FROM information_schema.columns
WHERE table_schema = current_schema() AND data_type = 'character varying'
  AND collation_name IS DISTINCT FROM 'C' AND table_name <> 'alembic_version'
GROUP BY table_name
"""


def compare_by_bytes(connection: Connection) -> None:
    """Have all texts compare byte by byte, as on SQLite, whatever the database was made with.

    So SKUs page in one order everywhere, and an index serves the search for how a text begins.
    """
    if connection.dialect.name == "postgresql":
        for statement in connection.scalars(text(_OTHERWISE)).all():
            connection.exec_driver_sql(statement)


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=context.config.attributes["metadata"],
    transactional_ddl=True,
    render_as_batch=False,
)
with context.begin_transaction():
    context.run_migrations()
    compare_by_bytes(context.config.attributes["connection"])
