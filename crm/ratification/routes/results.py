"""Results, certificate and the board file, for people who are signed in."""

from flask import Response, render_template
from flask_babel import get_locale

from crm.infra.auth import actor, allow
from crm.infra.web import Form
from crm.kernel.permissions import Action
from crm.kernel.refusal import Missing
from crm.ratification import queries
from crm.ratification.models import Ratification
from crm.ratification.routes.manage import blueprint
from crm.ratification.rules.reports import report
from crm.ratification.rules.states import PEOPLE


def _counted(id: int) -> Ratification:
    row = queries.ratification_for(actor(), id)
    if row.result is None:
        raise Missing()
    return row


@blueprint.get("/votes/<int:id>/results")
@allow(Action.SEE_VOTES)
def results_get(id: int):
    row = _counted(id)
    electorates = queries.electorates_of(row)
    call = next((e for e in electorates if e.kind == "organizations"), None)
    return render_template(
        "ratification/results.html",
        row=row,
        form=Form(),
        planks=report(row.manifest, row.result, str(get_locale())),
        counted=list(zip(row.manifest["electorates"], row.result["electorates"], strict=True)),
        voters=queries.seats_of(call) if call else [],
        corrections=queries.corrections_of(row),
        has_open_members=any(e.kind in PEOPLE and not e.is_secret for e in electorates),
        votes=queries.latest_votes(queries.roll_call_of(call.id)) if call else {},
        may_certify=row.org_id == actor().org_id and row.state == "closed" and actor().may(Action.RUN_VOTES),
    )


@blueprint.get("/votes/<int:id>/certificate")
@allow(Action.SEE_VOTES)
def certificate_get(id: int):
    row = _counted(id)
    if row.certified_at is None:
        raise Missing()
    return render_template(
        "ratification/certificate.html",
        row=row,
        planks=report(row.manifest, row.result, str(get_locale())),
        counted=list(zip(row.manifest["electorates"], row.result["electorates"], strict=True)),
        corrections=queries.corrections_of(row),
    )


@blueprint.get("/votes/<int:id>/board.json")
@allow(Action.SEE_VOTES)
def board_get(id: int):
    row = _counted(id)
    return board_file(row.poll_id or "")


def board_file(poll_id: str) -> Response:
    """The board as a file to keep, byte for byte as it was published."""
    name = f"board-{poll_id[:16]}.json"
    return Response(
        queries.published_text(poll_id),
        mimetype="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
