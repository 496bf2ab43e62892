"""The verbs of declared residence: name a place, record a declaration, judge one, take it back, and forget when the time for challenges is over."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Select, delete, select

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.kernel.refusal import N_, Reason, Refused
from crm.people.queries import person_for
from crm.ratification.models import Residence, ResidencePlace
from crm.ratification.queries.residents import keeping_of, place_for, residence_for
from crm.ratification.rules.residents import LINK_LIFE, gone_by, issues_in_judging, issues_in_place


def name_place(actor: Actor, name: dict[str, str], wording: dict[str, str], keep_days: int, *, now: datetime) -> int:
    """A place and the words of its declaration. The words do not change: who declared something else would stand under them."""
    if issues := issues_in_place(name, wording, keep_days):
        raise Refused(issues)
    place = ResidencePlace(id=new_id(), org_id=actor.org_id, name=name, wording=wording, keep_days=keep_days)
    session().add(place)
    audit.record(actor, "residence.place_named", now=now, subject=("residence_place", place.id))
    session().flush()
    return place.id


def declare_residence(actor: Actor, place_id: int, person_id: int, language: str, *, now: datetime) -> int:
    """Records that one of the actor's own people declared to live there, in the words of that language, today."""
    place, person = place_for(actor, place_id), person_for(actor, person_id)
    same = (Residence.place_id == place.id, Residence.org_id == actor.org_id, Residence.person_id == person.id)
    found = session().scalar(select(Residence).where(*same).with_for_update())
    if found is not None and found.state != "asked":
        raise Refused(Reason(N_("%(name)s has declared it already."), {"name": person.name}, "person"))
    if found is None:
        found = Residence(org_id=actor.org_id, place_id=place.id, person_id=person.id)
        session().add(found)
    write_words(found, place, language, day_of(now, actor.time_zone))
    found.state = "accepted"
    audit.record(actor, "residence.declared", now=now, person_id=person.id, subject=("residence_place", place.id))
    session().flush()
    return place.id


def write_words(residence: Residence, place: ResidencePlace, language: str, today: date) -> None:
    """The words of that language, as they were declared today."""
    residence.wording, residence.declared_on = place.wording.get(language) or place.wording["en"], today


def day_of(now: datetime, time_zone: str) -> date:
    """A declaration of an evening bears its own day."""
    return now.astimezone(ZoneInfo(time_zone)).date()


def judge_residence(actor: Actor, place_id: int, residence_id: int, answer: str, reason: str, *, now: datetime) -> int:
    """Accepts a declaration, or challenges it with a reason that the person reads. A roll that was built from it stays as it froze."""
    place, found = place_for(actor, place_id), residence_for(actor, place_id, residence_id)
    if issues := issues_in_judging(found.state, answer, reason.strip()):
        raise Refused(issues)
    found.state, found.reason = answer, reason.strip() if answer == "challenged" else ""
    audit.record(actor, f"residence.{answer}", now=now, person_id=found.person_id, subject=("residence_place", place.id))
    session().flush()
    return place.id


def take_back_residence(actor: Actor, place_id: int, residence_id: int, *, now: datetime) -> int:
    """Deletes a declaration that was a mistake, or that the person takes back. A roll that was built from it stays as it froze."""
    place, found = place_for(actor, place_id), residence_for(actor, place_id, residence_id)
    audit.record(actor, "residence.taken_back", now=now, person_id=found.person_id, subject=("residence_place", place.id))
    session().delete(found)
    session().flush()
    return place.id


def empty_residences(actor: Actor, today: datetime, most: int) -> int:
    """Declarations whose time for challenges is over go, and questions whose link has ended; a seat that came of one stays a number."""
    unanswered = select(Residence.id).where(
        Residence.org_id == actor.org_id, Residence.state == "asked", Residence.declared_on < (today - LINK_LIFE).date()).limit(most)
    gone = _forget(unanswered)
    rows = session().execute(
        select(Residence.place_id, Residence.declared_on).where(Residence.org_id == actor.org_id).distinct().order_by(Residence.declared_on)).all()
    for place_id, declared_on in rows:
        until = gone_by(declared_on, *keeping_of(place_id))
        if until is not None and until < today.date() and gone < most:
            over = select(Residence.id).where(
                Residence.org_id == actor.org_id, Residence.place_id == place_id, Residence.declared_on == declared_on).limit(most - gone)
            gone += _forget(over)
    return gone


def _forget(over: Select) -> int:
    ids = list(session().scalars(over))
    return session().execute(delete(Residence).where(Residence.id.in_(ids)).execution_options(synchronize_session=False)).rowcount  # type: ignore[attr-defined]
