"""A running demonstration in a folder of its own, and a browser that looks at it."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from socket import socket
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

from crm.demonstration import DEMO_EMAIL, DEMO_PASSWORD

ROOT = Path(__file__).parent.parent.parent
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
)
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
PATIENCE = 60_000  # milliseconds: the longest that anything is waited for, on cores that other suites share
expect.set_options(timeout=PATIENCE)


def _until_loaded(act: Callable[..., None]) -> Callable[..., None]:
    @wraps(act)
    def acted(of: Page | Locator, *words: object, **how: object) -> None:
        act(of, *words, **how)
        page = of.page if isinstance(of, Locator) else of
        if not page.is_closed():
            page.wait_for_load_state()

    return acted


# Playwright ends a click when the next page has begun, before it has a root to ask anything of; here it ends when that page has loaded, as `goto` does.
for _kind in (Page, Locator):
    _kind.click, _kind.press = _until_loaded(_kind.click), _until_loaded(_kind.press)  # type: ignore[method-assign]


def find_chromium() -> str:
    """Debian's Chromium, or Chrome; says what to do when there is none."""
    for name in ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    raise AssertionError("The browser tests need Chromium and found none. Run `make apt` (as root), or: sudo apt-get install -y chromium")


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser that calls nobody."""
    path = find_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@dataclass
class House:
    """The demonstration as a process: its address and its folder."""

    url: str
    folder: Path

    def enter(self, page: Page, email: str = DEMO_EMAIL, acting: str | None = None) -> Page:
        """Signs in, and acts for another organization when asked."""
        page.goto(f"{self.url}/sign-in")
        page.fill("[name=email]", email)
        page.fill("[name=password]", DEMO_PASSWORD)
        page.click("main button")
        page.wait_for_url(f"{self.url}/")
        if acting:
            page.goto(f"{self.url}/acting")
            page.locator("main form button", has_text=acting).click()
            page.wait_for_url(f"{self.url}/")
        return page


@contextmanager
def running_house(folder: Path, environment: dict[str, str] | None = None) -> Iterator[House]:
    """`plenary run --demo` on a free port, from an empty folder."""
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url, log = f"http://127.0.0.1:{port}", folder / "run.log"
    quiet = {name: value for name, value in os.environ.items() if name not in ("PUBLIC_URL", "QUEUE_URL", "DATABASE_URL", "DATABASE_OWNER_URL")}
    with log.open("w") as written:
        process = subprocess.Popen(
            [sys.executable, "-m", "crm.cli", "run", "--demo"], cwd=ROOT, stdout=written, stderr=subprocess.STDOUT,
            env=quiet | {"PLENARY_DATA": str(folder / "instance"), "PORT": str(port)} | (environment or {}),
        )
    try:
        _wait_for(url, process, log)
        yield House(url, folder)
    finally:
        process.terminate()
        process.wait(120)


def _wait_for(url: str, process: subprocess.Popen, log: Path) -> None:
    end = time.monotonic() + 600
    while time.monotonic() < end and process.poll() is None:
        try:
            with urlopen(f"{url}/health", timeout=5) as answer:  # noqa: S310
                if answer.status == 200:
                    return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.3)
    raise AssertionError(f"the demonstration did not open:\n{log.read_text()[-2000:]}")


def new_page(browser: Browser, **how: object) -> Page:
    """A page of a fresh visitor: no session, no cookies."""
    context: BrowserContext = browser.new_context(**({"viewport": DESK, "locale": "en-US", "reduced_motion": "reduce"} | how))  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE)
    return context.new_page()


def refuse_the_rest(page: Page, go: Callable[[str], Page]) -> None:
    """What is still open on any plank of a platform is decided, so that its text can be frozen."""
    for plank in page.locator(".pl-planks a").evaluate_all("links => links.map(link => link.getAttribute('href'))"):
        page = go(plank)
        for amendment in page.locator("a.pl-target[href*='/amendments/']").evaluate_all("links => links.map(link => link.getAttribute('href'))"):
            page = go(amendment)
            if page.locator("[name=verb][value=refuse]").count():
                page.locator("[name=verb][value=refuse]").check()
                page.fill("[name=reason]", "The hall chose the other words.")
                page.get_by_role("button", name="Record the decision").click()
