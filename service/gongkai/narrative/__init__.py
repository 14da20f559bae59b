"""Text outside tables: contents, sections, and what the report says of itself."""

from gongkai.narrative.contents import Contents, Entry, contents
from gongkai.narrative.sections import Prose, identified, prose, sections

__all__ = ["Contents", "Entry", "Prose", "contents", "identified", "prose", "sections"]
