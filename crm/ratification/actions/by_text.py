"""Voting by text, only where the electorate was declared not secret: bound to the roll, read back, confirmed, changed until the close
where the rule says so. A text never carries a tracker; a secret ballot is answered with the link to the member's own page."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from crm.assemblies.queries.rosters import coded_seats
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.infra.links import issue_link_id
from crm.kernel.phone import read_phone
from crm.kernel.refusal import Reason, Refused
from crm.outreach.actions.replies import Turn
from crm.outreach.rules.replies.questions import Question
from crm.people.models import Phone
from crm.ratification.actions.open_voting import cast_open_vote
from crm.ratification.models import Electorate, Ratification, RollEntry
from crm.ratification.queries import is_struck, votes_of_seat
from crm.ratification.rules import by_text as rules
from crm.ratification.rules.reports import said
from crm.ratification.rules.states import LINK_LIFE, PEOPLE, may_cast


def answer_ballot(actor: Actor, person_id: int, question: Question, reading: Any, *, now: datetime) -> Turn | None:
    """A reply to the notice of a vote, to one of its planks or to the reading back; None when it is about something else."""
    row = _vote_of(question)
    entries = _entries_on_phone(actor, row, person_id) if row else []
    mine = next((entry for entry in entries if entry.person_id == person_id), None)
    return _answer(actor, row, entries, mine, question, reading, now) if row else None


def answer_by_number(actor: Actor, phone: str, question: Question, reading: Any, *, now: datetime) -> Turn | None:
    """The same from a number that no record has: the one seat, known by a code, whose holder gave that number when they were drawn by lot."""
    row = _vote_of(question)
    entries = _coded_on_phone(actor, row, phone) if row else []
    return _answer(actor, row, entries, entries[0], question, reading, now) if row and len(entries) == 1 else None


def _vote_of(question: Question) -> Ratification | None:
    return session().scalar(select(Ratification).where(Ratification.id == int(str(question.facts["id"])), Ratification.poll_id.is_not(None)))


def _answer(
    actor: Actor, row: Ratification, entries: list[RollEntry], mine: RollEntry | None, question: Question, reading: Any, now: datetime
) -> Turn | None:
    electorate = session().scalar(select(Electorate).where(Electorate.id == mine.electorate_id)) if mine else None
    begins = "choices" not in question.facts
    if mine is None or electorate is None or begins and not rules.wishes_to_vote(reading.body):
        return None
    if electorate.is_secret or len(entries) > 1:
        return _to_the_page(actor, row, electorate, mine, now)
    if refusal := may_cast(row.state, row.opens_at, row.closes_at, now, is_struck(electorate.id, mine.seat)):
        return Turn(refusal.reasons)
    if begins:
        return _begin(row, electorate, mine, reading.language)
    choices = {int(plank): str(choice) for plank, choice in dict(question.facts["choices"]).items()}
    if question.kind == "review":
        return _confirm(actor, row, mine, choices, question, reading, now)
    return _next(row, choices, question, reading)


def _entries_on_phone(actor: Actor, row: Ratification, person_id: int) -> list[RollEntry]:
    """The vote's seats of everyone of the organization who has one of this person's phones."""
    other = aliased(Phone)
    sharing = select(Phone.person_id).join(other, (other.org_id == Phone.org_id) & (other.e164 == Phone.e164)).where(other.person_id == person_id)
    rolls = select(Electorate.id).where(Electorate.ratification_id == row.id, Electorate.kind.in_(PEOPLE))
    return list(session().scalars(select(RollEntry).where(
        RollEntry.electorate_id.in_(rolls), RollEntry.partner_id == actor.org_id, RollEntry.person_id.in_(sharing))))


def _coded_on_phone(actor: Actor, row: Ratification, phone: str) -> list[RollEntry]:
    """The vote's seats without a record that gave this number; only the convener has it, and only while the invitations are kept."""
    rolls = select(Electorate.id).where(Electorate.ratification_id == row.id, Electorate.kind.in_(PEOPLE))
    places = RollEntry.electorate_id.in_(rolls), RollEntry.partner_id == actor.org_id, RollEntry.participant_id.is_not(None)
    entries = session().scalars(select(RollEntry).where(*places)).all()
    coded = coded_seats({entry.participant_id for entry in entries if entry.participant_id})
    return [entry for entry in entries if entry.participant_id in coded and read_phone(coded[entry.participant_id].phone) == phone]


