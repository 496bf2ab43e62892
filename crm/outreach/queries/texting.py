"""What a volunteer's link may see of a texting drive: her own people, veiled, and what was said since she texted them."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Select, case, func, or_, select

from crm.infra.auth import Actor
from crm.infra.db import session
from crm.infra.links import read_link
from crm.kernel.names import short_name
from crm.kernel.phone import mask_phone
from crm.kernel.refusal import Missing
from crm.organizations.models import Organization
from crm.outreach.models import Drive, DriveContact, Text, Texter, Thread
from crm.outreach.queries.inbox import last_asked, sharers_of
from crm.outreach.queries.plans import field_values
from crm.outreach.rules import drives as rules
from crm.outreach.rules.templates import body_for, completed, fill, greet
from crm.people.models import Person


@dataclass(frozen=True)
class Holder:
    """The holder of a texting link, held to one organization, one drive and her own people."""

    org_id: int
    texter: Texter
    drive: Drive
    token: str
    organization: Organization

    @property
    def actor(self) -> Actor:
        """Without a role: a door asks nothing else of a link's holder than that the record is hers."""
        return Actor(self.org_id, account_id=self.texter.account_id, name=self.texter.name, link=self, time_zone=self.organization.time_zone)

    def is_open(self, now: datetime) -> bool:
        """Whether first texts may go out now."""
        drive = self.drive
        return rules.is_open(drive.state, drive.opens_hour, drive.closes_hour, now.astimezone(ZoneInfo(self.organization.time_zone)))


class Key(NamedTuple):
    """What a live link opens: whose organization, which volunteer."""

    org_id: int
    texter_id: int
    token: str


def key_of(token: str, now: datetime) -> Key:
    """The live texting link, read and never consumed; Missing for an unknown or ended one."""
    link = read_link(token, "texting", now)
    return Key(link.org_id, link.subject_id, token)


def holder_of(key: Key, act: str = "") -> Holder:
    """Whose link it is. While she does something (`act`) the drive is not stopped; while she takes people, nobody takes for her."""
    query = (
        select(Texter, Drive, Organization).join(Drive, (Drive.org_id == Texter.org_id) & (Drive.id == Texter.drive_id))
        .join(Organization, Organization.id == Texter.org_id)
        .where(Texter.id == key.texter_id, Texter.ended_at.is_(None))
    )
    if act == "take":
        session().execute(select(Texter.id).where(Texter.id == key.texter_id).with_for_update())
    if act:
        query = query.with_for_update(read=True, of=Drive).execution_options(populate_existing=True)
    row = session().execute(query).one_or_none()
    if row is None:
        raise Missing
    return Holder(key.org_id, row[0], row[1], key.token, row[2])


def contact_for(holder: Holder, contact_id: int, lock: bool = False) -> DriveContact:
    """One of the volunteer's own people; anybody else's looks as if it were not there."""
    query = select(DriveContact).where(DriveContact.id == contact_id, DriveContact.texter_id == holder.texter.id)
    found = session().scalar(query.with_for_update().execution_options(populate_existing=True) if lock else query)
    if found is None:
        raise Missing
    return found


@dataclass(frozen=True)
class Shown:
    """What a volunteer sees of a person: first name and initial, and the end of the number."""

    id: int
    name: str
    phone: str
    language: str


def shown(contact: DriveContact, person: Person) -> Shown:
    """The veiled view of one contact."""
    return Shown(contact.id, short_name(person.given_name, person.family_name), mask_phone(contact.phone), contact.language)


def next_to_text(holder: Holder) -> tuple[DriveContact, Person, int] | None:
    """The next person of her batch, with how many are left; None when she holds nobody to text."""
    mine = (DriveContact.texter_id == holder.texter.id, DriveContact.state == "waiting")
    left = session().scalar(select(func.count()).select_from(DriveContact).where(*mine)) or 0
    row = session().execute(_with_person().where(*mine).order_by(DriveContact.id).limit(1)).one_or_none() if left else None
    return (*row, left) if row else None


def _with_person() -> Select:
    return select(DriveContact, Person).join(Person, (Person.org_id == DriveContact.org_id) & (Person.id == DriveContact.person_id))


