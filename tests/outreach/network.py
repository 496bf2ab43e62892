"""The stand-in for Twilio as the tests use it, and calls as Twilio signs them."""

from twilio.request_validator import RequestValidator

from crm.bench.standin import ACCOUNT, TOKEN, Failing
from crm.bench.standin import StandIn as Network
from crm.infra.db import new_id
from crm.outreach.providers import Message
from tests.factories import MONDAY

__all__ = ["ACCOUNT", "SERVICE", "TOKEN", "Failing", "Network", "inbound", "message", "signed"]
SERVICE = "MG" + "1" * 32


def signed(client, address, fields, *, token=TOKEN, base="https://plenary.example", signature=None, algorithm=None):
    """Posts the fields as Twilio would, signed over the public address."""
    given = signature or RequestValidator(token).compute_signature(base + address, fields, algorithm)
    return client.post(address, data=fields, headers={"X-Twilio-Signature": given}, csrf=False)


def inbound(body="hello", sid=None, phone="+14155550999"):
    """The fields of a member's text."""
    return {
        "AccountSid": ACCOUNT, "MessageSid": sid or f"SM{new_id():032x}", "From": phone, "To": "+15105550142", "Body": body,
        "NumMedia": "0", "NumSegments": "1",
    }


def message(**changes):
    """One text on its way out."""
    return Message(
        **{
            "text_id": 1, "attempt": 1, "key": "k-1", "phone": "+14155550100",
            "body": "Hola, mañana + 1 & más",
            "number": None, "messaging_service_sid": SERVICE, "validity": 3600, "claimed_at": MONDAY,
        }
        | changes
    )
