"""Childcare by age and hours: slots of a session, children in each, and how many carers they need.

Hours are kept as [session, from, until] in minutes from the session's beginning, so that they move with it. Hours that nobody said, or
that lead to no session any more, count in every slot: better one carer too many.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from crm.kernel.refusal import N_, Reason

AGE_GROUPS = {"baby": N_("Under 3"), "small": N_("3 to 5"), "school": N_("6 and older"), "unknown": N_("Age not known")}
A_CAREGIVER_FOR = {"baby": 3, "small": 6, "school": 10, "unknown": 5}  # children, as licensed childcare counts them in most states
FEWEST_CAREGIVERS = 2  # nobody is alone with children
SLOT_MINUTES, SHORTEST, LONGEST = 180, 30, 720
_STEP = 15  # slots begin and end on a quarter of an hour
_NUMBER = re.compile(r"\d{1,2}")
Hours = list[list[int]]


@dataclass(frozen=True)
class Slot:
    """A stretch of a session: minutes from its beginning, and the moments that these are."""

    session_id: int
    begins: int
    ends: int
    starts_at: datetime
    ends_at: datetime

    @classmethod
    def at(cls, session_starts_at: datetime, session_id: int, begins: int, ends: int) -> "Slot":
        """A stretch of a session that begins at that moment."""
        return cls(session_id, begins, ends, session_starts_at + timedelta(minutes=begins), session_starts_at + timedelta(minutes=ends))

    @property
    def key(self) -> str:
        """How a form names it."""
        return f"{self.session_id}:{self.begins}:{self.ends}"

    def is_in(self, hours: Hours) -> bool:
        """Whether some of these hours lie in it."""
        return any(session_id == self.session_id and begins < self.ends and ends > self.begins for session_id, begins, ends in hours)

    def is_covered(self, hours: Hours | None, session_id: int | None) -> bool:
        """Whether somebody on the plan is there for all of it: at these hours, or at that session, or the whole day."""
        if hours:
            return any(at == self.session_id and begins <= self.begins and ends >= self.ends for at, begins, ends in hours)
        return session_id in (None, self.session_id)


def slots_of(sittings: Iterable[tuple[int, datetime, datetime]], minutes: int) -> list[Slot]:
    """Sessions, as (id, begins, ends), cut into equal stretches of at most so many minutes."""
    found = []
    for session_id, starts_at, ends_at in sittings:
        length = int((ends_at - starts_at).total_seconds() // 60)
        parts = max(1, ceil(length / minutes))
        cuts = [round(length * n / parts / _STEP) * _STEP for n in range(parts)] + [length]
        found += [Slot.at(starts_at, session_id, begins, ends) for begins, ends in zip(cuts, cuts[1:], strict=False) if begins < ends]
    return found


def hours_of(keys: Iterable[str], slots: Sequence[Slot]) -> Hours:
    """The hours of ticked slots, those that touch taken together."""
    wanted = set(keys)
    found: Hours = []
    for slot in slots:
        if slot.key not in wanted:
            continue
        if found and found[-1][0] == slot.session_id and found[-1][2] == slot.begins:
            found[-1][2] = slot.ends
        else:
            found.append([slot.session_id, slot.begins, slot.ends])
    return found


def children_by_age(wishes: Iterable[tuple[int, str, Mapping[str, int] | None]]) -> dict[str, int]:
    """Children by group, from (how many, what was said of their ages, the groups if they were said); whose age was not said stays unknown."""
    found: Counter[str] = Counter()
    for quantity, detail, groups in wishes:
        found.update(groups if groups else groups_in(quantity, detail))
    return {group: found[group] for group in AGE_GROUPS if found[group]}


def groups_in(quantity: int, detail: str) -> dict[str, int]:
    """So many children by group, as far as their ages stand in these words."""
    ages = [int(n) for n in _NUMBER.findall(detail) if int(n) < 18][:quantity]
    found = Counter("baby" if age < 3 else "small" if age < 6 else "school" for age in ages)
    found["unknown"] += quantity - len(ages)
    return {group: found[group] for group in AGE_GROUPS if found[group]}


def caregivers(groups: Mapping[str, int], ratios: Mapping[str, int] | None = None) -> int:
    """How many must be in the room with these children, where one looks after so many of each group."""
    if not any(groups.values()):
        return 0
    of_one = {**A_CAREGIVER_FOR, **(ratios or {})}
    return max(FEWEST_CAREGIVERS, ceil(sum(count / of_one[group] for group, count in groups.items()) - 1e-9))


def is_there(hours: Hours | None, slot: Slot, sessions: Iterable[int]) -> bool:
    """Whether a child, or a carer, is in the room in that slot."""
    known = [one for one in hours or [] if one[0] in set(sessions)]
    return not known or slot.is_in(known)


def issues_in_ratios(ratios: Mapping[str, int | None], minutes: int | None) -> list[Reason]:
    """What is wrong with how the plan counts."""
    issues = [Reason(N_("Write how many children one person looks after, from 1 to 30."), {}, group)
              for group in AGE_GROUPS if not (ratios.get(group) and 1 <= (ratios[group] or 0) <= 30)]
    if minutes is None or not SHORTEST <= minutes <= LONGEST:
        issues.append(Reason(N_("A slot lasts between half an hour and twelve hours."), {}, "minutes"))
    return issues


# Hours in a text ----------------------------------------------------------------------------------------------------

_ALL = re.compile(r"\b(?:all|whole|entire|tod[oa]s?|complet[oa])\b|^\s*(?:both|ambos)\b", re.I)
_MORNING = re.compile(r"\bmornings?\b|\b(?:por|en|a) la mañana\b|\bmañanas?\b|\bmananas?\b", re.I)
_AFTERNOON = re.compile(r"\bafternoons?\b|\bevenings?\b|\btardes?\b|\bnoches?\b", re.I)
_CLOCK = r"(\d{1,2})(?:[:.h](\d{2}))?\s*(am|pm|a\.m\.|p\.m\.|a|p)?"
_RANGE = re.compile(rf"\b{_CLOCK}\s*(?:-|–|to|till|until|til|and|a las|a la|hasta las|hasta la|hasta|y las|y la|a|y)\s*{_CLOCK}(?![\w:])", re.I)
_DAYS = (r"mon(?:day)?|lunes", r"tue(?:s|sday)?|martes", r"wed(?:nesday)?|mi[eé]rcoles", r"thu(?:rs|rsday)?|jueves", r"fri(?:day)?|viernes",
         r"sat(?:urday)?|s[aá]bado", r"sun(?:day)?|domingo")


def hours_said(text: str, slots: Sequence[Slot], local: Mapping[int, datetime], is_asked: bool = True) -> Hours | None:
    """The hours of a text like "10 to 12:30" or "por la mañana", None where it tells none that lie within a session.

    `local` are the beginnings of the sessions on the clock of the place. A day that is named holds its sessions only. Where nobody asked
    for hours, only what cannot be ages counts: a stretch with minutes, or with am or pm.
    """
    days = {n for n, names in enumerate(_DAYS) if re.search(rf"\b(?:{names})\b", text, re.I)}
    open_slots = [slot for slot in slots if not days or local[slot.session_id].weekday() in days]
    hit = next((hit for hit in _RANGE.finditer(text) if is_asked or any(hit.group(2, 3, 5, 6))), None)
    if hit or not is_asked:
        lengths = {slot.session_id: slot.ends for slot in open_slots}  # the last slot of a session ends where it ends
        return hit and _ranged(hit, lengths, local) or None
    if _ALL.search(text):
        chosen = open_slots
    elif _MORNING.search(text) or _AFTERNOON.search(text):
        is_early = bool(_MORNING.search(text))
        chosen = [slot for slot in open_slots if ((local[slot.session_id] + timedelta(minutes=slot.begins)).hour < 12) == is_early]
    else:
        chosen = open_slots if days else []
    return [[slot.session_id, slot.begins, slot.ends] for slot in chosen] or None


def _ranged(hit: re.Match[str], lengths: Mapping[int, int], local: Mapping[int, datetime]) -> Hours:
    """A stretch of the clock, within each session: the shortest that the words may mean, before or after noon as the session is."""
    ends = _minutes(*hit.group(4, 5, 6))
    pairs = [(begin, min(end for end in ends if end > begin)) for begin in _minutes(*hit.group(1, 2, 3)) if begin < max(ends)]
    shortest = [pair for pair in pairs if pair[1] - pair[0] == min(end - begin for begin, end in pairs)]
    found = []
    for session_id, length in lengths.items():
        start = local[session_id].hour * 60 + local[session_id].minute
        within = [[session_id, max(begin - start, 0), min(end - start, length)] for begin, end in shortest]
        found += [one for one in within if one[1] < one[2]][:1]
    return found


def _minutes(hour: str, minute: str | None, half: str | None) -> list[int]:
    """Minutes of the day that a time may mean: both halves of it where none was said."""
    clock, half = int(hour) % 24, (half or "").lower()[:1]
    found = [clock % 12 + 12 if half == "p" else clock % 12] if half else [clock] if clock > 12 else [clock % 12, clock % 12 + 12]
    return [one * 60 + int(minute or 0) for one in found]
