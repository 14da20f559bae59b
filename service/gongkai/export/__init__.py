"""Reports for the systems that others already run: one module a format, all of the same five tables (``tables.toml``)."""
