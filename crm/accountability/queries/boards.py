"""What was asked and answered: pages of it, counts by status, days that are due. One set of queries for a page of any length."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select

from crm.accountability.models import DraftFeedback, Milestone, OfficialResponse, Recommendation, Target
from crm.accountability.queries.commitments import targets_in
from crm.accountability.rules.answers import FINAL, scores
from crm.assemblies.models import Assembly
from crm.assemblies.rules.times import day_in
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.infra.web import Page, keyset
from crm.platforms.models import Plank
from crm.platforms.queries.doors import readable

ORDER = (Recommendation.due_on, Recommendation.id)
OPEN = ("planned", "under_way")


@dataclass(frozen=True)
class Asked:
    """A recommendation with its target, the response that stands, and its milestones by day."""

    row: Recommendation
    target: Target
    response: OfficialResponse | None = None
    milestones: list[Milestone] = field(default_factory=list)


def status_in_sql(today: date) -> ColumnElement[str]:
    """rules.answers.status_of as the database says it; a test holds the two together."""
    return case(
        (Recommendation.delivered_on.is_(None), "draft"),
        (Recommendation.verdict.not_in(FINAL) & (Recommendation.due_on < today), "overdue"),
        (Recommendation.verdict == "", "waiting"),
        else_=Recommendation.verdict,
    )


def _seen(actor: Actor) -> ColumnElement[bool]:
    return readable(actor, Recommendation) & or_(Recommendation.org_id == actor.org_id, Recommendation.delivered_on.is_not(None))


def _shown(org_id: int) -> ColumnElement[bool]:
    """What everyone may read: handed over, and of no assembly that is still a draft."""
    hidden = select(Assembly.id).where(Assembly.org_id == org_id, Assembly.announced_at.is_(None))
    of_assembly = or_(Recommendation.assembly_id.is_(None), Recommendation.assembly_id.not_in(hidden))
    return (Recommendation.org_id == org_id) & Recommendation.delivered_on.is_not(None) & of_assembly


def board_page(
    actor: Actor, today: date, after: str | None, *, assembly_id: int | None = None, target_id: int | None = None, status: str = "",
) -> tuple[list[Asked], str | None]:
    """One page of what the actor may read, the first due on top."""
    query = select(Recommendation).where(_seen(actor))
    if assembly_id is not None:
        query = query.where(Recommendation.assembly_id == assembly_id)
    return _page(query, today, after, target_id, status)


def public_page(org_id: int, today: date, after: str | None, assembly_id: int | None, status: str = "") -> tuple[list[Asked], str | None]:
    """One page of what everyone may read."""
    query = select(Recommendation).where(_shown(org_id))
    return _page(query if assembly_id is None else query.where(Recommendation.assembly_id == assembly_id), today, after, None, status)


def _page(query: Any, today: date, after: str | None, target_id: int | None, status: str) -> tuple[list[Asked], str | None]:
    if target_id is not None:
        query = query.where(Recommendation.target_id == target_id)
    if status:
        query = query.where(status_in_sql(today) == status)
    page: Page = keyset(query, ORDER, after, 30)
    return asked_of(page.rows), page.next


def asked_of(rows: Iterable[Recommendation]) -> list[Asked]:
    """Recommendations with what belongs to them, in three queries."""
    rows = list(rows)
    ids, targets, milestones = [row.id for row in rows], targets_in(row.target_id for row in rows), defaultdict(list)
    answers = select(OfficialResponse).where(OfficialResponse.recommendation_id.in_(ids)).order_by(OfficialResponse.number)
    last = {answer.recommendation_id: answer for answer in session().scalars(answers)}
    for step in session().scalars(select(Milestone).where(Milestone.recommendation_id.in_(ids)).order_by(Milestone.due_on, Milestone.id)):
        milestones[step.recommendation_id].append(step)
    return [Asked(row, targets[row.target_id], last.get(row.id), milestones[row.id]) for row in rows]


def score_row(today: date, *, actor: Actor | None = None, org_id: int = 0, assembly_id: int | None = None) -> list[tuple[str, int]]:
    """How many stand where: of what the actor may read, or of what everyone may."""
    said = status_in_sql(today)
    query = select(said, func.count()).where(_seen(actor) if actor else _shown(org_id)).group_by(said)
    if assembly_id is not None:
        query = query.where(Recommendation.assembly_id == assembly_id)
    return scores(status for status, n in session().execute(query) for _one in range(n))


def count_overdue(actor: Actor, now: datetime) -> int:
    """How many answers are overdue to the actor's organization: the number beside Responses in the navigation."""
    today = day_in(now, actor.time_zone)
    mine = (Recommendation.org_id == actor.org_id) & Recommendation.delivered_on.is_not(None) & (Recommendation.due_on < today)
    return session().scalar(select(func.count()).select_from(Recommendation).where(mine, Recommendation.verdict.not_in(FINAL))) or 0


