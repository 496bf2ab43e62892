"""Piles of ranked papers, equal ones together: each paper lies with its next choice, and only what moves is touched.

A paper is what is left of a ranking after the candidate it lies with; papers that have become equal are one entry.
"""

from collections.abc import Container, Mapping

from crm.ratification.methods.contest import Ranking

Papers = Mapping[Ranking, int]


def deal(papers: Papers, continuing: Container[int]) -> tuple[dict[int, dict[Ranking, int]], int]:
    """Papers by the next choice that continues, and how many name nobody who does."""
    dealt: dict[int, dict[Ranking, int]] = {}
    without = 0
    for paper, times in papers.items():
        for place, candidate in enumerate(paper, 1):
            if candidate in continuing:
                rest = paper[place:]
                pile = dealt.get(candidate)
                if pile is None:
                    dealt[candidate] = {rest: times}
                else:
                    pile[rest] = pile.get(rest, 0) + times
                break
        else:
            without += times
    return dealt, without


def lay(pile: dict[Ranking, int], more: dict[Ranking, int]) -> None:
    """Puts papers onto a pile of papers of the same value."""
    for paper, times in more.items():
        pile[paper] = pile.get(paper, 0) + times
