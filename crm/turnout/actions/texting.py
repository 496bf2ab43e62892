"""What people tell turnout by text: whether they come and with whom, what they need and where from, and that they are here."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from crm.assemblies.models import Assembly, AssemblySession
from crm.assemblies.queries import assembly_for
from crm.assemblies.rules import in_language
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.refusal import N_, Missing, Reason, Refused
from crm.outreach.actions.replies import Turn
from crm.outreach.rules.replies.places import pick_up_in
from crm.outreach.rules.replies.questions import Question
from crm.outreach.rules.replies.supports import ages_in, language_needed
from crm.outreach.rules.replies.words import first_number, plain
from crm.people.models import Person
from crm.turnout import rules
from crm.turnout.actions.answers import invite, record_answer, words_of
from crm.turnout.actions.attendances import CheckIn
from crm.turnout.actions.check_ins import check_in
from crm.turnout.models import Rsvp, Support
from crm.turnout.queries import Sitting, care_of
from crm.turnout.rules import Answer

_WORDS = {"yes": "yes", "late": "yes", "maybe": "maybe", "no": "no", "supports": None}
_NO_DETAIL = frozenset({"question", "no", "maybe", "moved", "here", "stop"})
NOTED = N_("Thank you, we wrote it down.")


def handle_reply(
    actor: Actor, person_id: int, assembly_id: int, reading: Any, *, now: datetime, is_confirming: bool = False
) -> Turn | None:
    """A reply to a text about an assembly: the short answer and what must still be asked, or None when a person must look."""
    if reading.intent not in _WORDS or not reading.is_sure:
        return None
    supports = dict(reading.supports)
    hours = _hours(actor, assembly_id, reading.body, is_asked=False) if "childcare" in supports else None
    answer = Answer(_WORDS[reading.intent], reading.guests, supports, details=_details(person_id, supports, dict(reading.details)), hours=hours)
    try:
        rsvp = record_answer(actor, assembly_id, person_id, answer, source="text", now=now, is_confirming=is_confirming)
    except (Missing, Refused):
        return None  # the assembly is over or the person is gone: the inbox shows the text to a person
    title, when = words_of(actor, rsvp, reading.language or rsvp.language)
    thanks = rules.thanks(rsvp.state, rsvp.guests, bool(supports), title, when)
    return None if thanks is None else _asking(rsvp, thanks, supports)


def handle_confirmation(actor: Actor, person_id: int, assembly_id: int, reading: Any, *, now: datetime) -> Turn | None:
    """A reply to a text that asked whether they are still coming: a yes confirms."""
    return handle_reply(actor, person_id, assembly_id, reading, now=now, is_confirming=True)


def _details(person_id: int, supports: dict[str, int], said: dict[str, str]) -> dict[str, str]:
    """What is known of each support; who reads Spanish needs Spanish, unless they named another language."""
    if "interpretation" in supports and "interpretation" not in said:
        spoken = session().scalar(select(Person.language).where(Person.id == person_id))
        said |= {"interpretation": "Spanish"} if spoken == "es" else {}
    return {kind: words for kind, words in said.items() if kind in supports}


def _asking(rsvp: Rsvp, said: Reason, only: dict[str, int] | None = None) -> Turn:
    """Says that, and asks about the next support of which too little is known; of those just asked for, if `only` names them."""
    rows = session().execute(select(Support.kind, Support.detail, Support.hours).where(Support.rsvp_id == rsvp.id)).all()
    known = {row.kind: row.detail for row in rows if only is None or row.kind in only}
    if "childcare" in known and _must_ask_hours(rsvp, next(row.hours for row in rows if row.kind == "childcare")):
        known[rules.HOURS] = ""
    kind = rules.next_need(known)
    if kind is None:
        return Turn(said)
    return Turn((said, Reason(rules.ASKED[kind])), Question("support", {"assembly_id": rsvp.assembly_id, "support": kind}))


def _must_ask_hours(rsvp: Rsvp, hours: list[list[int]] | None) -> bool:
    """A session that is one slot needs no question."""
    return not hours and len(care_of(rsvp.assembly_id, "UTC").slots) > 1


def _hours(actor: Actor, assembly_id: int, body: str, is_asked: bool = True) -> list[list[int]] | None:
    care = care_of(assembly_id, assembly_for(actor, assembly_id).time_zone)
    return rules.hours_said(body, care.slots, care.local, is_asked)


def _answer_hours(actor: Actor, person_id: int, assembly_id: int, reading: Any, now: datetime) -> Turn | None:
    """When the children come; None where the text tells no hours, or there is no wish any more."""
    hours = None if reading.intent in _NO_DETAIL else _hours(actor, assembly_id, reading.body)
    rsvp_id = invite(actor, assembly_id, [person_id], now=now)[person_id]
    there = session().scalar(select(Support.quantity).where(Support.rsvp_id == rsvp_id, Support.kind == "childcare"))
    if not hours or there is None:
        return None
    answer = Answer(None, None, {"childcare": there}, hours=hours)
    return _asking(record_answer(actor, assembly_id, person_id, answer, source="text", now=now), Reason(NOTED))


def answer_support(actor: Actor, person_id: int, question: Question, reading: Any, *, now: datetime) -> Turn | None:
    """The answer to what a support still needed: where from, which language, how many children and how old."""
    kind, assembly_id = str(question.facts["support"]), int(str(question.facts["assembly_id"]))
    if kind == rules.HOURS:
        return _answer_hours(actor, person_id, assembly_id, reading, now)
    detail, count = _detail(kind, reading)
    if not detail:
        return None
    rsvp_id = invite(actor, assembly_id, [person_id], now=now)[person_id]
    there = session().scalar(select(Support.quantity).where(Support.rsvp_id == rsvp_id, Support.kind == kind))
    if there is None:
        return None  # taken back meanwhile
    answer = Answer(None, None, {kind: count or there}, details={kind: detail})
    try:
        rsvp = record_answer(actor, assembly_id, person_id, answer, source="text", now=now)
    except (Missing, Refused):
        return None
    return _asking(rsvp, Reason(NOTED))


def _detail(kind: str, reading: Any) -> tuple[str, int | None]:
    """(what was said, for how many or none); nothing when it answers something else."""
    words, text = " ".join(reading.body.split())[:200], plain(reading.body)
    if kind == "childcare":
        ages = ages_in(reading.body) or ages_in(f"kids {reading.body}")
        count = dict(reading.supports).get("childcare") or len(ages) or first_number(text)
        return (", ".join(map(str, ages)) or words, count) if count and count <= 12 else ("", None)
    if reading.intent in _NO_DETAIL or not words:
        return "", None
    if kind == "interpretation":
        return language_needed(text) or (words if len(words.split()) <= 3 else ""), None
    return pick_up_in(reading.body) or words, None


# At the door -----------------------------------------------------------------------------------------------------


def arrive(actor: Actor, person_id: int, *, now: datetime) -> Turn | None:
    """Somebody says by text that they are here: written down once, if a session they may come to is on; else a person must look."""
    sitting = _sitting_now(actor, person_id, now)
    if sitting is None:
        return None
    rsvp_id = invite(actor, sitting.assembly_id, [person_id], now=now)[person_id]
    outcome = check_in(actor, sitting, CheckIn(key=f"text:{sitting.id}:{rsvp_id}", rsvp_id=rsvp_id), now=now)
    if outcome.result not in ("in", "already"):
        return None
    known = session().execute(select(Person.given_name, Person.language).where(Person.id == person_id)).one()
    is_new = outcome.result == "in" and outcome.at == now
    return Turn(Reason(rules.CHECKED_IN if is_new else rules.ALREADY_IN, {"name": known[0], "title": in_language(sitting.title, known[1])}))


def _sitting_now(actor: Actor, person_id: int, now: datetime) -> Sitting | None:
    """The session that is on: of those they answered for, the one nearest to its beginning; else the only one there is."""
    mine = select(Rsvp.assembly_id).where(Rsvp.partner_id == actor.org_id, Rsvp.person_id == person_id)
    rows = session().execute(
        select(AssemblySession, Assembly, Assembly.id.in_(mine)).join(Assembly, Assembly.id == AssemblySession.assembly_id)
        .where(AssemblySession.starts_at <= now + rules.OPEN_BEFORE, AssemblySession.ends_at >= now, Assembly.state != "cancelled")
        .order_by(AssemblySession.starts_at.desc(), AssemblySession.id)
    ).all()
    near = [(sitting, assembly, known) for sitting, assembly, known in rows if _may_come(actor, assembly.id)]
    chosen = next((one for one in near if one[2]), near[0] if len({assembly.id for _, assembly, _ in near}) == 1 else None)
    if chosen is None:
        return None
    sitting, assembly, _known = chosen
    return Sitting(0, "", sitting.id, assembly.org_id, assembly.id, assembly.title, assembly.goal, assembly.time_zone, sitting.starts_at,
                   sitting.ends_at, sitting.ends_at)


def _may_come(actor: Actor, assembly_id: int) -> bool:
    try:
        return assembly_for(actor, assembly_id) is not None
    except Missing:
        return False
