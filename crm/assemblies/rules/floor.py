"""Votes in the room: by voice, by hands or counted; doubted and taken again; with the quorum of that moment."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from crm.kernel.numbers import read_share
from crm.kernel.refusal import N_, Reason

WAYS = {
    "voice": N_("By voice, as the moderator heard it"),
    "hands": N_("By raised hands, as the moderator saw it"),
    "count": N_("Counted by tellers"),
    "roll": N_("By roll call"),
}
COUNTED = ("count", "roll")
STATES = {"called": N_("Called"), "declared": N_("Declared"), "doubted": N_("Doubted: to be counted"), "settled": N_("Settled")}
OUTCOMES = {"carried": N_("Carried"), "lost": N_("Not carried"), "no_quorum": N_("No quorum: nothing is decided")}
MARKS = {"carried": ("yes", "yes"), "lost": ("no", "no"), "no_quorum": ("wait", "late")}
STRICTNESS = {"more_than": N_("more than that share"), "at_least": N_("at least that share")}
MOST = 1_000_000


def outcome_of(threshold: str, strictness: str, quorum: int, present: int, yes: int, no: int) -> str:
    """What a count decides: nothing without a quorum; else whether yes reaches, or passes, its share of yes and no. No votes carry nothing."""
    if present < quorum:
        return "no_quorum"
    share, cast = read_share(threshold) or Fraction(1), yes + no
    enough = yes > share * cast if strictness == "more_than" else yes >= share * cast
    return "carried" if cast and enough else "lost"


def rules_of_room(decisions: Iterable[Mapping[str, Any]]) -> list[tuple[Mapping[str, str], str, str]]:
    """How the assembly decides openly in the room, as its decisions say: (words in both languages, share, whether the share itself is enough)."""
    return [(d["words"], "{}/{}".format(*d["threshold"]), d.get("strictness", "at_least")) for d in decisions if d["secrecy"] == "open"]


def issues_in_question(title: str, threshold: str, strictness: str, quorum: int | None, doubts: int | None) -> list[Reason]:
    """What is wrong with a question and its rule."""
    issues, share = [], read_share(threshold)
    if not title.strip():
        issues.append(Reason(N_("Write the question as it is read out."), {}, "title"))
    if share is None or share == 0:
        issues.append(Reason(N_("Write the threshold as a share, like 2/3."), {}, "threshold"))
    if strictness not in STRICTNESS or share == 1 and strictness == "more_than":
        issues.append(Reason(N_("Nothing can be more than all. Choose “at least”."), {}, "strictness"))
    if quorum is None or not 0 <= quorum <= MOST:
        issues.append(Reason(N_("Write how many must be in the room: a whole number; 0 for no quorum."), {}, "quorum"))
    if doubts is None or not 1 <= doubts <= MOST:
        issues.append(Reason(N_("Write how many people must rise to doubt a result: a whole number from 1 on."), {}, "doubts_needed"))
    return issues


def issues_in_count(state: str, typed: Mapping[str, Any]) -> list[Reason]:
    """What is wrong with a result as it was typed: after a doubt only a count will do, and nobody votes who is not there."""
    issues, way, present = [], typed["way"], typed["present"]
    if state not in ("called", "doubted"):
        issues.append(Reason(N_("This question has its result. It can be doubted, or settled.")))
    if way not in WAYS:
        issues.append(Reason(N_("Choose how the vote was taken."), {}, "way"))
    elif state == "doubted" and way not in COUNTED:
        issues.append(Reason(N_("The result was doubted: now it is counted."), {}, "way"))
    if present is None or not 0 <= present <= MOST:
        issues.append(Reason(N_("Write how many are in the room who may vote."), {}, "present"))
    if way in COUNTED:
        votes = [typed[name] for name in ("yes", "no", "abstain")]
        if any(n is None or not 0 <= n <= MOST for n in votes):
            issues.append(Reason(N_("Write all three counts as whole numbers: in favor, against, abstained."), {}, "yes"))
        elif present is not None and sum(votes) > present >= 0:
            issues.append(Reason(N_("There are more votes than people: %(votes)s votes, %(present)s in the room. Count again."),
                                 {"votes": sum(votes), "present": present}, "yes"))
        if not (typed["tellers"] or "").strip():
            issues.append(Reason(N_("Write who counted."), {}, "tellers"))
    elif way in WAYS and typed["declared"] not in ("carried", "lost"):
        issues.append(Reason(N_("Say what the moderator declared: carried or not."), {}, "declared"))
    return issues


def issues_in_doubt(state: str, rose: int | None, needed: int) -> list[Reason]:
    """Why a result is not doubted: nothing is declared, or too few rose."""
    if state != "declared":
        return [Reason(N_("Only a declared result can be doubted, before it is settled."))]
    if rose is None or rose < 0:
        return [Reason(N_("Write how many rose."), {}, "rose")]
    if rose < needed:
        return [Reason(N_("%(rose)s rose, and %(needed)s are needed. The result stands."), {"rose": rose, "needed": needed}, "rose")]
    return []
