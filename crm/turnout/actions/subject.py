"""What a text about an assembly may address, say and link to: turnout's line in outreach's registry of subjects."""

from collections.abc import Mapping
from datetime import datetime

from flask_babel import get_locale, gettext
from sqlalchemy import Select

from crm.assemblies.playbooks import playbook_of
from crm.assemblies.playbooks.reminders import INVITE
from crm.assemblies.queries import assemblies_ahead, assembly_for, main_session, sessions_of
from crm.assemblies.rules import in_language
from crm.infra.auth import Actor
from crm.kernel.languages import PAGE_LANGUAGES
from crm.kernel.numbers import read_id
from crm.outreach.queries.subjects import Subject
from crm.outreach.rules.series import Occasion, StepWords
from crm.people.queries import segment_people, segments
from crm.turnout import rules
from crm.turnout.actions.answers import invite, pass_link_ids, written
from crm.turnout.actions.asks import note_texts
from crm.turnout.queries import AUDIENCES, audience

LIST = "list-"


def _name(actor: Actor, assembly_id: int) -> str:
    return in_language(assembly_for(actor, assembly_id).title, str(get_locale() or "en"))


def _audiences(actor: Actor, assembly_id: int) -> Mapping[str, str]:
    """Those who were asked, by what they said; then every saved list, to ask people who were not asked yet."""
    asked = {name: gettext(words) for name, (words, _clause) in AUDIENCES.items()}
    return asked | {f"{LIST}{segment.id}": segment.name for segment in segments(actor)}


def _people(actor: Actor, assembly_id: int, name: str, now: datetime) -> Select:
    assembly_for(actor, assembly_id)
    if name.startswith(LIST) and (number := read_id(name.removeprefix(LIST))) is not None:
        return segment_people(actor, number, now=now)
    return audience(actor, assembly_id, name)


def _fields(actor: Actor, assembly_id: int, language: str) -> Mapping[str, str]:
    assembly = assembly_for(actor, assembly_id)
    sitting = main_session(assembly, sessions_of(assembly))
    day, hour = written(assembly, sitting, language)
    place = ", ".join(part for part in (sitting.place, sitting.address) if part) if sitting else ""
    return {"assembly": in_language(assembly.title, language), "day": day, "hour": hour, "time": hour, "place": place}


def _bodies(actor: Actor, assembly_id: int, name: str) -> Mapping[str, str]:
    """The playbook's own words for this list, to begin with."""
    reminders = playbook_of(assembly_for(actor, assembly_id).kind).reminders
    meant = INVITE.audience if name in ("everyone", "invited") or name.startswith(LIST) else name
    words = next((reminder.text for reminder in reminders if reminder.audience == meant), {})
    return {
        language: in_language(words, language).replace("{given_name}", "{first_name}")
        for language in PAGE_LANGUAGES
        if words
    }


def _links(actor: Actor, assembly_id: int, person_ids: list[int], now: datetime) -> Mapping[int, int]:
    return pass_link_ids(actor, assembly_id, person_ids, now=now)


def _asked(actor: Actor, assembly_id: int, person_ids: list[int], now: datetime) -> None:
    """Whoever is texted about an assembly that is to come has been invited, with or without a link in the words."""
    if rules.may_answer(assembly_for(actor, assembly_id).state) is None:
        invite(actor, assembly_id, person_ids, now=now)
        note_texts(actor, assembly_id, person_ids, now=now)


def _ahead(actor: Actor, now: datetime) -> list[tuple[int, str]]:
    language = str(get_locale() or "en")
    return [(assembly.id, in_language(assembly.title, language)) for assembly in assemblies_ahead(actor, now)]


def _occasion(actor: Actor, assembly_id: int) -> Occasion:
    assembly = assembly_for(actor, assembly_id)
    sitting = main_session(assembly, sessions_of(assembly))
    return Occasion(
        assembly.day, assembly.time_zone, sitting.starts_at if sitting else None,
        is_announced=assembly.state in ("announced", "under_way", "finished"), is_cancelled=assembly.state == "cancelled",
    )  # fmt: skip


def _steps(actor: Actor, assembly_id: int) -> list[StepWords]:
    """The series that the playbook brings along."""
    return [
        StepWords(one.key, one.audience, one.days, one.at, {tag: words.replace("{given_name}", "{first_name}") for tag, words in one.text.items()})
        for one in playbook_of(assembly_for(actor, assembly_id).kind).reminders
    ]


SUBJECT = Subject(
    name=_name, audiences=_audiences, people=_people, purpose="rsvp", fields=_fields, bodies=_bodies, links=_links, asked=_asked,
    ahead=_ahead, confirming=frozenset({"said_yes"}), occasion=_occasion, steps=_steps,
)
