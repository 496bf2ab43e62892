"""Tags as words: renamed, grouped, merged, removed, and brought back. What hangs on people follows, and each of them has the event."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from crm.infra import audit
from crm.infra.audit import Event
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.names import fold
from crm.kernel.refusal import N_, Reason, Refused
from crm.people.actions.contacts import insert_rows
from crm.people.models import Person, PersonTag, Tag
from crm.people.queries import lists_using, tag_for, tag_removal
from crm.people.rules.cells import read_list

AT_ONCE = 500


def edit_tag(actor: Actor, tag_id: int, name: str, group: str, *, now: datetime) -> int:
    """Renames a tag or puts it into a group; saved lists that ask for it ask for the new name."""
    tag = tag_for(actor, tag_id, lock=True)
    names, group = read_list(name), " ".join(group.split())
    wrong = [] if len(names) == 1 else [Reason(N_("Write one tag."), field="name")]
    other = session().scalar(select(Tag.id).where(Tag.name_folded == fold(names[0]), Tag.id != tag.id)) if names else None
    if other is not None:
        wrong.append(Reason(N_("There is a tag of this name already. Merge the two instead."), field="name"))
    if len(group) > 60:
        wrong.append(Reason(N_("Keep the name of the group under 60 letters."), field="group_name"))
    if wrong:
        raise Refused(wrong)
    if (names[0], group) != (tag.name, tag.group_name):
        before = {"was": tag.name, "group": tag.group_name}
        _ask_anew(actor, tag, names[0])
        tag.name, tag.name_folded, tag.group_name = names[0], fold(names[0]), group
        audit.record(actor, "tag.renamed", now=now, subject=("tag", tag.id), before=before, after={"was": before["was"], "tag": tag.name, "group": group})
        session().flush()
    return tag.id


def merge_tags(actor: Actor, tag_id: int, into_id: int | None, *, now: datetime) -> int:
    """Whoever carries the tag carries the other one instead; the tag is gone. Returns how many carried it."""
    if into_id is None or into_id == tag_id:
        raise Refused(Reason(N_("Choose another tag."), field="into"))
    locked = {id: tag_for(actor, id, lock=True) for id in sorted((tag_id, into_id))}
    tag, into = locked[tag_id], locked[into_id]
    ids = _carriers(tag.id)
    had = set(_carriers(into.id))
    insert_rows(PersonTag, [{"org_id": actor.org_id, "person_id": id, "tag_id": into.id} for id in ids if id not in had])
    rows = [{"person_id": id, "after": {"tag": tag.name, "into": into.name, "had": id in had}} for id in ids]
    audit.record_many(actor, "tag.merged", rows, now=now, subject=("tag", tag.id))
    _ask_anew(actor, tag, into.name)
    _take_away(actor, tag, "tag.merged_away", {"into_id": into.id}, now)
    return len(ids)


def delete_tag(actor: Actor, tag_id: int, *, now: datetime) -> int:
    """Takes a tag off everyone and out of use. Returns how many carried it."""
    tag = tag_for(actor, tag_id, lock=True)
    if used := lists_using(actor, tag):
        names = ", ".join(segment.name for segment in used)
        raise Refused(Reason(N_("Saved lists still ask for this tag: %(lists)s. Change them first, or merge the tag into another."), {"lists": names}))
    ids = _carriers(tag.id)
    audit.record_many(actor, "tag.removed", [{"person_id": id, "after": {"tag": tag.name}} for id in ids], now=now, subject=("tag", tag.id))
    _take_away(actor, tag, "tag.deleted", {}, now)
    return len(ids)


def restore_tag(actor: Actor, tag_id: int, *, now: datetime) -> int:
    """Brings a removed or merged tag back to everyone who carried it. Returns how many have it again."""
    gone = tag_removal(actor, tag_id)
    was: dict[str, Any] = gone.before or {}
    if session().scalar(select(Tag.id).where(Tag.name_folded == fold(was["tag"]))) is not None:
        raise Refused(Reason(N_("There is a tag of this name already. Merge the two instead.")))
    verb = "tag.removed" if gone.verb == "tag.deleted" else "tag.merged"
    events = session().scalars(select(Event).where(Event.subject_kind == "tag", Event.subject_id == tag_id, Event.verb == verb, Event.at == gone.at)).all()
    carried = {event.person_id: event.after or {} for event in events}
    here = _still_here(list(carried))
    session().add(Tag(id=tag_id, org_id=actor.org_id, name=was["tag"], name_folded=fold(was["tag"]), group_name=was.get("group", ""), created_at=now))
    session().flush()
    insert_rows(PersonTag, [{"org_id": actor.org_id, "person_id": id, "tag_id": tag_id} for id in here])
    got = [id for id in here if not carried[id].get("had", True)]
    if into_id := was.get("into_id"):
        for start in range(0, len(got), AT_ONCE):
            mine = PersonTag.tag_id == into_id, PersonTag.person_id.in_(got[start : start + AT_ONCE])
            session().execute(delete(PersonTag).where(*mine), execution_options={"synchronize_session": False})
    audit.record_many(actor, "tag.restored", [{"person_id": id, "after": {"tag": was["tag"]}} for id in here], now=now)
    audit.record(actor, "tag.returned", now=now, subject=("tag", tag_id), after={"tag": was["tag"]})
    gone.verb = f"{gone.verb}_once"  # settled: a tag may go and come back more than once
    session().flush()
    return len(here)


def _carriers(tag_id: int) -> list[int]:
    return list(session().scalars(select(PersonTag.person_id).where(PersonTag.tag_id == tag_id).order_by(PersonTag.person_id)))


def _still_here(ids: list[int]) -> list[int]:
    found: list[int] = []
    for start in range(0, len(ids), AT_ONCE):
        found += session().scalars(select(Person.id).where(Person.id.in_(ids[start : start + AT_ONCE])))
    return sorted(found)


def _take_away(actor: Actor, tag: Tag, verb: str, more: dict[str, Any], now: datetime) -> None:
    audit.record(actor, verb, now=now, subject=("tag", tag.id), before={"tag": tag.name, "group": tag.group_name, **more}, after={"tag": tag.name})
    session().execute(delete(PersonTag).where(PersonTag.tag_id == tag.id), execution_options={"synchronize_session": False})
    session().delete(tag)
    session().flush()


def _ask_anew(actor: Actor, tag: Tag, name: str) -> None:
    for segment in lists_using(actor, tag):
        segment.definition = _renamed(segment.definition, tag.name_folded, name)


def _renamed(definition: Any, folded: str, name: str) -> Any:
    if isinstance(definition, list):
        return [_renamed(member, folded, name) for member in definition]
    if not isinstance(definition, dict):
        return definition
    if definition.get("fact") == "tag" and fold(str(definition.get("value", ""))) == folded:
        return definition | {"value": name}
    return {key: _renamed(member, folded, name) for key, member in definition.items()}
