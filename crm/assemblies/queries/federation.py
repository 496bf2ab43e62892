"""Doors and reads of federation: what an assembly is part of, what is part of it, and the inputs between them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, or_, select

from crm.assemblies.models import Assembly, AssemblyInput, AssemblyPartner, Federation, FederationEdge, LargerInvitation
from crm.assemblies.queries import within_reach
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.infra.links import read_link
from crm.infra.web import Page, keyset
from crm.kernel.refusal import Missing
from crm.organizations.models import Organization


def parent_edges(*ids: int) -> dict[int, int]:
    """Child → parent, for these assemblies and all above them; numbers of anybody's, names of nobody's."""
    found: dict[int, int] = {}
    ahead = set(ids)
    while ahead:
        rows = session().execute(select(FederationEdge.child_id, FederationEdge.parent_id).where(FederationEdge.child_id.in_(ahead))).all()
        found |= {row.child_id: row.parent_id for row in rows}
        ahead = {parent for _child, parent in rows} - found.keys()
    return found


def upward(assembly: Assembly, lock: bool = False) -> Federation | None:
    """The larger assembly that this one is part of or asked to be part of."""
    query = select(Federation).where(Federation.child_id == assembly.id)
    return session().scalar(query.with_for_update() if lock else query)


def local_page(assembly: Assembly, after: str | None) -> Page:
    """Local assemblies of this one, those that ask first: (federation, convener's name, inputs)."""
    inputs = select(func.count()).where(AssemblyInput.child_id == Federation.child_id, AssemblyInput.parent_id == Federation.parent_id).correlate(Federation)
    query = (
        select(Federation).add_columns(Organization.name, inputs.scalar_subquery()).join(Organization, Organization.id == Federation.partner_id)
        .where(Federation.parent_id == assembly.id, Federation.state != "declined")
    )
    return keyset(query, (Federation.state.desc(), Federation.id.desc()), after, size=100)


def link_for(assembly: Assembly, id: int) -> Federation:
    """A local assembly of this one, by its link."""
    found = session().scalar(select(Federation).where(Federation.id == id, Federation.parent_id == assembly.id).with_for_update())
    if found is None:
        raise Missing
    return found


def possible_parents(actor: Actor, assembly: Assembly) -> list[Assembly]:
    """Assemblies within reach that this one could ask to be part of: alive, not itself."""
    query = select(Assembly).where(within_reach(actor), Assembly.id != assembly.id, Assembly.state.in_(("draft", "announced", "under_way")))
    mine = or_(Assembly.org_id == actor.org_id, Assembly.state != "draft")
    return list(session().scalars(query.where(mine).order_by(Assembly.day, Assembly.id).limit(100)))


def is_partner(assembly: Assembly, org_id: int) -> bool:
    """Whether the organization was invited to an assembly and did not decline: it is awaited."""
    query = select(AssemblyPartner.id).where(
        AssemblyPartner.assembly_id == assembly.id, AssemblyPartner.partner_id == org_id, AssemblyPartner.state != "declined")
    return session().scalar(query) is not None


def inputs_up(assembly: Assembly) -> list[AssemblyInput]:
    """What this assembly has sent up, in its order."""
    return list(session().scalars(select(AssemblyInput).where(AssemblyInput.child_id == assembly.id).order_by(AssemblyInput.number)))


def inputs_page(assembly: Assembly, state: str, after: str | None) -> Page:
    """What came up to this assembly, by the place that it comes from."""
    query = select(AssemblyInput).where(AssemblyInput.parent_id == assembly.id)
    if state:
        query = query.where(AssemblyInput.state == state)
    return keyset(query, (AssemblyInput.child_id, AssemblyInput.number, AssemblyInput.id), after, size=60)


def input_counts(assembly: Assembly) -> dict[str, int]:
    """How many inputs came up, by what became of them."""
    query = select(AssemblyInput.state, func.count()).where(AssemblyInput.parent_id == assembly.id).group_by(AssemblyInput.state)
    return dict(session().execute(query).all())


def input_to(assembly: Assembly, id: int, lock: bool = False) -> AssemblyInput:
    """An input that came up to this assembly."""
    query = select(AssemblyInput).where(AssemblyInput.id == id, AssemblyInput.parent_id == assembly.id)
    return _one(query.with_for_update() if lock else query)


def input_from(assembly: Assembly, id: int) -> AssemblyInput:
    """An input that this assembly sent up."""
    return _one(select(AssemblyInput).where(AssemblyInput.id == id, AssemblyInput.child_id == assembly.id).with_for_update())


def passed_on(assembly: Assembly) -> dict[int, int]:
    """Inputs from below that this assembly sent on up: theirs → its own."""
    query = select(AssemblyInput.from_id, AssemblyInput.id).where(AssemblyInput.child_id == assembly.id, AssemblyInput.from_id.is_not(None))
    return dict(session().execute(query).all())


def _one(query: Any) -> Any:
    found = session().scalar(query)
    if found is None:
        raise Missing
    return found


# Invitations by link ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ParentFacts:
    """What the page behind an invitation's link shows of the larger assembly."""

    id: int
    title: dict[str, str]
    question: dict[str, str]
    state: str
    day: date
    convener: str


def invitations_by_link(assembly: Assembly) -> list[tuple[LargerInvitation, str | None]]:
    """Links that this assembly's convener gave out, the latest first: (invitation, who answered)."""
    query = (
        select(LargerInvitation, Organization.name).outerjoin(Organization, Organization.id == LargerInvitation.taken_by_id)
        .where(LargerInvitation.parent_id == assembly.id, LargerInvitation.org_id == assembly.org_id)
    )
    return [tuple(row) for row in session().execute(query.order_by(LargerInvitation.id.desc()).limit(100))]


def invitation_of(assembly: Assembly, id: int, lock: bool = False) -> LargerInvitation:
    """One of these."""
    query = select(LargerInvitation).where(LargerInvitation.id == id, LargerInvitation.parent_id == assembly.id, LargerInvitation.org_id == assembly.org_id)
    return _one(query.with_for_update() if lock else query)


def invitation_behind(token: str, now: datetime) -> tuple[int, int]:
    """What a live link leads to: (invitation, the convener who gave it out)."""
    link = read_link(token, "larger", now)
    return link.subject_id, link.org_id


def parent_facts(invitation_id: int) -> ParentFacts:
    """The larger assembly of an invitation, as its convener has it: read as the convener."""
    inviting = select(LargerInvitation.parent_id).where(LargerInvitation.id == invitation_id)
    row = _one(select(Assembly).where(Assembly.id == session().scalar(inviting)))
    convener = session().scalar(select(Organization.name).where(Organization.id == row.org_id)) or ""
    return ParentFacts(row.id, row.title, row.question, row.state, row.day, convener)


def assemblies_to_bring(actor: Actor) -> list[Assembly]:
    """The actor's own assemblies that are alive and part of no larger one."""
    taken = select(FederationEdge.child_id)
    query = select(Assembly).where(Assembly.org_id == actor.org_id, Assembly.state.in_(("draft", "announced", "under_way")), Assembly.id.not_in(taken))
    return list(session().scalars(query.order_by(Assembly.day, Assembly.id).limit(100)))