def conversations(holder: Holder, limit: int = 50) -> list[tuple[DriveContact, Person, Thread]]:
    """Her conversations, those that wait for an answer first and longest; an organizer's are no longer hers."""
    waits = case((Thread.state == "needs_answer", 0), else_=1)
    return list(session().execute(
        _with_person().add_columns(Thread).join(Thread, (Thread.org_id == DriveContact.org_id) & (Thread.phone == DriveContact.phone))
        .where(DriveContact.texter_id == holder.texter.id, DriveContact.state == "texted", DriveContact.handed_at.is_(None),
               Thread.last_in_at >= DriveContact.texted_at)
        .order_by(waits, Thread.last_in_at, DriveContact.id).limit(limit)).all())


def next_waiting(holder: Holder) -> int | None:
    """Which of her conversations waits longest for an answer."""
    first = next(iter(conversations(holder, 1)), None)
    return first[0].id if first and first[2].state == "needs_answer" else None


def talk_with(holder: Holder, contact_id: int) -> tuple[DriveContact, Person, Thread]:
    """One of her conversations, with the person and the thread; Missing for anybody else's, and for one that an organizer has."""
    row = session().execute(
        _with_person().add_columns(Thread).join(Thread, (Thread.org_id == DriveContact.org_id) & (Thread.phone == DriveContact.phone))
        .where(DriveContact.id == contact_id, DriveContact.texter_id == holder.texter.id, DriveContact.state == "texted", DriveContact.handed_at.is_(None))
    ).one_or_none()
    if row is None:
        raise Missing
    return tuple(row)  # type: ignore[return-value]


def can_record(holder: Holder, thread: Thread, now: datetime) -> bool:
    """Whether the drive asked something to which an answer can be written down, beyond the script's own count."""
    asked = last_asked(holder.actor, thread.phone, now)
    return bool(thread.person_id and asked and asked.subject_id)


def local_time(holder: Holder, now: datetime) -> datetime:
    """What the clock says where the organization is."""
    return now.astimezone(ZoneInfo(holder.organization.time_zone))


def left_in(drive: Drive, now: datetime) -> int:
    """How many people nobody holds and who can be texted now."""
    return session().scalar(select(func.count()).select_from(DriveContact).where(*free(drive, now))) or 0


def free(drive: Drive, now: datetime) -> tuple:
    """Conditions for the people of a drive that anyone may take now: nobody holds them, or who did has gone."""
    gone = select(Texter.id).where(Texter.drive_id == drive.id, or_(Texter.seen_at.is_(None), Texter.seen_at <= now - rules.HOLD_FOR))
    return (
        DriveContact.drive_id == drive.id, DriveContact.state == "waiting",
        or_(DriveContact.texter_id.is_(None), DriveContact.texter_id.in_(gone)),
        or_(DriveContact.not_before_at.is_(None), DriveContact.not_before_at <= now),
    )


def texts_of(contact: DriveContact) -> list[Text]:
    """The conversation since the drive's first text; what was said before is not the volunteer's to read."""
    return list(session().scalars(
        select(Text).where(Text.phone == contact.phone, or_(Text.id == contact.text_id, Text.queued_at >= contact.texted_at), Text.broadcast_id.is_(None))
        .order_by(Text.queued_at, Text.id).limit(200)))


def first_words(holder: Holder, contact: DriveContact) -> str:
    """The first text for one person, as the page shows it and as it leaves."""
    whole = completed(body_for(holder.drive.bodies, contact.language)[1], contact.language, holder.organization.name, is_first=contact.is_first)
    return fill(whole, values_for(holder, contact), contact.language)


def values_for(holder: Holder, contact: DriveContact) -> dict[str, str]:
    """What fills the fields of a script for one person: everyone at the phone is greeted, the volunteer signs."""
    names = [one.given for one in sharers_of(holder.actor, contact.phone)]
    values = field_values(holder.actor, holder.drive, contact.language)
    return values | {"organizer": holder.texter.name.split(" ")[0], "first_name": greet(names, contact.language)}
