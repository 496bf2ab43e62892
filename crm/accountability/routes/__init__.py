"""Pages of accountability: the board, one recommendation, commitments, an assembly's answers, stages and report-back, and what everyone reads."""

from crm.accountability.routes import assembly, board, commitments, public, recommendations
from crm.accountability.routes.assembly import panel
from crm.accountability.routes.blueprint import blueprint
from crm.accountability.routes.public import public_panel

__all__ = ["assembly", "blueprint", "board", "commitments", "panel", "public", "public_panel", "recommendations"]
