"""States, and who may do what when. Every refusal names all its reasons."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from crm.kernel.numbers import read_share
from crm.kernel.refusal import N_, Reason, Refusal
from crm.ratification.methods import BALLOTED, METHODS
from crm.ratification.rules.board import SMALL_GROUP
from crm.ratification.rules.contests import issues_in_contest
from crm.ratification.rules.notice import NoticeReport, issues_before_notice
from crm.ratification.rules.quorums import issues_in_quorums

NEXT = {
    "draft": ("preparing",),
    "preparing": ("draft", "open"),
    "open": ("held", "closed"),
    "held": ("open", "closed"),
    "closed": ("certified",),
    "certified": (),
}
LINK_LIFE = timedelta(days=3650)  # the hours alone decide who casts; the link leads to the result for as long as it is kept
SHORTEST = timedelta(minutes=1)
TURNOUT_FLOOR = SMALL_GROUP

STATES = {
    "draft": N_("Draft"),
    "preparing": N_("The roll is being built"),
    "open": N_("Voting is open"),
    "held": N_("Held"),
    "closed": N_("Closed"),
    "certified": N_("Certified"),
}
KINDS = {
    "members": N_("Members"), "organizations": N_("Organizations"), "delegates": N_("Delegates"), "participants": N_("Participants"),
    "attendees": N_("Whoever was checked in"), "together": N_("All groups together"),
}
PEOPLE = ("members", "delegates", "participants", "attendees")
"""Electorates whose seats are held by people: each gets a link, and votes in secret or openly by seat."""
AT_THE_DOOR = ("delegates", "participants", "attendees", "together")
"""Electorates of an assembly, whose doors know who was checked in."""
RULE = (
    "kind", "assembly_id", "role", "is_deciding", "quorum", "quorums", "threshold", "strictness", "basis", "conditions", "method", "contest", "is_secret",
    "on_day", "joined_by",
)
"""What the checks of a rule read of an electorate."""
CHOICES = {"yes": N_("Yes"), "no": N_("No"), "abstain": N_("Abstain")}
SENTENCES = {
    "ratification.drafted": N_("Vote drafted by %(by)s"),
    "ratification.changed": N_("Vote changed by %(by)s"),
    "ratification.prepared": N_("Opening of the vote begun by %(by)s"),
    "ratification.returned": N_("The vote went back to draft"),
    "ratification.opened": N_("The vote opened"),
    "ratification.closed": N_("The vote closed"),
    "ratification.certified": N_("Result certified by %(by)s"),
    "ratification.corrected": N_("Roll corrected by %(by)s"),
    "ratification.answered": N_("Credentials committee answered: %(answer)s"),
    "ratification.voted": N_("%(by)s voted for the organization"),
    "ratification.member_voted": N_("Seat %(seat)s voted openly"),
    "ratification.challenged": N_("Seat %(seat)s challenged by %(by)s"),
    "ratification.challenge_answered": N_("Challenge answered by %(by)s: %(answer)s"),
    "ratification.outside": N_("%(by)s read the result of the outside vote"),
    "ratification.teller_named": N_("Teller named by %(by)s"),
    "ratification.teller_dropped": N_("Teller taken off by %(by)s"),
    "ratification.teller_signed": N_("A teller signed: %(name)s"),
    "ratification.held": N_("Held because a backup was put back"),
    "ratification.resumed": N_("The vote goes on, by %(by)s"),
    "ratification.letters": N_("Ballot letters printed by %(by)s"),
    "ratification.papers_settled": N_("Papers that were read differently were settled by %(by)s"),
    "ratification.papers_in": N_("Papers went into the box: %(papers)s"),
    "ratification.papers_finished": N_("All papers are entered, said %(by)s"),
    "ratification.papers_again": N_("Papers are entered again, said %(by)s"),
    "residence.place_named": N_("Place for declared residence named by %(by)s"),
    "residence.declared": N_("Declared residence, recorded by %(by)s"),
    "residence.asked": N_("Link for declaring residence given out by %(by)s"),
    "residence.declared_by_link": N_("Residence declared by their own link"),
    "residence.withdrawn_by_link": N_("Declaration of residence taken back by their own link"),
    "residence.accepted": N_("Declaration of residence accepted by %(by)s"),
    "residence.challenged": N_("Declaration of residence challenged by %(by)s"),
    "residence.taken_back": N_("Declaration of residence deleted by %(by)s"),
    "election.set_up": N_("Election set up by %(by)s"),
    "election.office_added": N_("Office added by %(by)s"),
    "election.nominated": N_("Nominated by %(by)s"),
    "election.answered": N_("Nomination answered: %(answer)s"),
    "ratification.link_sent": N_("A new ballot link was sent by %(by)s"),
}


@dataclass(frozen=True)
class Plan:
    """What is about to be frozen."""

    planks: Sequence[dict[str, Any]]  # of the edition, if there is one
    languages: Sequence[str]
    edition_is_whole: bool
    opens_at: datetime
    closes_at: datetime
    electorates: Sequence[dict[str, Any]]
    members: int  # organizations whose members or delegates vote
    titles: dict[str, str] = field(default_factory=dict)
    notice_days: int | None = None  # where a vote with short notice could not be certified


def issues_before_opening(plan: Plan, now: datetime) -> list[Reason]:
    """Everything that stands in the way of opening, at once."""
    issues = []
    own_options = any(e.get("contest") and e["contest"]["options"] for e in plan.electorates)
    if not plan.planks and not own_options:
        issues.append(Reason(N_("The edition has no planks.")))
    if not plan.edition_is_whole:
        issues.append(Reason(N_("The edition's text does not match its hash. Freeze a new edition.")))
    for plank in plan.planks:
        for language in plan.languages:
            if not (plank["titles"].get(language) and plank["texts"].get(language)):
                issues.append(
                    Reason(N_("Plank %(n)s has no text in %(language)s."), {"n": plank["number"], "language": language})
                )
    issues += issues_in_hours(plan.opens_at, plan.closes_at, now) + issues_before_notice(plan.notice_days, plan.opens_at, now)
    if not plan.electorates:
        issues.append(Reason(N_("Nobody votes yet. Choose members, organizations or both.")))
    issues += issues_in_rules(plan.electorates, len(plan.planks))
    if any(day and day > now.date() for e in plan.electorates for day in (e.get("on_day"), e.get("joined_by"))):
        issues.append(Reason(N_("The day of good standing lies ahead: nobody knows yet who is a member then.")))
    if not plan.members:
        issues.append(Reason(N_("No organization belongs to this coalition, so there is no roll.")))
    return issues


def issues_in_hours(opens_at: datetime, closes_at: datetime, now: datetime) -> list[Reason]:
    """What is wrong with the hours."""
    issues = []
    if closes_at - opens_at < SHORTEST:
        issues.append(Reason(N_("The vote must close after it opens."), field="closes_at"))
    if closes_at <= now:
        issues.append(Reason(N_("The closing time has passed. Choose a later one."), field="closes_at"))
    return issues


def issues_in_rules(electorates: Sequence[dict[str, Any]], planks: int) -> list[Reason]:
    """What is wrong with the rules of a vote; where no options are written, the edition's planks are the options."""
    issues = [issue for electorate in electorates for issue in issues_in_rule(electorate)] + issues_between(electorates)
    for electorate in (e for e in electorates if e.get("contest")):
        others = [e["kind"] for e in electorates if e is not electorate]
        issues += issues_in_contest(electorate, len(electorate["contest"]["options"]) or planks, others)
    return issues


