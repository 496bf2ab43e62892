"""Tags: words that the organization puts on people, one by one or several at once."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.kernel.names import fold
from crm.kernel.refusal import N_, Reason, Refused
from crm.people.actions.contacts import insert_rows, row_of
from crm.people.models import Person, PersonTag, Tag
from crm.people.queries import person_for
from crm.people.rules.cells import read_list


def tag_people(actor: Actor, person_ids: Sequence[int], name: str, *, now: datetime) -> int:
    """Puts a tag on people; who carries it already is left alone. Returns how many got it."""
    names = read_list(name)
    if len(names) != 1:
        raise Refused(Reason(N_("Write one tag."), field="tag"))
    own = set(session().scalars(select(Person.id).where(Person.id.in_(list(person_ids)[:500]))))
    [(tag, tag_id)] = tag_ids_for(actor, names).items()
    there = set(session().scalars(select(PersonTag.person_id).where(PersonTag.tag_id == tag_id, PersonTag.person_id.in_(own))))
    fresh = sorted(own - there)
    insert_rows(PersonTag, [{"org_id": actor.org_id, "person_id": person_id, "tag_id": tag_id} for person_id in fresh])
    audit.record_many(actor, "tag.added", [{"person_id": person_id, "after": {"tag": tag}} for person_id in fresh], now=now)
    return len(fresh)


def remove_tag(actor: Actor, person_id: int, name: str, *, now: datetime) -> int:
    """Takes a tag off a person."""
    person = person_for(actor, person_id)
    tag_id = session().scalar(select(Tag.id).where(Tag.name_folded == fold(name)))
    gone = session().execute(delete(PersonTag).where(PersonTag.person_id == person.id, PersonTag.tag_id == (tag_id or 0)))
    if gone.rowcount:
        audit.record(actor, "tag.removed", now=now, person_id=person.id, after={"tag": name})
    return person.id


def set_tags(actor: Actor, person: Person, names: Sequence[str]) -> None:
    """These tags and no others."""
    session().execute(delete(PersonTag).where(PersonTag.person_id == person.id))
    insert_rows(PersonTag, [row_of(person, tag_id=tag_id) for tag_id in tag_ids_for(actor, names).values()])


def tag_ids_for(actor: Actor, names: Sequence[str]) -> dict[str, int]:
    """The ids of tags by name as given; tags that do not exist yet are made."""
    wanted = {fold(name): name for name in names}
    found = dict(session().execute(select(Tag.name_folded, Tag.id).where(Tag.name_folded.in_(wanted))).all()) if wanted else {}
    fresh = [{"org_id": actor.org_id, "id": new_id(), "name": name, "name_folded": folded} for folded, name in wanted.items() if folded not in found]
    insert_rows(Tag, fresh)
    found |= {row["name_folded"]: row["id"] for row in fresh}
    return {name: found[fold(name)] for name in names}
