"""Verbs of an organizer over a texting drive: set it up, open it, stop it, end it; links for volunteers; taking over."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.bulk import insert_rows
from crm.infra.db import new_id, session
from crm.infra.jobs import enqueue
from crm.infra.links import issue_link_id, revoke_links
from crm.kernel.permissions import Action
from crm.kernel.refusal import N_, Missing, Reason, Refused
from crm.outreach.actions.texts import ensure_sender
from crm.outreach.models import Drive, DriveContact, Text, Texter
from crm.outreach.queries.broadcasts import aim, people_of
from crm.outreach.queries.drives import drive_for, issues_with, script_fields, texter_for
from crm.outreach.queries.plans import ground_of, plan_of
from crm.outreach.rules import drives as rules
from crm.outreach.rules.audience import Plan, Recipient
from crm.outreach.rules.drives import Question

AT_ONCE = 500
LINKS_LAST = timedelta(days=14)


def save_drive(actor: Actor, drive_id: int | None, values: Mapping[str, Any], bodies: Mapping[str, str], *, now: datetime) -> int:
    """Keeps a draft; hours, batches and the script of an open drive may be changed too, its audience not."""
    issues = rules.issues_with_setting(*(values[name] for name in ("opens_hour", "closes_hour", "batch_new", "batch_vetted", "most_a_day")))
    if issues:
        raise Refused(issues)
    drive = drive_for(actor, drive_id, lock=True) if drive_id else Drive(
        org_id=actor.org_id, id=new_id(), state="draft", created_by=actor.account_id, sender_name=actor.name, left_out={},
        questions=rules.kept_script(rules.usual_script()),
    )
    if drive.state == "ended":
        raise Refused(N_("This drive has ended."))
    if drive.state == "draft" and not aim(drive, values["audience"]):  # type: ignore[arg-type]
        raise Refused(Reason(N_("Choose who gets it."), field="audience"))
    drive.name = values["name"].strip()[:200]
    for name in ("opens_hour", "closes_hour", "batch_new", "batch_vetted", "most_a_day"):
        setattr(drive, name, values[name])
    drive.bodies = {language: body.strip() for language, body in bodies.items() if body.strip()}
    people_of(actor, drive, now)  # type: ignore[arg-type]  # the door: an audience that is not theirs is missing
    session().add(drive)
    session().flush()
    return drive.id


def save_question(actor: Actor, drive_id: int, question: Question) -> int:
    """Keeps one question of the script, new or changed."""
    drive = drive_for(actor, drive_id, lock=True)
    script = rules.read_script(drive.questions)
    others = [one for one in script if one.key != question.key]
    is_new = len(others) == len(script)
    if is_new and len(script) >= rules.MOST_QUESTIONS:
        raise Refused(N_("A script has at most eight questions: nobody answers more."))
    after = [*script, question] if is_new else [question if one.key == question.key else one for one in script]
    if issues := rules.issues_in_question(question, after, ground_of(actor, script_fields(actor, drive))):
        raise Refused(issues)
    drive.questions = rules.kept_script(after)
    session().flush()
    return drive.id


def remove_question(actor: Actor, drive_id: int, key: str) -> int:
    """Takes a question out of the script; answers that led there lead nowhere."""
    drive = drive_for(actor, drive_id, lock=True)
    if key == rules.FIRST:
        raise Refused(N_("The first question belongs to the first text. Change it instead."))
    kept = [one for one in drive.questions if one["key"] != key]
    for one in kept:
        one["answers"] = [branch | ({"then": ""} if branch["then"] == key else {}) for branch in one["answers"]]
    drive.questions = [dict(one) for one in kept]
    session().flush()
    return drive.id


# Opening and closing ---------------------------------------------------------------------------------------------


def open_drive(actor: Actor, drive_id: int, *, now: datetime) -> int:
    """Freezes who is texted and lets volunteers begin; every issue at once if something is wrong. Twice is once."""
    drive = drive_for(actor, drive_id, lock=True)
    if drive.state != "draft":
        return drive.id
    ensure_sender(actor, now=now)
    plan = plan_of(actor, drive, now)  # type: ignore[arg-type]
    if not plan.count:
        raise Refused(N_("Nobody would get this text. See why below."))
    if issues := issues_with(actor, drive, plan):
        raise Refused(issues)
    drive.contact_count, drive.left_out = plan.count, {reason: len(people) for reason, people in plan.left_out.items()}
    drive.opened_at, drive.ends_at, drive.state = now, drive.ends_at or now + LINKS_LAST, "filling"
    session().flush()
    if fill_some(actor, drive, plan, now=now):
        drive.job_id = enqueue(actor.org_id, "outreach.fill_drive", {"drive_id": drive.id}, now=now, key=f"drive:{drive.id}", total=plan.count)
    _tell(actor, "drive.opened", drive, now, people=plan.count, left_out=plan.out_count)
    return drive.id


def fill_some(actor: Actor, drive: Drive, plan: Plan, *, now: datetime) -> bool:
    """Writes down the next slice of a drive's people, in order of their phones; True while there are more."""
    rest = [one for one in plan.recipients if one.phone > drive.frozen_up_to]
    slice_ = rest[:AT_ONCE]
    insert_rows(DriveContact, ("person_id", "phone", "language", "is_first"), [_row(one) for one in slice_], drive_id=drive.id, state="waiting", question="",
                created_at=now)
    if slice_:
        drive.frozen_up_to = slice_[-1].phone
    if len(rest) <= AT_ONCE:
        drive.state = "open"
    session().flush()
    return len(rest) > AT_ONCE


