"""Pages to tables and lines: pure geometry."""
