"""Verbs of a volunteer in a texting drive: take people, text each of them once, work the replies, give them away.

The link is the whole authority, and her own people are all it reaches. One press sends one text: the contact is locked,
its text has the key of drive and phone, and the outbox and its gate do the rest.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from crm.infra import audit
from crm.infra.db import session
from crm.kernel.refusal import N_, Missing, Reason, Refused
from crm.outreach.actions.inbox import answer_in, settle
from crm.outreach.actions.outcomes import NO_END, record_in
from crm.outreach.actions.replies import handler_of
from crm.outreach.actions.texts import poke, queued_text
from crm.outreach.models import DriveAnswer, DriveContact, DriveText, Text, Thread
from crm.outreach.queries.facts import facts_of
from crm.outreach.queries.inbox import last_asked
from crm.outreach.queries.phones import sender_of
from crm.outreach.queries.subjects import subject_of
from crm.outreach.queries.texting import Holder, contact_for, first_words, free, values_for
from crm.outreach.rules import drives as rules
from crm.outreach.rules.drives import Branch
from crm.outreach.rules.gate import SENTENCES, Facts, lasting, why_not
from crm.outreach.rules.hours import next_open
from crm.people.actions import tag_people

ROUNDS = 5


def be_here(holder: Holder, *, now: datetime) -> None:
    """She is there: what she holds stays hers."""
    holder.texter.seen_at = now
    session().flush()


def take_batch(holder: Holder, *, now: datetime) -> int:
    """Takes people to text, as many as one at her stage may hold, asking the gate for each; returns how many are hers.

    Whom the gate refuses for good is set aside with the reason; who has a quiet hour waits for the next.
    """
    be_here(holder, now=now)
    _refuse_closed(holder, now)
    held = session().scalars(select(DriveContact.id).where(DriveContact.texter_id == holder.texter.id, DriveContact.state == "waiting")).all()
    if held:
        return len(held)
    drive, texter, today = holder.drive, holder.texter, now.astimezone(ZoneInfo(holder.organization.time_zone)).date()
    if texter.shown_on != today:
        texter.shown_on, texter.shown_count = today, 0
    wanted = rules.may_take(texter.shown_count, drive.batch_vetted if texter.is_vetted else drive.batch_new, drive.most_a_day)
    if not wanted:
        raise Refused(rules.TOO_MANY)
    taken = 0
    for _round in range(ROUNDS):
        some = _free_ones(holder, wanted - taken, now)
        taken += sum(_take(holder, contact, facts, now) for contact, facts in some)
        if not some or taken >= wanted:
            break
    texter.shown_count += taken
    session().flush()
    return taken


def _free_ones(holder: Holder, most: int, now: datetime) -> list[tuple[DriveContact, Facts]]:
    query = select(DriveContact).where(*free(holder.drive, now)).order_by(DriveContact.id).limit(most)
    contacts = session().scalars(query.with_for_update(skip_locked=True, of=DriveContact).execution_options(populate_existing=True)).all()
    facts = _facts(holder, contacts, now) if contacts else {}
    return [(contact, facts[contact.id]) for contact in contacts]


def _facts(holder: Holder, contacts: list[DriveContact], now: datetime) -> dict[int, Facts]:
    common = {"org_id": holder.org_id, "direction": "out", "purpose": holder.drive.purpose, "state": "queued"}
    asked = [Text(id=one.id, phone=one.phone, person_id=one.person_id, **common) for one in contacts]
    return facts_of(holder.actor, asked, sender_of(holder.actor), now)


def _take(holder: Holder, contact: DriveContact, facts: Facts, now: datetime) -> bool:
    if _set_aside(contact, facts, now) is None:
        contact.texter_id = holder.texter.id
        return True
    return False


def _set_aside(contact: DriveContact, facts: Facts, now: datetime) -> str | None:
    """The gate's word against texting them now: for good, or until their hour; None when they may be texted."""
    names = why_not(facts, now)
    refusal = lasting(names)
    if refusal:
        contact.state, contact.refusal, contact.texter_id = "refused", refusal, None
    elif names:
        contact.not_before_at, contact.texter_id = next_open(facts.zones, now, facts.week) or now + timedelta(days=1), None
    return refusal or next(iter(names), None)


