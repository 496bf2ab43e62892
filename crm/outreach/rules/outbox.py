"""The outbox: queued, claimed, then accepted and delivered or failed, or refused, or unknown.

An attempt whose outcome is unclear makes the text `unknown`: it is looked for at the provider before anything is
repeated. Callbacks only move a text forward, and the furthest word stands whatever the order in which they come.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

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
# The provider's words, each further than the one before. Should networks contradict themselves, arrival is believed.
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

PROBE_AFTER = timedelta(seconds=60)
MAX_ATTEMPTS = 5
PATIENT_PROBES = 60  # then hourly: the provider has not answered for an hour
BACK_OFF = timedelta(seconds=5)


def may_move(state: str, then: str) -> bool:
    """Whether a text may go from one state to another."""
    return then in MOVES.get(state, set())


def next_by_callback(state: str, last: str | None, status: str) -> tuple[str, str | None]:
    """(state, provider status) after a callback: the furthest word stands, so order and repeats never matter."""
    if state == "refused" or status not in MEANING or _rank(status) <= _rank(last):
        return state, last
    return MEANING[status][0], status


def _rank(status: str | None) -> int:
    return MEANING[status][1] if status in MEANING else 0


@dataclass(frozen=True)
class Effect:
    """What an error code asks for: try again, stop more than this text, or note something of the phone."""

    state: str  # queued: try again; failed: final
    after: timedelta | None = None
    at_next_window: bool = False
    at_midnight_pacific: bool = False
    is_opt_out: bool = False
    flags_number: bool = False
    stops_broadcast: bool = False
    suspends_sender: bool = False


FINAL = Effect("failed")
WRONG_ACCOUNT = Effect("queued", after=timedelta(minutes=10), stops_broadcast=True)
EFFECTS = {
    20003: WRONG_ACCOUNT,  # the account or its token
    21603: WRONG_ACCOUNT,  # no number to send from
    21606: WRONG_ACCOUNT,  # a number that is not ours
    21211: Effect("failed", flags_number=True),
    21614: Effect("failed", flags_number=True),
    21610: Effect("failed", is_opt_out=True),
    21611: Effect("queued", after=timedelta(hours=1), stops_broadcast=True),
    30001: Effect("queued", after=timedelta(hours=1), stops_broadcast=True),
    30003: Effect("queued", after=timedelta(hours=1)),
    30005: Effect("failed", flags_number=True),
    30006: Effect("failed", flags_number=True),
    30007: Effect("failed", stops_broadcast=True),
    30022: Effect("queued", after=timedelta(minutes=1)),
    30023: Effect("queued", at_midnight_pacific=True),
    30027: Effect("queued", at_midnight_pacific=True),
    30034: Effect("failed", stops_broadcast=True, suspends_sender=True),
    30036: Effect("queued", at_next_window=True),
}

STOPPING = frozenset(code for code, effect in EFFECTS.items() if effect.stops_broadcast)


def effect_of(code: int | None, attempts: int) -> Effect:
    """What to do about an error code; a text is retried only while tries are left, unreachable phones once."""
    effect = EFFECTS.get(code or 0, FINAL)
    tries = 2 if code == 30003 else MAX_ATTEMPTS
    if effect.state == "queued" and attempts >= tries:
        return FINAL
    return effect


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
