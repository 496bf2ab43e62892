"""What turnout adds to segments, and the lists of an assembly that a broadcast may address."""

from collections.abc import Callable
from datetime import UTC, datetime, time

from flask_babel import get_locale, gettext
from sqlalchemy import ColumnElement, Select, exists, select

from crm.assemblies.models import Assembly
from crm.assemblies.rules import in_language
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.refusal import N_, Missing
from crm.people.models import Person
from crm.people.queries.facts import Fact, holds
from crm.turnout.models import Attendance, Rsvp
from crm.turnout.rules import STATE_WORDS


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


def _came_since(comparison: str, value: str, now: datetime) -> ColumnElement[bool]:
    since = datetime.combine(datetime.fromisoformat(value), time(), UTC)
    return _came(Attendance.arrived_at >= since) if comparison == "since" else _came(Attendance.arrived_at < since)


def _assemblies(actor: Actor) -> list[tuple[str, str]]:
    rows = session().scalars(select(Assembly).order_by(Assembly.day.desc(), Assembly.id.desc()).limit(50))
    return [(str(assembly.id), in_language(assembly.title, str(get_locale() or "en"))) for assembly in rows]


def _states(actor: Actor) -> list[tuple[str, str]]:
    return [
        (f"{value}:{state}", f"{title}: {gettext(word)}")
        for value, title in _assemblies(actor)
        for state, word in STATE_WORDS.items()
    ]


FACTS = [
    Fact("rsvp", N_("Answer for an assembly"), "choice", _states, _state),
    Fact("said_yes_not_confirmed", N_("Said yes, not confirmed"), "choice", _assemblies, _answered("yes")),
    Fact("coming", N_("Said yes or confirmed"), "choice", _assemblies, _answered("yes", "confirmed")),
    Fact(
        "came_to",
        N_("Came to an assembly"),
        "choice",
        _assemblies,
        lambda c, value, now: holds(_came(Attendance.assembly_id == int(value)), c),
    ),
    Fact("came", N_("Came to any assembly"), "date", None, _came_since),
    Fact("never_came", N_("Never came to an assembly"), "flag", None, lambda c, value, now: holds(~_came(), c)),
]

AUDIENCES: dict[str, tuple[str, Callable[[int], ColumnElement[bool]]]] = {
    "everyone": (
        N_("Everyone who has not answered yet"),
        lambda assembly_id: ~_rsvp(assembly_id, ("yes", "confirmed", "maybe", "no", "cancelled")),
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
