"""Verbs of the public sign-up form: keep what was typed, and take it over. What is typed never shows whether a number is known."""

from datetime import UTC, datetime, timedelta
from hmac import compare_digest

from sqlalchemy import func, select

from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.infra.jobs import enqueue
from crm.infra.look import say, say_in
from crm.infra.runtime import keyed_hash, settings
from crm.kernel.languages import PAGE_LANGUAGES
from crm.kernel.names import split_name
from crm.kernel.phone import read_phone
from crm.kernel.refusal import N_, Reason, Refused
from crm.organizations.models import Organization
from crm.organizations.queries import organization_of
from crm.outreach.actions.consent import give_consent
from crm.outreach.actions.ledger import wording_ids
from crm.outreach.actions.texts import queue_to_phone
from crm.outreach.models import Consent, SignUp, Wording
from crm.outreach.queries.consent import consent_of
from crm.outreach.rules.disclosure import OPT_IN, OPT_IN_MONEY
from crm.outreach.rules.keywords import DISCLOSURE
from crm.outreach.rules.options import texting_options
from crm.people.actions import add_person
from crm.people.models import Phone

WITHIN = timedelta(hours=1)
MOST_FROM_ONE_PLACE = 100  # a hall full of people behind one connection
MOST_OF_ONE_PHONE = 3
FRAME_LASTS = timedelta(hours=12)
CLOSED = N_("This organization takes no sign-ups on the web now. Ask somebody there how to get its texts.")
STALE = N_("This page stood open for a long time. Look it over, then send it again.")


def frame_mark(organization: Organization, at: datetime) -> str:
    """Says that we made this form, and when: inside another site a browser brings no cookie that could."""
    second = int(at.timestamp())
    return f"{second}.{keyed_hash('sign-up frame', f'{organization.id}:{second}').hex()[:32]}"


def refuse_other_marks(organization: Organization, mark: str, now: datetime) -> None:
    """A form without a mark of ours, or with one that is half a day old, is shown again."""
    digits = mark.partition(".")[0]
    made = datetime.fromtimestamp(int(digits), UTC) if digits.isdecimal() and len(digits) < 12 else None
    if made is None or not compare_digest(mark.encode(), frame_mark(organization, made).encode()) or not made <= now <= made + FRAME_LASTS:
        raise Refused(STALE)


def terms_url(organization: Organization) -> str:
    """Where everyone may read the terms and the privacy of an organization's texts."""
    return f"{settings().public_url}/texting/{organization.slug}"


def opt_in_words(organization: Organization, is_for_money: bool = False) -> Reason:
    """The words beside the box, for the language of the page."""
    return Reason(OPT_IN_MONEY if is_for_money else OPT_IN, {"organization": organization.name, "url": terms_url(organization)})


def sign_up(actor: Actor, *, name: str, phone: str, language: str, agrees: bool, may_ask: bool, address: str, now: datetime) -> int:
    """Keeps what somebody typed, with the words they saw; a job takes it over. Every problem at once."""
    organization, number = organization_of(actor), read_phone(phone, organization_of(actor).country)
    if not texting_options(organization.options).signs_up:
        raise Refused(CLOSED)
    issues = []
    if not name.strip():
        issues.append(Reason(N_("Write your name."), field="name"))
    if isinstance(number, Reason):
        issues.append(Reason(number.text, number.params, "phone"))
    if not agrees:
        issues.append(Reason(N_("Tick the box if you want our texts. Without it we send none."), field="agrees"))
    marks = [keyed_hash("sign-up", f"{actor.org_id}:{each}").hex()[:32] for each in (str(number), f"from {address}")]
    if _count(SignUp.address_mark == marks[1], now) >= MOST_FROM_ONE_PLACE:
        issues.append(Reason(N_("Very many people signed up from this connection. Wait an hour, then try again.")))
    if issues:
        raise Refused(issues)
    words = [say(opt_in_words(organization)), *([say(opt_in_words(organization, True))] if may_ask else [])]
    kept = wording_ids(actor, words, now)
    row = SignUp(
        org_id=actor.org_id, id=new_id(), name=name.strip()[:200], phone=number, language=language if language in PAGE_LANGUAGES else "en",
        wording_id=kept[words[0]], money_wording_id=kept[words[1]] if may_ask else None, phone_mark=marks[0], address_mark=marks[1], created_at=now,
    )
    session().add(row)
    session().flush()
    if _count(SignUp.phone_mark == marks[0], now) > MOST_OF_ONE_PHONE:
        _settle(row, "stays_out", now)  # the same answer as ever: nobody learns from it
    else:
        enqueue(actor.org_id, "outreach.take_sign_up", {"sign_up_id": row.id}, now=now, key=f"sign-up:{row.id}")
    return row.id


def take_sign_up(actor: Actor, sign_up_id: int, *, now: datetime) -> None:
    """Finds or adds the person and writes the consent down; the first text says to what they agreed. Once."""
    row = session().scalar(select(SignUp).where(SignUp.id == sign_up_id).with_for_update())
    if row is None or row.outcome != "waiting":
        return
    last = consent_of(row.phone)
    owners = session().scalars(select(Phone.person_id).where(Phone.e164 == row.phone, ~Phone.is_wrong).limit(2)).all()
    try:
        person_id = owners[0] if len(owners) == 1 else None
        _agree(actor, row, person_id, now)
    except Refused:
        _settle(row, "stays_out", now)  # they replied STOP once: only they can start texts again, from their phone
        return
    if not owners:
        given, family = split_name(row.name)
        values = {"given_name": given, "family_name": family, "language": row.language, "source": "web form", "phones": [row.phone]}
        person_id = add_person(actor, values, now=now)
    if last is None or last.state != "given":
        welcome(actor, row.phone, person_id, row.language, now=now)
    _settle(row, "agreed", now)


def _agree(actor: Actor, row: SignUp, person_id: int | None, now: datetime) -> None:
    words = dict(session().execute(select(Wording.id, Wording.words).where(Wording.id.in_([row.wording_id, row.money_wording_id or 0]))).all())
    for purpose, wording_id in (("organizing", row.wording_id), ("fundraising", row.money_wording_id)):
        if wording_id is not None:
            give_consent(
                actor, row.phone, source="web", purpose=purpose, now=now, at=row.created_at, person_id=person_id, wording=words[wording_id],
                evidence=f"Sign-up form {terms_url(organization_of(actor))}/join, no. {row.id}",
            )


def welcome(actor: Actor, phone: str, person_id: int | None, language: str, *, now: datetime) -> None:
    """The first text after somebody agreed: to what, how often, what it may cost, and how to end it (R3). Once for each yes."""
    organization = organization_of(actor)
    words = Reason(DISCLOSURE, {"organization": organization.name, "url": terms_url(organization)})
    body = say_in(words, language if language in PAGE_LANGUAGES else "en")
    entry = session().scalars(select(Consent.id).where(Consent.phone == phone, Consent.kind == "given").order_by(Consent.id.desc()).limit(1)).one()
    queue_to_phone(actor, phone, body, purpose="welcome", key=f"welcome:{entry}", now=now, person_id=person_id, language=language)


def _settle(row: SignUp, outcome: str, now: datetime) -> None:
    """What was typed is forgotten here: it stands where it belongs, or nowhere."""
    row.outcome, row.taken_at, row.name, row.phone = outcome, now, "", ""
    session().flush()


def _count(of: object, now: datetime) -> int:
    return session().scalar(select(func.count()).select_from(SignUp).where(of, SignUp.created_at > now - WITHIN)) or 0
