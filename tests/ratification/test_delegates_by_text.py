"""Delegates vote by text as members do: only where the vote was declared open, whoever sits in the seat when it opens, by their own organization's texts."""

from dataclasses import replace

import pytest

from tests.assemblies.test_delegations import convention, named  # noqa: F401 - fixtures
from tests.outreach.test_by_text import Member, demo  # noqa: F401 - fixture
from tests.ratification.halls import agree_to_texts, open_vote
from tests.ratification.test_open_votes import votes


@pytest.mark.parametrize("is_secret", [False, True])
def test_a_seated_delegate_votes_by_text_where_the_vote_is_open(demo, world, named, signed_in, run_jobs, is_secret):  # noqa: F811
    path, _omar, dolores, _own = named
    agree_to_texts(world, "mill", world.people["mill"][:4])
    convener = replace(world, orgs=world.orgs | {"table": world.orgs["southbank"]})
    rule = {"is_secret": is_secret, "quorum": "0", "assembly_id": int(path.rsplit("/", 1)[1])}
    vote = open_vote(convener, delegates=rule)
    ana, delphine = (Member(dolores, run_jobs, world.phones[world.people["mill"][n]]) for n in (0, 3))
    assert not any("ballot" in text or "VOTE" in text for text in delphine.rang()), "a delegate without a seat is not on the roll"
    begun = ana.writes("vote")
    page = dolores.get(f"/votes/{vote}").text
    if is_secret:
        assert "never taken by text" in begun and "/v/" in begun and "cast by text" not in page
        return
    assert "1/3 A lawyer for every tenant" in begun and "Members or delegates can answer the notice by text" in page
    for word in ("1", "2", "1", "vote"):
        said = ana.writes(word)
    assert "Your vote is in: 1 for, 2 against, 3 for." in said
    assert [(plank, choice, via) for plank, _v, choice, via in votes(convener)] == [(1, "yes", "text"), (2, "no", "text"), (3, "yes", "text")]
