"""What ratification adds to people's lists: who is on a roll.

Whether a member has voted is not here, on purpose: no page tells it, and a list that is counted again and again
while the vote is open would also tell when.
"""

from datetime import datetime

from flask_babel import get_locale
from sqlalchemy import ColumnElement, exists, select

from crm.assemblies.rules import in_language
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.refusal import N_
from crm.people.models import Person
from crm.people.queries.facts import Fact, holds
from crm.ratification.models import Electorate, Ratification, RollEntry


def _on_roll(comparison: str, value: str, now: datetime) -> ColumnElement[bool]:
    seat = exists().where(
        RollEntry.partner_id == Person.org_id,
        RollEntry.person_id == Person.id,
        RollEntry.electorate_id == Electorate.id,
        Electorate.ratification_id == int(value),
    )
    return holds(seat, comparison)


def _ratifications(actor: Actor) -> list[tuple[str, str]]:
    recent = select(Ratification.id, Ratification.title).where(Ratification.poll_id.is_not(None))
    found = session().execute(recent.order_by(Ratification.opens_at.desc(), Ratification.id.desc()).limit(50))
    return [(str(id), in_language(title, str(get_locale() or "en"))) for id, title in found]


FACTS = [
    Fact("on_roll", N_("On the roll of a vote"), "choice", _ratifications, _on_roll,
         N_("are on the roll of “%(value)s”"), N_("are not on the roll of “%(value)s”"), N_("Votes")),
]
