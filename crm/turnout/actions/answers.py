"""Answers of one person for one assembly: by text, on the member's own page, or written down by an organizer."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime, format_time
from sqlalchemy import func, select

from crm.assemblies.models import Assembly, AssemblySession
from crm.assemblies.queries import assembly_for, main_session, sessions_of
from crm.assemblies.rules import in_language
from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.infra.links import issue_link_rows, token_of, url_of
from crm.infra.look import DAY, REGIONS
from crm.kernel.names import fold
from crm.kernel.refusal import Refused
from crm.people.models import Person
from crm.people.queries import person_for
from crm.turnout import rules
from crm.turnout.actions.asks import settle_ask
from crm.turnout.models import Rsvp, Support
from crm.turnout.queries import rsvp_for
from crm.turnout.rules import Answer

AFTER_THE_DAY = timedelta(days=2)


def invite(actor: Actor, assembly_id: int, person_ids: Iterable[int], *, now: datetime) -> dict[int, int]:
    """Puts the actor's own people on the list as invited, and returns person id → RSVP id; twice does nothing more."""
    assembly = assembly_for(actor, assembly_id)
    wanted = set(person_ids)
    there = dict(
        session()
        .execute(
            select(Rsvp.person_id, Rsvp.id).where(
                Rsvp.assembly_id == assembly_id, Rsvp.partner_id == actor.org_id, Rsvp.person_id.in_(wanted)
            )
        )
        .all()
    )
    people = session().scalars(select(Person).where(Person.org_id == actor.org_id, Person.id.in_(wanted - set(there))))
    fresh = [_new(actor, assembly, person, now) for person in people]
    session().add_all(fresh)
    session().flush()
    return there | {rsvp.person_id: rsvp.id for rsvp in fresh}


def _new(actor: Actor, assembly: Assembly, person: Person, now: datetime) -> Rsvp:
    name = rules.door_name(person.given_name, person.family_name)
    return Rsvp(
        org_id=assembly.org_id,
        partner_id=actor.org_id,
        assembly_id=assembly.id,
        person_id=person.id,
        door_name=name,
        door_folded=fold(name).replace(".", ""),
        language=person.language,
        asked_at=now,
        state="invited",
        guests=0,
        source="staff",
    )


def record_answer(
    actor: Actor,
    assembly_id: int,
    person_id: int,
    answer: Answer,
    *,
    source: str,
    now: datetime,
    is_confirming: bool = False,
) -> Rsvp:
    """Takes down what one of the actor's own people said; the first word of a person puts them on the list."""
    person_for(actor, person_id)
    _refuse(assembly_for(actor, assembly_id), answer)
    return change_rsvp(
        actor,
        invite(actor, assembly_id, [person_id], now=now)[person_id],
        answer,
        source=source,
        now=now,
        is_confirming=is_confirming,
    )


def change_rsvp(
    actor: Actor, rsvp_id: int, answer: Answer, *, source: str, now: datetime, is_confirming: bool = False
) -> Rsvp:
    """Moves an RSVP by an answer: its state, guests and supports, with an event on the person's timeline for each."""
    rsvp = rsvp_for(actor, rsvp_id, lock=True)
    assembly = assembly_for(actor, rsvp.assembly_id)
    _refuse(assembly, answer)
    word = "confirm" if is_confirming and answer.word == "yes" else answer.word
    if source != "staff":
        word = rules.heard_word(rsvp.state, rsvp.answered_at, word, now)
    before = {"state": rsvp.state, "guests": rsvp.guests}
    _move(rsvp, rules.next_rsvp(rsvp.state, word), answer.guests, source, now)
    if source != "staff" and (outcome := rules.outcome_after(word, rsvp.state)):
        settle_ask(actor, rsvp.assembly_id, rsvp.person_id, outcome, now=now)
    changed = _write_supports(rsvp, answer, now)
    session().flush()
    _tell(actor, rsvp, before, changed, in_language(assembly.title, "en"), now)
    return rsvp


def _refuse(assembly: Assembly, answer: Answer) -> None:
    if refusal := rules.may_answer(assembly.state):
        raise Refused(refusal)
    if issues := rules.issues_before_answer(answer):
        raise Refused(issues)


def _move(rsvp: Rsvp, state: str, guests: int | None, source: str, now: datetime) -> None:
    if state != rsvp.state:
        if rsvp.answered_at is None or state != "confirmed" or rsvp.state != "yes":
            rsvp.answered_at = now  # a confirmation keeps the day of the yes
        rsvp.confirmed_at = now if state == "confirmed" else None
        rsvp.state, rsvp.source = state, source
    if guests is not None:
        rsvp.guests = guests


