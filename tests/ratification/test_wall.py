"""What the wall of a hall is told of open votes."""

from datetime import timedelta

from crm.ratification.queries import votes_on_the_wall
from tests.factories import MONDAY
from tests.ratification.halls import open_vote


def test_an_open_vote_is_told_and_its_turnout_only_to_who_keeps_the_roll_and_above_the_floor(world, as_org, clock):
    open_vote(world)
    at = MONDAY + timedelta(minutes=5)
    with as_org("table"):
        (vote,) = votes_on_the_wall(at)
        assert vote.cast is None and vote.of, "too few have voted for the number to be shown"
    with as_org("southbank"):
        (vote,) = votes_on_the_wall(at)
        assert (vote.cast, vote.of) == (None, None)
    with as_org("elsewhere"):
        assert votes_on_the_wall(at) == []
    with as_org("table"):
        assert votes_on_the_wall(MONDAY + timedelta(days=90)) == []
