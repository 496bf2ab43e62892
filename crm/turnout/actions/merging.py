"""What becomes of RSVPs and check-ins when two records of a person become one."""

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from crm.assemblies.models import Participant
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.infra.moving import Moving, Rule
from crm.kernel.names import fold
from crm.kernel.refusal import N_
from crm.people.models import Person
from crm.turnout import rules
from crm.turnout.models import Attendance, Rsvp
from crm.turnout.rules import merging

MERGE_RULES = {
    "asks": Rule(N_("Asks")),
    "rsvps": Rule(N_("RSVPs"), unite=merging.unite_rsvps),
    "supports": Rule(N_("Supports"), unite=merging.unite_supports),
    "attendances": Rule(N_("Check-ins"), same=merging.same_arrival, retire=merging.retire_arrival),
}


def rename_at_the_door(actor: Actor, person: Person, moving: Moving) -> None:
    """The door shows the name of the record that stays."""
    name = rules.door_name(person.given_name, person.family_name)
    mine = select(Rsvp.id).where(Rsvp.partner_id == actor.org_id, Rsvp.person_id == person.id, Rsvp.door_name != name)
    told = {"door_name": name, "door_folded": fold(name).replace(".", "")}
    moving.change("rsvps", dict.fromkeys(session().scalars(mine), told), tuple(told))


def come_once(actor: Actor, person: Person, moving: Moving) -> None:
    """Who came to a session by their pass and by the seat that was theirs under a code came once: the seat's check-in is undone."""
    other = aliased(Attendance)
    seats = select(Participant.id).where(Participant.partner_id == actor.org_id, Participant.person_id == person.id)
    by_seat = select(Attendance.id, Attendance.arrived_at).where(
        Attendance.partner_id == actor.org_id, Attendance.participant_id.in_(seats), Attendance.undone_at.is_(None),
        exists().where(other.partner_id == actor.org_id, other.person_id == person.id, other.session_id == Attendance.session_id, other.undone_at.is_(None)),
    )
    twice = {id: merging.retire_arrival({"arrived_at": at}) for id, at in session().execute(by_seat)}
    moving.change("attendances", twice, ("undone_at",))
