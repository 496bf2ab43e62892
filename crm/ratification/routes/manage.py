"""The list of votes, drafting one, and the page of one."""

from datetime import timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import get_locale

from crm.assemblies.queries import assembly_for
from crm.assemblies.queries.seats import assemblies_with_seats
from crm.infra.auth import Actor, actor, allow
from crm.infra.clock import now
from crm.infra.web import submit
from crm.kernel.numbers import read_id
from crm.kernel.permissions import Action
from crm.ratification import actions, queries
from crm.ratification.forms import RatificationForm, fresh_values, planned_values, saved_values, tabled_values
from crm.ratification.rules import states
from crm.ratification.rules.planned import planned_rules
from crm.ratification.rules.reports import rule_in_words, said, shown_turnout
from crm.ratification.rules.states import STATES
from crm.tables.queries import proposals_of

blueprint = Blueprint("ratifications", __name__)


@blueprint.app_context_processor
def _words():
    language = str(get_locale() or "en")
    return {
        "said": lambda words: said(words, language),
        "STATES": STATES,
        "KINDS": states.KINDS,
        "CHOICES": states.CHOICES,
        "rule_in_words": rule_in_words,
    }


@blueprint.get("/votes")
@allow(Action.SEE_VOTES)
def ratifications_get():
    page = queries.ratifications_page(actor(), request.args.get("after"))
    return render_template("ratification/list.html", page=page, may_run=actor().may(Action.RUN_VOTES))


def _offered(form: RatificationForm) -> RatificationForm:
    return form.offer(queries.editions_for(actor()), assemblies_with_seats(actor()), str(get_locale()))


def _first_values(who: Actor) -> dict:
    editions, wanted = queries.editions_for(who), request.args.get("edition", type=int)
    chosen = next((e for e in editions if e.id == wanted), editions[0] if editions else None)
    start = now().replace(second=0, microsecond=0)
    values = fresh_values(chosen, start, start + timedelta(days=2), who.time_zone)
    if (assembly_id := read_id(request.args.get("assembly"))) is None:
        return values
    assembly = assembly_for(who, assembly_id)
    has_seats = assembly.id in {offered.id for offered in assemblies_with_seats(who)}
    decisions = sorted(assembly.decisions, key=lambda decision: has_seats and decision["electorate"] != "delegates")
    values |= planned_values(assembly.title, planned_rules(decisions)) | {"members_roll": assembly.id if has_seats else 0}
    return values | (tabled_values([row.titles for row in proposals_of(assembly_id)]) if request.args.get("tabled") else {})


@blueprint.get("/votes/new")
@allow(Action.RUN_VOTES)
def ratification_new_get():
    form = _offered(RatificationForm(data=_first_values(actor())))
    return render_template("ratification/edit.html", form=form, row=None)


@blueprint.post("/votes/new")
@allow(Action.RUN_VOTES)
def ratification_new_post():
    form = _offered(RatificationForm())
    return submit(
        form,
        lambda: actions.draft_ratification(actor(), **form.facts(actor().time_zone), now=now()),
        then=lambda id: url_for("ratifications.opening_get", id=id),
        page=lambda: render_template("ratification/edit.html", form=form, row=None),
    )


@blueprint.get("/votes/<int:id>/draft")
@allow(Action.RUN_VOTES)
def draft_get(id: int):
    row = queries.owned_for(actor(), id)
    if row.state != "draft":
        return redirect(url_for("ratifications.ratification_get", id=id))
    form = _offered(RatificationForm(data=saved_values(row, queries.electorates_of(row), actor().time_zone)))
    return render_template("ratification/edit.html", form=form, row=row)


@blueprint.post("/votes/<int:id>/draft")
@allow(Action.RUN_VOTES)
def draft_post(id: int):
    row, form = queries.owned_for(actor(), id), _offered(RatificationForm())
    return submit(
        form,
        lambda: actions.change_ratification(actor(), id, **form.facts(actor().time_zone), now=now()),
        then=lambda id: url_for("ratifications.opening_get", id=id),
        page=lambda: render_template("ratification/edit.html", form=form, row=row),
    )


@blueprint.get("/votes/<int:id>")
@allow(Action.SEE_VOTES)
def ratification_get(id: int):
    row = queries.ratification_for(actor(), id)
    if row.state in ("closed", "certified"):
        return redirect(url_for("ratifications.results_get", id=id))
    if row.state in ("draft", "preparing"):
        return redirect(url_for("ratifications.opening_get", id=id))
    return render_template("ratification/open.html", row=row, **open_facts(actor(), row))


def open_facts(who: Actor, row) -> dict:
    """What the page of an open vote shows: turnout above a floor, notices, the roll call.

    Never a count of secret ballots.
    """
    electorates = queries.electorates_of(row)
    members = next((e for e in electorates if e.kind in states.PEOPLE), None)
    call = next((e for e in electorates if e.kind == "organizations"), None)
    return {
        "electorates": electorates,
        "planks": row.manifest["planks"],
        "corrections": queries.corrections_of(row),
        "has_open_members": any(e.kind in states.PEOPLE and not e.is_secret for e in electorates),
        "turnout": {e.kind: shown_turnout(queries.turnout_of(e), e.is_secret) for e in electorates},
        "notices": queries.notice_summaries(row),
        "seats": queries.seats_of(call) if call else [],
        "votes": queries.latest_votes(queries.roll_call_of(call.id)) if call else {},
        "candidates": len([c for c in queries.candidates_for(who, members.id) if c.answer == "open"]) if members else 0,
        "is_owner": row.org_id == who.org_id,
        "may_vote": who.may(Action.VOTE_FOR_ORGANIZATION) and queries.has_seat(who, row),
        "has_begun": row.opens_at <= now(),
        "floor": states.TURNOUT_FLOOR,
    }
