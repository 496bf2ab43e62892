"""The phone simulator as a transport: its network is a table, its phones are a page of the demonstration."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from crm.infra.db import new_id, reading, session, transaction
from crm.outreach.models import SimulatedText
from crm.outreach.providers.interface import Accepted, Answer, Inbound, Message, Status, Unsure


class Simulator:
    """Takes every text at once, shows it on the phone's page, and reports it delivered."""

    name = "simulator"
    lanes = 1

    def send(self, message: Message) -> Answer:
        """Puts the text on the phone; the same key twice is the same text."""
        with transaction() as s:
            sid = f"SM{new_id():032x}"
            s.add(
                SimulatedText(
                    sid=sid,
                    direction="to_phone",
                    number=message.number or "",
                    phone=message.phone,
                    body=message.body,
                    callback=message.key,
                    status="delivered",
                    at=message.claimed_at,
                )
            )
        return Accepted(sid, "queued")

    def find(self, message: Message) -> str | None | Unsure:
        """The simulator keeps the key with the text, so looking is exact."""
        with reading() as s:
            return s.scalar(select(SimulatedText.sid).where(SimulatedText.phone == message.phone, SimulatedText.callback == message.key))

    def parse_inbound(self, request: Any, org_id: int, sender_id: int) -> Inbound | None:
        """The simulator's phones do not come through webhooks."""
        return None

    def parse_status(self, request: Any, key: str) -> Status | None:
        """Nor do its statuses."""
        return None

    def came_since(self, org_id: int, sender_id: int, number: str, since: datetime) -> list[Inbound]:
        """The simulator's phones reach us in the same process: none is missed."""
        return []

    def numbers_of(self, messaging_service_sid: str) -> list[str] | Unsure:
        """The simulator has no services."""
        return []

    def news(self, sids: list[str]) -> list[Status]:
        """Every text that reached its phone."""
        with reading() as s:
            held = s.scalars(select(SimulatedText).where(SimulatedText.sid.in_(sids)))
            return [Status(text.callback, text.sid, text.status) for text in held]


def write_from_phone(phone: str, number: str, body: str, *, now: datetime) -> str:
    """A member writes on a simulated phone: keeps the text in the network's table and returns its id."""
    sid = f"SM{new_id():032x}"
    session().add(SimulatedText(sid=sid, direction="from_phone", number=number, phone=phone, body=body, status="received", at=now))
    session().flush()
    return sid
