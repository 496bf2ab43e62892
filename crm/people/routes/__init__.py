"""Pages of the people room."""

from crm.people.routes import (
    bulk,
    connections,
    duplicates,
    exports,
    fields,
    imports,
    notes,
    people,
    person,
    prints,
    privacy,
    reveals,
    rows,
    segments,
    tags,
)
from crm.people.routes.base import blueprint

__all__ = [
    "blueprint",
    "bulk",
    "connections",
    "duplicates",
    "exports",
    "fields",
    "imports",
    "notes",
    "people",
    "person",
    "prints",
    "privacy",
    "reveals",
    "rows",
    "segments",
    "tags",
]
