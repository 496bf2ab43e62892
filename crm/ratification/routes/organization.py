"""The roll call: an organization's own vote, plank by plank with its reason."""

from flask import render_template, request, url_for

from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.web import Form, submit
from crm.kernel.permissions import Action
from crm.ratification import actions, queries
from crm.ratification.routes.manage import blueprint


def _typed(planks: list[int]) -> dict[int, tuple[str, str]]:
    """What was chosen and written on each plank; planks without either are left as they are."""
    typed = {n: (request.form.get(f"p{n}", ""), request.form.get(f"reason{n}", "").strip()[:2000]) for n in planks}
    return {n: said for n, said in typed.items() if any(said)}


def _page(id: int, form: Form, typed: dict[int, tuple[str, str]] | None) -> str:
    row = queries.ratification_for(actor(), id)
    electorate, _seat = queries.seat_for(actor(), row)
    mine = {
        plank: vote
        for (org_id, plank), vote in queries.latest_votes(queries.roll_call_of(electorate.id)).items()
        if org_id == actor().org_id
    }
    saved = {n: (vote.choice, vote.reason) for n, vote in mine.items()}
    content = queries.edition_of(row).content
    return render_template(
        "ratification/organization.html",
        row=row,
        form=form,
        electorate=electorate,
        planks=content["planks"],
        shown=saved if typed is None else saved | typed,
        saved=saved,
        is_live=row.state == "open" and row.opens_at <= now() < row.closes_at,
    )


@blueprint.get("/votes/<int:id>/organization-vote")
@allow(Action.VOTE_FOR_ORGANIZATION)
def organization_vote_get(id: int):
    return _page(id, Form(), None)


@blueprint.post("/votes/<int:id>/organization-vote")
@allow(Action.VOTE_FOR_ORGANIZATION)
def organization_vote_post(id: int):
    form, row = Form(), queries.ratification_for(actor(), id)
    typed = _typed([plank["number"] for plank in (row.manifest or {}).get("planks", [])])
    return submit(
        form,
        lambda: actions.vote_for_organization(actor(), id, typed, now=now()),
        then=lambda _changed: url_for("ratifications.ratification_get", id=id),
        page=lambda: _page(id, form, typed),
    )
