"""The rolls that an organization's own assemblies offer to a vote: published seats, rosters in their groups, and doors."""

from sqlalchemy import select

from crm.assemblies.models import Assembly
from crm.assemblies.playbooks import playbook_of
from crm.assemblies.queries.rosters import assemblies_with_rosters
from crm.assemblies.queries.seats import assemblies_with_seats
from crm.assemblies.rules.words import ROLES
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.infra.look import say_in
from crm.kernel.refusal import Reason
from crm.ratification.rules.rolls import Group


def offered_rolls(actor: Actor) -> list[tuple[Assembly, bool, list[Group]]]:
    """Assemblies, the latest first: (assembly, whether its seats are published, the groups who vote on its roster)."""
    seats = {assembly.id: assembly for assembly in assemblies_with_seats(actor)}
    rosters = {assembly.id: (assembly, roles) for assembly, roles in assemblies_with_rosters(actor)}
    met = select(Assembly).where(Assembly.org_id == actor.org_id, Assembly.state.in_(("announced", "under_way"))).order_by(Assembly.day.desc()).limit(20)
    found = {a.id: a for a in session().scalars(met)} | seats | {id: assembly for id, (assembly, _roles) in rosters.items()}
    rows = sorted(found.values(), key=lambda assembly: (assembly.day, assembly.id), reverse=True)
    return [(a, a.id in seats, [_group(a, role, n) for role, n in rosters[a.id][1].items()] if a.id in rosters else []) for a in rows]


def offered_assemblies(actor: Actor) -> list[Assembly]:
    """The organization's own assemblies that a vote can belong to, the latest first."""
    query = select(Assembly).where(Assembly.org_id == actor.org_id, Assembly.state != "cancelled")
    return list(session().scalars(query.order_by(Assembly.day.desc(), Assembly.id.desc()).limit(200)))


def _group(assembly: Assembly, role: str, count: int) -> Group:
    """A group by the name that the playbook gives to its seats; by its role where it gives none or several."""
    named = [group.who for group in playbook_of(assembly.kind).groups if group.role == role]
    words = Reason(ROLES[role])
    return Group(role, dict(named[0]) if len(named) == 1 else {"en": say_in(words, "en"), "es": say_in(words, "es")}, count)
