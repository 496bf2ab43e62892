"""Recommending, handing over, noting what was answered, and following what happens then."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, select

from crm.accountability import queries
from crm.accountability.actions.commitments import own_assembly, target_named
from crm.accountability.models import DraftFeedback, Milestone, OfficialResponse, Recommendation
from crm.accountability.rules import answers as rules
from crm.assemblies.rules.times import day_in
from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.kernel.refusal import N_, Reason, Refused
from crm.platforms.models import Edition, Platform
from crm.platforms.queries import edition_numbered, platform_of_owner
from crm.platforms.rules import in_language

PLAIN = ("title", "text", "owner", "delivered_on", "due_on")


def _today(row: Recommendation, now: datetime) -> date:
    return day_in(now, queries.zone_of(row.org_id, row.assembly_id))


def _tell(actor: Actor, verb: str, row: Recommendation, now: datetime, title: str | None = None) -> None:
    session().flush()
    said = in_language(row.title, "en", "en") if title is None else title
    audit.record(actor, verb, now=now, subject=("recommendation", row.id), after={"title": said[:200]})


def add_recommendation(actor: Actor, assembly_id: int | None, typed: Mapping[str, Any], *, now: datetime) -> int:
    """Writes a recommendation to a decision-maker; with a day of handing over it is public, without one ours alone."""
    assembly = own_assembly(actor, assembly_id)
    today = day_in(now, assembly.time_zone if assembly else queries.zone_of(actor.org_id, None))
    if issues := rules.issues_in_recommendation(typed, today):
        raise Refused(issues)
    target = target_named(actor, typed["target"], typed["kind"])
    row = Recommendation(
        org_id=actor.org_id, id=new_id(), target_id=target.id, assembly_id=assembly_id, **{name: typed[name] for name in PLAIN})
    session().add(row)
    _tell(actor, "recommendation.written", row, now)
    return row.id


def edit_recommendation(actor: Actor, id: int, typed: Mapping[str, Any], *, now: datetime) -> int:
    """Changes a recommendation; once it is handed over its words and its day stay, and only who carries it can change."""
    row = queries.recommendation_to_run(actor, id, lock=True)
    if row.delivered_on:
        row.owner = typed["owner"]
    else:
        if issues := rules.issues_in_recommendation(typed, _today(row, now)):
            raise Refused(issues)
        row.target_id = target_named(actor, typed["target"], typed["kind"]).id
        for name in PLAIN:
            setattr(row, name, typed[name])
    _tell(actor, "recommendation.edited", row, now)
    return id


def ask_planks(actor: Actor, platform_id: int, planks: Iterable[int], typed: Mapping[str, Any], *, now: datetime) -> int:
    """Brings ratified planks before a decision-maker, one recommendation for each; those already brought stay. Returns how many are new."""
    platform = platform_of_owner(actor, platform_id)
    content = _ratified(actor, platform).content["planks"]
    chosen, today = set(planks), day_in(now, queries.zone_of(actor.org_id, platform.assembly_id))
    wanted = [plank for plank in content if plank["plank_id"] in chosen]
    issues = rules.issues_in_handing_over(typed["target"], typed["delivered_on"], typed["due_on"], today)
    if not wanted:
        issues.insert(0, Reason(N_("Choose at least one plank."), {}, "planks"))
    if issues:
        raise Refused(issues)
    target = target_named(actor, typed["target"], typed["kind"])
    there = set(session().scalars(select(Recommendation.plank_id).where(Recommendation.target_id == target.id)))
    fresh = [plank for plank in wanted if plank["plank_id"] not in there]
    for plank in fresh:
        row = Recommendation(
            org_id=actor.org_id, id=new_id(), target_id=target.id, assembly_id=platform.assembly_id, plank_id=plank["plank_id"], title=plank["titles"],
            text=plank["texts"], owner=typed["owner"], delivered_on=typed["delivered_on"], due_on=typed["due_on"],
        )
        session().add(row)
        _tell(actor, "recommendation.written", row, now)
    return len(fresh)


def _ratified(actor: Actor, platform: Platform) -> Edition:
    if platform.ratified_edition is None:
        raise Refused(N_("Only ratified planks can be brought before a decision-maker."))
    edition = edition_numbered(actor, platform.id, platform.ratified_edition)
    kept = [plank for plank in edition.content["planks"] if edition.outcomes.get(str(plank["plank_id"])) == "ratified"]
    return Edition(content={"planks": kept})


def ratified_planks(actor: Actor, platform: Platform) -> list[dict[str, Any]]:
    """The planks of a platform that were ratified, as the edition has them."""
    return _ratified(actor, platform).content["planks"]


def deliver(actor: Actor, id: int, delivered_on: date | None, due_on: date | None, *, now: datetime) -> int:
    """Says that it was handed over: from then on it is public, and the answer is owed."""
    row = queries.recommendation_to_run(actor, id, lock=True)
    if row.delivered_on:
        raise Refused(N_("It was handed over already."))
    issues = rules.issues_in_handing_over("-", delivered_on, due_on, _today(row, now))
    if delivered_on is None:
        issues.insert(0, Reason(N_("Write the day on which it was handed over."), {}, "delivered_on"))
    if issues:
        raise Refused(issues)
    row.delivered_on, row.due_on = delivered_on, due_on
    _tell(actor, "recommendation.delivered", row, now)
    return id


def remove_recommendation(actor: Actor, id: int, *, now: datetime) -> int | None:
    """Takes one out that was never handed over; returns its assembly."""
    row = queries.recommendation_to_run(actor, id, lock=True)
    if row.delivered_on:
        raise Refused(N_("It was handed over, so it stays, answered or not."))
    for part in (Milestone, DraftFeedback):
        session().execute(delete(part).where(part.recommendation_id == id))
    session().delete(row)
    session().flush()
    audit.record(actor, "recommendation.removed", now=now, subject=("recommendation", id))
    return row.assembly_id


def note_feedback(actor: Actor, id: int, said_by: str, words: str, existing: str, *, now: datetime) -> int:
    """Writes down what staff said of a draft, and which law or program it would repeat."""
    row = queries.recommendation_to_run(actor, id, lock=True)
    if issues := rules.issues_in_feedback(said_by, words, row.delivered_on):
        raise Refused(issues)
    session().add(DraftFeedback(org_id=row.org_id, recommendation_id=id, said_by=said_by, said_on=_today(row, now), words=words, existing=existing))
    _tell(actor, "recommendation.commented", row, now)
    return id


def note_response(actor: Actor, id: int, typed: Mapping[str, Any], *, now: datetime) -> int:
    """Writes down what was answered; an answer that comes after another takes its place, and both are kept."""
    row = queries.recommendation_to_run(actor, id, lock=True)
    if issues := rules.issues_in_answer(typed, row.delivered_on, _today(row, now)):
        raise Refused(issues)
    last = session().scalar(select(func.max(OfficialResponse.number)).where(OfficialResponse.recommendation_id == id)) or 0
    session().add(OfficialResponse(
        org_id=row.org_id, recommendation_id=id, number=last + 1,
        **{name: typed[name] for name in ("verdict", "reason", "answered_by", "document", "answered_on")},
    ))
    row.verdict, row.answered_on = typed["verdict"], typed["answered_on"]
    _tell(actor, "recommendation.answered", row, now)
    return id


def take_back(actor: Actor, id: int, *, now: datetime) -> int:
    """Undoes the last step: the last response, noted by mistake, or today's handing over."""
    row = queries.recommendation_to_run(actor, id, lock=True)
    responses = queries.responses_of(row)
    if responses:
        session().delete(responses[0])
        before = responses[1] if len(responses) > 1 else None
        row.verdict, row.answered_on = (before.verdict, before.answered_on) if before else ("", None)
        _tell(actor, "recommendation.response_undone", row, now)
    elif rules.may_take_delivery_back(row.delivered_on, row.verdict, row.outcome_id is not None, _today(row, now)):
        row.delivered_on = None
        _tell(actor, "recommendation.delivery_undone", row, now)
    else:
        raise Refused(N_("It was handed over, so it stays, answered or not."))
    return id


def set_milestone(actor: Actor, id: int, title: str, due_on: date | None, *, now: datetime) -> int:
    """Adds a step with its day."""
    row = queries.recommendation_to_run(actor, id, lock=True)
    if issues := rules.issues_in_milestone(title, due_on):
        raise Refused(issues)
    step = Milestone(org_id=row.org_id, id=new_id(), recommendation_id=id, title=title, due_on=due_on)
    session().add(step)
    _tell(actor, "milestone.set", row, now, title)
    return step.id


def move_milestone(actor: Actor, id: int, milestone_id: int, state: str, *, now: datetime) -> int:
    """Moves a step to another state, also back."""
    row = queries.recommendation_to_run(actor, id, lock=True)
    step = queries.milestone_for(row, milestone_id, lock=True)
    if state not in rules.STEPS:
        raise Refused(N_("Choose how far it is."))
    step.state, step.done_on = state, _today(row, now) if state == "done" else None
    _tell(actor, "milestone.moved", row, now, step.title)
    return id
