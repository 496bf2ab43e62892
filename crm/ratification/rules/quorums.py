"""What may be asked of a vote beside the share of the roll that casts a ballot. Pure.

Each is one line of data: {"of": "present", "share": "1/2"}, so many of those checked in vote; {"of": "attending", "share": "1/3"}, so many
of the roll are checked in; {"of": "organizations", "least": 3}, members of so many organizations vote. All that are asked are required.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Any

from crm.kernel.numbers import read_share
from crm.kernel.refusal import N_, Reason

OF = ("present", "attending", "organizations")
AT_THE_DOOR = ("present", "attending")


@dataclass(frozen=True)
class Votes:
    """What was cast in one electorate: how many took part, the roll as corrected, and per plank the choices or how often each was made.

    `present` is how many of the roll were checked in, where it meets. `organizations` is from how many of them ballots came, or, where that
    must not be told, whether from enough. `seats` is (on the roll, voted) where mandates are counted.
    """

    cast: int
    roll: int
    choices: Mapping[int, Any]
    present: int | None = None
    organizations: int | bool | None = None
    seats: tuple[int, int] | None = None


def quorum_of_room(share: str) -> dict[str, Any]:
    """A quorum that is a share of those checked in and of nothing else; none where the share is nothing."""
    return {"quorum": "0", "quorums": [{"of": "present", "share": share}]} if read_share(share) != 0 else {"quorum": "0"}


def is_of_room(quorum: str, quorums: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a rule asks nothing of the roll and a share of those checked in."""
    return read_share(quorum) == 0 and share_of_room(quorums) is not None


def share_of_room(quorums: Iterable[Mapping[str, Any]]) -> str | None:
    """The share of those checked in that must vote, where one is asked."""
    return next((asked["share"] for asked in quorums if asked["of"] == "present"), None)


def issues_in_quorums(electorate: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What is wrong with what is asked: (words, field)."""
    issues = []
    for asked in electorate.get("quorums") or ():
        of = asked["of"]
        if of == "organizations":
            if not isinstance(asked["least"], int) or asked["least"] < 1:
                issues.append((N_("Write from how many organizations ballots must come: a whole number from 1 on."), "quorum_organizations"))
        elif not read_share(str(asked["share"])):
            issues.append((N_("Write the quorum of the room as a share, like 1/2."), f"quorum_{of}"))
        if of == "organizations" and electorate["kind"] == "together":
            issues.append((N_("Ask each group, not all together, from how many organizations ballots must come."), "quorum_organizations"))
        if of in AT_THE_DOOR and electorate["kind"] in ("members", "organizations"):
            issues.append((N_("Only the roll of an assembly knows who was checked in."), f"quorum_{of}"))
    return issues


def met(asked: Mapping[str, Any], votes: Votes) -> dict[str, Any]:
    """One line of the result: what was needed, what there was, and whether it was enough."""
    of, there = asked["of"], votes.present or 0
    if of == "organizations":
        found, needed = votes.organizations, asked["least"]
        if isinstance(found, bool):
            return {"of": of, "needed": needed, "have": None, "is_met": found}
        return {"of": of, "needed": needed, "have": found or 0, "is_met": (found or 0) >= needed}
    base, have = (there, votes.cast) if of == "present" else (votes.roll, there)
    needed = ceil(Fraction(asked["share"]) * base)
    return {"of": of, "needed": needed, "have": have, "is_met": there > 0 and have >= needed}


_RULES = {
    "present": N_("At least %(share)s of those checked in must vote."),
    "attending": N_("At least %(share)s of the roll must be checked in."),
    "organizations": N_("Ballots must come from at least %(least)s organizations."),
}
_MET = {
    "present": N_("Of those checked in %(needed)s had to vote; %(have)s voted: met."),
    "attending": N_("%(needed)s of the roll had to be checked in; %(have)s were: met."),
    "organizations": N_("Ballots had to come from %(needed)s organizations; they came from %(have)s: met."),
}
_NOT_MET = {
    "present": N_("Of those checked in %(needed)s had to vote; %(have)s voted: not met."),
    "attending": N_("%(needed)s of the roll had to be checked in; %(have)s were: not met."),
    "organizations": N_("Ballots had to come from %(needed)s organizations; they came from %(have)s: not met."),
}
_UNTOLD = {
    True: N_("Ballots had to come from %(needed)s organizations, and did. From how many more is not told: the vote is secret."),
    False: N_("Ballots had to come from %(needed)s organizations, and came from fewer. From how many is not told: the vote is secret."),
}


def quorum_in_words(electorate: Mapping[str, Any]) -> tuple[Reason, ...]:
    """What more is asked, before the vote."""
    return tuple(Reason(_RULES[asked["of"]], dict(asked)) for asked in electorate.get("quorums") or ())


def explain_quorums(counted: Mapping[str, Any]) -> tuple[Reason, ...]:
    """What came of it, after."""
    said = []
    for row in counted["quorum"].get("more", ()):
        words = _UNTOLD[row["is_met"]] if row["have"] is None else (_MET if row["is_met"] else _NOT_MET)[row["of"]]
        said.append(Reason(words, {"needed": row["needed"], "have": row["have"]}))
    return tuple(said)
