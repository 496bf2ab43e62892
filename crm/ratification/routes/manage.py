"""The list of votes, drafting one, and the page of one."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import get_locale

from crm.assemblies.models import Assembly
from crm.assemblies.playbooks import playbook_of
from crm.assemblies.queries import assembly_for
from crm.assemblies.queries.seats import assemblies_with_seats
from crm.infra.auth import Actor, actor, allow
from crm.infra.clock import now
from crm.infra.web import submit
from crm.kernel.numbers import read_id
from crm.kernel.permissions import Action
from crm.ratification import queries
from crm.ratification.actions import elections
from crm.ratification.forms import NO_EDITION, RatificationForm, fresh_values, office_values, planned_values, saved_values, tabled_values
from crm.ratification.models import Ratification
from crm.ratification.queries.assemblies import editions_of_assembly, votes_seen
from crm.ratification.queries.elections import candidates_of, office_for
from crm.ratification.queries.offered import offered_assemblies
from crm.ratification.queries.residents import places_of
from crm.ratification.rules import rolls, states
from crm.ratification.rules.planned import planned_rules
from crm.ratification.rules.quorums import explain_quorums
from crm.ratification.rules.reports import rule_in_words, rule_lines, said, shown_turnout
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
        "rule_lines": rule_lines,
        "explain_quorums": explain_quorums,
    }


@blueprint.get("/votes")
@allow(Action.SEE_VOTES)
def ratifications_get():
    page = queries.ratifications_page(actor(), request.args.get("after"))
    return render_template("ratification/list.html", page=page, may_run=actor().may(Action.RUN_VOTES))


def panel(who: Actor, assembly: Assembly) -> dict[str, list[Ratification]]:
    """What an assembly's page shows: its votes."""
    return {"assembly_votes": votes_seen(who, assembly)}


def _offered(form: RatificationForm) -> RatificationForm:
    who = actor()
    return form.offer(queries.editions_for(who), offered_assemblies(who), queries.offered_rolls(who), places_of(who, owned=True), str(get_locale()))


def _first_values(who: Actor) -> dict:
    editions, wanted = queries.editions_for(who), request.args.get("edition", type=int)
    chosen = next((e for e in editions if e.id == wanted), editions[0] if editions else None)
    start = now().replace(second=0, microsecond=0)
    values = fresh_values(chosen, start, start + timedelta(days=2), who.time_zone)
    if (assembly_id := read_id(request.args.get("assembly"))) is None:
        return values
    assembly = assembly_for(who, assembly_id)
    own = next((e for e in editions if e.id in editions_of_assembly(assembly)), None) if wanted is None else chosen
    values |= {"edition_id": own.id if own else NO_EDITION, "assembly_id": assembly.id if assembly.org_id == who.org_id else 0}  # never another's text
    has_seats = assembly.id in {offered.id for offered in assemblies_with_seats(who)}
    asked = read_id(request.args.get("rule"))  # which of its rules, where it decides by several
    order = sorted(enumerate(assembly.decisions), key=lambda one: (
        one[0] != asked, has_seats and one[1]["electorate"] != "delegates", one[1]["secrecy"] == "open"))
    decisions = [decision for _place, decision in order]
    values |= planned_values(assembly.title, planned_rules(decisions)) | {"members_roll": _first_roll(who, assembly, has_seats, decisions[:1])}
    return values | (tabled_values([row.titles for row in proposals_of(assembly_id)]) if request.args.get("tabled") else {})


def _first_roll(who: Actor, assembly: Assembly, has_seats: bool, decisions: Sequence[Mapping[str, Any]]) -> str:
    """The delegates in their seats; else the roster, in its groups where a rule counts them by themselves; else whoever is checked in, where those
    in the room decide. Everyone on an organization's list only where its members decide."""
    groups = next((groups for offered, _seats, groups in queries.offered_rolls(who) if offered.id == assembly.id), [])
    if has_seats:
        return str(assembly.id)
    if groups:
        return f"{rolls.BOTH if len(groups) > 1 and playbook_of(assembly.kind).officials_vote else rolls.PARTICIPANTS}{assembly.id}"
    of_room = any(d["electorate"] in ("room", "delegates") or d.get("quorum_of") == "room" for d in decisions)
    return f"{rolls.ATTENDEES}{assembly.id}" if of_room and assembly.state in ("announced", "under_way") else "0"


def _values_of_office(who: Actor) -> dict:
    """What a vote on an office begins with: those who stand."""
    if (office_id := read_id(request.args.get("office"))) is None:
        return {}
    election, office = office_for(who, office_id)
    return office_values(election.title, office.title, office.seats, office.method, [each.public_name for each in candidates_of(office_id)])


@blueprint.get("/votes/new")
@allow(Action.RUN_VOTES)
def ratification_new_get():
    form = _offered(RatificationForm(data=_first_values(actor()) | _values_of_office(actor())))
    return render_template("ratification/edit.html", form=form, row=None)


@blueprint.post("/votes/new")
@allow(Action.RUN_VOTES)
def ratification_new_post():
    form = _offered(RatificationForm())
    return submit(
        form,
        lambda: elections.draft_for(actor(), read_id(request.args.get("office")), form.facts(actor().time_zone), now=now()),
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
        lambda: elections.change_drafted(actor(), id, form.facts(actor().time_zone), now=now()),
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
        "has_secret": any(e.is_secret and e.kind in states.PEOPLE for e in electorates),
        "has_open_members": any(e.kind in states.PEOPLE and not e.is_secret for e in electorates),
        "turnout": _turnout(electorates),
        "notices": queries.notice_summaries(row),
        **notice_facts(row),
        "seats": queries.seats_of(call) if call else [],
        "votes": queries.latest_votes(queries.roll_call_of(call.id)) if call else {},
        "candidates": len([c for c in queries.candidates_for(who, members.id) if c.answer == "open"]) if members else 0,
        "challenged": len([c for c in queries.challenges_of(row) if c.answer == "open"]),
        "is_owner": row.org_id == who.org_id,
        "may_vote": who.may(Action.VOTE_FOR_ORGANIZATION) and queries.has_seat(who, row),
        "has_begun": row.opens_at <= now(),
        "floor": states.TURNOUT_FLOOR,
    }


def notice_facts(row) -> dict:
    """What the ledgers of sending prove, where the rule asks for notice."""
    report = queries.notice_report(row)
    return {"notice_given": report, "ledgers": [(name, n.told, n.ledger_hash) for name, n in queries.notice_summaries(row)] if report else []}


def _turnout(electorates) -> dict[str, int | None]:
    """How many have voted by electorate; while a group is too small to be shown, neither is the sum that would tell it."""
    found = {e.key: shown_turnout(queries.turnout_of(e), e.is_secret) for e in electorates}
    if "together" in found and any(found[e.key] is None for e in electorates if e.kind in states.PEOPLE):
        found["together"] = None
    return found
