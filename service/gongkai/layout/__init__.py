"""Pages to tables and lines: pure geometry, no names of forms and no network."""
