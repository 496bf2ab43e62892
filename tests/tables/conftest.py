"""The hall of turnout's tests, with people who said yes and some who came."""

import pytest

from tests.turnout.conftest import door, hall, say

__all__ = ["door", "hall", "say"]


@pytest.fixture
def room(say, door, client, hall):
    """Ten people of three organizations in the room; two more who said yes and have not come. Returns a function that lets another in."""
    ids = [say(org, n, "yes", guests=1 if n == 0 else 0) for org, many in (("southbank", 6), ("mill", 4), ("arroyo", 2)) for n in range(many)]
    address, _id = door()

    def let_in(rsvp_id):
        assert client.post(f"{address}/check-ins", data={"rsvp_id": rsvp_id, "once": f"once-{rsvp_id}"}).status_code == 303

    for rsvp_id in ids[:10]:
        let_in(rsvp_id)
    return let_in, ids[10:]
