"""What a roll says to the merging of two records: it is frozen while its vote is open, and it stays as it was counted."""

from collections.abc import Sequence

from flask_babel import get_locale
from sqlalchemy import select

from crm.assemblies.rules import in_language
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.infra.moving import Row, Rule
from crm.kernel.refusal import N_, Reason
from crm.people.models import Person
from crm.ratification.models import Electorate, Ratification, RollEntry
from crm.ratification.models.sealed import SealedSeat, SealedVote


def _what_was_declared(kept: Row, gone: Row) -> Row:
    """A declaration goes before a question that nobody has answered."""
    return {name: gone[name] for name in ("state", "wording", "declared_on", "reason")} if kept["state"] == "asked" else {}


MERGE_RULES = {
    "roll_entries": Rule(stays="a roll is published by its hash, which names each seat's record: it stays as it was frozen"),
    "sealed_seats": Rule(stays="a roll is published by its hash, which names each seat's record: it stays as it was frozen"),
    "notices": Rule(N_("Notices of votes")),
    "residences": Rule(N_("Declared residence"), unite=_what_was_declared),
    "nominations": Rule(N_("Nominations")),
}


def seats_in_the_way(actor: Actor, gone_ids: Sequence[int]) -> list[Reason]:
    """A record with a seat on the roll of an open vote does not go: whoever holds the seat must still be found by it."""
    on_it = select(Person.given_name, Person.family_name, Ratification.title).join(
        RollEntry, (RollEntry.partner_id == Person.org_id) & (RollEntry.person_id == Person.id)
    )
    on_it = on_it.join(Electorate, Electorate.id == RollEntry.electorate_id).join(Ratification, Ratification.id == Electorate.ratification_id)
    sealed = select(Person.given_name, Person.family_name, SealedVote.title).join(
        SealedSeat, (SealedSeat.org_id == Person.org_id) & (SealedSeat.person_id == Person.id)
    ).join(SealedVote, SealedVote.id == SealedSeat.vote_id)
    rows = [
        *session().execute(on_it.where(Person.id.in_(gone_ids), Ratification.state.in_(("preparing", "open", "held")))),
        *session().execute(sealed.where(Person.id.in_(gone_ids), SealedVote.state == "frozen")),
    ]
    words = N_("%(name)s stands on the roll of the vote “%(title)s”, which is open. Keep this record and take the others into it, or wait for the close.")
    language = str(get_locale() or "en")
    told = dict.fromkeys((f"{given} {family}".strip(), in_language(title, language)) for given, family, title in rows)
    return [Reason(words, {"name": name, "title": title}) for name, title in told]
