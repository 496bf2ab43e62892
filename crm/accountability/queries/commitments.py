"""Commitments with their targets and outcomes, and the votes to which one can be tied."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import or_, select

from crm.accountability.models import Commitment, Outcome, Recommendation, Target
from crm.assemblies.models import Assembly
from crm.assemblies.queries import within_reach
from crm.infra.auth import Actor
from crm.infra.db import circle, session
from crm.platforms.queries.doors import readable
from crm.ratification.methods import METHODS
from crm.ratification.models import Electorate, Ratification

AHEAD = ("draft", "preparing", "open")


@dataclass(frozen=True)
class Judged:
    """A commitment, who gave it, the name of its vote, and each outcome with the duty that followed."""

    commitment: Commitment
    target: Target
    vote: dict | None
    outcomes: list[tuple[Outcome, Recommendation | None]]


def commitments_of(actor: Actor, assembly_id: int | None = None) -> list[Judged]:
    """Commitments that the actor may read, of one assembly or the latest of all."""
    query = select(Commitment).where(readable(actor, Commitment))
    return judged(query if assembly_id is None else query.where(Commitment.assembly_id == assembly_id))


def judged(query, most: int = 100) -> list[Judged]:
    """Commitments of a query, the latest first, with what belongs to them."""
    rows = list(session().scalars(query.order_by(Commitment.signed_on.desc(), Commitment.id.desc()).limit(most)))
    targets, outcomes = targets_in(row.target_id for row in rows), outcomes_of(row.id for row in rows)
    votes = {row.ratification_id for row in rows if row.ratification_id}
    titles = dict(session().execute(select(Ratification.id, Ratification.title).where(Ratification.id.in_(votes))).all())
    return [Judged(row, targets[row.target_id], titles.get(row.ratification_id), outcomes[row.id]) for row in rows]


def targets_in(ids: Iterable[int]) -> dict[int, Target]:
    """Targets by id."""
    return {row.id: row for row in session().scalars(select(Target).where(Target.id.in_(set(ids))))}


def outcomes_of(ids: Iterable[int]) -> dict[int, list[tuple[Outcome, Recommendation | None]]]:
    """By commitment, each outcome with its duty."""
    found = defaultdict(list)
    query = select(Outcome, Recommendation).outerjoin(Recommendation, Recommendation.outcome_id == Outcome.id)
    for outcome, duty in session().execute(query.where(Outcome.commitment_id.in_(set(ids))).order_by(Outcome.number)):
        found[outcome.commitment_id].append((outcome, duty))
    return found


def covering_vote(org_id: int, ratification_id: int) -> list[Commitment]:
    """An organization's commitments tied to a vote that were not judged yet, locked."""
    mine = Commitment.org_id == org_id, Commitment.ratification_id == ratification_id, Commitment.judged_at.is_(None)
    return list(session().scalars(select(Commitment).where(*mine).order_by(Commitment.id).with_for_update()))


def waiting_elsewhere(vote: Ratification) -> list[int]:
    """Other organizations that keep commitments tied to a vote."""
    theirs = Commitment.org_id != vote.org_id, Commitment.ratification_id == vote.id, Commitment.judged_at.is_(None)
    return list(session().scalars(select(Commitment.org_id).where(*theirs).distinct()))


def covering_room(assembly_id: int) -> list[Commitment]:
    """Commitments that cover every question put to the room of an assembly, locked."""
    query = select(Commitment).where(Commitment.assembly_id == assembly_id, Commitment.covers == "room")
    return list(session().scalars(query.order_by(Commitment.id).with_for_update()))


def votes_ahead(actor: Actor) -> list[Ratification]:
    """Votes that are not over: the organization's own, and those that are open among the organizations it shares a coalition with."""
    mine = Ratification.org_id == actor.org_id
    query = select(Ratification).where(Ratification.state.in_(AHEAD), Ratification.org_id.in_(circle()), or_(mine, Ratification.state == "open"))
    return list(session().scalars(query.order_by(Ratification.opens_at.desc(), Ratification.id.desc()).limit(50)))


def yes_no_kinds(ratification_id: int) -> list[str]:
    """The electorates of a vote that answer yes or no."""
    query = select(Electorate.kind, Electorate.method, Electorate.contest).where(Electorate.ratification_id == ratification_id)
    return [kind for kind, method, contest in session().execute(query) if not contest and method in METHODS]


def target_names(actor: Actor) -> list[str]:
    """Names of decision-makers that the organization has written down, to choose from while typing."""
    return list(session().scalars(select(Target.name).where(Target.org_id == actor.org_id).order_by(Target.name).limit(300)))


def promises_of(assembly_id: int) -> list[Judged]:
    """Commitments of an announced assembly, as everyone reads them."""
    return judged(select(Commitment).where(Commitment.assembly_id == assembly_id))


def promises_of_org(org_id: int) -> list[Judged]:
    """Commitments that an organization shows to everyone: of no assembly that is still a draft."""
    hidden = select(Assembly.id).where(Assembly.org_id == org_id, Assembly.announced_at.is_(None))
    of_assembly = or_(Commitment.assembly_id.is_(None), Commitment.assembly_id.not_in(hidden))
    return judged(select(Commitment).where(Commitment.org_id == org_id, of_assembly), 30)


def judged_one(row: Commitment) -> Judged:
    """One commitment with what belongs to it."""
    return judged(select(Commitment).where(Commitment.id == row.id))[0]


def promise_behind(row: Recommendation) -> Judged | None:
    """The commitment from whose vote a duty follows."""
    if row.outcome_id is None:
        return None
    return judged(select(Commitment).join(Outcome, Outcome.commitment_id == Commitment.id).where(Outcome.id == row.outcome_id))[0]


def assembly_behind(actor: Actor, row: Commitment | Recommendation) -> Assembly | None:
    """The assembly that something belongs to, where it is within the actor's reach."""
    return session().scalar(select(Assembly).where(Assembly.id == row.assembly_id, within_reach(actor)))
