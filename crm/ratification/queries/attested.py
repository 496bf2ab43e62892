"""What a count needs and its ballots cannot show: how many of a roll were checked in, and from which organizations ballots came."""

from sqlalchemy import func, select

from crm.assemblies.models import Participant
from crm.infra.db import session
from crm.organizations.models import Organization
from crm.ratification.methods import METHODS
from crm.ratification.models import Electorate, RollCorrection, RollEntry
from crm.ratification.queries.rolls import open_votes, shards_of
from crm.ratification.rules.ballots import has_bit
from crm.ratification.rules.homes import Home
from crm.turnout.queries.room import checked_in


def present_of(electorate: Electorate) -> int:
    """How many of the roll have been let in at the doors of its assembly: people with a record, and seats known by a code."""
    person = func.coalesce(RollEntry.person_id, Participant.person_id)
    roll = select(RollEntry.partner_id, person, RollEntry.participant_id).outerjoin(Participant, Participant.id == RollEntry.participant_id)
    rows = session().execute(roll.where(RollEntry.electorate_id == electorate.id))
    on_it = {(partner_id, person_id, None if person_id else place_id) for partner_id, person_id, place_id in rows}
    return len(on_it.intersection(checked_in(electorate.assembly_id)[0])) if electorate.assembly_id else 0


def organizations_voting(electorate: Electorate) -> int:
    """From how many organizations ballots of people came; asked once, at the close, and never shown for a secret vote."""
    return sum(home.voted > 0 for home in homes_of(electorate))


def homes_of(electorate: Electorate) -> list[Home]:
    """The seats of a roll of people by organization, and how many of them voted; asked once, at the close, by the owner, and never kept as it is."""
    struck = set(session().scalars(select(RollCorrection.seat).where(RollCorrection.electorate_id == electorate.id, RollCorrection.kind == "struck")))
    seats: dict[int, list[int]] = {}
    for seat, partner_id in session().execute(select(RollEntry.seat, RollEntry.partner_id).where(RollEntry.electorate_id == electorate.id)):
        if seat not in struck:
            seats.setdefault(partner_id, []).append(seat)
    names = dict(session().execute(select(Organization.id, Organization.name).where(Organization.id.in_(seats))).all()) if seats else {}
    if electorate.is_secret:
        shards = shards_of(electorate.id)
        return [
            Home((names[partner_id],), len(own), sum(has_bit(shards[seat % len(shards)], seat // len(shards)) for seat in own) if shards else 0)
            for partner_id, own in seats.items()
        ]
    return _open_homes(electorate, seats, names)


def _open_homes(electorate: Electorate, seats: dict[int, list[int]], names: dict[int, str]) -> list[Home]:
    """The same of an open vote, with the answers by plank."""
    votes, choices = open_votes(electorate.id), METHODS[electorate.method].choices
    found, voted = [], {seat for seat, _plank in votes}
    for partner_id, own in seats.items():
        planks = {
            str(plank): {choice: sum((vote := votes.get((seat, plank))) is not None and vote.choice == choice for seat in own) for choice in choices}
            for plank in sorted({plank for _seat, plank in votes})
        }
        found.append(Home((names[partner_id],), len(own), sum(seat in voted for seat in own), planks))
    return found
