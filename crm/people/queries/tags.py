"""Tags as words of the organization: how many carry each, and which were taken away."""

from dataclasses import dataclass

from sqlalchemy import func, select

from crm.infra.audit import Event
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.names import fold
from crm.kernel.permissions import Action
from crm.kernel.refusal import Missing
from crm.people.models import PersonTag, Segment, Tag

GONE = ("tag.deleted", "tag.merged_away")


@dataclass(frozen=True)
class TagCount:
    """A tag and how many people carry it."""

    tag: Tag
    people: int


def tag_for(actor: Actor, tag_id: int, lock: bool = False) -> Tag:
    """The tag, if it is this organization's."""
    wanted = select(Tag).where(Tag.id == tag_id)
    found = session().scalar(wanted.with_for_update() if lock else wanted) if actor.may(Action.EDIT_PEOPLE) else None
    if found is None:
        raise Missing
    return found


def tags_with_counts(actor: Actor) -> list[TagCount]:
    """Every tag, by group and name; one query."""
    carried = select(PersonTag.tag_id, func.count().label("people")).group_by(PersonTag.tag_id).subquery()
    rows = select(Tag, func.coalesce(carried.c.people, 0)).outerjoin(carried, carried.c.tag_id == Tag.id)
    return [TagCount(tag, people) for tag, people in session().execute(rows.order_by(Tag.group_name, Tag.name_folded))]


def count_carriers(actor: Actor, tag_id: int) -> int:
    """How many people carry a tag."""
    return session().scalar(select(func.count()).select_from(PersonTag).where(PersonTag.tag_id == tag_id))


def lists_using(actor: Actor, tag: Tag) -> list[Segment]:
    """The saved lists that ask for a tag."""
    saved = session().scalars(select(Segment).order_by(Segment.name))
    return [segment for segment in saved if asks_for_tag(segment.definition, tag.name_folded)]


def asks_for_tag(definition: object, folded: str) -> bool:
    """Whether a tree asks for a tag, however deep."""
    if isinstance(definition, list):
        return any(asks_for_tag(member, folded) for member in definition)
    if not isinstance(definition, dict):
        return False
    if definition.get("fact") == "tag":
        return fold(str(definition.get("value", ""))) == folded
    return any(asks_for_tag(member, folded) for member in definition.values())


def tags_taken_away(actor: Actor, size: int = 5) -> list[Event]:
    """The newest tags that were removed or merged and not brought back."""
    gone = select(Event).where(Event.verb.in_(GONE), Event.subject_kind == "tag")
    return list(session().scalars(gone.order_by(Event.at.desc(), Event.id.desc()).limit(size)))


def tag_removal(actor: Actor, tag_id: int) -> Event:
    """The event by which a tag was taken away, if it was and is still gone."""
    found = next((event for event in tags_taken_away(actor, 500) if event.subject_id == tag_id), None) if actor.may(Action.EDIT_PEOPLE) else None
    if found is None:
        raise Missing
    return found