def _row(one: Recipient) -> tuple[int, str, str, bool]:
    return one.person_ids[0], one.phone, one.language, one.is_first


def stop_drive(actor: Actor, drive_id: int, *, now: datetime) -> int:
    """Nothing new leaves from this moment: presses are refused, and first texts that wait in the queue are taken back."""
    drive = drive_for(actor, drive_id, lock=True)
    if drive.state == "open":
        drive.state = "stopped"
        _unqueue(actor, drive)
        _tell(actor, "drive.stopped", drive, now)
    return drive.id


def _unqueue(actor: Actor, drive: Drive) -> None:
    """First texts that were pressed and have not left are refused, so that nothing of the drive is on its way."""
    first = select(DriveContact.text_id).where(DriveContact.drive_id == drive.id, DriveContact.text_id.is_not(None))
    session().execute(update(Text).where(Text.id.in_(first), Text.state == "queued").values(state="refused", refusal="drive_stopped")
                      .execution_options(synchronize_session=False))


def resume_drive(actor: Actor, drive_id: int, *, now: datetime) -> int:
    """Volunteers go on where they stopped; people whose text was taken back wait again."""
    drive = drive_for(actor, drive_id, lock=True)
    if drive.state == "stopped":
        drive.state = "open"
        back = select(Text.id).where(Text.refusal == "drive_stopped", Text.key.like(f"drive:{drive.id}:%"))
        taken = session().scalars(back).all()
        session().execute(update(DriveContact).where(DriveContact.drive_id == drive.id, DriveContact.text_id.in_(taken))
                          .values(state="waiting", text_id=None, texted_at=None, texter_id=None).execution_options(synchronize_session=False))
        for text in session().scalars(select(Text).where(Text.id.in_(taken))):
            text.key = f"taken-back:{text.id}"
        _tell(actor, "drive.resumed", drive, now)
    return drive.id


def end_drive(actor: Actor, drive_id: int, *, now: datetime) -> int:
    """The drive is over: every link ends, and every conversation goes to the inbox."""
    drive = drive_for(actor, drive_id, lock=True)
    if drive.state in ("open", "stopped"):
        drive.state = "ended"
        _unqueue(actor, drive)
        for texter in session().scalars(select(Texter).where(Texter.drive_id == drive.id, Texter.ended_at.is_(None))):
            _end(actor, texter, now)
        _tell(actor, "drive.ended", drive, now)
    return drive.id


# Volunteers ------------------------------------------------------------------------------------------------------


