"""A seat on the roll is known to the coalition and to the organization of its member, and to no other."""

import pytest
from sqlalchemy import func, select

from crm.infra.db import reading, transaction
from crm.kernel.refusal import Missing
from crm.ratification import actions
from crm.ratification.models import Ballot, RollCorrection
from tests.factories import MONDAY
from tests.ratification.halls import ballot_fields, links, open_vote, seats


def test_a_link_is_replaced_by_the_members_own_organization_only(world, app, client, acting):
    """V7: another organization of the coalition cannot end a member's link, and neither can the coalition."""
    vote = open_vote(world)
    entry, old = seats(world, vote)[0], links(world, vote, 1)[0]
    for org in ("southbank", "mill", "arroyo", "table", "elsewhere"):
        if world.orgs[org] != entry.partner_id:
            with acting(org) as actor, pytest.raises(Missing):
                actions.send_new_link(actor, vote, entry.id, now=MONDAY)
    assert client.get(f"/v/{old}").status_code == 200


def test_a_struck_seat_casts_nothing(world, app, client):
    """The page was open when the seat left the roll: the cast asks again."""
    vote = open_vote(world)
    entry, token = seats(world, vote)[0], links(world, vote, 1)[0]
    with transaction(world.orgs["table"]) as s:
        s.add(RollCorrection(
            org_id=world.orgs["table"], ratification_id=vote, electorate_id=entry.electorate_id, number=1, kind="struck",
            seat=entry.seat, reason="The same woman twice", by_name="Imani", at=MONDAY,
        ))
    answer = client.post(f"/v/{token}/cast", data=ballot_fields(1, {1: "yes"}), csrf=False)
    assert answer.status_code == 409 and "no longer on the roll" in answer.text
    with reading(world.orgs["table"]) as s:
        assert s.scalar(select(func.count()).select_from(Ballot)) == 0
