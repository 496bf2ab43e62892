"""Doors and reads of texting drives: an organizer's view of one, and what a volunteer's link may see."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Exists, and_, case, exists, func, select

from crm.infra.auth import Actor
from crm.infra.db import session
from crm.infra.web import Page, keyset
from crm.kernel.permissions import Action
from crm.kernel.refusal import Missing
from crm.outreach.models import Drive, DriveAnswer, DriveContact, DriveText, Text, Texter, Thread
from crm.outreach.queries.plans import ground_of, known_fields
from crm.outreach.rules import drives as rules
from crm.outreach.rules.audience import Plan
from crm.outreach.rules.lint import issues_before_sending
from crm.people.models import Person


def drive_for(actor: Actor, drive_id: int, lock: bool = False) -> Drive:
    """The drive, if it is this organization's and the actor may send texts."""
    query = select(Drive).where(Drive.id == drive_id)
    found = session().scalar(query.with_for_update().execution_options(populate_existing=True) if lock else query)
    if found is None or not actor.may(Action.SEND_TEXTS):
        raise Missing
    return found


def texter_for(actor: Actor, drive_id: int, texter_id: int, lock: bool = False) -> Texter:
    """One volunteer of a drive that the actor may see."""
    drive_for(actor, drive_id)
    query = select(Texter).where(Texter.id == texter_id, Texter.drive_id == drive_id)
    found = session().scalar(query.with_for_update() if lock else query)
    if found is None:
        raise Missing
    return found


def drives_page(actor: Actor, after: str | None = None) -> Page:
    """All drives, newest first."""
    return keyset(select(Drive), [Drive.created_at.desc(), Drive.id.desc()], after, size=30)


def open_drives(actor: Actor) -> list[Drive]:
    """Drives in which colleagues may text now."""
    return list(session().scalars(select(Drive).where(Drive.state == "open").order_by(Drive.created_at.desc()).limit(20)))


# How far a drive is ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Progress:
    """How far a drive is, as its organizer sees it."""

    states: dict[str, int]
    refusals: dict[str, int]
    replied: int
    waiting: int
    off_script: int
    undelivered: int
    answers: dict[str, dict[str, int]]
    texters: list["Share"]


@dataclass(frozen=True)
class Share:
    """What one volunteer did."""

    texter: Texter
    texted: int
    held: int
    replied: int
    answered: int
    off_script: int


def progress_of(drive: Drive) -> Progress:
    """Counts of one drive: five statements, whatever its size."""
    mine = DriveContact.drive_id == drive.id
    states = dict(session().execute(select(DriveContact.state, func.count()).where(mine).group_by(DriveContact.state)).all())
    refusals = dict(session().execute(
        select(DriveContact.refusal, func.count()).where(mine, DriveContact.state == "refused").group_by(DriveContact.refusal)).all())
    answers: dict[str, dict[str, int]] = {}
    for question, answer, n in session().execute(
        select(DriveAnswer.question, DriveAnswer.answer, func.count()).where(DriveAnswer.drive_id == drive.id)
        .group_by(DriveAnswer.question, DriveAnswer.answer)
    ):
        answers.setdefault(question, {})[answer] = n
    shares = _shares(drive)
    undelivered = session().scalar(
        select(func.count()).select_from(DriveContact).join(Text, (Text.org_id == DriveContact.org_id) & (Text.id == DriveContact.text_id))
        .where(mine, Text.state.in_(("failed", "refused"))))
    waiting = session().scalar(
        select(func.count()).select_from(DriveContact).join(Thread, (Thread.org_id == DriveContact.org_id) & (Thread.phone == DriveContact.phone))
        .where(mine, DriveContact.state == "texted", Thread.state == "needs_answer"))
    off_script = session().scalar(select(func.count()).select_from(DriveText).where(DriveText.drive_id == drive.id, DriveText.is_off_script))
    return Progress(states, refusals, sum(share.replied for share in shares) + _replied_to_nobody(drive), waiting or 0, off_script or 0, undelivered or 0,
                    answers, shares)


def _has_replied() -> Exists:
    return exists().where(Thread.org_id == DriveContact.org_id, Thread.phone == DriveContact.phone, Thread.last_in_at >= DriveContact.texted_at)


def _replied_to_nobody(drive: Drive) -> int:
    return session().scalar(select(func.count()).select_from(DriveContact).where(
        DriveContact.drive_id == drive.id, DriveContact.state == "texted", DriveContact.texter_id.is_(None), _has_replied())) or 0


def _shares(drive: Drive) -> list[Share]:
    texted = DriveContact.state == "texted"
    held = DriveContact.state == "waiting"
    replied = and_(texted, _has_replied())
    counts = {id: rest for id, *rest in session().execute(
        select(DriveContact.texter_id, *(func.coalesce(func.sum(case((what, 1), else_=0)), 0) for what in (texted, held, replied)))
        .where(DriveContact.drive_id == drive.id, DriveContact.texter_id.is_not(None)).group_by(DriveContact.texter_id))}
    answered = dict(session().execute(
        select(DriveAnswer.texter_id, func.count()).where(DriveAnswer.drive_id == drive.id).group_by(DriveAnswer.texter_id)).all())
    off = dict(session().execute(
        select(DriveText.texter_id, func.count()).where(DriveText.drive_id == drive.id, DriveText.is_off_script).group_by(DriveText.texter_id)).all())
    texters = session().scalars(select(Texter).where(Texter.drive_id == drive.id).order_by(Texter.created_at, Texter.id))
    return [Share(one, *counts.get(one.id, (0, 0, 0)), answered.get(one.id, 0), off.get(one.id, 0)) for one in texters]


@dataclass(frozen=True)
class OffScript:
    """One text that was not the script's: by whom, to whom, and what differs."""

    by: str
    name: str
    at: datetime
    pieces: list[tuple[str, str]]


def off_script_page(actor: Actor, drive: Drive, after: str | None) -> Page:
    """Texts off the script, newest first."""
    page = keyset(
        select(DriveText, Texter.name.label("by"), Person, Text).join(Texter, (Texter.org_id == DriveText.org_id) & (Texter.id == DriveText.texter_id))
        .join(Person, (Person.org_id == DriveText.org_id) & (Person.id == DriveText.person_id))
        .join(Text, (Text.org_id == DriveText.org_id) & (Text.id == DriveText.text_id))
        .where(DriveText.drive_id == drive.id, DriveText.is_off_script), [DriveText.id.desc()], after, size=30)
    return Page([OffScript(by, person.name, text.queued_at, rules.changes(row.script, text.body)) for row, by, person, text in page.rows], page.next)


def issues_with(actor: Actor, drive: Drive, plan: Plan) -> list:
    """Everything wrong with the first text for the people who would get it."""
    return issues_before_sending(drive.bodies, ground=ground_of(actor, script_fields(actor, drive)), languages=set(plan.languages))


def script_fields(actor: Actor, drive: Drive) -> list[str]:
    """The personal fields that a script may use; a personal link is not among them, because a volunteer sees the text."""
    return [name for name in known_fields(actor, drive.subject_kind, drive.subject_id) if name != "link"]

