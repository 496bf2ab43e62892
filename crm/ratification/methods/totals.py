"""Filling seats by a total: the highest first, each seat only by who may still be elected."""

from crm.kernel.refusal import N_
from crm.ratification.methods.book import Book
from crm.ratification.methods.contest import Contest, Votes, amount
from crm.ratification.methods.reserved import Seats


def fill_by_total(contest: Contest, totals: Votes, book: Book, counted: str) -> None:
    """One round for each seat; `counted` is the sentence of who had how much."""
    seats, hopeful = Seats(contest), contest.standing
    while hopeful and len(book.winners) < contest.seats:
        doomed = seats.doomed(book.winners, hopeful)
        seats.tell_doomed(book, doomed)
        chosen = book.highest([c for c in hopeful if c not in doomed], totals)
        book.say(counted, who=book.name(chosen), total=amount(totals[chosen]))
        book.elect(chosen)
        hopeful = [c for c in hopeful if c not in (chosen, *doomed)]
        book.close_round(totals, elected=(chosen,), excluded=tuple(doomed))
    if len(book.winners) < contest.seats:
        book.say(N_("Fewer stand than there are seats, so seats stay empty."))
        book.close_round(totals)


def totals_of_points(contest: Contest, ballots) -> dict[int, int]:
    """The sum of points of everyone who stands."""
    totals = dict.fromkeys(contest.standing, 0)
    for ballot, times in ballots.items():
        for candidate, points in ballot:
            if candidate in totals:
                totals[candidate] += points * times
    return totals
