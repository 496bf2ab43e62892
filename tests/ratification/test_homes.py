"""What a closed vote tells by organization: never of few, and nothing that can be worked out from the total."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from crm.infra.db import reading, session, transaction
from crm.ratification import actions
from crm.ratification.models import Electorate, RollEntry
from crm.ratification.rules.homes import LEAST, Home, by_home
from tests.ratification.halls import cast_many, close, links, make_members, open_vote, seats, table
from tests.ratification.test_open_votes import OPEN

ROLLS = st.integers(1, 60).flatmap(lambda roll: st.tuples(st.just(roll), st.integers(0, roll)))


@given(st.lists(ROLLS, min_size=2, max_size=5))
def test_no_cell_is_small_and_none_can_be_worked_out(rolls):
    """Whoever knows the total, the rolls and what is shown finds at least so many possible numbers for each organization that is not shown."""
    told = by_home([Home((str(n),), roll, voted) for n, (roll, voted) in enumerate(rolls)])
    for cell in told:
        assert min(cell["voted"], cell["roll"] - cell["voted"]) >= LEAST
    if told:
        assert sum(cell["roll"] for cell in told) == sum(roll for roll, _voted in rolls)
        assert sum(cell["voted"] for cell in told) == sum(voted for _roll, voted in rolls)
        assert sorted(name for cell in told for name in cell["names"]) == sorted(str(n) for n in range(len(rolls)))
    for cell in (cell for cell in told if len(cell["names"]) > 1):
        sizes = [rolls[int(name)][0] for name in cell["names"]]
        for size in sizes:
            rest = sum(sizes) - size
            possible = [n for n in range(size + 1) if 0 <= cell["voted"] - n <= rest]
            assert len(possible) > min(size, LEAST) - 1 and len(possible) > 1


@pytest.mark.parametrize(("rolls", "names"), [
    ([(500, 300), (400, 200)], [("0",), ("1",)]),
    ([(500, 300), (400, 200), (12, 6)], [("0",), ("1", "2")]),  # the one small cell would be the total less the others
    ([(500, 300), (12, 6), (14, 5)], [("0",), ("1", "2")]),
    ([(500, 300), (12, 6)], [("0", "1")]),
    ([(12, 6), (5, 3)], []),
    ([(500, 500), (400, 200), (300, 100)], [("1",), ("0", "2")]),  # all of one voted, which says so of each
])
def test_what_is_small_is_shown_with_others(rolls, names):
    told = by_home([Home((str(n),), roll, voted) for n, (roll, voted) in enumerate(rolls)])
    assert [tuple(cell["names"]) for cell in told] == names


def test_whoever_nearly_all_voted_alike_openly_is_counted_with_others():
    def home(name, yes, no):
        return Home((name,), 60, yes + no, {"1": {"yes": yes, "no": no, "abstain": 0}})

    assert [cell["names"] for cell in by_home([home("A", 20, 20), home("B", 30, 10), home("C", 40, 1)])] == [("A",), ("B", "C")]
    assert [cell["names"] for cell in by_home([home("A", 20, 20), home("B", 30, 10), home("C", 58, 2)])] == [("A",), ("B",), ("C",)]
    for one, other in ((home("A", 3, 2), home("B", 4, 0)), (home("A", 40, 0), home("B", 4, 0))):
        assert by_home([one, other]) == []


def test_who_took_part_is_told_after_the_close_and_no_choice_of_a_secret_vote(client, world, signed_in, clock):
    for org in ("southbank", "mill"):
        make_members(world, org, 25)
    vote = open_vote(world, members={"quorum": "0"})
    entries = seats(world, vote)
    tokens = list(zip((entry.partner_id for entry in entries), links(world, vote), strict=True))
    southbank, mill = ([token for partner_id, token in tokens if partner_id == world.orgs[org]] for org in ("southbank", "mill"))
    few = [token for partner_id, token in tokens if partner_id not in (world.orgs["southbank"], world.orgs["mill"])]
    voters = [*southbank[:14], *mill[:12], *few[:1]]
    cast_many(client, voters, [{1: "yes", 2: "no", 3: "abstain"}] * len(voters))
    imani = signed_in("imani", org="table")
    assert "By organization" not in imani.get(f"/votes/{vote}").text
    close(world, vote, clock.move(days=3))
    page = signed_in("imani", org="table").get(f"/votes/{vote}/results").text
    assert "a secret ballot names no organization" in page and "By organization" in page
    with reading(world.orgs["table"]):
        told = session().scalars(select(Electorate.homes).where(Electorate.kind == "members")).one()
    assert all(cell["planks"] == {} and min(cell["voted"], cell["roll"] - cell["voted"]) >= LEAST for cell in told)
    assert sum(cell["voted"] for cell in told) == len(voters) and len(told) > 0
    for reader in ("dolores", "omar"):
        assert "By organization" in signed_in(reader).get(f"/votes/{vote}/results").text
    assert "Por organización" in signed_in("omar").get(f"/votes/{vote}/results?lang=es").text


@pytest.mark.long
def test_an_open_vote_is_told_by_organization_with_its_answers(world, signed_in, clock):
    for org in ("southbank", "mill"):
        make_members(world, org, 20)
    vote = open_vote(world, members=OPEN)
    with reading(world.orgs["table"]):
        rows = [(row.partner_id, row.id) for row in session().scalars(select(RollEntry).order_by(RollEntry.seat))]
    for partner_id in (world.orgs["southbank"], world.orgs["mill"]):
        for n, entry in enumerate([id for home, id in rows if home == partner_id][:12]):
            with transaction(world.orgs["table"]):
                actions.cast_open_vote(table(world), entry, dict.fromkeys((1, 2, 3), "yes" if n % 2 else "no"), via="page", now=clock.now)
    close(world, vote, clock.move(days=3))
    page = signed_in("imani", org="table").get(f"/votes/{vote}/results").text
    assert page.count("6 yes, 6 no, 0 abstained") == 6 and "a secret ballot names no organization" not in page
