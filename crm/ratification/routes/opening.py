"""Opening and closing."""

from flask import redirect, render_template, url_for

from crm.assemblies.queries.seats import seated_count
from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.web import Form, submit
from crm.kernel.permissions import Action
from crm.kernel.refusal import Reason
from crm.ratification import actions, queries
from crm.ratification.actions import elections
from crm.ratification.actions.opening import NOBODY
from crm.ratification.forms.closing import ClosingForm
from crm.ratification.queries.paper import is_on_paper
from crm.ratification.routes.manage import blueprint
from crm.ratification.rules.notice import issues_before_notice
from crm.ratification.rules.referral import referral_in_words
from crm.ratification.rules.states import issues_before_opening, warnings_before_opening

FROM_THE_ROOM = [NOBODY[kind] for kind in ("participants", "attendees")]


def _opening_page(id: int, form: Form) -> str:
    row = queries.owned_for(actor(), id)
    electorates = queries.electorates_of(row)
    stopped = [Reason(r["text"], r["params"]) for r in (row.problem or {}).get("reasons", [])]
    issues = issues_before_opening(actions.plan_of(row), now()) if row.state == "draft" else []
    sizes = {e.key: len(actions.roll_at(e)) for e in electorates if e.kind in ("participants", "attendees")}
    stopped = [reason for reason in stopped if reason.text not in FROM_THE_ROOM]  # said of what is there now, not of the last try
    stopped += [Reason(NOBODY[e.kind]) for e in electorates if sizes.get(e.key) == 0]
    warnings = {e.key: warnings_before_opening(e.kind, e.is_secret) for e in electorates if e.kind != "together"}
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
        seated={e.id: seated_count(e.assembly_id) for e in electorates if e.kind == "delegates"},
        sizes=sizes,
        too_late=issues_before_notice(row.notice_days, row.opens_at, now()),
        asked_outside=referral_in_words(row.referral) if row.referral else (),
        rules={e.id: actions.rule_of(e, electorates) for e in electorates},
        job=queries.opening_job(actor(), row),
        tellers=queries.tellers_of(row),
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
        lambda: elections.open_vote(actor(), id, now=now()),
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
    if row.state not in ("open", "held"):
        return redirect(url_for("ratifications.ratification_get", id=id))
    return _closing_page(id, ClosingForm())


def _closing_page(id: int, form: ClosingForm) -> str:
    row = queries.owned_for(actor(), id)
    return render_template("ratification/closing.html", row=row, form=form, is_early=row.state == "held" or now() < row.closes_at,
                           asks_sheets=row.state == "held" and is_on_paper(row))


@blueprint.post("/votes/<int:id>/closing")
@allow(Action.RUN_VOTES)
def closing_post(id: int):
    form = ClosingForm()
    return submit(
        form,
        lambda: actions.close_ratification(actor(), id, now=now(), reason=form.reason.data or ""),
        then=lambda id: url_for("ratifications.results_get", id=id),
        page=lambda: _closing_page(id, form),
    )


@blueprint.post("/votes/<int:id>/resumption")
@allow(Action.RUN_VOTES)
def resumption_post(id: int):
    form = ClosingForm()
    return submit(
        form,
        lambda: actions.resume(actor(), id, now=now(), reason=form.reason.data or "", sheets=form.sheets.data),
        then=lambda id: url_for("ratifications.ratification_get", id=id),
        page=lambda: _closing_page(id, form),
    )
