"""Pages of tables."""

from crm.tables.routes import harvest, notes, seating, speaking
from crm.tables.routes.blueprint import blueprint

__all__ = ["blueprint", "harvest", "notes", "seating", "speaking"]
