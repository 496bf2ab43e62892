"""Invitations by lot: how many households to invite, which household is which, what an answer must say, and how calls end."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import Any

from crm.kernel.names import fold
from crm.kernel.refusal import N_, Reason

TIMES, RESPONSE = 5, 5
LONGEST_OPEN = 365
MOST_QUOTAS = 60
MOST_OWN = 100_000
SOURCES = {"file": N_("A list of addresses, which you upload or paste"), "people": N_("Our own people, a household to an address")}
EXAMPLE = "name,address,postcode,city,language,phone\nResident,12 Mill Lane,90003,Southbank,en,\nResidente,7 Bridge Street,90003,Southbank,es,+13235550147"
LETTER = N_(
    "Dear neighbors, your household was drawn by lot and is invited to take part in %(title)s on %(day)s. Anybody who lives at this address may "
    "answer, one for each household. From those who say yes, a second lot draws %(seats)s people, so that the room looks like the community."
)
ANSWER_BY = N_("Answer by %(until)s, yes or no: scan the code or open this address. Nobody but us sees your answer.")
TEXT = N_("Your household was drawn by lot for %(title)s on %(day)s. Would you take part? Answer by %(until)s: %(link)s")
OUTCOMES = {
    "confirmed": N_("Confirmed"),
    "declined": N_("Declined"),
    "no_answer": N_("No answer"),
    "call_back": N_("Asked to be called again"),
}
CLOSED = N_("The pool is frozen, so nobody else can be invited or answer any more.")


@dataclass(frozen=True)
class Household:
    """A household as the list has it; `key` is the same for the same address, however it is written."""

    name: str
    address: str
    postcode: str = ""
    city: str = ""
    language: str = ""
    phone: str = ""

    @property
    def key(self) -> str:
        return "|".join(" ".join(fold(part).replace(".", " ").replace(",", " ").split()) for part in (self.address, self.postcode, self.city))


def households_in(rows: Iterable[tuple[int, Mapping[str, str]]]) -> tuple[list[Household], list[Reason]]:
    """The households of a list, each once, in the order of their keys, so that the same list in another order is the same list."""
    found: dict[str, Household] = {}
    empty = []
    for line, row in rows:
        cells = {head.strip().casefold(): " ".join(cell.split()) for head, cell in row.items()}
        one = Household(*(cells.get(name, "")[:200] for name in ("name", "address", "postcode", "city", "language", "phone")))
        if not one.address:
            empty.append(line)
        else:
            found.setdefault(one.key, one)
    reasons = [Reason(N_("The households: there is no address in line %(lines)s."), {"lines": ", ".join(map(str, empty[:5]))}, "households")] if empty else []
    return [found[key] for key in sorted(found)], reasons


@dataclass(frozen=True)
class Resident:
    """One of the organization's own people, as far as a lot of households needs them; `phone` is one that agreed to texts, or empty."""

    street: str
    postcode: str
    city: str
    language: str
    phone: str
    is_home: bool = True


def households_of_people(people: Iterable[Resident]) -> tuple[list[Household], int]:
    """Own people's households, each once and without a name, in the order of their keys; and how many people have no address at home."""
    found: dict[str, Household] = {}
    without = 0
    for one in people:
        home = Household("", *(" ".join(part.split())[:200] for part in (one.street, one.postcode, one.city, one.language, one.phone)))
        if not home.address or not one.is_home:
            without += 1
        elif (there := found.get(home.key)) is None or home.phone and not there.phone:
            found[home.key] = home
    return [found[key] for key in sorted(found)], without


def issues_in_own(count: int, without: int) -> list[Reason]:
    """Why own people make no list of households."""
    if count > MOST_OWN:
        return [Reason(N_("These are %(n)s households. Choose a list with at most %(most)s."), {"n": count, "most": MOST_OWN}, "list_id")]
    if not count:
        return [Reason(N_("None of these people has an address at home: %(n)s people were looked at."), {"n": without}, "list_id")]
    return []


def to_invite(seats: int, times: int, response: int, invited: int, said_yes: int, left: int) -> int:
    """How many households a round should have: by the answers that came, and before any came by what is expected."""
    missing = seats * times - said_yes
    if missing <= 0:
        return 0
    rate = said_yes / invited if invited and said_yes else response / 100
    return min(left, ceil(missing / rate))


def issues_in_recruitment(seats: int, times: int, response: int, closes_on: date | None, today: date, day: date) -> list[Reason]:
    """What is wrong with the numbers and the last day to answer."""
    found = []
    if not 1 <= seats <= 1000:
        found.append(Reason(N_("There must be at least one seat."), {}, "seats"))
    if not 1 <= times <= 100:
        found.append(Reason(N_("Choose between 1 and 100 people in the pool for each seat."), {}, "times"))
    if not 1 <= response <= 100:
        found.append(Reason(N_("Of a hundred households, between 1 and 100 can say yes."), {}, "response"))
    if closes_on is None or not today < closes_on <= today + timedelta(days=LONGEST_OPEN):
        found.append(Reason(N_("Choose a last day to answer within the next year."), {}, "closes_on"))
    elif closes_on >= day:
        found.append(Reason(N_("The last day to answer must be before the assembly."), {}, "closes_on"))
    return found


def issues_in_round(size: int | None, seed: str, left: int, is_drawing: bool, is_closed: bool) -> list[Reason]:
    """Why a round cannot be drawn now."""
    found = []
    if is_closed:
        found.append(Reason(CLOSED))
    if is_drawing:
        found.append(Reason(N_("The round before is still being drawn.")))
    if size is None or not 1 <= size <= left:
        found.append(Reason(N_("Between 1 and %(left)s households can be invited now.") if left else N_("Every household was invited already."),
                            {"left": left} if left else {}, "size"))
    if not seed:
        found.append(Reason(N_("Write the seed."), {}, "seed"))
    return found


def issues_in_answer(answer: str, name: str, phone: str, email: str, features: Mapping[str, str], quotas: Mapping[str, Sequence[str]]) -> list[Reason]:
    """What an answer lacks. A no needs nothing; a yes a name, a way to be reached, and every feature that the seats are drawn by."""
    if answer == "no":
        return []
    if answer != "yes":
        return [Reason(N_("Say whether you would take part."), {}, "answer")]
    found = []
    if not name:
        found.append(Reason(N_("Write your name."), {}, "name"))
    if not phone and not email:
        found.append(Reason(N_("Write a phone number or an e-mail address, so that you can be told whether you were drawn."), {}, "phone"))
    if email and "@" not in email:
        found.append(Reason(N_("This is not an e-mail address."), {}, "email"))
    for n, (feature, values) in enumerate(quotas.items()):
        if features.get(feature) not in values:
            found.append(Reason(N_("Choose one for “%(feature)s”."), {"feature": feature}, f"feature_{n}"))
    return found


def code_of(number: int) -> str:
    """What stands in the pool, and later in public, for a household: its place in the random order, which tells nothing of it."""
    return f"H{number:05}"


def issues_in_call(outcome: str, is_declined: bool) -> list[Reason]:
    """Why a call cannot be noted."""
    found = []
    if outcome not in OUTCOMES:
        found.append(Reason(N_("Choose what came of the call.")))
    if is_declined:
        found.append(Reason(N_("This place was given back already.")))
    return found


def said_in_public(rounds: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """All rounds together."""
    rows = list(rounds)
    return {name: sum(row[name] for row in rows) for name in ("invited", "yes", "no")}
