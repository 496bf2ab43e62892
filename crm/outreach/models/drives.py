"""A texting drive: volunteers text a list person by person, each press one text, and work the replies along a script."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy import Text as LongText
from sqlalchemy.orm import Mapped, mapped_column

from crm.infra.db import Private, UtcDateTime
from crm.outreach.models.keys import person_key


class Drive(Private):
    """One drive: whom it texts, its script, its hours, and how far it has come. Named like a broadcast where it is like one."""

    __tablename__ = "drives"
    __table_args__ = (
        ForeignKeyConstraint(["org_id", "segment_id"], ["segments.org_id", "segments.id"]),
        CheckConstraint("state in ('draft','filling','open','stopped','ended')", name="state"),
        CheckConstraint("(state = 'draft') = (opened_at is null)", name="opened"),
        CheckConstraint("opens_hour between 0 and 23 and closes_hour between 1 and 24 and opens_hour < closes_hour", name="hours"),
        Index("ix_drives_recent", "org_id", "created_at", "id"),
    )

    name: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(20), default="draft")
    purpose: Mapped[str] = mapped_column(String(20), default="organizing")
    segment_id: Mapped[int | None] = mapped_column()
    subject_kind: Mapped[str | None] = mapped_column(String(20))
    subject_id: Mapped[int | None] = mapped_column()
    audience: Mapped[str | None] = mapped_column(String(40))
    bodies: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)  # the first text, by language
    questions: Mapped[list[Any]] = mapped_column(JSON, default=list)  # what follows (rules.drives.script)
    begins_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when the volunteers' links end
    opens_hour: Mapped[int] = mapped_column(default=10)
    closes_hour: Mapped[int] = mapped_column(default=20)
    batch_new: Mapped[int] = mapped_column(default=10)
    batch_vetted: Mapped[int] = mapped_column(default=50)
    most_a_day: Mapped[int] = mapped_column(default=200)  # people one volunteer may be shown in a day
    frozen_up_to: Mapped[str] = mapped_column(String(20), default="")
    contact_count: Mapped[int] = mapped_column(default=0)
    left_out: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # the gate's word → how many
    job_id: Mapped[int | None] = mapped_column()
    created_by: Mapped[int | None] = mapped_column()
    sender_name: Mapped[str] = mapped_column(String(200), default="")
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Texter(Private):
    """Someone who texts in a drive: a volunteer with a link and no account, or a colleague. The link is theirs alone."""

    __tablename__ = "drive_texters"
    __table_args__ = (
        ForeignKeyConstraint(["org_id", "drive_id"], ["drives.org_id", "drives.id"]),
        UniqueConstraint("org_id", "drive_id", "account_id"),
    )

    drive_id: Mapped[int] = mapped_column()
    name: Mapped[str] = mapped_column(String(80))
    account_id: Mapped[int | None] = mapped_column()
    link_id: Mapped[int | None] = mapped_column()
    is_vetted: Mapped[bool] = mapped_column(default=False)
    shown_on: Mapped[date | None] = mapped_column()  # the day that shown_count is of
    shown_count: Mapped[int] = mapped_column(default=0)
    minute_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the minute that minute_count is of
    minute_count: Mapped[int] = mapped_column(default=0)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DriveContact(Private):
    """One phone of a drive: waiting, texted once, or refused by the gate. Its texter holds it while she is there (`Texter.seen_at`)."""

    __tablename__ = "drive_contacts"
    __table_args__ = (
        person_key(),
        ForeignKeyConstraint(["org_id", "drive_id"], ["drives.org_id", "drives.id"]),
        ForeignKeyConstraint(["org_id", "texter_id"], ["drive_texters.org_id", "drive_texters.id"]),
        UniqueConstraint("org_id", "drive_id", "phone"),
        CheckConstraint("state in ('waiting','texted','refused')", name="state"),
        CheckConstraint("state <> 'texted' or text_id is not null", name="texted"),
        CheckConstraint("state <> 'refused' or refusal is not null", name="refused"),
        Index("ix_drive_contacts_queue", "org_id", "drive_id", "state", "id"),
        Index("ix_drive_contacts_texter", "org_id", "texter_id", "state"),
        Index("ix_drive_contacts_phone", "org_id", "phone", "state"),
        Index("ix_drive_contacts_person", "org_id", "person_id"),
    )

    drive_id: Mapped[int] = mapped_column()
    person_id: Mapped[int] = mapped_column()
    phone: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(20), default="en")
    is_first: Mapped[bool] = mapped_column(default=False)  # the first text that this phone gets from us says more
    state: Mapped[str] = mapped_column(String(20), default="waiting")
    texter_id: Mapped[int | None] = mapped_column()
    not_before_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # their quiet hours end
    question: Mapped[str] = mapped_column(String(20), default="")  # where in the script they are
    text_id: Mapped[int | None] = mapped_column()
    texted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    refusal: Mapped[str | None] = mapped_column(String(40))
    handed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # given to an organizer, for good


class DriveAnswer(Private):
    """What a person answered to one question of the script, as the volunteer understood it; the last word stands."""

    __tablename__ = "drive_answers"
    __table_args__ = (
        person_key(),
        ForeignKeyConstraint(["org_id", "contact_id"], ["drive_contacts.org_id", "drive_contacts.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["org_id", "drive_id"], ["drives.org_id", "drives.id"]),
        ForeignKeyConstraint(["org_id", "texter_id"], ["drive_texters.org_id", "drive_texters.id"]),
        UniqueConstraint("org_id", "contact_id", "question"),
        Index("ix_drive_answers_question", "org_id", "drive_id", "question", "answer"),
        Index("ix_drive_answers_person", "org_id", "person_id"),
    )

    drive_id: Mapped[int] = mapped_column()
    contact_id: Mapped[int] = mapped_column()
    person_id: Mapped[int] = mapped_column()
    question: Mapped[str] = mapped_column(String(20))
    answer: Mapped[str] = mapped_column(String(20))
    texter_id: Mapped[int | None] = mapped_column()
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class DriveText(Private):
    """A text that a volunteer wrote in a conversation, and what the script would have said, where it was another."""

    __tablename__ = "drive_texts"
    __table_args__ = (
        person_key(),
        ForeignKeyConstraint(["org_id", "contact_id"], ["drive_contacts.org_id", "drive_contacts.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["org_id", "drive_id"], ["drives.org_id", "drives.id"]),
        ForeignKeyConstraint(["org_id", "texter_id"], ["drive_texters.org_id", "drive_texters.id"]),
        UniqueConstraint("org_id", "text_id"),
        Index("ix_drive_texts_drive", "org_id", "drive_id", "is_off_script", "id"),
        Index("ix_drive_texts_contact", "org_id", "contact_id"),
        Index("ix_drive_texts_person", "org_id", "person_id"),
    )

    drive_id: Mapped[int] = mapped_column()
    contact_id: Mapped[int] = mapped_column()
    person_id: Mapped[int] = mapped_column()
    texter_id: Mapped[int] = mapped_column()
    text_id: Mapped[int] = mapped_column()
    is_off_script: Mapped[bool] = mapped_column(default=False)
    script: Mapped[str] = mapped_column(LongText, default="")
