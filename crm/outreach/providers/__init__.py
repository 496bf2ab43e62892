"""Where outreach meets the phone network: one interface, two transports (Twilio, the phone simulator).

A provider is asked outside any transaction. What it answers is one of four: accepted under an id, refused with a code,
slow down (nothing was taken), or unclear (it may or may not have gone out, so it must be looked for).
"""

from crm.infra.runtime import settings
from crm.outreach.providers.interface import (
    Accepted,
    Answer,
    Inbound,
    Message,
    Provider,
    Rejected,
    SlowDown,
    Status,
    Unclear,
    Unsure,
)
from crm.outreach.providers.keys import read_status_key, status_key
from crm.outreach.providers.simulator import Simulator
from crm.outreach.providers.twilio import Twilio

__all__ = [
    "Accepted",
    "Answer",
    "Inbound",
    "Message",
    "Provider",
    "Rejected",
    "Simulator",
    "SlowDown",
    "Status",
    "Twilio",
    "Unclear",
    "Unsure",
    "provider",
    "read_status_key",
    "status_key",
]


_made: dict[object, Provider] = {}


def provider() -> Provider:
    """The transport that this instance's settings choose: Twilio when an account is set, else the simulator."""
    chosen = settings()
    if chosen not in _made:
        _made.clear()
        _made[chosen] = Twilio(chosen) if chosen.has_twilio else Simulator()
    return _made[chosen]
