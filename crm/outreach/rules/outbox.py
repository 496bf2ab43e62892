"""The outbox: queued, claimed, then accepted and delivered or failed, or refused, or unknown.

An attempt whose outcome is unclear makes the text `unknown`: it is looked for at the provider before anything is
repeated. Callbacks only move a text forward, whatever the order in which they come. The first final word stands; a network that
contradicts itself afterwards is counted, and changes nothing.
"""

from datetime import datetime, timedelta

from crm.outreach.rules.errors import MAX_ATTEMPTS

OUT_STATES = ("queued", "claimed", "accepted", "delivered", "failed", "refused", "unknown")
OPEN_STATES = ("queued", "claimed", "unknown")
FINAL_STATES = ("delivered", "failed", "refused")
LEFT_US = ("claimed", "accepted", "delivered", "failed", "unknown")  # these count for the daily cap

MOVES = {
    "queued": {"claimed", "refused", "accepted", "delivered", "failed"},
    "claimed": {"queued", "accepted", "unknown", "refused", "delivered", "failed"},
    "unknown": {"queued", "accepted", "failed", "delivered"},
    "accepted": {"delivered", "failed", "queued"},
    "failed": {"delivered"},
    "delivered": set(),
    "refused": set(),
}
# The provider's words: what each means, and how far along it is. Of two final words the first stands.
MEANING = {
    "accepted": ("accepted", 1),
    "scheduled": ("accepted", 2),
    "queued": ("accepted", 3),
    "sending": ("accepted", 4),
    "sent": ("accepted", 5),
    "partially_delivered": ("accepted", 6),
    "canceled": ("failed", 7),
    "undelivered": ("failed", 8),
    "failed": ("failed", 9),
    "delivered": ("delivered", 10),
    "read": ("delivered", 11),
}
FIRST_FINAL = 7

PROBE_AFTER = timedelta(seconds=60)
PATIENT_PROBES = 60  # then hourly: the provider has not answered for an hour
BACK_OFF = timedelta(seconds=5)


def may_move(state: str, then: str) -> bool:
    """Whether a text may go from one state to another."""
    return then in MOVES.get(state, set())


def next_by_callback(state: str, last: str | None, status: str) -> tuple[str, str | None]:
    """(state, provider status) after a callback: the furthest word stands, so order and repeats never matter."""
    if state == "refused" or status not in MEANING or _rank(status) <= _rank(last) or contradicts(last, status):
        return state, last
    return MEANING[status][0], status


def contradicts(last: str | None, status: str) -> bool:
    """Whether both words are final and one says that the text arrived, the other that it did not."""
    return min(_rank(last), _rank(status)) >= FIRST_FINAL and MEANING[last or ""][0] != MEANING[status][0]


def _rank(status: str | None) -> int:
    return MEANING[status][1] if status in MEANING else 0


WINDOW = 200  # latest texts of a broadcast of which the network has said whether they arrived
ENOUGH = 20  # fewer say nothing yet


def must_pause(failed: int, told: int, percent: int) -> bool:
    """Whether so many of the latest texts did not arrive that a person must look before more leave."""
    return told >= ENOUGH and failed * 100 > told * percent


def back_off(refusals: int, jitter: float) -> timedelta:
    """How long to wait after the provider said slow down; jitter is between 0 and 1."""
    return BACK_OFF * (2 ** min(refusals, 6)) * (0.5 + jitter / 2)


def after_probe(
    found: bool | None, probes: int, attempts: int, claimed_at: datetime, now: datetime, wait: timedelta = PROBE_AFTER
) -> tuple[str, datetime | None]:
    """(state, look again at) for an unknown text after looking for it: True found, False not there, None cannot say."""
    if found:
        return "accepted", None
    if found is None or now - claimed_at < wait:
        return "unknown", now + (wait if probes < PATIENT_PROBES else timedelta(hours=1))
    if attempts >= MAX_ATTEMPTS:
        return "failed", None
    return "queued", None
