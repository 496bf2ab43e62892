"""Credentials: their states, what each step may begin from, and the report in numbers.

A seat carries the rights to speak, propose and vote. Whoever is seated holds them; an alternate does once the seat is theirs.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from crm.kernel.refusal import N_, Reason, Refusal

STATES = {
    "named": N_("Named"),
    "credentialed": N_("Credentialed"),
    "challenged": N_("Challenged"),
    "refused": N_("Refused"),
    "seated": N_("Seated"),
    "replaced": N_("Replaced"),
}
MEANS = {
    "named": N_("Their organization has named them; the credentials desk has not looked yet."),
    "credentialed": N_("Entitled to the seat, or to take one as an alternate, and not in it yet."),
    "challenged": N_("Somebody doubts their right to the seat. Until it is decided they do not vote."),
    "refused": N_("Not entitled; the reason is written down. An alternate may take the seat."),
    "seated": N_("In the seat: speaks, proposes and votes."),
    "replaced": N_("An alternate sits in their seat and votes in their place."),
}
WAITING = "waiting"
DESK = {**STATES, WAITING: N_("Alternates waiting")}
"""What the desk lists people by: their states, and apart from who has a seat the alternates who have none."""
MARKS = {  # colour and shape
    "named": ("wait", "wait"), "credentialed": ("plum", "plum"), "challenged": ("wait", "late"), "refused": ("no", "no"), "seated": ("yes", "yes"),
    "replaced": ("off", "dash"),
}
KINDS = {"delegate": N_("Delegate"), "alternate": N_("Alternate")}
VERBS = {
    "named": N_("Named by %(by)s"),
    "certified": N_("Credentialed by %(by)s"),
    "seated": N_("Took seat %(seat)s, noted by %(by)s"),
    "left": N_("Left seat %(seat)s for now, noted by %(by)s"),
    "transferred": N_("Seat %(seat)s went to an alternate, noted by %(by)s"),
    "took": N_("Took seat %(seat)s as alternate, noted by %(by)s"),
    "returned": N_("Gave seat %(seat)s back, noted by %(by)s"),
    "resumed": N_("Took seat %(seat)s again, noted by %(by)s"),
    "challenged": N_("Challenged: %(reason)s"),
    "dismissed": N_("Challenge dismissed by %(by)s: %(reason)s"),
    "upheld": N_("Challenge upheld by %(by)s: %(reason)s"),
    "refused": N_("Refused by %(by)s: %(reason)s"),
}
ANSWERS = {"filed": N_("Brought, not yet taken up"), "open": N_("To be decided"), "upheld": N_("Upheld"), "dismissed": N_("Dismissed")}
FROM = {
    "certify": ("named", "refused"),
    "seat": ("credentialed",),
    "leave": ("seated",),
    "refuse": ("named", "credentialed", "seated"),
    "challenge": ("named", "credentialed", "seated"),
    "decide": ("challenged",),
    "give": ("named", "credentialed", "seated", "refused"),
    "return": ("replaced",),
}
LONGEST_REASON = 2000


def carries_vote(state: str) -> bool:
    """Whether whoever is in this state speaks, proposes and votes: only who sits in the seat."""
    return state == "seated"


def may_step(step: str, state: str, seat: int | None, reason: str = "", has_open_challenge: bool = False) -> Refusal | None:
    """Whether this step may be taken from this state, all reasons at once. Refusing and challenging need a reason in writing."""
    reasons = []
    if state not in FROM[step]:
        reasons.append(Reason(N_("This credential has moved on. Look at it again before you change it.")))
    if step in ("refuse", "challenge", "decide") and not reason.strip():
        reasons.append(Reason(N_("Write the reason. Their organization reads it, and it stands in the report."), {}, "reason"))
    if len(reason) > LONGEST_REASON:
        reasons.append(Reason(N_("Write the reason in %(n)s letters or fewer."), {"n": LONGEST_REASON}, "reason"))
    if step == "seat" and seat is None:
        reasons.append(Reason(N_("An alternate takes a seat only when a delegate of the same delegation gives it up.")))
    if step in ("seat", "certify") and has_open_challenge:
        reasons.append(Reason(N_("A challenge waits for an answer. Take it up and decide it first.")))
    return Refusal(reasons) if reasons else None


def issues_in_naming(kind: str, taken: int, room: int, is_published: bool, is_named: bool) -> list[Reason]:
    """Why somebody cannot be named: not published yet, no place left, already named."""
    issues = []
    if kind not in KINDS:
        issues.append(Reason(N_("Choose whether they are a delegate or an alternate.")))
    if not is_published:
        issues.append(Reason(N_("The seats are not published yet. Name people once they are.")))
    elif taken >= room:
        words = N_("All alternates of this delegation are named: %(n)s.") if kind == "alternate" else N_("All seats of this delegation have a name: %(n)s.")
        issues.append(Reason(words, {"n": room}))
    if is_named:
        issues.append(Reason(N_("This person is already named for this assembly.")))
    return issues


@dataclass(frozen=True)
class Report:
    """A delegation, or the whole assembly, in numbers. Delegates are those named to a seat; seated counts seats, whoever sits in them."""

    entitled: int
    named: int
    credentialed: int
    seated: int
    alternates: int
    alternates_seated: int
    challenged: int
    refused: int

    @property
    def absent(self) -> int:
        """Seats that nobody sits in."""
        return self.entitled - self.seated


def report_of(seats: int, rows: Iterable[tuple[str, str, int | None, int]]) -> Report:
    """The numbers of so many seats; `rows` are (kind, state, seat, how many of them).

    Credentialed counts seats whose holder the desk has found entitled, whether they sit yet or not.
    """
    found: Counter[str] = Counter()
    for kind, state, seat, n in rows:
        found[kind] += n
        found["challenged"] += n * (state == "challenged")
        found["refused"] += n * (state == "refused")
        if seat is not None:
            found["credentialed"] += n * (state in ("credentialed", "seated"))
            found["seated"] += n * carries_vote(state)
            found["alternates_seated"] += n * (kind == "alternate" and carries_vote(state))
    return Report(
        seats, found["delegate"], found["credentialed"], found["seated"], found["alternate"], found["alternates_seated"],
        found["challenged"], found["refused"],
    )
