"""The gate: may this text go to this phone now? Asked when composing, and again when claiming.

Every check has a short name, kept with the people left out; REASONS says it in words and FIXES says what can be done.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from crm.kernel.phone import zones_of
from crm.kernel.refusal import N_, Reason, Refusal
from crm.kernel.states import read_state, state_of_number, zones_of_state
from crm.outreach.rules.hours import SHORTEST_VALIDITY, next_open, open_until, validity_seconds
from crm.outreach.rules.laws import OWN, Week, cap_for, week_for

CAP_WITHIN = timedelta(hours=24)
ANSWER_WITHIN = timedelta(minutes=15)

# What a person asked for themselves: the answer to STOP, START or HELP. The carriers allow it even after an opt-out.
AUTOMATIC = frozenset({"stop_answer", "start_answer", "help_answer"})
# Part of a conversation the person is in: no cap, and no quiet hours right after they wrote.
CONVERSATION = frozenset({"reply", "answer"})

# What a broadcast is for; the composer offers it. A safety alert leaves at any hour, and two people answer for it (R16).
KINDS = {
    "organizing": N_("Our work"),
    "fundraising": N_("It asks for money: only to those who agreed to that, and by the law of each state"),
    "safety": N_("A safety alert: it leaves at any hour, and a second person must agree"),
}
SAFETY = "safety"
ALERT_FOR = timedelta(hours=24)  # it leaves within a day or it is stale

REASONS = {
    "needs_second": N_("wait for a second person to agree to the alert"),
    "no_phone": N_("have no phone number"),
    "not_textable": N_("have only a landline"),
    "opted_out": N_("replied STOP or asked for no texts"),
    "may_end": N_("may have asked for no texts; their reply waits in the inbox"),
    "no_consent": N_("never agreed to texts"),
    "no_yes_to_money": N_("never agreed to be asked for money by text"),
    "cap": N_("already had as many texts from us as a person may get in 24 hours"),
    "quiet_hours": N_("are in quiet hours now"),
    "no_hour": N_("have no texting hour that is right in every place they may be"),
    "too_late": N_("would get it only after its time: it is a quiet hour where they live until then"),
    "expired": N_("would have got it after its time"),
    "shares_phone": N_("share a phone with someone who gets it; the text greets them too"),
    "unregistered_sender": N_("cannot be texted until our number is registered with the carriers"),
}
FIXES = {
    "needs_second": N_("Ask a second person"),
    "no_phone": N_("Add a number"),
    "not_textable": N_("Call instead"),
    "opted_out": N_("Only they can start texts again"),
    "may_end": N_("Read it"),
    "no_consent": N_("Ask in person, then record it"),
    "no_yes_to_money": N_("Ask whether you may, then record it"),
    "cap": N_("Send tomorrow"),
    "quiet_hours": N_("Send at the next hour"),
    "no_hour": N_("Write down where they live"),
    "too_late": N_("Choose an earlier hour"),
    "expired": N_("Write a new text"),
    "shares_phone": N_("See who"),
    "unregistered_sender": N_("Register the number"),
}
SENTENCES = {
    "needs_second": N_("A safety alert needs two people. A second person has to agree."),
    "no_phone": N_("There is no phone number for this person."),
    "not_textable": N_("This number is a landline or cannot get texts. Call instead."),
    "opted_out": N_("They replied STOP or asked for no texts. Only they can start texts again."),
    "may_end": N_("They may have asked for no texts. Read their reply in the inbox first."),
    "no_consent": N_("They never agreed to texts. Ask in person, then record it."),
    "no_yes_to_money": N_("They never agreed to be asked for money by text. Ask whether you may, then record it."),
    "cap": N_("They already had as many texts from us as a person may get in 24 hours."),
    "quiet_hours": N_("It is a quiet hour where they may be. Texts go out 9 am to 8 pm, on Sundays from noon."),
    "no_hour": N_("No hour is right in every place they may be. Write down where they live."),
    "too_late": N_("It is a quiet hour where they live until the time of this text is over."),
    "expired": N_("The time of this text is over."),
    "shares_phone": N_("They share a phone with someone who gets this text."),
    "unregistered_sender": N_("Our number is not registered with the carriers yet."),
}
PASSING = frozenset({"quiet_hours"})  # over by itself: a text waits for it instead of being left out


@dataclass(frozen=True)
class Facts:
    """What the gate needs to know about one phone, its person and the sender."""

    phone: str | None
    zones: tuple[str, ...]
    consent: str | None = None  # given, revoked, or None: never asked
    may_end: bool = False  # a reply of theirs that may ask for no texts waits to be read
    is_textable: bool = True
    recent: int = 0  # organizing texts in the last 24 hours, without this one
    purpose: str = "organizing"
    wrote_at: datetime | None = None  # when they last wrote to us
    is_sender_approved: bool = True
    week: Week = OWN.week  # the hours that every law allows which binds this text
    most: int = 2  # texts in 24 hours
    is_agreed: bool = True  # of a safety alert: a second person agreed


def why_not(facts: Facts, now: datetime) -> list[str]:
    """Every reason against sending now, by name, the lasting ones first; empty when the text may go."""
    found = []
    if not facts.is_sender_approved:
        found.append("unregistered_sender")
    if facts.purpose == SAFETY and not facts.is_agreed:
        found.append("needs_second")
    if facts.phone is None:
        return [*found, "no_phone"]
    if not facts.is_textable:
        found.append("not_textable")
    if facts.purpose in AUTOMATIC:
        return found
    if facts.may_end and facts.consent != "revoked" and facts.purpose not in CONVERSATION:
        found.append("may_end")
    if facts.consent == "revoked":
        found.append("opted_out")
    elif facts.consent != "given" and not _in_conversation(facts):
        found.append("no_yes_to_money" if facts.purpose == "fundraising" else "no_consent")
    if facts.purpose not in CONVERSATION and facts.recent >= facts.most:
        found.append("cap")
    if facts.purpose != SAFETY and not _answers_at_once(facts, now) and open_until(facts.zones, now, facts.week) is None:
        found.append("no_hour" if next_open(facts.zones, now, facts.week) is None else "quiet_hours")
    return found


def _in_conversation(facts: Facts) -> bool:
    """Who writes to us may be answered, even if they never agreed to get our texts."""
    return facts.purpose in CONVERSATION and facts.wrote_at is not None


def _answers_at_once(facts: Facts, now: datetime) -> bool:
    """Within a quarter of an hour after they wrote, an answer is not out of hours."""
    return facts.purpose in CONVERSATION and facts.wrote_at is not None and now - facts.wrote_at <= ANSWER_WITHIN


def may_text(facts: Facts, now: datetime) -> Refusal | None:
    """None when the text may go now, or every reason why not."""
    names = why_not(facts, now)
    return Refusal(Reason(SENTENCES[name]) for name in names) if names else None


def lasting(names: list[str]) -> str | None:
    """The first reason that does not pass by itself: the one a person is left out for."""
    return next((name for name in names if name not in PASSING), None)


def validity_for(facts: Facts, now: datetime) -> int | None:
    """Seconds the provider may hold this text; None when too few are left and it should wait for the next window.

    An answer that may leave now only because they wrote just before must leave while that is so.
    """
    if facts.purpose in AUTOMATIC:
        return 3600
    inside = validity_seconds(facts.zones, now, facts.week)
    if facts.purpose == SAFETY:
        return max(inside or 0, 3600)
    if facts.wrote_at is None or not _answers_at_once(facts, now):
        return inside
    left = int((facts.wrote_at + ANSWER_WITHIN - now).total_seconds())
    return max(inside or 0, left if left >= SHORTEST_VALIDITY else 0) or None


def zones_of_number(phone: str) -> tuple[str, ...]:
    """Zones the number may be in. In North America area code and exchange decide, so look-ups are shared."""
    return zones_of(phone[:8] + "0100" if phone.startswith("+1") and len(phone) == 12 else phone)


@dataclass(frozen=True)
class Home:
    """Where somebody says that they live: the zone they told us, and their address's state and postal code as written."""

    time_zone: str | None = None
    region: str = ""
    postal_code: str = ""

    @property
    def zones(self) -> tuple[str, ...]:
        """The zones that the address may lie in, and the one they told us; which settles it where it is one of the state's."""
        state = read_state(self.region)
        of_address = zones_of_state(state, self.postal_code) if state else ()
        if self.time_zone is None or self.time_zone in of_address:
            return (self.time_zone,) if self.time_zone else of_address
        return (self.time_zone, *of_address)


@dataclass(frozen=True)
class Place:
    """All that a text to one phone must respect of where its reader may be: zones, hours of the week, texts in a day."""

    zones: tuple[str, ...]
    week: Week
    most: int


def place_of(phone: str | None, homes: Iterable[Home], organization: str, purpose: str, exempt: Collection[str] = ()) -> Place:
    """Where the people of one phone may be, by their addresses, what they told us and the area code: all of it counts.

    The area code is taken for the state (Florida and Oklahoma presume it). A North American number that says nothing may be
    in any state.
    """
    homes = list(homes)
    by_number = zones_of_number(phone) if phone else ()
    zones = tuple(dict.fromkeys(zone for zones in (*(home.zones for home in homes), by_number) for zone in zones))
    states = {state for home in homes if (state := read_state(home.region))} | {state for state in [state_of_number(phone or "")] if state}
    somewhere = states or (None if (phone or "").startswith("+1") else ())
    return Place(zones or (organization,), week_for(purpose, somewhere, exempt), cap_for(purpose, somewhere, exempt))
