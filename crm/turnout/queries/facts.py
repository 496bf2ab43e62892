"""What turnout adds to segments, and the lists of an assembly that a broadcast may address."""

from collections.abc import Callable
from datetime import datetime

from flask_babel import get_locale
from sqlalchemy import ColumnElement, Select, exists, func, select

from crm.assemblies.models import Assembly, Participant
from crm.assemblies.rules import in_language
from crm.assemblies.rules.words import ROLES as ROLE_WORDS
from crm.infra.auth import Actor
from crm.infra.db import current_org, session
from crm.kernel.refusal import N_, Missing
from crm.outreach.queries.consent import may_be_texted
from crm.people.models import Person
from crm.people.queries.columns import Column, one_each
from crm.people.queries.facts import Fact, flag, happened, holds, times
from crm.turnout.models import Attendance, Rsvp, Support
from crm.turnout.rules import STATE_WORDS, SUPPORTS


def _answered(*states: str) -> Callable[[str, str, datetime], ColumnElement[bool]]:
    def clause(comparison: str, value: str, now: datetime) -> ColumnElement[bool]:
        return holds(_rsvp(int(value), states), comparison)

    return clause


def _rsvp(assembly_id: int, states: tuple[str, ...] = ()) -> ColumnElement[bool]:
    found = exists().where(
        Rsvp.partner_id == Person.org_id, Rsvp.person_id == Person.id, Rsvp.assembly_id == assembly_id
    )
    return found.where(Rsvp.state.in_(states)) if states else found


def _came(*more: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(
        Attendance.partner_id == Person.org_id, Attendance.person_id == Person.id, Attendance.undone_at.is_(None), *more
    )


def _state(comparison: str, value: str, now: datetime) -> ColumnElement[bool]:
    assembly_id, _colon, state = value.partition(":")
    return holds(_rsvp(int(assembly_id), (state,)), comparison)


def _assemblies(actor: Actor) -> list[tuple[str, str]]:
    rows = session().scalars(select(Assembly).order_by(Assembly.day.desc(), Assembly.id.desc()).limit(50))
    return [(str(assembly.id), in_language(assembly.title, str(get_locale() or "en"))) for assembly in rows]


def _needs(kind: str, *more: ColumnElement[bool]) -> ColumnElement[bool]:
    asked = exists().where(Support.rsvp_id == Rsvp.id, Support.kind == kind)
    return exists().where(Rsvp.partner_id == Person.org_id, Rsvp.person_id == Person.id, asked, *more)


def _role(comparison: str, value: str, now: datetime) -> ColumnElement[bool]:
    assembly_id, _colon, role = value.partition(":")
    seat = exists().where(
        Participant.partner_id == Person.org_id,
        Participant.person_id == Person.id,
        Participant.assembly_id == int(assembly_id),
        Participant.role == role,
    )
    return holds(seat, comparison)


def _times_came() -> ColumnElement[int]:
    # Every sitting of an assembly counts as one time: an assembly is what people remember.
    counted = select(func.count(Attendance.assembly_id.distinct())).where(
        Attendance.partner_id == Person.org_id, Attendance.person_id == Person.id, Attendance.undone_at.is_(None)
    )
    return counted.correlate(Person).scalar_subquery()


def _last_came(ids: list[int]) -> Select:
    here = select(Attendance.person_id, func.max(Attendance.arrived_at)).where(Attendance.partner_id == current_org(), Attendance.person_id.in_(ids))
    return here.where(Attendance.undone_at.is_(None)).group_by(Attendance.person_id)


COLUMNS = [Column("came", N_("Last came to an assembly"), one_each(_last_came))]
CAME = N_("Assemblies")
FACTS = [
    Fact("rsvp", N_("Answer for an assembly"), "choice", _assemblies, _state,
         N_("answered “%(more)s” for “%(value)s”"), N_("did not answer “%(more)s” for “%(value)s”"), CAME, list(STATE_WORDS.items())),
    Fact("said_yes_not_confirmed", N_("Said yes, not confirmed"), "choice", _assemblies, _answered("yes"),
         N_("said yes to “%(value)s” and have not confirmed"), N_("have nothing left to confirm for “%(value)s”"), CAME),
    Fact("coming", N_("Said yes or confirmed"), "choice", _assemblies, _answered("yes", "confirmed"),
         N_("are coming to “%(value)s”"), N_("are not coming to “%(value)s”"), CAME),
    Fact("came_to", N_("Came to an assembly"), "choice", _assemblies,
         lambda c, value, now: holds(_came(Attendance.assembly_id == int(value)), c),
         N_("came to “%(value)s”"), N_("did not come to “%(value)s”"), CAME),
    Fact("came", N_("Came to any assembly"), "date", None, happened(_came, Attendance.arrived_at),
         N_("came to an assembly"), N_("came to no assembly"), CAME),
    Fact("never_came", N_("Never came to an assembly"), "flag", None, flag(~_came()),
         N_("never came to an assembly"), N_("came to some assembly"), CAME),
    Fact("times_came", N_("How many assemblies they came to"), "times", None, times(_times_came()), N_("came to assemblies: %(value)s"), "", CAME),
    Fact("needs", N_("Asked for support"), "choice", list(SUPPORTS.items()),
         lambda c, value, now: holds(_needs(value), c),
         N_("asked for this support: %(value)s"), N_("did not ask for this support: %(value)s"), CAME),
    Fact("role", N_("Role in an assembly"), "choice", _assemblies, _role,
         N_("have the role “%(more)s” in “%(value)s”"), N_("do not have the role “%(more)s” in “%(value)s”"), CAME, list(ROLE_WORDS.items())),
    Fact("delegate", N_("Has been a delegate"), "flag", None, flag(exists().where(
        Participant.partner_id == Person.org_id, Participant.person_id == Person.id, Participant.role.in_(("delegate", "alternate")))),
         N_("have been delegates"), N_("have not been delegates"), CAME),
]

ANSWERED = ("yes", "confirmed", "maybe", "no", "cancelled")
AUDIENCES: dict[str, tuple[str, Callable[[int], ColumnElement[bool]]]] = {
    "everyone": (
        N_("Everyone who has not answered yet"),
        lambda assembly_id: ~_rsvp(assembly_id, ANSWERED),
    ),
    "askable": (
        N_("Everyone on your list who agreed to texts and has not answered yet"),
        lambda assembly_id: may_be_texted() & ~_rsvp(assembly_id, ANSWERED),
    ),
    "invited": (N_("Invited, no answer yet"), lambda assembly_id: _rsvp(assembly_id, ("invited", "maybe"))),
    "said_yes": (N_("Said yes, not confirmed"), lambda assembly_id: _rsvp(assembly_id, ("yes",))),
    "confirmed": (N_("Said yes or confirmed"), lambda assembly_id: _rsvp(assembly_id, ("yes", "confirmed"))),
    "came": (N_("Came"), lambda assembly_id: _came(Attendance.assembly_id == assembly_id)),
    "missed": (
        N_("Said yes and did not come"),
        lambda assembly_id: _rsvp(assembly_id, ("yes", "confirmed")) & ~_came(Attendance.assembly_id == assembly_id),
    ),
}


def audience(actor: Actor, assembly_id: int, name: str) -> Select:
    """Ids of the actor's own people on one of the assembly's lists (the names of AUDIENCES)."""
    if name not in AUDIENCES:
        raise Missing()
    return select(Person.id).where(Person.org_id == actor.org_id, AUDIENCES[name][1](assembly_id))
