"""Consent is a ledger: given and revoked, in order. The present state of a phone is what the ledger comes to."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from crm.kernel.refusal import N_, Reason

PURPOSE = "organizing"
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
    "provider": N_("the phone company reported a STOP"),
    "in_person": N_("said so in person"),
    "phone_call": N_("said so on the phone"),
    "paper": N_("wrote a letter"),
    "email": N_("wrote an e-mail"),
    "web": N_("filled in a web form"),
    "import": N_("came with an imported list"),
    "undo": N_("the import it came with was undone"),
    "erased": N_("asked to be erased from our lists"),
}
SOURCES = REVOKED_BY | GIVEN_BY
THEIR_OWN = frozenset({"text", "provider"})  # ended by them on this phone: only they can start again
THEIR_WORD = frozenset({"start", "keyword"})  # written by them on this phone
STAFF_GIVEN = ("in_person", "phone_call", "paper", "web")
STAFF_REVOKED = ("in_person", "phone_call", "paper", "email", "web")


class Entry(NamedTuple):
    """One line of the ledger, as far as the state depends on it."""

    kind: str
    source: str
    evidence: str = ""
    at: datetime | None = None


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


def issues_before_recording(kind: str, source: str, wording: str, evidence: str) -> list[Reason]:
    """What a consent recorded by staff must hold: how it came, what they agreed to, and where that can be seen."""
    if kind == "revoked":
        return [] if source in STAFF_REVOKED else [Reason(N_("Choose how they told us."), field="source")]
    found = []
    if source not in STAFF_GIVEN:
        found.append(Reason(N_("Choose how they told us."), field="source"))
    if not wording.strip():
        found.append(Reason(N_("Write down what they agreed to, in the words they saw or heard."), field="wording"))
    if not evidence.strip():
        found.append(Reason(N_("Say where this can be looked up: the sheet, the form or who heard it."), field="evidence"))
    return found


def next_state(last: Entry | None, entry: Entry) -> Entry | None:
    """The present state after one more entry. A no is never replaced by a weaker one: first what they wrote, last what a list says."""
    if entry.kind == "given":
        return last if may_give(last, entry.source) else entry
    is_weaker = last is not None and last.kind == "revoked" and (last.source in THEIR_OWN or entry.source == "import")
    return last if is_weaker else entry


def replay(entries: Iterable[Entry]) -> Entry | None:
    """The present state after all entries of one phone, in order.

    "undo" is not their word but our mistake: what that import had brought (the entries with the same evidence) never was.
    """
    live: list[Entry] = []
    for entry in entries:
        if entry.source == "undo":
            live = [line for line in live if line.source != "import" or line.evidence != entry.evidence]
        else:
            live.append(entry)
    state = None
    for entry in live:
        after = next_state(state, entry)
        if state is None or after is None or after[:2] != state[:2]:
            state = after
    return state
