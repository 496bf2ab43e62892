"""Pages of the platforms room."""

from crm.platforms.routes import amendments, comments, consent, editions, endorsements, planks, platforms, positions, proposals, public
from crm.platforms.routes.platforms import panel
from crm.platforms.routes.shared import blueprint

__all__ = [
    "amendments", "blueprint", "comments", "consent", "editions", "endorsements", "panel", "planks", "platforms", "positions", "proposals", "public",
]
