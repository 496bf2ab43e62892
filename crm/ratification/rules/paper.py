"""Ballots on paper: what may be handed out, what two people read, when papers go into the box. Pure.

A paper takes its seat's bit when it is handed out. Ten papers or more go into the box together; fewer are held and go in when the vote closes,
in the same rewrite in which every ballot gets its place by its tracker, so that no copy of the box shows them by themselves.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from crm.kernel.refusal import N_, Reason, Refusal
from crm.ratification.rules.board import SMALL_GROUP
from crm.ratification.rules.contests import entered, is_readable, issues_in_content

LARGEST = 50
ENTERED = ("open", "held")
"""Papers are handed out while a vote is open; those that are out can be entered while it is held too, or it could never be closed."""
Paper = dict[str, str]  # plank → what stands on the paper; a blank one is absent


def may_begin(state: str, size: int, issued: int, returned: int, waiting: int, is_finished: bool) -> Refusal | None:
    """Whether so many papers can be entered as a batch: no more than are out and not entered yet."""
    reasons = []
    if state not in ENTERED:
        reasons.append(Reason(N_("This vote is not open.")))
    if is_finished:
        reasons.append(Reason(N_("All papers were said to be entered. Take that back first.")))
    if not 1 <= size <= LARGEST:
        reasons.append(Reason(N_("A batch has from 1 to %(n)s papers."), {"n": LARGEST}, "size"))
    elif size > issued - returned - waiting:
        reasons.append(Reason(N_("Only %(n)s papers are out and not entered yet. Count the box again; a paper too many was not handed out here."),
                              {"n": issued - returned - waiting}, "size"))
    return Refusal(reasons) if reasons else None


def may_enter(state: str, first: int | None, second: int | None, account: int | None) -> Refusal | None:
    """Whether this person may enter the batch: once, and not where they were the first."""
    reasons = []
    if state != "typing" or second is not None:
        reasons.append(Reason(N_("Two people have entered this batch already.")))
    if account is None or first == account:
        reasons.append(Reason(N_("You have entered this batch. A second person enters it, without looking at what you typed.")))
    return Refusal(reasons) if reasons else None


def may_finish(issued: int, unread: int) -> Refusal | None:
    """Whether it can be said that all papers that came back are entered."""
    reasons = []
    if not issued:
        reasons.append(Reason(N_("No paper was handed out.")))
    if unread:
        reasons.append(Reason(N_("Batches that two people have not agreed on: %(n)s. Finish them, or throw them away and begin anew."), {"n": unread}))
    return Refusal(reasons) if reasons else None


def goes_in(size: int) -> bool:
    """Whether an agreed batch goes into the box now; a smaller one is held until the close."""
    return size >= SMALL_GROUP


def read_paper(fields: Mapping[str, str], place: int, planks: Sequence[int], rule: Mapping[str, Any]) -> Paper:
    """What was typed of the paper at this place."""
    mark = f"b{place}."
    own = {name[len(mark):]: value for name, value in fields.items() if name.startswith(mark)}
    if contest := rule.get("contest"):
        return {str(n): content for n in planks if (content := entered(own, n, len(contest["options"])))}
    return {str(n): own[f"p{n}"] for n in planks if own.get(f"p{n}") in rule["choices"]}


def issues_in_papers(fields: Mapping[str, str], places: Sequence[int], planks: Sequence[int], rule: Mapping[str, Any], names: Sequence[str]) -> list[Reason]:
    """Everything that is wrong with what was typed, paper by paper."""
    issues, contest = [], rule.get("contest")
    for place in places if contest else ():
        own = {name.partition(".")[2]: value for name, value in fields.items() if name.startswith(f"b{place}.")}
        if not all(is_readable(own, n, len(contest["options"])) for n in planks):
            issues.append(Reason(N_("Paper %(place)s: write numbers only."), {"place": place}))
        for content in read_paper(fields, place, planks, rule).values():
            found = issues_in_content(rule, content, lambda n: names[n - 1])
            issues += [Reason(N_("Paper %(place)s: %(what)s"), {"place": place, "what": reason}) for reason in found]
    return issues


def differences(first: Mapping[int, Paper], second: Mapping[int, Paper]) -> list[int]:
    """The places at which the two read something else."""
    return sorted(place for place in first.keys() | second.keys() if first.get(place) != second.get(place))


def issues_by_sheets(by_sheets: int | None, issued: int) -> list[Reason]:
    """Whether papers were handed out that a restored backup does not know: the sheets that are gone are counted against its book.

    Papers themselves bear no mark of it. One that tells those of later from those of before would tell few voters from the rest.
    """
    if by_sheets is None:
        return [Reason(N_("Count the sheets and write how many papers were handed out; 0 if none was."), field="sheets")]
    if by_sheets > issued:
        words = N_("By the sheets %(sheets)s papers were handed out, and the backup knows %(issued)s. Whoever took the others has no mark and could vote "
                   "again: close this vote with the reason, and vote again.")
        return [Reason(words, {"sheets": by_sheets, "issued": issued}, "sheets")]
    if by_sheets < issued:
        return [Reason(N_("The backup knows %(issued)s papers that were handed out, more than the sheets that are gone. Count the sheets again."),
                       {"issued": issued}, "sheets")]
    return []


def not_returned(issued: int, returned: int) -> int:
    """Papers that are out and in no count: seats that are marked without a ballot."""
    return issued - returned
