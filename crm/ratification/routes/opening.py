"""Opening, closing, certifying, and the credentials committee."""

from flask import redirect, render_template, url_for

from crm.assemblies.queries.seats import seated_count
from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.web import Form, submit
from crm.kernel.permissions import Action
from crm.kernel.refusal import Reason
from crm.ratification import actions, queries
from crm.ratification.forms import CandidateForm, ClosingForm
from crm.ratification.routes.manage import blueprint
from crm.ratification.rules.states import issues_before_opening, warnings_before_opening


def _opening_page(id: int, form: Form) -> str:
    row = queries.owned_for(actor(), id)
    electorates = queries.electorates_of(row)
    stopped = [Reason(r["text"], r["params"]) for r in (row.problem or {}).get("reasons", [])]
    issues = issues_before_opening(actions.plan_of(row), now()) if row.state == "draft" else []
    warnings = {e.kind: warnings_before_opening(e.kind, e.is_secret) for e in electorates}
    return render_template(
        "ratification/opening.html",
        row=row,
        form=form,
        edition=queries.edition_of(row),
        electorates=electorates,
        issues=issues,
        stopped=[reason for reason in stopped if reason not in issues],
        warnings=warnings,
        organizations=queries.organizations_of(row),
        seated={e.id: seated_count(e.assembly_id) for e in electorates if e.assembly_id},
        job=queries.opening_job(actor(), row),
    )


@blueprint.get("/votes/<int:id>/opening")
@allow(Action.RUN_VOTES)
def opening_get(id: int):
    if queries.owned_for(actor(), id).state not in ("draft", "preparing"):
        return redirect(url_for("ratifications.ratification_get", id=id))
    return _opening_page(id, Form())


@blueprint.post("/votes/<int:id>/opening")
@allow(Action.RUN_VOTES)
def opening_post(id: int):
    form = Form()
    return submit(
        form,
        lambda: actions.begin_opening(actor(), id, now=now()),
        then=lambda _job: url_for("ratifications.opening_get", id=id),
        page=lambda: _opening_page(id, form),
    )


@blueprint.post("/votes/<int:id>/opening/withdrawal")
@allow(Action.RUN_VOTES)
def withdrawal_post(id: int):
    form = Form()
    return submit(
        form,
        lambda: actions.return_to_draft(actor(), id, now=now()),
        then=lambda id: url_for("ratifications.opening_get", id=id),
        page=lambda: _opening_page(id, form),
    )


@blueprint.get("/votes/<int:id>/closing")
@allow(Action.RUN_VOTES)
def closing_get(id: int):
    row = queries.owned_for(actor(), id)
    if row.state != "open":
        return redirect(url_for("ratifications.ratification_get", id=id))
    return render_template("ratification/closing.html", row=row, form=ClosingForm(), is_early=now() < row.closes_at)


@blueprint.post("/votes/<int:id>/closing")
@allow(Action.RUN_VOTES)
def closing_post(id: int):
    row, form = queries.owned_for(actor(), id), ClosingForm()
    return submit(
        form,
        lambda: actions.close_ratification(actor(), id, now=now(), reason=form.reason.data or ""),
        then=lambda id: url_for("ratifications.results_get", id=id),
        page=lambda: render_template("ratification/closing.html", row=row, form=form, is_early=now() < row.closes_at),
    )


@blueprint.post("/votes/<int:id>/certificate")
@allow(Action.RUN_VOTES)
def certificate_post(id: int):
    form = Form()
    return submit(
        form,
        lambda: actions.certify(actor(), id, now=now()),
        then=lambda id: url_for("ratifications.certificate_get", id=id),
        page=lambda: redirect(url_for("ratifications.results_get", id=id)),
    )


def _credentials_page(id: int, form: CandidateForm) -> str:
    row = queries.owned_for(actor(), id)
    members = next((e for e in queries.electorates_of(row) if e.kind == "members"), None)
    candidates = queries.candidates_for(actor(), members.id) if members else []
    names = {organization.id: organization.name for organization in queries.voting_organizations(row.org_id)}
    return render_template("ratification/credentials.html", row=row, form=form, candidates=candidates, names=names)


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
