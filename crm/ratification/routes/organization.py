"""The roll call: an organization's own vote, plank by plank with its reason."""

from typing import Any

from flask import render_template, request, url_for

from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.web import Form, submit
from crm.kernel.permissions import Action
from crm.ratification import actions, queries
from crm.ratification.routes.manage import blueprint
from crm.ratification.rules.states import CHOICES

Typed = tuple[dict[int, tuple[str, str]], dict[int, dict[str, Any]]]


def _typed(planks: list[int]) -> Typed:
    """What was chosen and written on each plank, and the mandates where they are split; planks without any are left as they are."""
    splits = {n: given for n in planks if (given := _given(n))}
    typed = {n: ("split" if n in splits else request.form.get(f"p{n}", ""), request.form.get(f"reason{n}", "").strip()[:2000]) for n in planks}
    return {n: said for n, said in typed.items() if any(said)}, splits


def _given(plank: int) -> dict[str, Any]:
    """The mandates by answer as they were typed; a field left empty gives none, and what is no number stays and is refused."""
    typed = {choice: request.form.get(f"m{plank}.{choice}", "").strip()[:9] for choice in CHOICES}
    read = {choice: int(words) if words.isascii() and words.isdecimal() else words or 0 for choice, words in typed.items()}
    return read if any(typed.values()) else {}


def _page(id: int, form: Form, typed: Typed | None) -> str:
    row = queries.ratification_for(actor(), id)
    electorate, seat = queries.seat_for(actor(), row)
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
        seat=seat,
        shown=saved if typed is None else saved | typed[0],
        splits={n: vote.split for n, vote in mine.items() if vote.split} | (typed[1] if typed else {}),
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
        lambda: actions.vote_for_organization(actor(), id, typed[0], splits=typed[1], now=now()),
        then=lambda _changed: url_for("ratifications.ratification_get", id=id),
        page=lambda: _page(id, form, typed),
    )
