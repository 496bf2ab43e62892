"""The gate: may this text go to this phone now? Asked when composing, and again when claiming.

Every check has a short name, kept with the people left out; REASONS says it in words and FIXES says what can be done.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from crm.kernel.phone import zones_of
from crm.kernel.refusal import N_, Reason, Refusal
from crm.outreach.rules.hours import next_open, open_until, validity_seconds

CAP = 2  # texts per person and day, below the three that the strictest states allow
CAPS = {"ballot": 3}  # a ballot may be the third: it must reach its voter
CAP_WITHIN = timedelta(hours=24)
ANSWER_WITHIN = timedelta(minutes=15)

# What a person asked for themselves: the answer to STOP, START or HELP. The carriers allow it even after an opt-out.
AUTOMATIC = frozenset({"stop_answer", "start_answer", "help_answer"})
# Part of a conversation the person is in: no cap, and no quiet hours right after they wrote.
CONVERSATION = frozenset({"reply", "answer"})

REASONS = {
    "no_phone": N_("have no phone number"),
    "not_textable": N_("have only a landline"),
    "opted_out": N_("replied STOP or asked for no texts"),
    "no_consent": N_("never agreed to texts"),
    "cap": N_("already had two texts from us today"),
    "quiet_hours": N_("are in quiet hours now"),
    "no_hour": N_("have no texting hour that is right in every place they may be"),
    "shares_phone": N_("share a phone with someone who gets it; the text greets them too"),
    "unregistered_sender": N_("cannot be texted until our number is registered with the carriers"),
}
FIXES = {
    "no_phone": N_("Add a number"),
    "not_textable": N_("Call instead"),
    "opted_out": N_("Only they can start texts again"),
    "no_consent": N_("Ask in person, then record it"),
    "cap": N_("Send tomorrow"),
    "quiet_hours": N_("Send at the next hour"),
    "no_hour": N_("Write down where they live"),
    "shares_phone": N_("See who"),
    "unregistered_sender": N_("Register the number"),
}
SENTENCES = {
    "no_phone": N_("There is no phone number for this person."),
    "not_textable": N_("This number is a landline or cannot get texts. Call instead."),
    "opted_out": N_("They replied STOP or asked for no texts. Only they can start texts again."),
    "no_consent": N_("They never agreed to texts. Ask in person, then record it."),
    "cap": N_("They already had two texts from us in the last 24 hours."),
    "quiet_hours": N_("It is a quiet hour where they live. Texts go out 9 am to 8 pm, on Sundays from noon."),
    "no_hour": N_("No hour is right in every place they may be. Write down where they live."),
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
    is_textable: bool = True
    recent: int = 0  # organizing texts in the last 24 hours, without this one
    purpose: str = "organizing"
    wrote_at: datetime | None = None  # when they last wrote to us
    is_sender_approved: bool = True


def why_not(facts: Facts, now: datetime) -> list[str]:
    """Every reason against sending now, by name, the lasting ones first; empty when the text may go."""
    found = []
    if not facts.is_sender_approved:
        found.append("unregistered_sender")
    if facts.phone is None:
        return [*found, "no_phone"]
    if not facts.is_textable:
        found.append("not_textable")
    if facts.purpose in AUTOMATIC:
        return found
    if facts.consent == "revoked":
        found.append("opted_out")
    elif facts.consent != "given" and not _in_conversation(facts):
        found.append("no_consent")
    if facts.purpose not in CONVERSATION and facts.recent >= CAPS.get(facts.purpose, CAP):
        found.append("cap")
    if not _answers_at_once(facts, now) and open_until(facts.zones, now) is None:
        found.append("no_hour" if next_open(facts.zones, now) is None else "quiet_hours")
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
    """Seconds the provider may hold this text; None when too few are left and it should wait for the next window."""
    if facts.purpose in AUTOMATIC or _answers_at_once(facts, now):
        return 3600
    return validity_seconds(facts.zones, now)


def zones_of_number(phone: str) -> tuple[str, ...]:
    """Zones the number may be in. In North America area code and exchange decide, so look-ups are shared."""
    return zones_of(phone[:8] + "0100" if phone.startswith("+1") and len(phone) == 12 else phone)


def zones_for(address: str | None, by_number: tuple[str, ...], organization: str) -> tuple[str, ...]:
    """All zones a person may be in; the organization's own when nothing is known."""
    known = dict.fromkeys([address] if address else [])
    known.update(dict.fromkeys(by_number))
    return tuple(known) or (organization,)
