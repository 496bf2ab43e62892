"""Whether everything works: for administrators, who can tell whoever runs the server."""

from flask import Blueprint, render_template

from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.kernel.permissions import Action
from crm.outreach.queries.operations import operations
from crm.outreach.rules.operations import problems

blueprint = Blueprint("operations", __name__)


@blueprint.get("/texts/working")
@allow(Action.ADMINISTER)
def operations_get():
    at = now()
    seen, alive = operations(actor(), at)
    return render_template("outreach/operations.html", seen=seen, alive=alive, problems=problems(at, seen))
