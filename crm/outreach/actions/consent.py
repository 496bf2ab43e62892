"""Verbs of consent: give, revoke, write down what somebody told us, take a mistake of ours back."""

from datetime import date, datetime

from sqlalchemy import select

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import hold, session
from crm.kernel.refusal import Missing, Refused
from crm.outreach.actions.ledger import append, append_and_tell, entries_of, entry_row, locked_states, wording_ids
from crm.outreach.models import Consent
from crm.outreach.rules import consent as rules
from crm.people.models import Phone
from crm.people.queries import person_for


def give_consent(
    actor: Actor, phone: str, *, source: str, now: datetime, wording: str = "", evidence: str = "", purpose: str = rules.PURPOSE,
    person_id: int | None = None, said: str = "", at: datetime | None = None,
) -> None:
    """Appends that the phone's owner agreed to texts; refused where something is missing or only they themselves can start again.

    `wording` are the words they agreed to, `said` what they wrote themselves. START renews whatever they had agreed to.
    """
    told = _locked(phone)
    if source == "start":
        _renew(actor, phone, told, now, person_id=person_id, said=said, evidence=evidence)
        return
    issues = rules.issues_before_giving(rules.Yes(phone, purpose, source, wording, actor.name, evidence))
    refusal = rules.may_give(rules.replay(told, purpose), source)
    if issues or refusal:
        raise Refused([*issues, *([refusal] if refusal else [])])
    words = wording_ids(actor, [wording], now)[wording]
    line = entry_row(
        actor, phone, "given", source, now, at=at, purpose=purpose, person_id=person_id, wording_id=words, said=said, evidence=evidence
    )
    append_and_tell(actor, line, now)


def _renew(actor: Actor, phone: str, told: list[rules.Entry], now: datetime, *, person_id: int | None, said: str, evidence: str) -> None:
    """START brings back each purpose that they had agreed to, under the words of that time."""
    agreed = {entry.purpose: entry for entry in rules.live_entries(told) if entry.kind == "given"}
    refusal = rules.may_give(next(iter(agreed.values()), None), "start")
    if refusal or not evidence:
        raise Refused([refusal] if refusal else rules.issues_before_giving(rules.Yes(phone, rules.PURPOSE, "start", said, actor.name, evidence)))
    words = dict(session().execute(select(Consent.id, Consent.wording_id).where(Consent.id.in_([entry.id for entry in agreed.values()]))).all())
    for purpose, entry in agreed.items():
        line = entry_row(
            actor, phone, "given", "start", now, purpose=purpose, person_id=person_id, wording_id=words[entry.id], said=said, evidence=evidence
        )
        append_and_tell(actor, line, now)


def revoke_consent(
    actor: Actor, phone: str, *, source: str, now: datetime, person_id: int | None = None, said: str = "", evidence: str = "",
    received_on: date | None = None,
) -> bool:
    """Appends that the phone's owner wants no texts; obeyed at once, for every purpose. False if it was so before."""
    last = rules.replay(_locked(phone))
    line = entry_row(actor, phone, "revoked", source, now, person_id=person_id, said=said, evidence=evidence, received_on=received_on)
    append_and_tell(actor, line, now)
    return last is None or last.kind != "revoked"


def review_doubt(actor: Actor, phone: str, *, person_id: int | None, now: datetime) -> None:
    """A person read again what was taken for an opt-out: by further entries, as if it had not been taken so. Never what was plain."""
    if refusal := rules.may_review(rules.replay(_locked(phone))):
        raise Refused(refusal)
    doubts = session().scalars(select(Consent.evidence).where(Consent.phone == phone, Consent.source == "doubt").distinct()).all()
    append(actor, [entry_row(actor, phone, "revoked", "review", now, person_id=person_id, evidence=evidence) for evidence in doubts], now)
    audit.record(actor, "consent.reviewed", now=now, person_id=person_id, after={"source": "review"})


def record_consent(
    actor: Actor, person_id: int, phone_id: int, kind: str, source: str, wording: str, evidence: str, *, now: datetime,
    purpose: str = rules.PURPOSE, received_on: date | None = None, today: date | None = None,
) -> int:
    """Staff write down what a person told them about one of their phones; returns the person's id."""
    person = person_for(actor, person_id)
    phone = session().scalar(select(Phone.e164).where(Phone.id == phone_id, Phone.person_id == person.id))
    issues = rules.issues_before_recording(kind, source, received_on, today or now.date())
    if kind == "given":
        missing = rules.issues_before_giving(rules.Yes(phone or "", purpose, source, wording, actor.name, evidence))
        issues += [each for each in missing if each not in issues]
    if issues or phone is None:
        raise Refused(issues)
    if kind == "given":
        give_consent(
            actor, phone, source=source, now=now, person_id=person.id, wording=wording.strip(), evidence=evidence.strip(), purpose=purpose
        )
    else:
        revoke_consent(
            actor, phone, source=source, now=now, person_id=person.id, said=wording.strip(), evidence=evidence.strip(),
            received_on=received_on or today or now.date(),
        )
    return person.id


def take_back(actor: Actor, person_id: int, consent_id: int, why: str, *, now: datetime) -> int:
    """An entry that staff wrote down by mistake never was, by a further entry that says why; returns the person's id."""
    person = person_for(actor, person_id)
    phones = select(Phone.e164).where(Phone.person_id == person.id)
    line = session().scalar(select(Consent).where(Consent.id == consent_id, Consent.phone.in_(phones)))
    if line is None:
        raise Missing
    told = _locked(line.phone)
    entry = next(each for each in told if each.id == line.id)
    if issues := rules.may_take_back(entry, line.account_id, (each.undoes for each in told), why):
        raise Refused(issues)
    back = entry_row(actor, line.phone, "revoked", "undo", now, person_id=person.id, purpose=line.purpose, evidence=why.strip(), undoes_id=line.id)
    if not append_and_tell(actor, back, now):
        audit.record(actor, "consent.taken_back", now=now, person_id=person.id, after={"source": "undo"})
    return person.id


def _locked(phone: str) -> list[rules.Entry]:
    """What the ledger says of one phone, held until the transaction ends: two words of the same phone come one after the other."""
    hold(int(phone.lstrip("+")))
    locked_states([phone])
    return next((lines for _phone, lines in entries_of(Consent.phone == phone)), [])
