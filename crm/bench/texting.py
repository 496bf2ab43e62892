"""Figures of texting over HTTP, from eight clients: a volunteer's press, a member's text, a status of the network; signatures checked.

A figure counts what is answered, and is only given when everything is in the tables: each text once, each status applied.
"""

import base64
import hashlib
import hmac
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import func, insert, select, update

from crm.bench.ballots import durable_commits
from crm.bench.serving import Press, posted, serving
from crm.bench.stage import Stage, add_people
from crm.infra import clock, jobs
from crm.infra.db import new_id, reading, transaction
from crm.infra.links import token_of
from crm.organizations.models import Organization
from crm.outreach import actions as outreach
from crm.outreach.actions import drives
from crm.outreach.models import ConsentState, Drive, DriveContact, RawHook, Sender, Text, Texter
from crm.outreach.providers import status_key
from crm.outreach.rules.drives import MOST_TEXTERS
from crm.outreach.rules.hours import open_until
from crm.people.actions import save_segment
from crm.people.models import Phone

Figure = tuple[float, str, float, int]
CLIENTS = 8
PLACES = (("+1415", "America/Los_Angeles"), ("+4420", "Europe/London"), ("+9122", "Asia/Kolkata"), ("+8190", "Asia/Tokyo"))
"""Somewhere it is an hour for texts, whenever this is measured."""
ACCOUNT, TOKEN = "AC" + "0" * 32, "measured"
TWILIO = {"TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN, "TWILIO_FROM": "+15105550100", "TWILIO_BASE_URL": "http://127.0.0.1:9"}
SAID = ("What time does it start?", "yes", "Sí, somos 3", "no puedo", "need childcare for 2", "who is this?", "gracias", "ok see you then")
STOPS = 40  # one in so many says STOP
OK, ONWARD = frozenset({200}), frozenset({303})


@contextmanager
def real_time(on: Stage) -> Iterator[datetime]:
    """The server process keeps the real time, so what it finds must be of this hour."""
    clock.set_source()
    yield datetime.now(UTC)


def numbers(on: Stage, n: int, now: datetime) -> list[tuple[int, str]]:
    """So many people who agreed to texts and may be texted at this hour: (id, number)."""
    prefix, zone = next((prefix, zone) for prefix, zone in PLACES if open_until([zone], now))
    ids = add_people(on, n)
    with transaction(on.org_id) as s:
        s.execute(update(Organization).where(Organization.id == on.org_id).values(time_zone=zone))
        rows = [(id, f"{prefix}{k:07d}" if prefix == "+1415" else f"{prefix}{k:08d}") for k, id in enumerate(ids, 2_000_000)]
        for id, number in rows:
            s.execute(update(Phone).where(Phone.person_id == id).values(e164=number))
        outreach.import_consents(on.actor, rows, wording="measured", evidence="measured", now=now)
    return rows


def texter_path(on: Stage, n: int = 2_400) -> Figure:
    """First texts of a drive pressed per second (each its own POST, gate and outbox included), beside bare durable commits."""
    with real_time(on) as now:
        numbers(on, n, now)
        drive = _drive(on, now)
        while _filling(on, drive):
            jobs.run_due(1)
        presses = _handed_out(on, drive, now)
        on.settle()
        with serving(on) as port:
            seconds, _took = posted(port, presses, CLIENTS, ONWARD)
    if (sent := _count(on, Text.key.like(f"drive:{drive}:%"))) != n:
        raise RuntimeError(f"{n} presses made {sent} texts")
    return n / seconds, "texts/s", durable_commits(on, 2000), n


def _drive(on: Stage, now: datetime) -> int:
    words = "Hi {first_name}, it's {organizer} from {organization}. Can we count on you Saturday? Reply STOP to opt out."
    setting = {"opens_hour": 0, "closes_hour": 24, "batch_new": 50, "batch_vetted": 50, "most_a_day": 50}
    with transaction(on.org_id):
        audience = f"segment:{save_segment(on.actor, 'All', {'all': []}, now=now)}"
        drive = drives.save_drive(on.actor, None, {"name": "Bench", "audience": audience, **setting}, {"en": words, "es": words}, now=now)
        drives.add_texters(on.actor, drive, [f"Volunteer {k}" for k in range(MOST_TEXTERS)], True, now=now)
        drives.open_drive(on.actor, drive, now=now)
    return drive


def _filling(on: Stage, drive: int) -> bool:
    with reading(on.org_id) as s:
        return s.scalar(select(Drive.state).where(Drive.id == drive)) == "filling"


def _handed_out(on: Stage, drive: int, now: datetime) -> list[Press]:
    """Everyone is in the hands of one of the volunteers; their presses in turn."""
    with transaction(on.org_id) as s:
        texters = s.execute(select(Texter.id, Texter.link_id).where(Texter.drive_id == drive).order_by(Texter.id)).all()
        contacts = s.scalars(select(DriveContact.id).where(DriveContact.drive_id == drive).order_by(DriveContact.id)).all()
        held = [(contact, *texters[k % len(texters)]) for k, contact in enumerate(contacts)]
        s.execute(update(DriveContact), [{"org_id": on.org_id, "id": contact, "texter_id": texter} for contact, texter, _link in held])
    return [(f"/t/{token_of(link)}/people/{contact}/text", {}, {}) for contact, _texter, link in held]


def _count(on: Stage, *where: object) -> int:
    with reading(on.org_id) as s:
        return s.scalar(select(func.count()).select_from(Text).where(*where)) or 0


# What the network tells ------------------------------------------------------------------------------------------


def inbound_path(on: Stage, n: int = 2_400) -> Figure:
    """Members' texts taken in per second, signed (STOP among them, and obeyed), beside bare durable commits; all are acted upon."""
    with real_time(on) as now:
        people = numbers(on, n, now)
        sender = _sender(on)
        on.settle()
        with serving(on, TWILIO) as port:
            presses = [_signed(port, f"/hooks/twilio/inbound/{sender}", {
                "MessageSid": f"SM{k:032x}", "SmsSid": f"SM{k:032x}", "AccountSid": ACCOUNT, "From": number, "To": TWILIO["TWILIO_FROM"],
                "Body": "STOP" if k % STOPS == 0 else SAID[k % len(SAID)], "NumMedia": "0", "NumSegments": "1",
            }) for k, (_id, number) in enumerate(people)]
            seconds, _took = posted(port, presses, CLIENTS, OK)
        _act_on_all(on)
    if (came := _count(on, Text.direction == "in")) != n:
        raise RuntimeError(f"{n} texts came, {came} are kept")
    with reading(on.org_id) as s:
        stopped = s.scalar(select(func.count()).select_from(ConsentState).where(ConsentState.state == "revoked"))
    if stopped != (said := -(-n // STOPS)):
        raise RuntimeError(f"{said} said STOP, {stopped} are obeyed")
    return n / seconds, "texts/s", durable_commits(on, 2000), n


def callback_path(on: Stage, n: int = 4_800) -> Figure:
    """Statuses of texts taken in per second, signed and applied, beside bare durable commits."""
    with real_time(on) as now:
        people = numbers(on, n // 2, now)
        sender = _sender(on)
        texts = [(new_id(), id, number) for id, number in people]
        with transaction(on.org_id) as s:
            s.execute(insert(Text), [
                {"org_id": on.org_id, "id": text, "direction": "out", "person_id": id, "sender_id": sender, "phone": number, "body": "Saturday at ten?",
                 "key": f"bench:{text}", "state": "accepted", "queued_at": now, "not_before_at": now, "claimed_at": now, "attempts": 1,
                 "provider_sid": f"SM{text:032x}", "provider_status": "accepted"} for text, id, number in texts])
        on.settle()
        with on.app.app_context(), serving(on, TWILIO) as port:
            presses = [_signed(port, f"/hooks/twilio/status/{status_key(on.org_id, text, 1)}", {
                "MessageSid": f"SM{text:032x}", "SmsSid": f"SM{text:032x}", "AccountSid": ACCOUNT, "From": TWILIO["TWILIO_FROM"], "To": number,
                "MessageStatus": status, "SmsStatus": status,
            }) for status in ("sent", "delivered") for text, _id, number in texts]
            seconds, _took = posted(port, presses, CLIENTS, OK)
        _act_on_all(on)
    if (arrived := _count(on, Text.state == "delivered")) != n // 2:
        raise RuntimeError(f"{n // 2} texts arrived, {arrived} are known to have")
    return n / seconds, "statuses/s", durable_commits(on, 2000), n


def _act_on_all(on: Stage) -> None:
    """What was stored and answered is acted upon, as a worker would: a figure is of nothing that was lost."""
    for _ in range(600):
        jobs.run_due()
        with reading() as s:
            if not s.scalar(select(func.count()).select_from(RawHook).where(RawHook.handled_at.is_(None))):
                return
        time.sleep(0.5)
    raise RuntimeError("webhooks were left over")


def _sender(on: Stage) -> int:
    with transaction() as s:
        sender = Sender(id=new_id(), org_id=on.org_id, number=TWILIO["TWILIO_FROM"], state="approved", pace=10)
        s.add(sender)
        return sender.id


def _signed(port: int, path: str, fields: Mapping[str, str]) -> Press:
    """As the network signs: the address and every field, in order of its name."""
    signed = f"http://127.0.0.1:{port}{path}" + "".join(f"{name}{fields[name]}" for name in sorted(fields))
    signature = base64.b64encode(hmac.new(TOKEN.encode(), signed.encode(), hashlib.sha1).digest()).decode()
    return path, fields, {"X-Twilio-Signature": signature}