def release_batch(holder: Holder, *, now: datetime) -> None:
    """Gives back everyone she holds and has not texted."""
    be_here(holder, now=now)
    session().execute(update(DriveContact).where(DriveContact.texter_id == holder.texter.id, DriveContact.state == "waiting").values(texter_id=None)
                      .execution_options(synchronize_session=False))


def send_first(holder: Holder, contact_id: int, *, now: datetime) -> Reason | None:
    """Texts one person, once however often it is pressed; the gate's reason when they may not be texted, and then they are skipped."""
    with session().no_autoflush:  # everything is written at once, at the end
        holder.texter.seen_at = now
        contact = contact_for(holder, contact_id, lock=True)
        if contact.state != "waiting":
            return None
        _refuse_closed(holder, now)
        _count(holder, now)
        text = _first_text(holder, contact, now)
        sender = sender_of(holder.actor)
        name = _set_aside(contact, facts_of(holder.actor, [text], sender, now)[text.id], now)
    if name is None:
        session().add(text)
        contact.state, contact.text_id, contact.texted_at, contact.question = "texted", text.id, now, rules.FIRST
        contact.handed_at = now if _waits_for_organizers(contact.phone) else None
    session().flush()
    if name is None:
        if (about := _subject(holder)) is not None:
            subject_of(about[0]).asked(holder.actor, about[1], [contact.person_id], now)  # an ask by her, now: not when the drive was filled
        poke(holder.actor, now=now)
    return Reason(SENTENCES[name]) if name else None


def _waits_for_organizers(phone: str) -> bool:
    """What they wrote before is not the volunteer's to read: it stays in the shared inbox, and what they answer comes there too."""
    return session().scalar(select(Thread.id).where(Thread.phone == phone, Thread.state == "needs_answer")) is not None


def _first_text(holder: Holder, contact: DriveContact, now: datetime) -> Text:
    words = first_words(holder, contact)
    return queued_text(holder.actor, _subject(holder), now, {
        "person_id": contact.person_id, "phone": contact.phone, "body": words, "language": contact.language, "purpose": holder.drive.purpose,
        "key": f"drive:{contact.drive_id}:{contact.phone}",
    })


def _subject(holder: Holder) -> tuple[str, int] | None:
    drive = holder.drive
    return (drive.subject_kind, drive.subject_id) if drive.subject_kind and drive.subject_id else None


def _refuse_closed(holder: Holder, now: datetime) -> None:
    if not holder.is_open(now):
        drive = holder.drive
        raise Refused(rules.why_closed(drive.state, drive.opens_hour, now.astimezone(ZoneInfo(holder.organization.time_zone))))


def _count(holder: Holder, now: datetime) -> None:
    """No more presses within a minute than a hand makes."""
    texter = holder.texter
    if texter.minute_at is None or now - texter.minute_at >= timedelta(minutes=1):
        texter.minute_at, texter.minute_count = now, 0
    if texter.minute_count >= rules.MOST_A_MINUTE:
        raise Refused(rules.TOO_FAST)
    texter.minute_count += 1


# Conversations ---------------------------------------------------------------------------------------------------


def _talk(holder: Holder, contact_id: int, now: datetime) -> tuple[DriveContact, Thread]:
    """Her conversation, held for writing; refused once an organizer has it."""
    be_here(holder, now=now)
    contact = contact_for(holder, contact_id, lock=True)
    thread = session().scalar(select(Thread).where(Thread.phone == contact.phone).with_for_update())
    if contact.state != "texted" or thread is None:
        raise Missing
    if contact.handed_at is not None:
        raise Refused(rules.GIVEN_AWAY)
    return contact, thread


