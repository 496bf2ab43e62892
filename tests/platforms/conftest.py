"""A coalition's platform with two planks, on the desk of who leads it."""

import pytest

from tests.platforms.desk import HEADING, LAWYER, RENT, follow, once


@pytest.fixture
def lead(signed_in):
    """Imani acts for the coalition, whose platform it is."""
    return signed_in("imani", org="table")


@pytest.fixture
def platform(lead):
    """The address of a platform with two planks."""
    page = follow(lead, lead.post("/platforms", data=HEADING))
    address = page.request.path
    for plank in (RENT, LAWYER):
        assert lead.post(f"{address}/planks", data={**plank, "once": once()}).status_code == 303
    return address
