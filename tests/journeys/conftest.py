"""The hall in which replays of assemblies are set up."""

import pytest

from tests.journeys.halls import Hall


@pytest.fixture
def hall(app, world, clock, run_jobs) -> Hall:
    return Hall(app, world, clock, run_jobs)
