"""What becomes of RSVPs and check-ins when two records of a person become one."""

from sqlalchemy import select

from crm.infra.auth import Actor
from crm.infra.db import session
from crm.infra.moving import Moving, Rule
from crm.kernel.names import fold
from crm.kernel.refusal import N_
from crm.people.models import Person
from crm.turnout import rules
from crm.turnout.models import Rsvp
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
