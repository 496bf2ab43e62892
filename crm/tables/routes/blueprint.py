"""The blueprint and what its pages share: the assembly behind its door, on its own clock."""

from typing import Any

from flask import Blueprint, g, url_for

from crm.assemblies.models import Assembly
from crm.assemblies.queries import assembly_to_run
from crm.assemblies.rules import may_change
from crm.infra.auth import actor

blueprint = Blueprint("tables", __name__)


def opened(id: int) -> Assembly:
    """The assembly, if the actor's organization convenes it; times on the page follow its clock."""
    assembly = assembly_to_run(actor(), id)
    g.time_zone = assembly.time_zone
    return assembly


def frame(assembly: Assembly) -> dict[str, Any]:
    """What the head and the tabs of an assembly's pages need."""
    return {"assembly": assembly, "is_ours": True, "may_run": True, "may_change": may_change(assembly.state) is None}


def page_of(id: int, endpoint: str = "tables_get", **values: Any) -> str:
    """The address of one of these pages."""
    return url_for(f"tables.{endpoint}", id=id, **values)
