"""Runs the migrations on the connection that :func:`gongkai.store.migrate` hands over, in its transaction."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], version_table="gongkai_version")
context.run_migrations()
