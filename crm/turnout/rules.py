"""Pure rules of turnout: answers and their states, the forecast, short codes, and what a door may still accept."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import sqrt

from crm.kernel.names import fold
from crm.kernel.refusal import N_, Reason, Refusal

STATES = ("invited", "yes", "maybe", "no", "confirmed", "cancelled")
COMING = ("yes", "confirmed")
SUPPORTS = {
    "childcare": N_("Childcare"), "interpretation": N_("Interpretation"), "ride": N_("Rides"),
    "access": N_("Access"), "meal": N_("Meals"), "stipend": N_("Lost wages"),
}
SUPPORT_STATES = {"asked": N_("Asked"), "planned": N_("Planned"), "delivered": N_("Delivered")}
STATE_WORDS = {
    "invited": N_("No answer yet"), "yes": N_("Said yes"), "maybe": N_("Maybe"), "no": N_("Said no"),
    "confirmed": N_("Confirmed"), "cancelled": N_("Can no longer come"),
}
SENTENCES = {
    "rsvp.invited": N_("Invited to %(assembly)s"),
    "rsvp.yes": N_("Said yes to %(assembly)s"),
    "rsvp.maybe": N_("Said maybe to %(assembly)s"),
    "rsvp.no": N_("Said no to %(assembly)s"),
    "rsvp.confirmed": N_("Confirmed for %(assembly)s"),
    "rsvp.cancelled": N_("Can no longer come to %(assembly)s"),
    "rsvp.guests": N_("Brings %(guests)s guests to %(assembly)s"),
    "support.asked": N_("Asked for supports at %(assembly)s: %(supports)s"),
    "support.planned": N_("Support planned for %(assembly)s: %(supports)s"),
    "support.delivered": N_("Support delivered at %(assembly)s: %(supports)s"),
    "pledge.withdrawn": N_("Pledge taken back by %(by)s"),
    "pledge.made": N_("%(lead)s pledged to bring %(promised)s to %(assembly)s"),
    "attendance.recorded": N_("Came to %(assembly)s"),
    "attendance.undone": N_("Check-in at %(assembly)s undone"),
    "door.opened": N_("Door link made by %(by)s"),
    "door.closed": N_("Door link closed by %(by)s"),
}

# Answers ---------------------------------------------------------------------------------------------------------

MOST_GUESTS = 20
ASKED_AGAIN = timedelta(hours=12)
# state → word heard → next state. A word that is missing leaves the state as it is.
_NEXT = {
    "invited": {"yes": "yes", "maybe": "maybe", "no": "no", "confirm": "confirmed"},
    "maybe": {"yes": "yes", "no": "no", "confirm": "confirmed"},
    "yes": {"maybe": "maybe", "no": "cancelled", "confirm": "confirmed"},
    "confirmed": {"maybe": "maybe", "no": "cancelled"},
    "no": {"yes": "yes", "maybe": "maybe", "confirm": "confirmed"},
    "cancelled": {"yes": "yes", "maybe": "maybe", "confirm": "confirmed"},
}


@dataclass(frozen=True)
class Answer:
    """What a person said about one assembly: a word (yes, maybe, no, confirm or none), guests, and supports by kind."""

    word: str | None = None
    guests: int | None = None
    supports: dict[str, int] = field(default_factory=dict)
    detail: str = ""


def next_rsvp(state: str, word: str | None) -> str:
    """The state after a word. Yes after confirmed stays confirmed; a yes taken back is cancelled, never plain no."""
    return _NEXT[state].get(word, state)


def heard_word(state: str, answered_at: datetime | None, word: str | None, now: datetime) -> str | None:
    """A yes said again half a day or more after the first is a confirmation: nobody says it twice unasked."""
    if word == "yes" and state == "yes" and answered_at is not None and now - answered_at >= ASKED_AGAIN:
        return "confirm"
    return word


def may_answer(assembly_state: str) -> Refusal | None:
    """Answers are taken until the assembly is over or cancelled."""
    if assembly_state in ("finished", "cancelled"):
        return Refusal([Reason(N_("This assembly is over. Answers are no longer taken."))])
    return None


def issues_before_answer(answer: Answer) -> list[Reason]:
    """Every reason why an answer cannot be taken down."""
    issues = []
    if answer.guests is not None and not 0 <= answer.guests <= MOST_GUESTS:
        issues.append(Reason(N_("Write the guests as a number from 0 to %(n)s."), {"n": MOST_GUESTS}, "guests"))
    for kind, quantity in answer.supports.items():
        if kind not in SUPPORTS:
            issues.append(Reason(N_("%(kind)s is not a support we know."), {"kind": kind}, "supports"))
        elif not 0 <= quantity <= 99:
            issues.append(Reason(N_("Write how many as a number from 0 to 99."), {}, kind))
    return issues


def thanks(state: str, guests: int, has_supports: bool, title: str, when: str) -> Reason | None:
    """The short answer to an answer, in words that never invite YES as consent."""
    params = {"title": title, "when": when, "n": guests + 1}
    if state == "confirmed":
        return Reason(N_("Thank you, you are confirmed for %(title)s, %(when)s. We will look for you at the door."), params)
    if state == "yes" and guests and has_supports:
        return Reason(N_("Thank you. We have %(n)s of you down for %(title)s, %(when)s, and we noted what you need."), params)
    if state == "yes" and guests:
        return Reason(N_("Thank you. We have %(n)s of you down for %(title)s, %(when)s."), params)
    if state == "yes" and has_supports:
        return Reason(N_("Thank you. See you at %(title)s, %(when)s. We noted what you need."), params)
    if state == "yes":
        return Reason(N_("Thank you. See you at %(title)s, %(when)s."), params)
    if has_supports:
        return Reason(N_("Thank you, we noted what you need for %(title)s, %(when)s."), params)
    if state == "maybe":
        return Reason(N_("Thank you. We have you down as maybe for %(title)s, %(when)s. Text us when you know."), params)
    if state in ("no", "cancelled"):
        return Reason(N_("Thank you for telling us. We will miss you at %(title)s."), params)
    return None


def door_name(given: str, family: str) -> str:
    """First name and one initial: all that a door or a partner ever sees of a person."""
    first = given.split()[0] if given.split() else ""
    initial = f"{family.strip()[0].upper()}." if family.strip() else ""
    return f"{first} {initial}".strip() or "?"


# Forecast --------------------------------------------------------------------------------------------------------

DEFAULT_SHOW = {"confirmed": 0.82, "yes": 0.55, "pledged": 0.30}
PRIOR = 20  # a default weighs as much as this many observed people
_Z = 1.96


@dataclass(frozen=True)
class Rates:
    """What share of an organization's confirmed, yes and merely pledged people come, and on how many people it rests."""

    confirmed: float = DEFAULT_SHOW["confirmed"]
    yes: float = DEFAULT_SHOW["yes"]
    pledged: float = DEFAULT_SHOW["pledged"]
    observations: int = 0