def issues_between(electorates: Sequence[dict[str, Any]]) -> list[Reason]:
    """What is wrong between electorates: people stand on one roll, or in groups of one assembly that no person shares."""
    issues, people = [], [e for e in electorates if e["kind"] in PEOPLE]
    groups = {(e["kind"], e.get("assembly_id"), e.get("role")) for e in people}
    apart = {(kind, assembly_id) for kind, assembly_id, role in groups if role is not None}
    if len(people) > 1 and not (len(groups) == len(people) and len(apart) == 1 and all(role is not None for _kind, _assembly, role in groups)):
        issues.append(Reason(N_("Members and delegates do not vote in one vote: hold one for each.")))
    if electorates and not any(e.get("is_deciding", True) for e in electorates):
        issues.append(Reason(N_("Nothing decides: let at least one group decide, or all together.")))
    if any(e["kind"] == "together" for e in electorates) and len(people) < 2:
        issues.append(Reason(N_("Only one group votes, so there is nothing to count together.")))
    return issues


def issues_in_rule(electorate: dict[str, Any]) -> list[Reason]:
    """What is wrong with an electorate's rule."""
    issues, kind = [], electorate["kind"]
    if read_share(electorate["quorum"]) is None:
        issues.append(_about(kind, N_("Write the quorum as a share of the roll, like 1/2."), "quorum"))
    for n, asked in enumerate((electorate, *(electorate.get("conditions") or ())), 1):
        threshold, place = read_share(asked["threshold"]), "" if n == 1 else f"_{n}"
        if threshold is None or threshold == 0:
            issues.append(_about(kind, N_("Write the threshold as a share, like 2/3."), f"threshold{place}"))
        if threshold == 1 and asked["strictness"] == "more_than":
            issues.append(_about(kind, N_("Nothing can be more than all. Choose “at least”."), f"strictness{place}"))
        if asked.get("basis") == "present" and kind not in AT_THE_DOOR:
            issues.append(_about(kind, N_("Only the roll of an assembly knows who was checked in."), f"basis{place}"))
    issues += [_about(kind, words, name) for words, name in issues_in_quorums(electorate)]
    if (day := electorate.get("on_day")) and (by := electorate.get("joined_by")) and by > day:
        issues.append(_about(kind, N_("Whoever is in good standing on a day became a member before it, not after."), "joined_by"))
    if electorate["method"] not in (BALLOTED if electorate.get("contest") else METHODS):
        issues.append(Reason(N_("This counting method is not known.")))
    return issues


