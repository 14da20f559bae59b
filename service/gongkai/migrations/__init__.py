"""The tables of :mod:`gongkai.tables`, version by version (Alembic). They run when a process starts; see ``store.migrate``."""
