"""Verbs of opt-outs that came by another way than text: honored at once where the number is known, else kept under a clock."""

from datetime import date, datetime

from sqlalchemy import select

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.kernel.phone import read_phone
from crm.kernel.refusal import N_, Reason, Refused
from crm.outreach.actions.consent import revoke_consent
from crm.outreach.models import Consent, OptOutRequest
from crm.outreach.queries.opt_outs import opt_out_request_for
from crm.outreach.rules.consent import issues_before_recording
from crm.people.models import Phone


def record_opt_out(actor: Actor, *, phone: str, name: str, source: str, evidence: str, received_on: date, now: datetime, today: date) -> str | None:
    """Somebody wants no more texts. With their number: obeyed now, and the number is returned; without: kept until it is known."""
    number, issues = _read(phone)
    issues += issues_before_recording("revoked", source, received_on, today)
    if not evidence.strip():
        issues.append(Reason(N_("Say where this can be looked up: the letter, the e-mail or who heard it."), field="evidence"))
    if not number and not name.strip() and not issues:
        issues.append(Reason(N_("Write their number. If you do not know it yet, write their name."), field="phone"))
    if issues:
        raise Refused(issues)
    if number:
        _honor(actor, number, source, evidence.strip(), received_on, now)
        return number
    row = OptOutRequest(
        org_id=actor.org_id, id=new_id(), name=name.strip(), source=source, evidence=evidence.strip(), received_on=received_on, collector=actor.name,
        account_id=actor.account_id, created_at=now,
    )
    session().add(row)
    audit.record(actor, "opt_out.noted", now=now, subject=("opt_out_request", row.id))
    session().flush()
    return None


def close_opt_out(actor: Actor, request_id: int, *, phone: str, is_ours: bool, now: datetime) -> int:
    """The number of a kept request is known now, and honored; or nobody on our lists is meant. What it held is forgotten."""
    row = opt_out_request_for(actor, request_id, lock=True)
    if row.outcome is not None:
        return row.id
    if is_ours:
        number, issues = _read(phone)
        if not number:
            raise Refused(issues or [Reason(N_("Write their number."), field="phone")])
        row.consent_id = _honor(actor, number, row.source, row.evidence, row.received_on, now)
    row.outcome, row.closed_at = "honored" if is_ours else "not_ours", now
    row.name = row.evidence = ""
    audit.record(actor, "opt_out.closed", now=now, subject=("opt_out_request", row.id))
    session().flush()
    return row.id


def _read(phone: str) -> tuple[str, list[Reason]]:
    if not phone.strip():
        return "", []
    number = read_phone(phone)
    return ("", [Reason(number.text, number.params, "phone")]) if isinstance(number, Reason) else (number, [])


def _honor(actor: Actor, phone: str, source: str, evidence: str, received_on: date, now: datetime) -> int:
    owners = session().scalars(select(Phone.person_id).where(Phone.e164 == phone).limit(2)).all()
    revoke_consent(
        actor, phone, source=source, now=now, person_id=owners[0] if len(owners) == 1 else None, evidence=evidence, received_on=received_on
    )
    return session().scalars(select(Consent.id).where(Consent.phone == phone).order_by(Consent.id.desc()).limit(1)).one()