def _to_the_page(actor: Actor, row: Ratification, electorate: Electorate, entry: RollEntry, now: datetime) -> Turn:
    link_id = issue_link_id(row.org_id, "ballot", entry.id, expires_at=row.closes_at + LINK_LIFE, now=now, partner_id=actor.org_id)
    words = rules.SECRET if electorate.is_secret else rules.SHARED
    return Turn(Reason(words, {"link": f"[[link:{link_id}]]"}))


def _begin(row: Ratification, electorate: Electorate, entry: RollEntry, language: str) -> Turn:
    """Says first what an open vote is, then the first plank; whose vote is final is told so."""
    there = votes_of_seat(electorate.id, entry.seat)
    if there and not electorate.may_change:
        return Turn(_is_in(row, entry, {plank: vote.choice for plank, vote in there.items()}))
    opening = Reason(rules.OPEN, {"title": said(row.title, language), "seat": entry.seat + 1})
    return Turn((opening, _plank(row, 1, language)), Question("ballot", {"id": row.id, "choices": {}}))


def _planks(row: Ratification) -> list[dict[str, Any]]:
    return (row.manifest or {})["planks"]


def _plank(row: Ratification, place: int, language: str) -> Reason:
    planks = _planks(row)
    return Reason(rules.PLANK, {"n": place, "all": len(planks), "title": said(planks[place - 1]["titles"], language)})


def _is_in(row: Ratification, entry: RollEntry, choices: Mapping[int, str]) -> Reason:
    return Reason(rules.IS_IN, {"votes": rules.read_back(_planks(row), choices), "seat": entry.seat + 1})


def _again(question: Question, words: str) -> Turn | None:
    """Asks once more; after that a person looks."""
    return None if question.facts.get("tried") else Turn(Reason(words), Question(question.kind, {**_lasting(question), "tried": 1}))


def _lasting(question: Question) -> dict[str, object]:
    return {name: question.facts[name] for name in ("id", "choices")}


def _next(row: Ratification, choices: dict[int, str], question: Question, reading: Any) -> Turn | None:
    choice, planks = rules.choice_in(reading.body), _planks(row)
    if choice is None:
        return None if reading.intent == "question" else _again(question, rules.NOT_ONE)
    choices[planks[len(choices)]["number"]] = choice
    facts = {"id": row.id, "choices": {str(plank): each for plank, each in choices.items()}}
    if len(choices) < len(planks):
        return Turn(_plank(row, len(choices) + 1, reading.language), Question("ballot", facts))
    return Turn(Reason(rules.REVIEW, {"votes": rules.read_back(planks, choices)}), Question("review", facts))


def _confirm(
    actor: Actor, row: Ratification, entry: RollEntry, choices: dict[int, str], question: Question, reading: Any, now: datetime
) -> Turn | None:
    """Only the confirmation casts; whatever else comes is asked about once more."""
    if rules.wants_change(reading.body):
        return Turn(_plank(row, 1, reading.language), Question("ballot", {"id": row.id, "choices": {}}))
    if not rules.is_cast(reading.body):
        return None if reading.intent == "question" else _again(question, rules.NOT_CAST)
    try:
        cast = cast_open_vote(actor, entry.id, choices, via="text", now=now)
    except Refused as refused:
        return Turn(refused.reasons)
    electorate = session().scalars(select(Electorate).where(Electorate.id == entry.electorate_id)).one()
    words = (_is_in(row, entry, cast), *([Reason(rules.MAY_CHANGE)] if electorate.may_change else []))
    return Turn(words)
