"""A series of assemblies, each copied from the one before: its cycles, what it left in each stage, and its report-backs."""

from collections.abc import Iterable

from sqlalchemy import case, func, select

from crm.accountability.models import Commitment, FulfilmentRating, Milestone, Recommendation, ReportBack
from crm.accountability.rules.answers import FINAL
from crm.assemblies.models import Assembly, AssemblyInput, InformationRequest
from crm.infra.db import session
from crm.platforms.models import Edition, Plank, Platform
from crm.ratification.models import Electorate, Ratification
from crm.tables.models import TableProposal


def series_of(assembly: Assembly) -> list[Assembly]:
    """The assemblies of one convener that were copied from each other, by day; the assembly itself where nothing was."""
    rows = session().execute(select(Assembly.id, Assembly.copied_from_id).where(Assembly.org_id == assembly.org_id)).all()
    source = dict(rows)

    def root(id: int) -> int:
        while source.get(id) in source:
            id = source[id]
        return id

    ids = [id for id in source if root(id) == root(assembly.id)]
    return list(session().scalars(select(Assembly).where(Assembly.id.in_(ids)).order_by(Assembly.day, Assembly.id)))


def earlier_cycle(assembly: Assembly) -> Assembly | None:
    """The nearest cycle before this one that handed recommendations over."""
    handed = set(session().scalars(select(Recommendation.assembly_id).where(
        Recommendation.org_id == assembly.org_id, Recommendation.assembly_id.is_not(None), Recommendation.delivered_on.is_not(None)).distinct()))
    before = [one for one in series_of(assembly) if one.id in handed and one.id != assembly.id and one.day <= assembly.day]
    return before[-1] if before else None


def handed_over(assembly: Assembly) -> list[Recommendation]:
    """What an assembly handed over, the first due on top."""
    mine = Recommendation.assembly_id == assembly.id, Recommendation.delivered_on.is_not(None)
    return list(session().scalars(select(Recommendation).where(*mine).order_by(Recommendation.due_on, Recommendation.id)))


def report_back_of(assembly: Assembly, earlier: Assembly) -> ReportBack | None:
    """The report-back of an earlier cycle in this assembly."""
    return session().scalar(select(ReportBack).where(ReportBack.assembly_id == assembly.id, ReportBack.from_id == earlier.id))


def ratings_of(report_back: ReportBack | None) -> dict[int, FulfilmentRating]:
    """By recommendation, how participants rated it."""
    if report_back is None:
        return {}
    return {row.recommendation_id: row for row in session().scalars(select(FulfilmentRating).where(FulfilmentRating.report_back_id == report_back.id))}


def facts_of(ids: Iterable[int]) -> dict[str, int]:
    """How much of each fact the assemblies have, for rules.stages.across."""
    ids = set(ids)
    handed = Recommendation.assembly_id.in_(ids) & Recommendation.delivered_on.is_not(None)
    voted = select(Ratification.id).where(Ratification.closed_at.is_not(None), Ratification.id.in_(_votes_of(ids)))
    of_plank = select(Plank.id).join(Platform, Platform.id == Plank.platform_id).where(Platform.assembly_id.in_(ids), Plank.state != "struck")
    steps = select(Milestone.state).join(Recommendation, Recommendation.id == Milestone.recommendation_id).where(handed).subquery()
    delivered, answered = session().execute(select(func.count(), func.count(case((Recommendation.verdict.in_(FINAL), 1)))).where(handed)).one()
    return {
        "issues": _count(select(AssemblyInput.id).where(AssemblyInput.parent_id.in_(ids))),
        "planks": _count(of_plank) + _count(select(TableProposal.id).where(TableProposal.assembly_id.in_(ids))),
        "requests": _count(select(InformationRequest.id).where(InformationRequest.assembly_id.in_(ids))),
        "commitments": _count(select(Commitment.id).where(Commitment.assembly_id.in_(ids))),
        "votes": _count(voted),
        "delivered": delivered, "answered": answered,
        "steps": _count(select(steps.c.state)), "steps_done": _count(select(steps.c.state).where(steps.c.state == "done")),
        "report_backs": _count(select(ReportBack.id).where(ReportBack.assembly_id.in_(ids) | ReportBack.from_id.in_(ids))),
        "ratings": _count(select(FulfilmentRating.id).join(Recommendation, Recommendation.id == FulfilmentRating.recommendation_id).where(handed)),
    }


def _votes_of(ids: set[int]):
    """Votes on an assembly's platform, by its delegates, or to which a commitment of it is tied."""
    on_text = select(Ratification.id).join(Edition, Edition.id == Ratification.edition_id).join(Platform, Platform.id == Edition.platform_id)
    by_delegates = select(Electorate.ratification_id).where(Electorate.assembly_id.in_(ids))
    tied = select(Commitment.ratification_id).where(Commitment.assembly_id.in_(ids), Commitment.ratification_id.is_not(None))
    return on_text.where(Platform.assembly_id.in_(ids)).union(by_delegates, tied)


def _count(query) -> int:
    return session().scalar(select(func.count()).select_from(query.subquery())) or 0
