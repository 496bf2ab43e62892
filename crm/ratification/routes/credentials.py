"""The credentials committee: seats that may be one human, and seats that their own organization challenges."""

from flask import flash, render_template, url_for
from flask_babel import gettext as _

from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.web import submit
from crm.kernel.permissions import Action
from crm.ratification import actions, queries
from crm.ratification.forms import CandidateForm, ChallengeForm
from crm.ratification.routes.manage import blueprint


def _credentials_page(id: int, form: CandidateForm) -> str:
    row = queries.owned_for(actor(), id)
    members = next((e for e in queries.electorates_of(row) if e.kind == "members"), None)
    candidates = queries.candidates_for(actor(), members.id) if members else []
    names = {organization.id: organization.name for organization in queries.voting_organizations(row.org_id)}
    return render_template("ratification/credentials.html", row=row, form=form, candidates=candidates, names=names, challenges=queries.challenges_of(row))


@blueprint.get("/votes/<int:id>/credentials")
@allow(Action.RUN_VOTES)
def credentials_get(id: int):
    return _credentials_page(id, CandidateForm())


@blueprint.post("/votes/<int:id>/credentials/<int:candidate_id>")
@allow(Action.RUN_VOTES)
def candidate_post(id: int, candidate_id: int):
    form = CandidateForm()
    form.answer.validate_choice = False
    return submit(
        form,
        lambda: actions.answer_candidate(
            actor(),
            id,
            candidate_id,
            int(form.answer.data) if (form.answer.data or "").isdecimal() else None,
            reason=form.reason.data or "",
            now=now(),
        ),
        then=lambda id: url_for("ratifications.credentials_get", id=id),
        page=lambda: _credentials_page(id, form),
    )


@blueprint.post("/votes/<int:id>/challenges/<int:challenge_id>")
@allow(Action.RUN_VOTES)
def challenge_answer_post(id: int, challenge_id: int):
    form = CandidateForm()
    form.answer.validate_choice = False
    strikes = form.answer.data == "strike"
    return submit(
        form,
        lambda: actions.answer_challenge(actor(), id, challenge_id, strikes=strikes, reason=form.reason.data or "", now=now()),
        then=lambda id: url_for("ratifications.credentials_get", id=id),
        page=lambda: _credentials_page(id, form),
    )


def _challenge_page(id: int, entry_id: int, form: ChallengeForm) -> str:
    row = queries.ratification_for(actor(), id)
    entry = queries.own_entry_for(actor(), row, entry_id)
    raised = [c for c in queries.challenges_of(row) if c.seat == entry.seat]
    return render_template("ratification/challenge.html", row=row, form=form, entry=entry, challenges=raised)


@blueprint.get("/votes/<int:id>/links/<int:entry_id>/challenge")
@allow(Action.SEND_TEXTS)
def challenge_get(id: int, entry_id: int):
    return _challenge_page(id, entry_id, ChallengeForm())


@blueprint.post("/votes/<int:id>/links/<int:entry_id>/challenge")
@allow(Action.SEND_TEXTS)
def challenge_post(id: int, entry_id: int):
    form = ChallengeForm()

    def act() -> int:
        actions.challenge_seat(actor(), id, entry_id, reason=form.reason.data or "", now=now())
        flash(_("The credentials committee decides."))
        return id

    return submit(
        form, act, then=lambda id: url_for("ratifications.challenge_get", id=id, entry_id=entry_id), page=lambda: _challenge_page(id, entry_id, form))
