"""Consent is a ledger: given and revoked, in order. The present state of a phone is what the ledger comes to.

A yes is for one purpose; a no is for all of them (47 CFR 64.1200(a)(10), the safe reading of revoke-all).
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple

from crm.kernel.refusal import N_, Reason

PURPOSE = "organizing"
PURPOSES = {
    "organizing": N_("our work: meetings, assemblies, votes"),
    "fundraising": N_("asking for money"),
}
GIVEN_BY = {
    "in_person": N_("said so in person"),
    "phone_call": N_("said so on the phone"),
    "paper": N_("signed on paper"),
    "web": N_("filled in a web form"),
    "keyword": N_("texted us a keyword"),
    "import": N_("came with an imported list"),
    "start": N_("replied START"),
}
REVOKED_BY = {
    "text": N_("replied STOP"),
    "doubt": N_("wrote what sounded like STOP"),
    "provider": N_("the phone company reported a STOP"),
    "in_person": N_("said so in person"),
    "phone_call": N_("said so on the phone"),
    "paper": N_("wrote a letter"),
    "email": N_("wrote an e-mail"),
    "web": N_("filled in a web form"),
    "import": N_("came with an imported list"),
    "lifted": N_("replied STOP, and later wrote to us about something else"),
    "undo": N_("written down by mistake"),
    "review": N_("a person read their reply again: it was no STOP"),
    "erased": N_("asked to be erased from our lists"),
}
SOURCES = REVOKED_BY | GIVEN_BY
PLAINLY = frozenset({"text", "provider"})
THEIR_OWN = PLAINLY | {"doubt"}  # ended by them on this phone: only they can start again
TAKES_BACK = {"undo": "import", "review": "doubt"}  # what was no word of theirs but our mistake, by the same evidence
THEIR_WORD = frozenset({"start", "keyword"})  # written by them on this phone
STAFF_GIVEN = ("in_person", "phone_call", "paper", "web")
STAFF_REVOKED = ("in_person", "phone_call", "paper", "email", "web")


class Entry(NamedTuple):
    """One line of the ledger, as far as the state depends on it."""

    kind: str
    source: str
    evidence: str = ""
    at: datetime | None = None
    purpose: str = PURPOSE
    id: int | None = None
    undoes: int | None = None


class Yes(NamedTuple):
    """What a yes must hold before it may be an entry (R1)."""

    phone: str
    purpose: str
    source: str
    wording: str
    collector: str
    evidence: str


def issues_before_giving(yes: Yes) -> list[Reason]:
    """Everything that is missing from a yes; without any one of these nobody is texted."""
    found = []
    if not yes.phone:
        found.append(Reason(N_("Write the number that may be texted."), field="phone_id"))
    if yes.purpose not in PURPOSES:
        found.append(Reason(N_("Choose what they agreed to get texts about."), field="purpose"))
    if yes.source not in GIVEN_BY:
        found.append(Reason(N_("Choose how they told us."), field="source"))
    if not yes.wording.strip():
        found.append(Reason(N_("Write down what they agreed to, in the words they saw or heard."), field="wording"))
    if not yes.evidence.strip():
        found.append(Reason(N_("Say where this can be looked up: the sheet, the form or who heard it."), field="evidence"))
    if not yes.collector.strip():
        found.append(Reason(N_("It must be known who wrote this down.")))
    return found


def may_give(last: Entry | None, source: str) -> Reason | None:
    """Whether consent from this source may be recorded after what the ledger says now."""
    if source == "start":
        if last is None:
            return Reason(N_("They never agreed to texts, so START changes nothing. Ask in person, then record it."))
        return None
    if last is None or last.kind == "given" or source in THEIR_WORD:
        return None
    if last.source in THEIR_OWN:
        return Reason(N_("They replied STOP. Only they can start texts again, by writing START to our number."))
    if source == "import":
        return Reason(N_("They asked for no texts. An imported list does not change that."))
    return None


def issues_before_recording(kind: str, source: str, received_on: date | None, today: date) -> list[Reason]:
    """What staff may write down: how it came, and for a no the day on which it reached us."""
    found = []
    if source not in (STAFF_REVOKED if kind == "revoked" else STAFF_GIVEN):
        found.append(Reason(N_("Choose how they told us."), field="source"))
    if kind == "revoked" and received_on and received_on > today:
        found.append(Reason(N_("This day has not come yet. Write the day on which it reached us."), field="received_on"))
    return found


def may_take_back(entry: Entry, account_id: int | None, taken_back: Iterable[int | None], why: str) -> list[Reason]:
    """Whether an entry may be taken back as a mistake of ours: only what staff wrote down, never what the person wrote."""
    found = []
    if entry.source in TAKES_BACK or entry.id in set(taken_back):
        found.append(Reason(N_("This was taken back already.")))
    elif account_id is None or entry.source not in {*STAFF_GIVEN, *STAFF_REVOKED}:
        found.append(Reason(N_("They wrote this themselves, or a list brought it. It is not a mistake that can be taken back here.")))
    if not why.strip():
        found.append(Reason(N_("Say what went wrong, so that others can follow it."), field="why"))
    return found


def consent_purpose(purpose: str) -> str:
    """Which yes a text needs: one that asks for money needs its own, everything else is our work."""
    return purpose if purpose in PURPOSES else PURPOSE


def consent_for(purpose: str, states: Mapping[str, str | None]) -> str | None:
    """What a phone says to texts of a purpose, from its kept states: given, revoked, or None where it never agreed."""
    return states.get(purpose) or ("revoked" if states.get(PURPOSE) == "revoked" else None)


def next_state(last: Entry | None, entry: Entry) -> Entry | None:
    """The present state after one more entry. A no is never replaced by a weaker one: first what they wrote, last what a list says."""
    if entry.kind == "given":
        return last if may_give(last, entry.source) else entry
    if last is None or last.kind != "revoked":
        return entry
    is_clearer = last.source == "doubt" and entry.source in PLAINLY
    return entry if is_clearer or (last.source not in THEIR_OWN and entry.source != "import") else last


def may_review(last: Entry | None) -> Reason | None:
    """Whether a person may find that a reply was no opt-out: only one that we were not sure of, never what they plainly asked."""
    if last is None or last.kind != "revoked":
        return Reason(N_("Texts to this number are not ended."))
    if last.source != "doubt":
        return Reason(N_("They plainly asked for no texts. Only they can start texts again, by writing START to our number."))
    return None


def replay(entries: Iterable[Entry], purpose: str = PURPOSE) -> Entry | None:
    """The present state of one phone for one purpose after all its entries, in order.

    "undo" and "review" are not their word but our mistake: the entry that it names, or what that import had brought and what
    that reply was taken for (the entries with the same evidence), never was.
    """
    state = None
    for entry in live_entries(entries):
        if entry.kind == "given" and entry.purpose != purpose:
            # Who wrote to us again, about something else, may be asked for this: their STOP no longer stands in the way.
            if entry.source in THEIR_WORD and state is not None and state.source in THEIR_OWN:
                state = state._replace(source="lifted")
            continue
        after = next_state(state, entry)
        if state is None or after is None or after[:2] != state[:2]:
            state = after
    return state


def live_entries(entries: Iterable[Entry]) -> list[Entry]:
    """The entries that count: without mistakes of ours, and without the lines that say so."""
    live: list[Entry] = []
    for entry in entries:
        if entry.undoes is not None:
            live = [line for line in live if line.id != entry.undoes]
        elif mistaken := TAKES_BACK.get(entry.source):
            live = [line for line in live if line.source != mistaken or line.evidence != entry.evidence]
        else:
            live.append(entry)
    return live


def states_of(entries: Iterable[Entry]) -> dict[str, Entry]:
    """What is kept of one phone: its state for organizing, and for every other purpose that it ever agreed to."""
    told = list(entries)
    agreed = {entry.purpose for entry in live_entries(told) if entry.kind == "given"}
    ends = {purpose: replay(told, purpose) for purpose in PURPOSES if purpose == PURPOSE or purpose in agreed}
    return {purpose: end for purpose, end in ends.items() if end is not None}
