"""Pages of the people room."""

from crm.people.routes import imports, people, person, segments
from crm.people.routes.base import blueprint

__all__ = ["blueprint", "imports", "people", "person", "segments"]
