"""What every transport speaks: messages out, answers, and what comes in."""

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True)
class Message:
    """One text as it leaves: links expanded, and the key by which its callbacks find it."""

    text_id: int
    attempt: int
    key: str
    phone: str
    body: str
    number: str | None
    messaging_service_sid: str | None
    validity: int
    claimed_at: datetime
    is_automatic: bool = False  # the answer to STOP, START or HELP: it goes to those who opted out too
    leave_by: float = math.inf  # not after this moment of the process's own clock: then it may be somebody else's
    known_sids: frozenset[str] = frozenset()  # earlier texts to this phone: never mistaken for this one


@dataclass(frozen=True)
class Accepted:
    """The provider took it."""

    sid: str
    status: str = "accepted"


@dataclass(frozen=True)
class Rejected:
    """The provider refused it for good, under a code."""

    code: int


@dataclass(frozen=True)
class Unclear:
    """It may or may not have been taken: look for it before anything else."""

    why: str


@dataclass(frozen=True)
class SlowDown:
    """It was not taken; try later."""


@dataclass(frozen=True)
class Unsure:
    """Looking for it gave no answer."""


Answer = Accepted | Rejected | Unclear | SlowDown


@dataclass(frozen=True)
class Inbound:
    """A text from a member's phone to an organization's number; the sender said which organization."""

    org_id: int
    sender_id: int
    sid: str
    phone: str
    number: str
    body: str
    media: int = 0  # how many pictures came with it


@dataclass(frozen=True)
class Status:
    """What the network says about a text of ours."""

    key: str
    sid: str
    status: str
    code: int | None = None


class Provider(Protocol):
    """The transport interface."""

    name: str
    lanes: int  # how many calls may run side by side

    def send(self, message: Message) -> Answer:
        """Hands the text over; never raises for what networks do."""

    def find(self, message: Message) -> str | None | Unsure:
        """The id under which an unclear attempt was taken, None if it was not, Unsure if that cannot be said."""

    def parse_inbound(self, request: Any, org_id: int, sender_id: int) -> Inbound | None:
        """The text in a signed request; None when the signature or account is wrong."""

    def parse_status(self, request: Any, key: str) -> Status | None:
        """The status in a signed request; None when the signature or account is wrong."""

    def came_since(self, org_id: int, sender_id: int, number: str, since: datetime) -> list[Inbound] | Unsure:
        """Texts that came to a number since then, for those whose webhook was missed; Unsure when that cannot be said."""

    def numbers_of(self, messaging_service_sid: str) -> list[str] | Unsure:
        """The numbers that a messaging service sends from."""

    def news(self, sids: list[str]) -> list[Status]:
        """Statuses this transport reports by itself instead of by webhook."""
