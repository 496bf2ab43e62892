"""What an organizer writes down after asking somebody: the attempt, and the answer if there was one."""

from datetime import datetime

from crm.infra.auth import Actor
from crm.kernel.refusal import Missing, Refused
from crm.turnout import rules
from crm.turnout.actions.answers import change_rsvp, invite, record_answer
from crm.turnout.actions.asks import note_ask
from crm.turnout.models import Rsvp
from crm.turnout.queries import rsvp_for
from crm.turnout.rules import Answer


def ask(actor: Actor, rsvp_id: int, outcome: str, *, how: str = "call", now: datetime) -> Rsvp:
    """One attempt with somebody on the list: an answer moves their RSVP, reaching nobody moves nothing."""
    if outcome not in rules.ANSWER_OF and outcome not in rules.UNHEARD:
        raise Missing()
    rsvp = rsvp_for(actor, rsvp_id, lock=True)
    if outcome in rules.ANSWER_OF:
        rsvp = change_rsvp(actor, rsvp_id, Answer(rules.ANSWER_OF[outcome]), source="staff", now=now)
    note_ask(actor, rsvp.assembly_id, rsvp.person_id, how=how, outcome=outcome, now=now)
    return rsvp


def ask_in_full(actor: Actor, assembly_id: int, person_id: int, answer: Answer, *, how: str, outcome: str = "", now: datetime) -> None:
    """An attempt with one of the actor's own people, on the list or not: what they said and need, or that nobody was reached."""
    if how not in rules.WAYS:
        raise Refused(rules.HOW_NEEDED)
    if outcome in rules.UNHEARD:
        invite(actor, assembly_id, [person_id], now=now)
        note_ask(actor, assembly_id, person_id, how=how, outcome=outcome, now=now)
        return
    rsvp = record_answer(actor, assembly_id, person_id, answer, source="staff", now=now)
    if settled := rules.outcome_after(answer.word, rsvp.state):
        note_ask(actor, assembly_id, person_id, how=how, outcome=settled, now=now)