@dataclass(frozen=True)
class Counts:
    """People promised, people who said yes (the confirmed among them), people who confirmed."""

    pledged: int = 0
    yes: int = 0
    confirmed: int = 0


@dataclass(frozen=True)
class Forecast:
    """How many are expected in the room, likely between low and high; `mean` and `variance` let forecasts be added."""

    mean: float
    variance: float

    @property
    def expected(self) -> int:
        return round(self.mean)

    @property
    def low(self) -> int:
        return max(0, round(self.mean - _Z * sqrt(self.variance)))

    @property
    def high(self) -> int:
        return round(self.mean + _Z * sqrt(self.variance))


def own_rates(seen: dict[str, tuple[int, int]]) -> Rates:
    """An organization's own rates from `{"confirmed": (came, of), …}`, drawn toward the defaults while few are seen.

    rate = (came + PRIOR × default) / (of + PRIOR).
    """
    pulled = {
        kind: (min(came, of) + PRIOR * DEFAULT_SHOW[kind]) / (of + PRIOR)
        for kind, (came, of) in ((kind, seen.get(kind, (0, 0))) for kind in DEFAULT_SHOW)
    }
    return Rates(**pulled, observations=sum(of for _, of in seen.values()))


def forecast(counts: Counts, rates: Rates = Rates()) -> Forecast:
    """Expected = confirmed × rate + (yes, not confirmed) × rate + (pledged, nothing said yet) × rate.

    Each group is a binomial, so its variance is n × rate × (1 − rate); low and high are 1.96 standard deviations
    away. The defaults (0.82, 0.55, 0.30) grow out of the organizers' law of halves: half of those who say yes come.
    """
    groups = (
        (counts.confirmed, rates.confirmed),
        (max(0, counts.yes - counts.confirmed), rates.yes),
        (max(0, counts.pledged - counts.yes), rates.pledged),
    )
    return Forecast(sum(n * p for n, p in groups), sum(n * p * (1 - p) for n, p in groups))


