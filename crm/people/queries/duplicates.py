"""Candidates for merging, side by side; merges that were made; and where a record that went leads now."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select, tuple_

from crm.infra.auth import Actor
from crm.infra.db import session
from crm.infra.jobs import Job
from crm.infra.web import Page, keyset
from crm.kernel.permissions import Action
from crm.kernel.refusal import Missing, Reason
from crm.people.models import Address, Duplicate, Email, Merge, Note, Person, PersonTag, Phone, Tag
from crm.people.queries.connections import AT_ONCE

MOST_COUNTED = 10_000
JOB = "people.duplicates"


@dataclass(frozen=True)
class Side:
    """One record, with what is shown of it beside another."""

    person: Person
    phones: list[Phone]
    emails: list[Email]
    addresses: list[Address]
    tags: list[str]
    notes: int


@dataclass(frozen=True)
class Candidate:
    """Two records that may be one person, and everyone else who may be the same person as both."""

    pair: Duplicate
    ids: tuple[int, ...]
    reasons: list[Reason]


def duplicate_for(actor: Actor, duplicate_id: int, lock: bool = False) -> Duplicate:
    """The candidate, if it is this organization's."""
    wanted = select(Duplicate).where(Duplicate.id == duplicate_id)
    found = session().scalar(wanted.with_for_update() if lock else wanted) if actor.may(Action.EDIT_PEOPLE) else None
    if found is None:
        raise Missing
    return found


def merge_for(actor: Actor, merge_id: int, lock: bool = False) -> Merge:
    """The merge, if it is this organization's."""
    wanted = select(Merge).where(Merge.id == merge_id)
    found = session().scalar(wanted.with_for_update() if lock else wanted) if actor.may(Action.EDIT_PEOPLE) else None
    if found is None:
        raise Missing
    return found


def count_duplicates(actor: Actor) -> int:
    """How many candidates are open; more than ten thousand are counted as ten thousand."""
    some = select(Duplicate.id).where(Duplicate.state == "open").limit(MOST_COUNTED).subquery()
    return session().scalar(select(func.count()).select_from(some)) or 0


def duplicates_page(actor: Actor, state: str, after: str | None, size: int = 20) -> Page:
    """Candidates of one state, the surest first."""
    page = keyset(select(Duplicate).where(Duplicate.state == state), [Duplicate.score.desc(), Duplicate.id.desc()], after, size)
    return Page(_candidates(page.rows), page.next)


def candidate_of(actor: Actor, pair: Duplicate) -> Candidate:
    """One candidate with everyone who may be the same person."""
    return _candidates([pair])[0]


def next_candidate(actor: Actor, after: Duplicate | None = None, but: Collection[int] = ()) -> Duplicate | None:
    """The surest open candidate, or the one that follows; never one that speaks of these people."""
    wanted = select(Duplicate).where(Duplicate.state == "open")
    if after is not None:
        wanted = wanted.where(tuple_(Duplicate.score, Duplicate.id) < tuple_(after.score, after.id))
    if but:
        wanted = wanted.where(Duplicate.first_id.not_in(but), Duplicate.second_id.not_in(but))
    return session().scalar(wanted.order_by(Duplicate.score.desc(), Duplicate.id.desc()).limit(1))


def _candidates(pairs: Sequence[Duplicate]) -> list[Candidate]:
    """A third record belongs to a candidate when it is an open candidate with both."""
    ends = {id for pair in pairs for id in (pair.first_id, pair.second_id)}
    partners: dict[int, set[int]] = defaultdict(set)
    touching = or_(Duplicate.first_id.in_(ends), Duplicate.second_id.in_(ends))
    if ends:
        for first, second in session().execute(select(Duplicate.first_id, Duplicate.second_id).where(Duplicate.state == "open", touching)):
            partners[first].add(second)
            partners[second].add(first)
    made = []
    for pair in pairs:
        both = partners[pair.first_id] & partners[pair.second_id] if pair.state == "open" else set()
        reasons = [Reason(kept["text"], kept.get("params", {})) for kept in pair.reasons]
        made.append(Candidate(pair, (pair.first_id, pair.second_id, *sorted(both)), reasons))
    return made


def sides_of(actor: Actor, ids: Collection[int]) -> dict[int, Side]:
    """These people as they are shown beside each other: six queries, however many they are."""
    if not actor.may(Action.EDIT_PEOPLE):
        raise Missing
    people = {person.id: person for person in session().scalars(select(Person).where(Person.id.in_(ids)).order_by(Person.id))}

    def of(model: Any, *order: Any) -> dict[int, list[Any]]:
        found: dict[int, list[Any]] = defaultdict(list)
        for row in session().scalars(select(model).where(model.person_id.in_(people)).order_by(*order)):
            found[row.person_id].append(row)
        return found

    phones, emails, addresses = of(Phone, Phone.is_preferred.desc(), Phone.id), of(Email, Email.is_preferred.desc(), Email.id), of(Address, Address.id)
    on = (PersonTag.org_id == Tag.org_id) & (PersonTag.tag_id == Tag.id)
    tags: dict[int, list[str]] = defaultdict(list)
    for id, name in session().execute(select(PersonTag.person_id, Tag.name).join(Tag, on).where(PersonTag.person_id.in_(people)).order_by(Tag.name_folded)):
        tags[id].append(name)
    counted = select(Note.person_id, func.count()).where(Note.person_id.in_(people)).group_by(Note.person_id)
    notes = dict(session().execute(counted).all())
    return {id: Side(person, phones[id], emails[id], addresses[id], tags[id], notes.get(id, 0)) for id, person in people.items()}


def merges_page(actor: Actor, after: str | None, size: int = 30) -> Page:
    """(merge, the name of the record that stays), the newest first."""
    made = select(Merge, Person).join(Person, (Person.org_id == Merge.org_id) & (Person.id == Merge.kept_id))
    return keyset(made, [Merge.merged_at.desc(), Merge.id.desc()], after, size)


def merged_into(actor: Actor, person_id: int) -> int | None:
    """The record into which one was taken that is gone."""
    led = select(Merge.kept_id).where(Merge.gone_id == person_id, Merge.undone_at.is_(None))
    return session().scalar(led.order_by(Merge.id.desc()).limit(1)) if actor.may(Action.SEE_PEOPLE) else None


def duplicates_job(actor: Actor) -> Job | None:
    """The newest pass over everyone."""
    newest = select(Job).where(Job.org_id == actor.org_id, Job.kind == JOB, Job.key.is_not(None))
    return session().scalar(newest.order_by(Job.id.desc()).limit(1))


def existing_pairs(ids: Collection[int]) -> dict[tuple[int, int], tuple[int, str, int]]:
    """(first, second) → (candidate, state, score), for all candidates that speak of these people."""
    found = {}
    ordered = sorted(ids)
    for start in range(0, len(ordered), AT_ONCE):
        some = ordered[start : start + AT_ONCE]
        for row in session().execute(
            select(Duplicate.first_id, Duplicate.second_id, Duplicate.id, Duplicate.state, Duplicate.score).where(
                or_(Duplicate.first_id.in_(some), Duplicate.second_id.in_(some))
            )
        ):
            found[row[0], row[1]] = tuple(row[2:])
    return found


def open_pairs() -> dict[tuple[int, int], int]:
    """(first, second) → the candidate, for all that are open."""
    rows = select(Duplicate.first_id, Duplicate.second_id, Duplicate.id).where(Duplicate.state == "open")
    return {(first, second): id for first, second, id in session().execute(rows)}
