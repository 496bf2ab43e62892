"""Texting hours and daily limits, as the law of each place sets them: dated data, with its source and how sure it is.

What the law calls solicitation is held here to the whole table; texts about organizing are held to our own default, which
is at least as strict as federal law, Florida, Oklahoma, Washington, Maryland, Texas and Connecticut. Many states exempt
nonprofits: that is for the organization's administrator to say, with a reason (see Exemption), never assumed.

This is not legal advice. A line changes here, with its date; hours.py and gate.py read it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, time

from crm.kernel.refusal import N_, Reason

Window = tuple[time, time]
Week = tuple[Window | None, ...]  # Monday to Sunday; None: a day without texts
MORE_THAN_EVER = 3  # texts in 24 hours that no exemption goes beyond


@dataclass(frozen=True)
class Law:
    """When a place allows texts, and how many in 24 hours; None where it sets no number."""

    place: str
    name: str
    week: Week
    most: int | None
    source: str
    strength: str
    verified_on: date


def week(weekdays: tuple[int, int], saturday: tuple[int, int] | None, sunday: tuple[int, int] | None) -> Week:
    """Hours of a week: Monday to Friday alike."""
    days = [weekdays] * 5 + [saturday, sunday]
    return tuple((time(day[0]), time(day[1])) if day else None for day in days)


STATUTE, SECONDARY, VENDOR = N_("the statute"), N_("law firms about the statute"), N_("vendors' tables, not checked against the statute")
_READ = date(2026, 11, 22)
OWN = Law("own", N_("Our own default"), week((9, 20), (9, 20), (12, 20)), 2, "Plenary", "", _READ)
FEDERAL = Law("US", N_("Federal law"), week((8, 21), (8, 21), (8, 21)), None, "47 CFR 64.1200(c)(1)", STATUTE, _READ)
_LAWS = (
    Law("AL", N_("Alabama"), week((8, 20), (8, 20), None), None, "dropcowboy.com/state-compliance", VENDOR, _READ),
    Law("CT", N_("Connecticut"), week((9, 20), (9, 20), (9, 20)), None, "dropcowboy.com/state-compliance", VENDOR, _READ),
    Law("FL", N_("Florida"), week((8, 20), (8, 20), (8, 20)), 3, "Fla. Stat. 501.616(6)", STATUTE, _READ),
    Law("KY", N_("Kentucky"), week((10, 21), (10, 21), (10, 21)), None, "dropcowboy.com/state-compliance", VENDOR, _READ),
    Law("LA", N_("Louisiana"), week((8, 20), (8, 20), None), None, "dropcowboy.com/state-compliance", VENDOR, _READ),
    Law("MD", N_("Maryland"), week((8, 20), (8, 20), (8, 20)), 3, "Md. Code, Com. Law 14-4501 to 14-4503", STATUTE, _READ),
    Law("MS", N_("Mississippi"), week((8, 20), (8, 20), None), None, "dropcowboy.com/state-compliance", VENDOR, _READ),
    Law("OK", N_("Oklahoma"), week((8, 20), (8, 20), (8, 20)), 3, "15 O.S. 775C", SECONDARY, _READ),
    Law("RI", N_("Rhode Island"), week((9, 18), (10, 17), (10, 17)), None, "dropcowboy.com/state-compliance", VENDOR, _READ),
    Law("TX", N_("Texas"), week((9, 21), (9, 21), (12, 21)), None, "Texas SB 140; foster.com, 2025-09-25", SECONDARY, _READ),
    Law("WA", N_("Washington"), week((8, 20), (8, 20), (8, 20)), None, "RCW 19.158.040", STATUTE, _READ),
)
LAWS = {law.place: law for law in _LAWS}
RULES = {
    "own": N_("Our own hours: 9 am to 8 pm, Sundays from noon"),
    "own_cap": N_("Our own limit of two texts to a person in 24 hours"),
    **{place: law.name for place, law in LAWS.items()},
}
"""What an administrator may declare that it does not bind them. Federal hours and three texts a day always do."""
EFFECTS = {
    "own": N_("Texts go out in the hours of federal law and of the state where people may be."),
    "own_cap": N_("A person may get three texts in 24 hours, never more."),
}


def binding(purpose: str, states: Collection[str] | None, exempt: Collection[str] = ()) -> tuple[Law, ...]:
    """The laws that a text must keep. `states`: those where the person may be; None when nobody can say: then all of them."""
    if purpose != "fundraising" and "own" not in exempt:
        return (OWN,)
    there = LAWS if states is None else [place for place in sorted(states) if place in LAWS]
    own = () if "own" in exempt else (OWN,)
    return (*own, FEDERAL, *(LAWS[place] for place in there if place not in exempt))


def narrowest(weeks: Iterable[Week]) -> Week:
    """The hours that are right by all of them."""
    found: Week | None = None
    for one in weeks:
        found = one if found is None else tuple(_both(a, b) for a, b in zip(found, one, strict=True))
    return found or OWN.week


def _both(a: Window | None, b: Window | None) -> Window | None:
    if a is None or b is None:
        return None
    opens, closes = max(a[0], b[0]), min(a[1], b[1])
    return (opens, closes) if opens < closes else None


def week_for(purpose: str, states: Collection[str] | None, exempt: Collection[str] = ()) -> Week:
    """The hours of a week in which a text of this purpose may reach somebody who may be in these states."""
    return narrowest(law.week for law in binding(purpose, states, exempt))


def cap_for(purpose: str, states: Collection[str] | None, exempt: Collection[str] = ()) -> int:
    """How many texts a person gets in 24 hours at most; a ballot or an alert may be the third, because it must reach them."""
    laws = binding(purpose, states, exempt)
    strictest = min([MORE_THAN_EVER, *(law.most for law in laws if law.most and law.place != "own")])
    return strictest if "own_cap" in exempt or purpose in ("ballot", "safety") else min(strictest, OWN.most or MORE_THAN_EVER)


def issues_before_exempting(rule: str, reason: str, is_in_force: bool) -> list[Reason]:
    """What an exemption must hold: which rule, and why it does not bind the organization."""
    found = []
    if rule not in RULES:
        found.append(Reason(N_("Choose a rule."), field="rule"))
    if len(reason.split()) < 3:
        found.append(Reason(N_("Write why this rule does not bind you, with the law or the lawyer who says so."), field="reason"))
    if is_in_force:
        found.append(Reason(N_("This exemption is in force already."), field="rule"))
    return found