def _about(kind: str, words: str, name: str) -> Reason:
    """Which electorate it is about, and which field of the form."""
    part = "organizations" if kind == "organizations" else "members"
    return Reason(N_("%(who)s: %(what)s"), {"who": Reason(KINDS[kind]), "what": Reason(words)}, f"{part}_{name}")


def warnings_before_opening(kind: str, is_secret: bool) -> list[Reason]:
    """What to think of before opening; nothing here forbids."""
    if kind in PEOPLE and not is_secret:
        return [
            Reason(N_("This is an open vote: each member's organization sees by name how its members voted, and the published count lists every seat.")),
            Reason(N_("Whoever could be put under pressure by a landlord, an employer or family votes more freely in secret.")),
            Reason(N_("Members can vote by text or on their own page.")),
        ]
    if not is_secret:
        return [
            Reason(
                N_("Organizations vote by roll call: each vote is public to the coalition at once, with its reason.")
            )
        ]
    return [
        Reason(
            N_("If everyone votes the same way, the counts show how everyone voted. They are published all the same.")
        ),
        Reason(
            N_(
                "If fewer than %(n)s ballots come, only the outcome and the counts are published and the list of "
                "ballots stays sealed."
            ),
            {"n": SMALL_GROUP},
        ),
    ]


def may_change(state: str) -> Refusal | None:
    """Edition, rule and hours can change only while nothing is frozen."""
    return (
        None
        if state == "draft"
        else Refusal([Reason(N_("This vote is frozen. Nothing about it can change any more."))])
    )


def may_cast(
    state: str, opens_at: datetime, closes_at: datetime, now: datetime, is_struck: bool = False
) -> Refusal | None:
    """Whether a ballot may be cast at this instant; from the closing instant on, no more."""
    if state in ("draft", "preparing") or now < opens_at and state == "open":
        return Refusal([Reason(N_("This vote is not open yet. Voting begins: %(at)s."), {"at": opens_at})])
    if state == "held":
        words = N_("Nobody can vote just now: a backup was put back while the vote was open. The organization is looking at it. Keep your receipt.")
        return Refusal([Reason(words)])
    if state != "open" or now >= closes_at:
        return Refusal([Reason(N_("This vote has closed. Your ballot was not cast."))])
    if is_struck:
        return Refusal([Reason(N_("This seat is no longer on the roll. Ask your organization why."))])
    return None


def is_over(state: str, closes_at: datetime, now: datetime) -> bool:
    """Whether voting has ended: closed, or its hour has come and the count is about to begin."""
    return state in ("closed", "certified") or state == "open" and now >= closes_at


def may_close(state: str, closes_at: datetime, now: datetime, reason: str = "") -> Refusal | None:
    """A vote closes at its hour; earlier only with a reason, which is published."""
    if state not in ("open", "held"):
        return Refusal([Reason(N_("This vote is not open."))])
    if state == "held" and not reason.strip():
        return Refusal([Reason(N_("This vote is held. To close it as it is, write the reason: it is published."), field="reason")])
    if now < closes_at and not reason.strip():
        return Refusal(
            [
                Reason(
                    N_("The vote closes by itself: %(at)s. To close it earlier, write the reason: it is published."),
                    {"at": closes_at},
                    "reason",
                )
            ]
        )
    return None


def may_certify(state: str, notice: NoticeReport | None = None) -> Refusal | None:
    """Only a closed count can be certified, once; where notice binds, only if every seat was told in time."""
    if state != "closed":
        return Refusal([Reason(N_("Only a closed vote can be certified."))])
    if notice is not None and notice.binds and not notice.is_met:
        return Refusal([Reason(N_("By the rule of this vote it cannot be certified: notice was short.")), *notice.reasons])
    return None


def may_resume(state: str, closes_at: datetime, now: datetime, reason: str, more: Sequence[Reason] = ()) -> Refusal | None:
    """A held vote goes on only when somebody says, in public, why no ballot is missing; after its hour it can only be closed."""
    reasons = []
    if state != "held":
        reasons.append(Reason(N_("This vote is not held.")))
    elif now >= closes_at:
        reasons.append(Reason(N_("Its closing time has passed. Close it with the reason, and vote again.")))
    if not reason.strip():
        reasons.append(Reason(N_("Write how you know that no ballot is missing. It is published."), field="reason"))
    return Refusal([*reasons, *more]) if reasons or more else None


def may_strike(state: str, has_voted: bool, is_struck: bool) -> Refusal | None:
    """A seat can leave the roll while the vote is open, and only if its ballot is not in the box."""
    reasons = []
    if state != "open":
        reasons.append(Reason(N_("The roll can be corrected only while the vote is open.")))
    if has_voted:
        reasons.append(Reason(N_("This seat has voted. A ballot in the box has no name and cannot be taken out.")))
    if is_struck:
        reasons.append(Reason(N_("This seat has already left the roll.")))
    return Refusal(reasons) if reasons else None
