"""The book of a count: rounds and winners as they come, and ties by the rule that was stated before."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from crm.kernel.refusal import N_, Reason
from crm.ratification.methods.contest import Contest, Count, OpenTie, Round, Votes


class Undecided(Exception):
    """The count waits: a tie that the chair must decide."""

    def __init__(self, open_tie: OpenTie):
        super().__init__("the chair must decide a tie")
        self.open_tie = open_tie


class Book:
    """What a count writes; what is said before a round ends belongs to it."""

    def __init__(self, contest: Contest):
        self.contest = contest
        self.winners: list[int] = []
        self.rounds: list[Round] = []
        self.said: list[Reason] = []
        self._ties_decided = 0
        listed = list(contest.order) or list(range(len(contest.candidates)))
        self._place = {c: place for place, c in enumerate(listed)}

    def close_round(self, votes: Votes, **facts: Any) -> None:
        """Ends a round with what each has now."""
        self.rounds.append(Round(dict(votes), tuple(self.said), **facts))
        self.said = []

    def say(self, text: str, **params: Any) -> None:
        """One more sentence of this round."""
        self.said.append(Reason(text, params))

    def name(self, candidate: int) -> str:
        """As the ballot prints it."""
        return self.contest.candidates[candidate]

    def names(self, candidates: Iterable[int]) -> str:
        """Several, in the order of the list."""
        return ", ".join(self.name(c) for c in sorted(candidates))

    def elect(self, candidate: int) -> None:
        """One more winner."""
        self.winners.append(candidate)

    def listed(self, candidates: Iterable[int], votes: Votes) -> list[int]:
        """By votes, the most first; equals as the list has them (nothing hangs on it but the order of reading)."""
        return sorted(candidates, key=lambda c: (-votes[c], self._place.get(c, c)))

    def highest(self, among: Iterable[int], votes: Votes) -> int:
        """Who has the most; a tie goes by the rule."""
        among = list(among)
        top = max(votes[c] for c in among)
        return self._decide([c for c in among if votes[c] == top], is_for_more=True)

    def lowest(self, among: Iterable[int], votes: Votes, within: Fraction | int = 0) -> int:
        """Who has the fewest; all who are `within` so much of it are tied, and a tie goes by the rule."""
        among = list(among)
        bottom = min(votes[c] for c in among)
        return self._decide([c for c in among if votes[c] <= bottom + within], is_for_more=False)

    def _decide(self, tied: Sequence[int], *, is_for_more: bool) -> int:
        everyone = tied
        if self.contest.earlier_rounds:
            for number in range(len(self.rounds), 0, -1):
                if len(tied) == 1:
                    break
                before = self.rounds[number - 1].votes
                had = [before.get(c, 0) for c in tied]
                wanted = max(had) if is_for_more else min(had)
                tied = [c for c, votes in zip(tied, had, strict=True) if votes == wanted]
                if len(tied) == 1:
                    self.say(
                        N_("Equal: %(who)s. In round %(n)s %(chosen)s had the most of them.")
                        if is_for_more
                        else N_("Equal: %(who)s. In round %(n)s %(chosen)s had the fewest of them."),
                        who=self.names(everyone), n=number, chosen=self.name(tied[0]),
                    )
        return self.first(tied, is_for_more=is_for_more)

    def first(self, tied: Sequence[int], *, is_for_more: bool = True) -> int:
        """The one who goes first, or gives way, by the list or the chair."""
        if len(tied) == 1:
            return tied[0]
        return self._by_chair(tied, is_for_more) if self.contest.tie == "chair" else self._by_list(tied, is_for_more)

    def _by_list(self, tied: Sequence[int], is_for_more: bool) -> int:
        chosen = (min if is_for_more else max)(tied, key=self._place.__getitem__)
        self.say(
            N_("Equal: %(who)s. %(chosen)s goes first, standing first in the list for ties.")
            if is_for_more
            else N_("Equal: %(who)s. %(chosen)s gives way, standing last in the list for ties."),
            who=self.names(tied), chosen=self.name(chosen),
        )
        return chosen

    def _by_chair(self, tied: Sequence[int], is_for_more: bool) -> int:
        asked = Reason(
            N_("Equal: %(who)s. By the rule the chair decides who goes first.")
            if is_for_more
            else N_("Equal: %(who)s. By the rule the chair decides who gives way."),
            {"who": self.names(tied)},
        )
        decisions = self.contest.chair[self._ties_decided :]
        if not decisions or decisions[0] not in tied:
            raise Undecided(OpenTie(tuple(sorted(tied)), asked))
        self._ties_decided += 1
        self.said.append(asked)
        self.say(N_("The chair decided: %(chosen)s."), chosen=self.name(decisions[0]))
        return decisions[0]

    def closed(self, open_tie: OpenTie | None = None) -> Count:
        """The count as it stands; a round that a tie broke off keeps its words in the tie."""
        return Count(tuple(self.winners), tuple(self.rounds), open_tie)
