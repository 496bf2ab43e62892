"""Verbs of the number that an organization texts from, and of its registration with the carriers."""

from datetime import datetime

from sqlalchemy import or_, select

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.kernel.phone import read_phone
from crm.kernel.refusal import N_, Reason, Refused
from crm.outreach.models import Sender
from crm.outreach.queries.phones import sender_of
from crm.outreach.rules.registration import Registration, issues_before_moving


def save_sender(
    actor: Actor, *, number: str | None, messaging_service_sid: str | None, state: str, pace: int, now: datetime, legal_form: str = "",
    brand: str = "", campaign: str = "", vetting: str = "", att_class: str = "", tmobile_class: str = "",
) -> int:
    """Writes the number or service that texts come from, and how far its registration with the carriers is; returns its id."""
    read, service, issues = _read(number or "", messaging_service_sid or "")
    sender = sender_of(actor)
    held = Registration(legal_form or "", *((each or "").strip() for each in (brand, campaign, vetting)))
    issues += issues_before_moving(sender.state if sender else "unregistered", state, held)
    if not issues and _is_shared(actor, read, service):
        issues.append(Reason(N_("Another organization texts from this number. Opt-outs would mix: use one of your own.")))
    if issues:
        raise Refused(issues)
    before = {"number": sender.number, "state": sender.state} if sender else None
    if sender is None:
        sender = Sender(id=new_id(), org_id=actor.org_id)
        session().add(sender)
    sender.number, sender.messaging_service_sid, sender.state = read, service, state
    sender.pace, sender.att_class, sender.tmobile_class = pace, att_class or "", tmobile_class or ""
    sender.legal_form, sender.brand, sender.campaign, sender.vetting = held.legal_form, held.brand, held.campaign, held.vetting
    audit.record(actor, "sender.changed", now=now, before=before, after={"number": read, "state": state})
    session().flush()
    return sender.id


def _read(number: str, service: str) -> tuple[str | None, str | None, list[Reason]]:
    issues, read = [], read_phone(number) if number.strip() else None
    if isinstance(read, Reason):
        issues.append(Reason(read.text, read.params, "number"))
        read = None
    elif not read and not service.strip():
        issues.append(Reason(N_("Write a number or a messaging service."), field="number"))
    sid = service.strip() or None
    if sid and not (sid.startswith("MG") and len(sid) == 34):
        issues.append(Reason(N_("A messaging service begins with MG and has 34 letters and digits."), field="messaging_service_sid"))
    return read, sid, issues


def _is_shared(actor: Actor, number: str | None, service: str | None) -> bool:
    """Whether another organization has this number or this service: one of both is enough to mix their opt-outs (R17)."""
    same = or_(*(column == value for column, value in ((Sender.number, number), (Sender.messaging_service_sid, service)) if value))
    return session().scalar(select(Sender.id).where(Sender.org_id != actor.org_id, same).limit(1)) is not None