def add_texters(actor: Actor, drive_id: int, names: Sequence[str], is_vetted: bool, *, now: datetime) -> int:
    """A link for each volunteer of that name; a name that is there already gets no second one."""
    drive = drive_for(actor, drive_id, lock=True)
    wanted = list(dict.fromkeys(" ".join(name.split())[:80] for name in names if name.strip()))
    there = set(session().scalars(select(Texter.name).where(Texter.drive_id == drive.id, Texter.ended_at.is_(None))))
    fresh = [name for name in wanted if name not in there]
    if not wanted:
        raise Refused(Reason(N_("Write the names of the volunteers, one on each line."), field="names"))
    if len(there) + len(fresh) > rules.MOST_TEXTERS:
        raise Refused(Reason(N_("At most %(most)s volunteers text in one drive."), {"most": rules.MOST_TEXTERS}, "names"))
    if drive.state == "ended":
        raise Refused(N_("This drive has ended."))
    for name in fresh:
        _add(actor, drive, name, now, is_vetted=is_vetted)
    return drive.id


def _add(actor: Actor, drive: Drive, name: str, now: datetime, *, is_vetted: bool, account_id: int | None = None) -> Texter:
    texter = Texter(org_id=actor.org_id, id=new_id(), drive_id=drive.id, name=name, is_vetted=is_vetted, account_id=account_id, shown_count=0, created_at=now)
    session().add(texter)
    session().flush()
    texter.link_id = issue_link_id(actor.org_id, "texting", texter.id, expires_at=drive.ends_at or now + LINKS_LAST, now=now)
    _tell(actor, "drive.texter_added", drive, now, name=name)
    return texter


def join_drive(actor: Actor, drive_id: int, *, now: datetime) -> int:
    """A colleague with an account texts along: their own link, made once. Returns its id."""
    drive = session().scalar(select(Drive).where(Drive.id == drive_id).with_for_update())
    if drive is None or not actor.may(Action.ANSWER_TEXTS) or drive.state not in ("open", "stopped"):
        raise Missing
    texter = session().scalar(select(Texter).where(Texter.drive_id == drive.id, Texter.account_id == actor.account_id))
    if texter is None:
        texter = _add(actor, drive, actor.name, now, is_vetted=actor.may(Action.SEE_CONTACTS), account_id=actor.account_id)
    elif texter.ended_at is not None:
        raise Refused(N_("Your part in this drive was ended."))
    return texter.link_id or 0


def vet_texter(actor: Actor, drive_id: int, texter_id: int, is_vetted: bool, *, now: datetime) -> int:
    """Says that this volunteer is known and gets larger batches, or is new again."""
    texter = texter_for(actor, drive_id, texter_id, lock=True)
    texter.is_vetted = is_vetted
    session().flush()
    return drive_id


def end_texter(actor: Actor, drive_id: int, texter_id: int, *, now: datetime) -> int:
    """Ends one volunteer's link at once: whom she has not texted goes back, her conversations go to the inbox."""
    drive, texter = drive_for(actor, drive_id), texter_for(actor, drive_id, texter_id, lock=True)
    if texter.ended_at is None:
        _end(actor, texter, now)
        _tell(actor, "drive.texter_ended", drive, now, name=texter.name)
    return drive_id


def _end(actor: Actor, texter: Texter, now: datetime) -> None:
    texter.ended_at = now
    revoke_links(actor.org_id, "texting", texter.id, now=now)
    give_back(texter, now)


def take_over(actor: Actor, drive_id: int, texter_id: int, *, now: datetime) -> int:
    """Takes what one volunteer holds: people not texted go back to all, conversations to the inbox. She may go on with new ones."""
    texter = texter_for(actor, drive_id, texter_id, lock=True)
    give_back(texter, now)
    return drive_id


def give_back(texter: Texter, now: datetime) -> None:
    """Lets go of everyone a volunteer holds."""
    quiet = {"synchronize_session": False}
    mine = DriveContact.texter_id == texter.id
    session().execute(update(DriveContact).where(mine, DriveContact.state == "waiting").values(texter_id=None).execution_options(**quiet))
    session().execute(update(DriveContact).where(mine, DriveContact.state == "texted", DriveContact.handed_at.is_(None))
                      .values(handed_at=now).execution_options(**quiet))
    session().flush()


def _tell(actor: Actor, verb: str, drive: Drive, now: datetime, **after: Any) -> None:
    audit.record(actor, verb, now=now, subject=("drive", drive.id), after={"drive": drive.name, **after})
    session().flush()
