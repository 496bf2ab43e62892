"""The staffing plan of an assembly: wishes by kind in the units in which they are arranged, and who does what."""

from dataclasses import dataclass, field

from sqlalchemy import select

from crm.infra.db import session
from crm.organizations.queries import names_of
from crm.turnout import rules
from crm.turnout.models import Rsvp, Support, SupportHelper
from crm.turnout.queries.lists import SupportRow


@dataclass
class Plan:
    """One kind of support: every wish of those who may still come, and who is on the plan for it."""

    kind: str
    wishes: list[SupportRow] = field(default_factory=list)
    helpers: list[SupportHelper] = field(default_factory=list)

    @property
    def _said(self) -> list[tuple[int, str]]:
        return [(row.support.quantity, row.support.detail) for row in self.wishes]

    @property
    def asked(self) -> int:
        return sum(quantity for quantity, _detail in self._said)

    @property
    def places(self) -> int:
        """For how many the helpers are enough."""
        return sum(helper.places for helper in self.helpers)

    @property
    def by_words(self) -> dict[str, int]:
        """By language, place or whatever else was said."""
        return rules.by_words(self._said)

    @property
    def by_age(self) -> dict[str, int]:
        return rules.children_by_age((row.support.quantity, row.support.detail, row.support.children) for row in self.wishes)

    @property
    def cents(self) -> int:
        """What all stipends come to so far."""
        return sum(row.support.cents or 0 for row in self.wishes)

    @property
    def paid(self) -> int:
        return sum(row.support.cents or 0 for row in self.wishes if row.support.state == "delivered")

    def of(self, helper: SupportHelper) -> list[SupportRow]:
        """A driver's pick-up list, an interpreter's people."""
        return [row for row in self.wishes if row.support.helper_id == helper.id]

    @property
    def nobodys(self) -> list[SupportRow]:
        return [row for row in self.wishes if row.support.helper_id is None and row.support.state != "delivered"]


def staffing_of(assembly_id: int) -> dict[str, Plan]:
    """The plan by kind, of what the actor's organization may see: three queries."""
    plans = {kind: Plan(kind) for kind in rules.SUPPORTS}
    rows = session().execute(
        select(Support, Rsvp.door_name, Rsvp.partner_id).join(Rsvp, Rsvp.id == Support.rsvp_id)
        .where(Support.assembly_id == assembly_id, Rsvp.state.not_in(("no", "cancelled"))).order_by(Support.detail, Rsvp.door_folded, Support.id)
    ).all()
    names = names_of({partner_id for _support, _name, partner_id in rows})
    for support, name, partner_id in rows:
        plans[support.kind].wishes.append(SupportRow(support, name, names.get(partner_id, "")))
    for helper in session().scalars(select(SupportHelper).where(SupportHelper.assembly_id == assembly_id).order_by(SupportHelper.kind, SupportHelper.id)):
        plans[helper.kind].helpers.append(helper)
    return plans