def answer_script(holder: Holder, contact_id: int, answer: str, body: str | None, seen: int, *, key: str, now: datetime) -> int:
    """One tap on a branch: what they answered is written down, what the script says next is sent (or `body`, changed by her)."""
    contact, thread = _talk(holder, contact_id, now)
    question = rules.question_of(script := rules.read_script(holder.drive.questions), contact.question)
    branch = question.branch(answer) if question else None
    if question is None or branch is None:
        raise Refused(N_("Choose one of the answers."))
    if branch.outcome != "opt_out":
        words = rules.words_after(script, branch, values_for(holder, contact), contact.language)
        if body or words:
            _say(holder, contact, thread, body or words, seen, script=words, key=key, now=now)
    _write_answer(holder, contact, question.key, branch, now)
    audit.record(holder.actor, "drive.answered", now=now, person_id=contact.person_id, subject=("drive", contact.drive_id),
                 after={"question": question.name, "answer": branch.label.get("en") or branch.key})
    if branch.tag:
        tag_people(holder.actor, [contact.person_id], branch.tag, now=now)
    _settle(holder, contact, thread, branch, now)
    session().flush()
    return contact.id


def _settle(holder: Holder, contact: DriveContact, thread: Thread, branch: Branch, now: datetime) -> None:
    """What an answer leaves: its outcome where there is something to write it down for, the next question, a settled thread."""
    is_sent = thread.state == "waiting"
    if branch.outcome in ("opt_out", "wrong_number") or branch.outcome and thread.person_id and handler_of(last_asked(holder.actor, thread.phone, now)):
        record_in(holder.actor, thread, branch.outcome, now=now)
    elif branch.outcome and thread.person_id is None:  # whose of a shared phone this is, an organizer finds out
        contact.handed_at, thread.state, thread.reason = now, "needs_answer", "shared"
        return
    contact.question = branch.then or contact.question
    if is_sent and branch.outcome not in ("opt_out", "wrong_number"):
        thread.state, thread.reason = "waiting", ""
    elif thread.state == "needs_answer":
        settle(thread)


def _write_answer(holder: Holder, contact: DriveContact, question: str, branch: Branch, now: datetime) -> None:
    there = session().scalar(select(DriveAnswer).where(DriveAnswer.contact_id == contact.id, DriveAnswer.question == question).with_for_update())
    if there is None:
        there = DriveAnswer(org_id=holder.org_id, drive_id=contact.drive_id, contact_id=contact.id, person_id=contact.person_id, question=question,
                            created_at=now)
        session().add(there)
    there.answer, there.texter_id, there.at = branch.key, holder.texter.id, now


def write_freely(holder: Holder, contact_id: int, body: str, ready: str, seen: int, *, key: str, now: datetime) -> int:
    """Her own words, or a ready reply: whatever is not the script's or ready is kept as off the script, and counted."""
    contact, thread = _talk(holder, contact_id, now)
    _say(holder, contact, thread, body, seen, script=ready, key=key, now=now)
    return contact.id


def _say(holder: Holder, contact: DriveContact, thread: Thread, body: str, seen: int, *, script: str, key: str, now: datetime) -> None:
    there = session().scalar(select(Text.id).where(Text.key == key))
    if there is not None:
        return
    text_id = answer_in(holder.actor, thread, body, seen, key=key, now=now)
    is_off = rules.differs(script, body)
    session().add(DriveText(
        org_id=holder.org_id, drive_id=contact.drive_id, contact_id=contact.id, person_id=contact.person_id, texter_id=holder.texter.id,
        text_id=text_id, is_off_script=is_off, script=script if is_off else "", created_at=now,
    ))
    session().flush()


def write_outcome(holder: Holder, contact_id: int, outcome: str, *, now: datetime) -> int:
    """Writes down with one tap what they meant, without a text."""
    contact, thread = _talk(holder, contact_id, now)
    record_in(holder.actor, thread, outcome, now=now)
    if thread.state == "needs_answer" and outcome != NO_END:
        settle(thread)
    session().flush()
    return contact.id


def hand_to_organizer(holder: Holder, contact_id: int, *, now: datetime) -> int:
    """Gives a conversation to the organizers: it waits in the shared inbox, and is no longer hers."""
    contact, thread = _talk(holder, contact_id, now)
    contact.handed_at = now
    thread.state, thread.reason, thread.snoozed_until = "needs_answer", "handed", None
    audit.record(holder.actor, "thread.handed", now=now, person_id=contact.person_id, subject=("thread", thread.id))
    session().flush()
    return contact.id
