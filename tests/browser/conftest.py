"""One demonstration and one browser for the whole folder, on the database that TEST_DATABASE names."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests import databases
from tests.browser.eyes import Eyes
from tests.browser.house import House, chromium, running_house


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with chromium() as made:
        yield made


@pytest.fixture(scope="package")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The demonstration, served by a process of its own."""
    folder = tmp_path_factory.mktemp("browser")
    stock = databases.start(folder) if databases.KIND == "postgresql" else None
    with running_house(folder, _environment(stock)) as made:
        yield made
    if stock:
        stock.stop()


def _environment(stock: databases.PostgresDatabases | None) -> dict[str, str]:
    """On PostgreSQL the pages are served by the role that owns nothing."""
    if stock is None:
        return {}
    return {"DATABASE_URL": stock.serving_url(), "DATABASE_OWNER_URL": stock.owner_url()}


@pytest.fixture(scope="package")
def eyes() -> Eyes:
    """Shared by the evening and the pages: what was seen anywhere is reported once."""
    return Eyes()
