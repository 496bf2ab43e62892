"""Commitments given before a vote: what is wrong with one, what a count comes to, and when the duty is due. Exact fractions, never rounded."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from crm.kernel.numbers import read_share
from crm.kernel.refusal import N_, Reason
from crm.ratification.methods import METHODS, Decision, Rule
from crm.ratification.rules.reports import spoken_share

LEGAL_FORMS = {
    "informal": N_("Informal: a promise in public"),
    "ordinance": N_("Ordinance or executive order"),
    "statute": N_("Statute"),
}
STRICTNESS = {"at_least": N_("at least that share"), "more_than": N_("more than that share")}
BASES = {
    "cast": N_("of all who vote, abstentions included"),
    "yes_and_no": N_("of yes and no votes"),
    "roll": N_("of everyone who may vote"),
}
ELECTORATES = {
    "all": N_("Every electorate of the vote"),
    "members": N_("Members only"),
    "organizations": N_("Organizations only"),
    "delegates": N_("Delegates only"),
}
PROBLEMS = {
    "no_quorum": N_("There was no quorum, so nothing was decided."),
    "not_counted": N_("It was taken by voice or by hands. A share needs a count, so nothing follows."),
}
_RULES = {
    ("at_least", "cast"): N_("Binds when at least %(share)s of all who vote say yes; abstentions count as votes."),
    ("more_than", "cast"): N_("Binds when more than %(share)s of all who vote say yes; abstentions count as votes."),
    ("at_least", "yes_and_no"): N_("Binds when at least %(share)s of yes and no votes are yes."),
    ("more_than", "yes_and_no"): N_("Binds when more than %(share)s of yes and no votes are yes."),
    ("at_least", "roll"): N_("Binds when at least %(share)s of everyone who may vote say yes."),
    ("more_than", "roll"): N_("Binds when more than %(share)s of everyone who may vote say yes."),
}
LONGEST_DUE = 3650


@dataclass(frozen=True)
class Question:
    """One plank, or one question of the room, with what was counted: by electorate {kind, yes, no, abstain, roll}."""

    number: int
    title: Mapping[str, str]
    counts: Sequence[Mapping[str, Any]]
    problem: str = ""


def rule_of(threshold: str, strictness: str, basis: str) -> Rule:
    """The rule of a commitment. An even count meets "at least half" and does not meet "more than half"."""
    return Rule(Fraction(0), Fraction(threshold), strictness, basis, tie="passes" if strictness == "at_least" else "fails")


def rule_in_words(threshold: str, strictness: str, basis: str) -> Reason:
    """The rule as a sentence."""
    return Reason(_RULES[(strictness, basis)], {"share": Reason(spoken_share(threshold))})


def decide(rule: Rule, count: Mapping[str, Any]) -> Decision:
    """What one electorate's count comes to, with its arithmetic in words."""
    return METHODS["yes_no_abstain"].decide({name: count[name] for name in ("yes", "no", "abstain")}, rule, count["roll"])


def is_met(rule: Rule, question: Question) -> bool:
    """Whether a commitment binds: it was counted, with a quorum, and every electorate that it names reaches the share."""
    return not question.problem and bool(question.counts) and all(decide(rule, count).is_adopted for count in question.counts)


def questions_in(manifest: Mapping[str, Any], result: Mapping[str, Any], electorate: str) -> list[Question]:
    """The planks of a closed vote with the counts that a commitment looks at; a choice between options decides nothing here."""
    parts = [
        counted for frozen, counted in zip(manifest["electorates"], result["electorates"], strict=True)
        if not frozen.get("contest") and electorate in ("all", frozen["kind"])
    ]
    problem = "" if all(part["quorum"]["is_met"] for part in parts) else "no_quorum"
    return [
        Question(plank["number"], plank["titles"], [{"kind": part["kind"], **part["planks"][i]["counts"], "roll": part["roll"]} for part in parts], problem)
        for i, plank in enumerate(manifest["planks"]) if parts
    ]


def question_of_room(number: int, title: str, outcome: str, yes: int | None, no: int | None, abstain: int | None, present: int) -> Question:
    """A settled question of the room: without a quorum or a count nothing can be judged."""
    if yes is None or no is None or abstain is None:
        return Question(number, {"en": title}, [], "no_quorum" if outcome == "no_quorum" else "not_counted")
    counts = [{"kind": "room", "yes": yes, "no": no, "abstain": abstain, "roll": present}]
    return Question(number, {"en": title}, counts, "no_quorum" if outcome == "no_quorum" else "")


def due_on(closed_on: date, days: int) -> date:
    """The day by which the duty is due, counted from the close."""
    return closed_on + timedelta(days=days)


def issues_in_commitment(typed: Mapping[str, Any], today: date) -> list[Reason]:
    """What is wrong with a commitment as it was typed."""
    share, days, signed = read_share(typed["threshold"] or ""), typed["due_days"], typed["signed_on"]
    checks = (
        (not typed["target"], N_("Write who made the commitment: a body or an official."), "target"),
        (not typed["words"], N_("Write what they promised, in their own words."), "words"),
        (typed["legal_form"] not in LEGAL_FORMS, N_("Choose its legal form."), "legal_form"),
        (signed is None or signed > today, N_("Write the day on which it was given: today or before."), "signed_on"),
        (not share, N_("Write the share as a fraction or in percent, like 4/5 or 80 %."), "threshold"),
        (typed["strictness"] not in STRICTNESS, N_("Say whether the share itself is enough."), "strictness"),
        (share == 1 and typed["strictness"] == "more_than", N_("Nothing can be more than all. Choose “at least”."), "strictness"),
        (typed["basis"] not in BASES, N_("Say what it is a share of."), "basis"),
        (typed["electorate"] not in ELECTORATES, N_("Say whose votes count."), "electorate"),
        (not typed["duty"], N_("Write what they must do when it is met."), "duty"),
        (days is None or not 1 <= days <= LONGEST_DUE, N_("Write within how many days of the close it must be done: 1 to 3650."), "due_days"),
    )
    return [Reason(words, {}, field) for is_wrong, words, field in checks if is_wrong]


def issues_in_tie(judged: bool, kinds: Iterable[str], electorate: str, is_closed: bool) -> list[Reason]:
    """Why a commitment cannot be tied to a vote: `kinds` are its electorates that answer yes or no."""
    kinds, issues = set(kinds), []
    if judged:
        issues.append(Reason(N_("This commitment was judged already. What its vote came to stays.")))
    if is_closed:
        issues.append(Reason(N_("This vote is over. A commitment is given before a vote, not after it."), {}, "vote"))
    if not kinds:
        issues.append(Reason(N_("This vote chooses between options. A share of yes needs a vote with yes and no."), {}, "vote"))
    elif electorate != "all" and electorate not in kinds:
        issues.append(Reason(N_("The electorate that the commitment names does not vote there."), {}, "vote"))
    return issues
