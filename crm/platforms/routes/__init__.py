"""Pages of the platforms room."""

from crm.platforms.routes import amendments, editions, planks, platforms, positions
from crm.platforms.routes.shared import blueprint

__all__ = ["amendments", "blueprint", "editions", "planks", "platforms", "positions"]
