"""Pages of assemblies."""

from crm.assemblies.queries import PANELS, PLEDGES, TABS
from crm.assemblies.routes import (
    committees,
    composition,
    credentials,
    delegations,
    federation,
    floor,
    government,
    instructions,
    larger,
    lots,
    pages,
    planning,
    program,
    public,
    recruitment,
    registration,
    together,
)
from crm.assemblies.routes.blueprint import blueprint

__all__ = [
    "PANELS", "PLEDGES", "TABS", "blueprint", "committees", "composition", "credentials", "delegations", "federation", "floor", "government", "instructions",
    "larger", "lots", "pages", "planning", "program", "public", "recruitment", "registration", "together",
]