def _write_supports(rsvp: Rsvp, answer: Answer, now: datetime) -> list[str]:
    """Writes wishes by kind; none of a kind takes the wish back unless somebody has planned it."""
    if not answer.supports:
        return []
    there = {
        row.kind: row for row in session().scalars(select(Support).where(Support.rsvp_id == rsvp.id).with_for_update())
    }
    changed = []
    for kind, quantity in answer.supports.items():
        row = there.get(kind)
        if quantity and row is None:
            row = Support(
                org_id=rsvp.org_id,
                partner_id=rsvp.partner_id,
                assembly_id=rsvp.assembly_id,
                rsvp_id=rsvp.id,
                kind=kind,
                quantity=quantity,
                detail=answer.details.get(kind, answer.detail)[:200],
                state="asked",
                created_at=now,
            )
            _care_for(row, answer)
            session().add(row)
        elif quantity and _says_more(row, quantity, answer):
            row.quantity, row.detail = quantity, answer.details.get(kind, row.detail)[:200]
            _care_for(row, answer)
        elif not quantity and row is not None and row.state == "asked":
            session().delete(row)
        else:
            continue
        changed.append(f"{kind} {quantity}")
    return changed


def _says_more(row: Support, quantity: int, answer: Answer) -> bool:
    """Whether an answer changes a wish."""
    is_care = row.kind == "childcare" and (answer.children not in (None, row.children) or answer.hours not in (None, row.hours))
    return is_care or row.quantity != quantity or answer.details.get(row.kind, row.detail) != row.detail


def _care_for(row: Support, answer: Answer) -> None:
    """Children by age and hours, as the answer says them; ages in words count as far as they can be read."""
    if row.kind != "childcare":
        return
    said = rules.groups_in(row.quantity, row.detail)
    if answer.children in (None, {"unknown": row.quantity}):
        row.children = said
    else:
        row.detail = row.detail if said in (answer.children, {"unknown": row.quantity}) else ""  # ages that are no longer true
        row.children = answer.children
    if answer.hours is not None:
        row.hours = answer.hours


def _tell(actor: Actor, rsvp: Rsvp, before: dict[str, Any], supports: list[str], title: str, now: datetime) -> None:
    def event(verb: str, **after: Any) -> None:
        audit.record(
            actor,
            verb,
            now=now,
            person_id=rsvp.person_id,
            subject=("assembly", rsvp.assembly_id),
            before=before,
            after={"assembly": title, **after},
        )

    if rsvp.state != before["state"]:
        event(f"rsvp.{rsvp.state}", state=rsvp.state, source=rsvp.source)
    if rsvp.guests != before["guests"]:
        event("rsvp.guests", guests=rsvp.guests)
    if supports:
        event("support.asked", supports=", ".join(supports))


def words_of(actor: Actor, rsvp: Rsvp, language: str) -> tuple[str, str]:
    """The assembly's title and its time, written out in the person's language."""
    assembly = assembly_for(actor, rsvp.assembly_id)
    day, hour = written(assembly, main_session(assembly, sessions_of(assembly)), language)
    return in_language(assembly.title, language), f"{day}, {hour}" if hour else day


def written(assembly: Assembly, sitting: AssemblySession | None, language: str) -> tuple[str, str]:
    """Day and hour in that language, on the assembly's own clock; the hour is empty while no session has a time."""
    language = language if language in DAY else "en"
    region, zone = REGIONS.get(language, language), ZoneInfo(assembly.time_zone)
    if sitting is None:
        return format_datetime(datetime.combine(assembly.day, time(12), zone), DAY[language], locale=region), ""
    local = sitting.starts_at.astimezone(zone)
    hour = (
        format_time(local, "short", locale=region)
        .replace("\u202f", " ")
        .replace("\xa0", " ")
        .replace("AM", "am")
        .replace("PM", "pm")
        .replace("a.m.", "am")
        .replace("p.m.", "pm")
    )
    return format_datetime(local, DAY[language], locale=region), hour


# Passes ----------------------------------------------------------------------------------------------------------


def pass_link_ids(actor: Actor, assembly_id: int, person_ids: Iterable[int], *, now: datetime) -> dict[int, int]:
    """A pass for each of the actor's own people, as link ids for the placeholder of a text; puts them on the list."""
    rsvps = invite(actor, assembly_id, person_ids, now=now)
    last = session().scalar(select(func.max(AssemblySession.ends_at)).where(AssemblySession.assembly_id == assembly_id))
    ends = max(last or now, now) + AFTER_THE_DAY
    people = list(rsvps)
    made = issue_link_rows(
        [
            {
                "org_id": actor.org_id,
                "purpose": "pass",
                "subject_id": rsvps[person_id],
                "expires_at": ends,
                "created_at": now,
                "partner_id": None,
            }
            for person_id in people
        ]
    )
    return dict(zip(people, made, strict=True))


def pass_link(actor: Actor, rsvp_id: int, *, now: datetime) -> str:
    """The address of one person's own page for an assembly, to send or to show."""
    rsvp = rsvp_for(actor, rsvp_id)
    return url_of("pass", token_of(pass_link_ids(actor, rsvp.assembly_id, [rsvp.person_id], now=now)[rsvp.person_id]))


def answer_by_pass(holder: Any, answer: Answer, *, now: datetime) -> Rsvp:
    """The member's own answer on their page: the link says who they are."""
    return change_rsvp(holder.actor, holder.subject_id, answer, source="page", now=now)
