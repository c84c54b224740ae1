"""Run by Alembic: migrations on the connection that `database.migrate` hands over."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    transactional_ddl=True,  # SQLite can, and half a migration would be none
)
context.run_migrations()
