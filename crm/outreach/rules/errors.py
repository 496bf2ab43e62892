"""What the phone network's error codes mean, what each one does by itself, and what a person can do: dated data.

The codes and what they ask for are of Twilio's error dictionary, https://www.twilio.com/docs/api/errors, read on the day of VERIFIED.
`docs/texting.md` holds the same table for people; a test compares them.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from crm.kernel.refusal import N_

VERIFIED = date(2026, 11, 22)
CARRIER_ZONE = ZoneInfo("America/Los_Angeles")  # carriers count their days there
MAX_ATTEMPTS = 5
UNREACHABLE_DAYS = 3


@dataclass(frozen=True)
class Effect:
    """What a code asks for: try again or not, stop more than this text, note something of the phone; and the words for it."""

    state: str  # queued: try again; failed: final
    what: str
    do: str = ""
    after: timedelta | None = None
    at_next_window: bool = False
    at_midnight_pacific: bool = False
    holds_sender: bool = False  # the rest of the organization's texts would meet the same: they wait until then as well
    is_opt_out: bool = False
    flags_number: bool = False
    counts_days: bool = False  # after failing on enough separate days the number is flagged
    stops_broadcast: bool = False
    suspends_sender: bool = False
    tries: int = MAX_ATTEMPTS


_CALL = N_("Call, or ask for another number.")
_CHECK = N_("Ask whoever runs this server to run “plenary twilio check”. Then send the rest.")
_REGISTER = N_("Finish the registration with the carriers, then tell it on the sender's page. Nothing is lost: the texts wait.")
OTHER = Effect("failed", N_("The phone network could not deliver it."), N_("Call, or try another day."))
_ACCOUNT = Effect("queued", N_("The phone network does not let us send: the account, its password or our number is not right."), _CHECK,
                  after=timedelta(minutes=10), stops_broadcast=True)
_NO_PHONE = Effect("failed", N_("This number cannot get texts: it is a landline or does not exist."), _CALL, flags_number=True)
_FULL = Effect("queued", N_("The phone network has more of our texts waiting than it can send in ten hours."),
               N_("Wait an hour. Send the rest in smaller parts, or at a slower pace."), after=timedelta(hours=1), stops_broadcast=True)
_DAY_FULL = Effect("queued", N_("The carriers take no more texts from us today."), N_("The rest leaves by itself after midnight, Pacific time."),
                   at_midnight_pacific=True, holds_sender=True)
_UNREGISTERED = Effect("queued", N_("Our number is not registered with the carriers, so they refuse its texts."), _REGISTER,
                       after=timedelta(hours=1), stops_broadcast=True, suspends_sender=True)
_OURS = Effect("failed", N_("The phone network does not take this text as it is written."), N_("Shorten it or change its words, then send it again."),
               stops_broadcast=True)

EFFECTS = {
    14107: Effect("failed", N_("Two machines were answering each other, so the answer was held back."), N_("Look at the conversation and answer yourself."),
                  tries=1),
    20003: _ACCOUNT,  # the account or its token
    21211: _NO_PHONE,
    21408: Effect("failed", N_("Our account may not text to that country."), N_("Call, or open the country in Twilio's console.")),
    21603: _ACCOUNT,  # no number to send from
    21606: _ACCOUNT,  # a number that is not ours
    21608: _ACCOUNT,  # a trial account
    21610: Effect("failed", N_("They opted out with the phone network itself. We noted it: they get no more texts."), N_("Only they can start texts again."),
                  is_opt_out=True),
    21611: _FULL,
    21612: Effect("failed", N_("No way leads from our number to this one."), _CALL),
    21614: _NO_PHONE,
    21617: _OURS,
    21701: _ACCOUNT,  # the messaging service is gone
    21703: _ACCOUNT,  # it holds no number
    30001: _FULL,
    30002: Effect("queued", N_("Our account with the phone network is suspended."),
                  N_("Look at Twilio's console, pay or answer what it asks. Nothing is lost."),
                  after=timedelta(hours=1), stops_broadcast=True, suspends_sender=True),
    30003: Effect("queued", N_("The phone is switched off or out of reach."), N_("It is tried once more. After three such days the number is marked: call."),
                  after=timedelta(hours=1), counts_days=True, tries=2),
    30004: Effect("failed", N_("The person or their carrier blocks our texts."), _CALL),
    30005: Effect("failed", N_("This number is not in use."), _CALL, flags_number=True),
    30006: _NO_PHONE,
    30007: Effect("failed", N_("A carrier took the text for spam. Sending was stopped so that our number keeps its good name."),
                  N_("Change the words: say who writes, no short links, no shouting. Then send the rest."), stops_broadcast=True),
    30008: OTHER,
    30017: Effect("queued", N_("The carrier is overloaded."), N_("It is tried again by itself."), after=timedelta(minutes=10)),
    30022: Effect("queued", N_("We sent faster than the carrier takes from us."), N_("It is tried again by itself, slower."), after=timedelta(minutes=1)),
    30023: _DAY_FULL,
    30024: _UNREGISTERED,
    30027: _DAY_FULL,
    30032: _UNREGISTERED,
    30034: _UNREGISTERED,
    30036: Effect("queued", N_("It waited at the phone network until the hours for texts were over."), N_("It leaves by itself in the next hours for texts."),
                  at_next_window=True),
    63038: _DAY_FULL,
}
STOPPING = frozenset(code for code, effect in EFFECTS.items() if effect.stops_broadcast)


def effect_of(code: int | None, attempts: int) -> Effect:
    """What to do about an error code; a text is tried again only while tries are left."""
    effect = EFFECTS.get(code or 0, OTHER)
    if effect.state == "queued" and attempts >= effect.tries:
        return Effect("failed", effect.what, effect.do, counts_days=effect.counts_days)
    return effect


def is_unreachable(days: Collection[date]) -> bool:
    """Whether a phone that was out of reach on these days is marked as one that gets no texts."""
    return len(set(days)) >= UNREACHABLE_DAYS


def next_carrier_day(now: datetime) -> datetime:
    """A minute after the carriers begin to count anew."""
    tomorrow = now.astimezone(CARRIER_ZONE).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(0, 1), CARRIER_ZONE)


def words_of(code: int | None) -> tuple[str, str]:
    """(what happened, what to do) for a code, each a message to translate."""
    effect = EFFECTS.get(code or 0, OTHER)
    return effect.what, effect.do