@dataclass(frozen=True)
class Due:
    """A day on which something is owed: an answer, or a milestone of what was promised."""

    key: str
    title: dict[str, str]
    step: str
    target: str
    due_on: date
    recommendation_id: int


def dues_of(where: ColumnElement[bool], most: int = 300) -> list[Due]:
    """What is owed and not given yet, the first due on top."""
    base = select(Recommendation, Target.name).join(Target, Target.id == Recommendation.target_id).where(where)
    answers = base.where(Recommendation.verdict.not_in(FINAL)).order_by(*ORDER).limit(most)
    steps = base.join(Milestone, Milestone.recommendation_id == Recommendation.id).add_columns(Milestone).where(Milestone.state.in_(OPEN))
    found = [Due(f"answer-{row.id}", row.title, "", name, row.due_on, row.id) for row, name in session().execute(answers)]
    found += [Due(f"step-{step.id}", row.title, step.title, name, step.due_on, row.id)
              for row, name, step in session().execute(steps.order_by(Milestone.due_on, Milestone.id).limit(most))]
    return sorted(found, key=lambda due: (due.due_on, due.key))[:most]


def late_at(actor: Actor, today: date) -> list[Due]:
    """What is overdue to the actor's organization: answers and milestones."""
    mine = (Recommendation.org_id == actor.org_id) & Recommendation.delivered_on.is_not(None)
    return [due for due in dues_of(mine) if due.due_on < today]


def dues_shown(org_id: int, assembly_id: int | None) -> list[Due]:
    """What is owed in everyone's sight."""
    return dues_of(_shown(org_id) if assembly_id is None else _shown(org_id) & (Recommendation.assembly_id == assembly_id))


def responses_of(recommendation: Recommendation) -> list[OfficialResponse]:
    """Every response, the latest first."""
    query = select(OfficialResponse).where(OfficialResponse.recommendation_id == recommendation.id)
    return list(session().scalars(query.order_by(OfficialResponse.number.desc())))


def feedback_of(recommendation: Recommendation) -> list[DraftFeedback]:
    """What staff said of the draft, in order."""
    return list(session().scalars(select(DraftFeedback).where(DraftFeedback.recommendation_id == recommendation.id).order_by(DraftFeedback.id)))


def targets_of(actor: Actor) -> list[Target]:
    """Decision-makers of what the actor's organization keeps, by name."""
    return list(session().scalars(select(Target).where(Target.org_id == actor.org_id).order_by(Target.name).limit(300)))


def planks_asked(platform_id: int) -> dict[int, list[str]]:
    """By plank of a platform, the names of whom it was brought before."""
    query = (
        select(Recommendation.plank_id, Target.name).join(Target, Target.id == Recommendation.target_id)
        .join(Plank, Plank.id == Recommendation.plank_id).where(Plank.platform_id == platform_id)
    )
    found = defaultdict(list)
    for plank_id, name in session().execute(query.order_by(Target.name)):
        found[plank_id].append(name)
    return found
