"""The report-back: the first item of the next cycle's agenda, and how participants rate what was carried out."""

from collections.abc import Mapping
from datetime import datetime

from crm.accountability import queries
from crm.accountability.models import FulfilmentRating, ReportBack
from crm.accountability.rules.answers import issues_in_ratings
from crm.assemblies import queries as assemblies
from crm.assemblies.actions.program import to_change
from crm.assemblies.models import AgendaItem, Assembly
from crm.assemblies.playbooks.parts import LAST_YEAR
from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.kernel.refusal import N_, Missing, Refused


def put_first(actor: Actor, assembly_id: int, *, now: datetime) -> int:
    """Puts the report on the cycle before first on the agenda of the first session, once."""
    assembly = to_change(actor, assembly_id)
    earlier = queries.earlier_cycle(assembly)
    if earlier is None:
        raise Refused(N_("No earlier cycle of this assembly has handed recommendations over."))
    if not assemblies.sessions_of(assembly):
        raise Refused(N_("Add a session first: the report-back opens it."))
    _put(actor, assembly, earlier, now)
    return assembly_id


def report_on_copy(actor: Actor, assembly: Assembly, *, now: datetime) -> None:
    """A next cycle was set up: where the cycle before handed something over, its report-back opens it. Called by assemblies through its registry."""
    earlier = queries.earlier_cycle(assembly) if assembly.copied_from_id else None
    if earlier is not None and assemblies.sessions_of(assembly):
        _put(actor, assembly, earlier, now)


def _put(actor: Actor, assembly: Assembly, earlier: Assembly, now: datetime) -> None:
    row = queries.report_back_of(assembly, earlier) or ReportBack(org_id=assembly.org_id, id=new_id(), assembly_id=assembly.id, from_id=earlier.id)
    if row.item_id is not None:
        return
    item = _first_item(assembly)
    n = len(queries.handed_over(earlier))
    item.detail = {"en": f"Recommendations to go through one by one: {n}", "es": f"Recomendaciones por revisar una por una: {n}"}
    session().add(row)
    session().flush()
    row.item_id = item.id
    session().flush()
    audit.record(actor, "report_back.set", now=now, subject=("assembly", assembly.id))


def _first_item(assembly: Assembly) -> AgendaItem:
    """The item that opens the first session, after its doors: the one that the playbook keeps for it, or a new one."""
    first = assemblies.sessions_of(assembly)[0]
    items, places = assemblies.agenda_of(assembly)[first.id], [dict(place.title) for place in LAST_YEAR]
    item = next((one for one in items if one.title in places), None)
    if item is None:
        own = LAST_YEAR[0]
        item = AgendaItem(org_id=assembly.org_id, id=new_id(), assembly_id=assembly.id, session_id=first.id, title=dict(own.title), minutes=own.minutes,
                          kind=own.kind)
        session().add(item)
    rest = [one for one in items if one is not item]
    at = 1 if rest and rest[0].kind == "break" else 0
    for position, one in enumerate([*rest[:at], item, *rest[at:]]):
        one.position = position
    session().flush()
    return item


def rate(actor: Actor, assembly_id: int, counts: Mapping[int, tuple[int | None, int | None, int | None]], *, now: datetime) -> int:
    """Writes down how many participants found each recommendation carried out, in part, or not: counts, no names."""
    assembly = assemblies.assembly_to_run(actor, assembly_id, lock=True)
    earlier = queries.earlier_cycle(assembly)
    if earlier is None:
        raise Refused(N_("No earlier cycle of this assembly has handed recommendations over."))
    if issues := issues_in_ratings(counts):
        raise Refused(issues)
    report = queries.report_back_of(assembly, earlier)
    if report is None:
        report = ReportBack(org_id=assembly.org_id, id=new_id(), assembly_id=assembly.id, from_id=earlier.id)
        session().add(report)
        session().flush()
    there, handed = queries.ratings_of(report), {row.id for row in queries.handed_over(earlier)}
    for id, (done, partly, not_done) in counts.items():
        if id not in handed:
            raise Missing()
        if done is None:
            if id in there:
                session().delete(there[id])
            continue
        row = there.get(id) or FulfilmentRating(org_id=assembly.org_id, report_back_id=report.id, recommendation_id=id)
        row.done, row.partly, row.not_done = done, partly, not_done
        session().add(row)
    session().flush()
    audit.record(actor, "report_back.rated", now=now, subject=("assembly", assembly.id))
    return assembly_id
