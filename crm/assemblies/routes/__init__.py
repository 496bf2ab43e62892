"""Pages of assemblies."""

from crm.assemblies.queries import PANELS, PLEDGES, TABS
from crm.assemblies.routes import credentials, delegations, federation, floor, government, lots, pages, planning, program, public, together
from crm.assemblies.routes.blueprint import blueprint

__all__ = [
    "PANELS", "PLEDGES", "TABS", "blueprint", "credentials", "delegations", "federation", "floor", "government", "lots", "pages", "planning", "program",
    "public", "together",
]
