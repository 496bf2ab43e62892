"""A seat is challenged by its own organization and decided by the committee, who never learns the name."""

import re

from crm.infra.db import reading
from crm.people.models import Person
from tests.clients import form_of
from tests.ratification.halls import ballot_fields, links, open_vote, seats


def test_a_challenged_seat_is_struck_in_public_and_its_link_ends(client, world, signed_in, as_org):
    vote = open_vote(world)
    entry = next(e for e in seats(world, vote) if e.partner_id == world.orgs["southbank"])
    token = dict(zip([e.id for e in seats(world, vote)], links(world, vote), strict=True))[entry.id]
    with reading(world.orgs["southbank"]) as s:
        name = s.get_one(Person, (world.orgs["southbank"], entry.person_id)).name
    omar, page = signed_in("omar"), f"/votes/{vote}/links/{entry.id}/challenge"
    assert f'href="{page}"' in omar.get(f"/votes/{vote}/letters?q={name.split()[0]}").text
    wrong = omar.post(page, data={"reason": " ", "once": "a"})
    assert wrong.status_code == 422 and "Write why this seat should not vote" in wrong.text
    assert omar.post(page, data={"reason": "Moved to another state in May", "once": "b"}).status_code == 303
    assert "challenged already" in omar.post(page, data={"reason": "Again", "once": "c"}).text
    assert signed_in("dolores").get(page).status_code == 404, "another organization's seat is not found"

    imani = signed_in("imani", org="table")
    assert "1 seat is challenged." in imani.get(f"/votes/{vote}").text
    desk = imani.get(f"/votes/{vote}/credentials").text
    assert f"Seat {entry.seat + 1}" in desk and "Moved to another state in May" in desk and name not in desk
    action = re.search(rf'action="(/votes/{vote}/challenges/\d+)"', desk)[1]
    tried = form_of(desk, action) | {"answer": "strike", "reason": ""}
    assert imani.post(action, data=tried).status_code == 422
    assert imani.post(action, data=tried | {"reason": "Left before the day of the roll"}).status_code == 303
    assert imani.post(action, data=tried | {"reason": "Twice", "once": "x"}).status_code == 422
    assert "Left before the day of the roll" in imani.get(f"/votes/{vote}").text
    assert client.post(f"/v/{token}/cast", data=ballot_fields(1, {1: "yes"}), csrf=False).status_code == 404
    assert "Off the roll" in signed_in("omar").get(page).text


def test_a_seat_that_has_voted_stays_and_one_that_is_kept_votes(client, world, signed_in):
    vote = open_vote(world)
    mine = [(e, token) for e, token in zip(seats(world, vote), links(world, vote), strict=True) if e.partner_id == world.orgs["southbank"]]
    for (entry, token), answer in zip(mine[:2], ("strike", "keep"), strict=True):
        page = f"/votes/{vote}/links/{entry.id}/challenge"
        signed_in("omar").post(page, data={"reason": "Not a member any more", "once": answer})
        if answer == "strike":
            assert client.post(f"/v/{token}/cast", data=ballot_fields(entry.seat, {1: "yes"}), csrf=False).status_code == 200
        imani = signed_in("imani", org="table")
        action = re.findall(rf'action="(/votes/{vote}/challenges/\d+)"', imani.get(f"/votes/{vote}/credentials").text)[0]
        found = imani.post(action, data={"answer": answer, "reason": "We asked", "once": answer})
        assert found.status_code == (422 if answer == "strike" else 303)
        if answer == "strike":
            assert "has no name and cannot be taken out" in found.text
            imani.post(action, data={"answer": "keep", "reason": "It has voted", "once": "k"})
        else:
            assert client.post(f"/v/{token}/cast", data=ballot_fields(entry.seat, {1: "yes"}), csrf=False).status_code == 200
    assert "Stays on the roll" in signed_in("omar").get(f"/votes/{vote}/links/{mine[1][0].id}/challenge").text
