"""Doors and reads of paper ballots and of tablets."""

from datetime import datetime

from sqlalchemy import func, select

from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.refusal import Missing
from crm.ratification.models import Electorate, Ratification
from crm.ratification.models.paper import PaperBatch, PaperCount, PaperEntry, VotingBooth
from crm.ratification.queries.votes import electorates_of
from crm.ratification.rules.paper import Paper
from crm.ratification.rules.states import PEOPLE


def secret_electorates(row: Ratification) -> list[Electorate]:
    """The groups of people who vote in secret, on paper too; Missing where nobody does."""
    found = [e for e in electorates_of(row) if e.is_secret and e.kind in PEOPLE]
    if not found or row.manifest is None:
        raise Missing()
    return found


def secret_electorate(row: Ratification, key: str | None) -> Electorate:
    """The group of that key, or the first where none was named."""
    found = next((e for e in secret_electorates(row) if key in (None, "", e.key)), None)
    if found is None:
        raise Missing()
    return found


def paper_count(electorate_id: int, lock: bool = False) -> PaperCount:
    """The numbers of an electorate's papers; zeros where none was handed out."""
    query = select(PaperCount).where(PaperCount.electorate_id == electorate_id)
    found = session().scalar(query.with_for_update().execution_options(populate_existing=True) if lock else query)
    return found or PaperCount(electorate_id=electorate_id, issued=0, spoiled=0, returned=0)


def is_on_paper(row: Ratification) -> bool:
    """Whether a group of it votes in secret, so that papers may have been handed out."""
    return any(rule["secret"] for rule in (row.manifest or {}).get("electorates", ()))


def papers_of(row: Ratification) -> dict[str, PaperCount]:
    """The numbers of a vote's papers by group; groups without papers are left out."""
    counts = select(Electorate.key, PaperCount).join(PaperCount, PaperCount.electorate_id == Electorate.id).where(Electorate.ratification_id == row.id)
    return dict(session().execute(counts).all())


def batches_of(electorate_id: int) -> list[PaperBatch]:
    """Batches that are not in the box, by number."""
    return list(session().scalars(select(PaperBatch).where(PaperBatch.electorate_id == electorate_id).order_by(PaperBatch.number)))


def batch_for(actor: Actor, row: Ratification, batch_id: int, lock: bool = False) -> tuple[Electorate, PaperBatch]:
    """A batch of this vote, with the group whose papers it holds."""
    groups = {e.id: e for e in secret_electorates(row)}
    query = select(PaperBatch).where(PaperBatch.id == batch_id, PaperBatch.electorate_id.in_(groups), PaperBatch.org_id == actor.org_id)
    found = session().scalar(query.with_for_update() if lock else query)
    if found is None:
        raise Missing()
    return groups[found.electorate_id], found


def readings_of(batch: PaperBatch) -> tuple[dict[int, Paper], dict[int, Paper]]:
    """What each of the two read, by place."""
    found: tuple[dict[int, Paper], dict[int, Paper]] = ({}, {})
    for entry in session().scalars(select(PaperEntry).where(PaperEntry.batch_id == batch.id)):
        found[entry.reading - 1][entry.place] = entry.contents
    return found


def last_number(electorate_id: int) -> int:
    """The highest number of a batch that waits."""
    return session().scalar(select(func.max(PaperBatch.number)).where(PaperBatch.electorate_id == electorate_id)) or 0


def booths_of(actor: Actor, row: Ratification) -> list[VotingBooth]:
    """The organization's own tablets of this vote."""
    own = VotingBooth.ratification_id == row.id, VotingBooth.partner_id == actor.org_id
    return list(session().scalars(select(VotingBooth).where(*own).order_by(VotingBooth.name, VotingBooth.id)))


def booth_for(actor: Actor, booth_id: int, lock: bool = False) -> VotingBooth:
    """A tablet of the actor's own organization, or the one whose link is held."""
    query = select(VotingBooth).where(VotingBooth.id == booth_id)
    if actor.link is None:
        query = query.where(VotingBooth.partner_id == actor.org_id)
    elif actor.link.subject_id != booth_id:
        raise Missing()
    found = session().scalar(query.with_for_update() if lock else query)
    if found is None:
        raise Missing()
    return found


def unlocked(booth: VotingBooth, now: datetime) -> bool:
    """Whether the tablet stands open for a seat."""
    return booth.until is not None and now < booth.until
