"""What a ballot link says when nothing can be cast: before the hour, after it, years later, in both languages."""

import re
from datetime import timedelta

import pytest

from crm.infra.db import reading, session
from crm.infra.links import expand_links
from crm.outreach.models import Text
from tests.factories import MONDAY
from tests.ratification.halls import agree_to_texts, ballot_fields, cast_many, close, links, open_vote

SAID = {
    "en": {
        "early": "not open yet",
        "closed": "This vote has closed.",
        "counting": "ballots are being counted",
        "result": "See the result",
        "ended": "ask your organization for a new one",
    },
    "es": {
        "early": "todavía no abre",
        "closed": "Esta votación ya cerró.",
        "counting": "Las boletas se están contando",
        "result": "Ver el resultado",
        "ended": "pida uno nuevo a su organización",
    },
}


def texted_link(world, org="southbank"):
    """The token in a text that a member got."""
    with reading(world.orgs[org]):
        text = session().query(Text).filter_by(purpose="ballot").order_by(Text.id).first()
        return re.search(r"/v/([\w-]{22})", expand_links(text.body)).group(1)


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_link_leads_to_the_result_for_as_long_as_it_is_kept(world, client, clock, language):
    agree_to_texts(world, "southbank", world.people["southbank"][:2])
    vote, said = open_vote(world), SAID[language]
    address = f"/v/{texted_link(world)}?lang={language}"
    clock.set(MONDAY - timedelta(minutes=1))
    page = client.get(address).text
    assert said["early"] in page and said["result"] not in page
    clock.set(MONDAY + timedelta(hours=48))
    page = client.get(address).text
    assert said["closed"] in page and said["counting"] in page and said["result"] not in page
    close(world, vote, clock.now)
    for later in (0, 31, 400, 3000):
        clock.set(MONDAY + timedelta(days=2 + later))
        page = client.get(address)
        assert page.status_code == 200 and said["closed"] in page.text and said["result"] in page.text
    board = re.search(r'href="(/board/[0-9a-f]{64})"', page.text).group(1)
    assert client.get(board).status_code == 200


def test_after_the_close_the_link_does_not_say_who_voted(world, client, clock):
    """The page of a member who voted and of one who did not differ in nothing but the address itself."""
    vote = open_vote(world)
    voted, stayed = links(world, vote, 2)
    cast_many(client, [voted], [{1: "yes"}])
    assert "You have already voted" in client.get(f"/v/{voted}").text

    def pages():
        return {client.get(f"/v/{token}").text.replace(token, "…") for token in (voted, stayed)}

    assert len(pages()) == 2
    clock.set(MONDAY + timedelta(hours=48))
    assert len(pages()) == 1, "the hour has come, nothing is counted yet"
    close(world, vote, clock.now)
    assert len(pages()) == 1
    assert "not cast" not in pages().pop()
    late = client.post(f"/v/{stayed}/cast", data=ballot_fields(5, {1: "yes"}), csrf=False)
    assert late.status_code == 409 and "Your ballot was not cast" in late.text and "See the result" in late.text


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("way", ["", *(pytest.param(way, marks=pytest.mark.long) for way in ("/ballot", "/cast"))])
def test_a_link_that_is_none_says_where_to_turn(world, client, language, way):
    open_vote(world)
    address = f"/v/{'A' * 22}{way}"
    data = ballot_fields(1, {}) | {"language": language}
    answer = client.post(address, data=data, csrf=False) if way else client.get(f"{address}?lang={language}")
    assert answer.status_code == 404 and SAID[language]["ended"] in answer.text
    other = "en" if language == "es" else "es"
    assert f'href="/v/{"A" * 22}?lang={other}"' in answer.text
    assert "We have nothing at this address" in client.get(f"/board/{'0' * 64}?lang=en").text