def add_forecasts(forecasts: Iterable[Forecast]) -> Forecast:
    """The whole room: organizations come or stay away independently, so means and variances add up."""
    forecasts = list(forecasts)
    return Forecast(sum(f.mean for f in forecasts), sum(f.variance for f in forecasts))


def calling_adds(unconfirmed: int, rates: Rates = Rates()) -> int:
    """How many more come when everyone who said yes is called and confirms."""
    return round(unconfirmed * max(0.0, rates.confirmed - rates.yes))


# Codes -----------------------------------------------------------------------------------------------------------

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U
_ALIKE = str.maketrans("OILU", "011V")
QR_PREFIX = "PLENARY:"


def _check(body: str) -> str:
    return ALPHABET[sum((place + 1) * ALPHABET.index(c) for place, c in enumerate(body)) % 31]


def code_of(number: int) -> str:
    """A 40-bit number as eight letters and a check letter."""
    body = "".join(ALPHABET[(number >> (5 * place)) & 31] for place in range(8))
    return body + _check(body)


def show_code(code: str) -> str:
    """K7Q-X29-PM4: in threes, as it is read aloud."""
    return "-".join(code[i:i + 3] for i in range(0, len(code), 3))


def read_code(text: str) -> str | Reason:
    """The code in what a camera read or a hand typed: any case, with or without dashes, O for 0 and I for 1."""
    plain = text.strip().upper().removeprefix(QR_PREFIX)
    plain = "".join(c for c in plain if c.isalnum()).translate(_ALIKE)
    if len(plain) != 9 or any(c not in ALPHABET for c in plain):
        return Reason(N_("A code has 9 letters and digits, like K7Q-X29-PM4."), {}, "q")
    if _check(plain[:8]) != plain[8]:
        return Reason(N_("This code has a typing mistake. Look again, or search by name."), {}, "q")
    return plain


def looks_like_code(text: str) -> bool:
    """Whether a search is a code rather than a name: nine signs with a digit among them, or the printed prefix."""
    plain = text.strip().upper()
    signs = [c for c in plain if c.isalnum()]
    return plain.startswith(QR_PREFIX) or (len(signs) == 9 and any(c.isdigit() for c in signs))


def search_words(text: str) -> list[str]:
    """The folded words of a search at the door, at most four."""
    return fold(text).replace("%", " ").replace("_", " ").split()[:4]


# The door --------------------------------------------------------------------------------------------------------

LATE = timedelta(hours=24)
FAST_CLOCK = timedelta(minutes=5)


def arrival_time(said: datetime | None, now: datetime) -> datetime:
    """When somebody came: the tablet's word, unless its clock runs ahead of ours or it was not said."""
    return now if said is None or said > now else said


def may_check_in(arrived_at: datetime, expires_at: datetime, now: datetime) -> Refusal | None:
    """A door link takes check-ins until it expires, and for a day after that those made before it expired."""
    if arrived_at > expires_at or now > expires_at + LATE:
        return Refusal([Reason(N_("This door link has ended. Ask the organizer for a new one."))])
    if arrived_at < expires_at - timedelta(days=60):
        return Refusal([Reason(N_("The clock of this tablet is wrong. Set it, then check in again."))])
    return None


def issues_before_walk_in(name: str, phone: str, has_consented: bool) -> list[Reason]:
    """A walk-in needs a name; a phone number is kept only with the person's word that we may text it."""
    issues = []
    if not name.strip():
        issues.append(Reason(N_("Write a first name."), {}, "name"))
    if has_consented and not phone.strip():
        issues.append(Reason(N_("Write the phone number that we may text."), {}, "phone"))
    return issues


def issues_before_pledge(promised: int | None, lead_name: str) -> list[Reason]:
    """Every reason why a pledge cannot be taken down."""
    issues = []
    if promised is None or not 0 <= promised <= 100_000:
        issues.append(Reason(N_("Write the pledge as a number, like 40."), {}, "promised"))
    if not lead_name.strip():
        issues.append(Reason(N_("Write who leads the turnout, so that we know whom to ask."), {}, "lead_name"))
    return issues


def issues_before_door(hours: int | None) -> list[Reason]:
    """A door link lives from one hour to two weeks."""
    if hours is None or not 1 <= hours <= 336:
        return [Reason(N_("Choose when the link ends: from 1 hour to 14 days from now."), {}, "hours")]
    return []
