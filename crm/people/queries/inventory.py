"""The inventory: what is held about people, table by table, what for and how long; and the proofs of erasures."""

from dataclasses import dataclass

from sqlalchemy import select

from crm.infra.auth import Actor
from crm.infra.db import session
from crm.infra.web import Page, keyset
from crm.kernel import holdings
from crm.kernel.holdings import NONE, Held
from crm.kernel.permissions import Action
from crm.kernel.refusal import Missing
from crm.organizations.queries import organization_of
from crm.people.models import Erasure
from crm.people.rules.retention import FIXED, TIMES, times_of


@dataclass(frozen=True)
class Kept:
    """How long: a sentence, or a number of days of the organization's own."""

    words: str
    days: int | None = None


def inventory(actor: Actor) -> list[tuple[str, list[tuple[Held, Kept]]]]:
    """(table, what is in it with purpose and time), in the order of the house; tables that say nothing about a person are left out."""
    days = times_of(organization_of(actor).options)
    found: dict[str, list[tuple[Held, Kept]]] = {}
    for one in holdings.HELD:
        if one.kept != NONE:
            kept = Kept("", days[one.kept]) if one.kept in TIMES else Kept(FIXED.get(one.kept, one.kept))
            found.setdefault(one.table, []).append((one, kept))
    return list(found.items())


def erasure_for(actor: Actor, erasure_id: int) -> Erasure:
    """The proof of an erasure, if it is this organization's and the actor may see it."""
    found = session().scalar(select(Erasure).where(Erasure.id == erasure_id)) if actor.may(Action.ADMINISTER) else None
    if found is None:
        raise Missing
    return found


def erasures_page(actor: Actor, after: str | None = None) -> Page:
    """Erasures, newest first."""
    return keyset(select(Erasure), [Erasure.created_at.desc(), Erasure.id.desc()], after, 50)
