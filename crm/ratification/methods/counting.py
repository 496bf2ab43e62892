"""Counting a contest: what stands against it first, then the count, which an open tie only interrupts."""

from crm.kernel.refusal import N_, Reason
from crm.ratification.methods import COUNTING
from crm.ratification.methods.book import Book, Undecided
from crm.ratification.methods.contest import Ballots, Contest, Count
from crm.ratification.methods.reserved import problems_of_reserved


def problems_of(method: str, contest: Contest) -> list[Reason]:
    """Everything that stands against counting this contest by this method."""
    if method not in COUNTING:
        return [Reason(N_("This counting method is not known."))]
    problems = list(COUNTING[method].problems(contest))
    if contest.seats < 1:
        problems.append(Reason(N_("There must be at least one seat.")))
    if not contest.standing:
        problems.append(Reason(N_("Nobody stands.")))
    if contest.quota not in ("droop", "hare"):
        problems.append(Reason(N_("The quota is droop or hare.")))
    if contest.order and sorted(contest.order) != list(range(len(contest.candidates))):
        problems.append(Reason(N_("The list for ties must name everyone once.")))
    return problems + problems_of_reserved(contest)


def count(method: str, contest: Contest, ballots: Ballots) -> Count:
    """The count of grouped ballots; it stops at a tie that the chair must decide, and says which."""
    book = Book(contest)
    try:
        COUNTING[method].count(contest, ballots, book)
    except Undecided as undecided:
        return book.closed(undecided.open_tie)
    return book.closed()
