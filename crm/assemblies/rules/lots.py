"""Draws by lot: what may be published as an id, when a pool may be frozen, a seed set and a place passed on."""

import re
from collections.abc import Iterable
from datetime import date, timedelta

from crm.kernel.refusal import N_, Reason

CHALLENGE_DAYS, LONGEST_CHALLENGE = 14, 90
UNDRAWN_DAYS = 60
LONGEST_ID = 60
SEEDED = N_("The seed is set and cannot be changed.")
POOL_GONE = N_("The pool was deleted, so nobody can be drawn from it any more.")
EXAMPLES = {
    "people": "id,age,district,household\nP001,16-34,North,12\nP002,35-64,South,7",
    "quotas": "feature,value,min,max\nage,16-34,10,14\nage,35-64,16,20\ndistrict,North,13,17\ndistrict,South,13,17",
}
METHODS = {
    "exact": N_("Plain draw: down the list in random order, whoever keeps the quotas within reach is seated"),
    "maximin": N_("Fairest draw: whoever has the least chance has the most that any draw could give them, with proof"),
}


def issues_in_ids(ids: Iterable[str]) -> list[Reason]:
    """The ids of those drawn are shown to everyone, so they may not be names, numbers or addresses that lead to a person."""
    telling = [id for id in ids if "@" in id or re.search(r"[^\W\d_]\s+[^\W\d_]", id) or len(re.sub(r"[\s().+-]", "", id)) >= 10 and _is_number(id)]
    found = []
    if telling:
        words = N_("The people: the ids will be public, and %(ids)s looks like a name, a phone number or an e-mail address. Use codes.")
        found.append(Reason(words, {"ids": ", ".join(telling[:3]) + (" …" if len(telling) > 3 else "")}))
    if any(len(id) > LONGEST_ID for id in ids):
        found.append(Reason(N_("The people: an id has at most %(most)s characters."), {"most": LONGEST_ID}))
    return found


def _is_number(id: str) -> bool:
    return re.fullmatch(r"[\d\s().+-]+", id) is not None


def issues_before_freezing(state: str, is_announced: bool, source: str) -> list[Reason]:
    """Why a pool may not be frozen now: it must be known to work, on a public page, with the seed's origin said before."""
    found = []
    if state == "checking":
        found.append(Reason(N_("It is still being tried whether the quotas can be met.")))
    elif state == "impossible":
        found.append(Reason(N_("These quotas cannot be met. Change them first.")))
    elif state != "ready":
        found.append(Reason(N_("The pool is frozen already.")))
    if not is_announced:
        found.append(Reason(N_("Announce the assembly first: what is frozen stands on its public page, for everyone to see.")))
    if not source:
        found.append(Reason(N_("Say where the seed will come from, so that nobody can choose it."), {}, "source"))
    return found


def issues_in_seed(state: str, seed: str, keep_until: date | None, today: date) -> list[Reason]:
    """Why the seed may not be set: once only, after freezing, with a date until which the draw can be challenged."""
    if state in ("drawing", "drawn"):
        return [Reason(SEEDED)]
    found = []
    if state != "frozen":
        found.append(Reason(N_("Freeze the pool first. The seed comes afterwards.")))
    if not seed:
        found.append(Reason(N_("Write the seed."), {}, "seed"))
    if keep_until is None or not today < keep_until <= today + timedelta(days=LONGEST_CHALLENGE):
        found.append(Reason(N_("Choose a date within the next %(days)s days."), {"days": LONGEST_CHALLENGE}, "keep_until"))
    return found
