"""Every page, in both languages, in light and dark: it answers, axe finds nothing, a phone is wide enough, the keyboard is seen, the
console is silent.

The house is walked once, without a browser, to learn what kinds of pages there are; then Chromium opens one page of each kind in
each language (organizers' pages that the evening did not pass in the long run). No kind is judged twice in a language: what the evening has seen is not
opened again.
"""

import re
from dataclasses import dataclass
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.eyes import Eyes, shape_of
from tests.browser.house import DESK, PHONE, House, new_page

pytestmark = [pytest.mark.browser, pytest.mark.one_database, pytest.mark.timeout(900)]
LEAVES = ("/static/", "/bootstrap/", "/hooks/", "/health", "/v/", "/me/", "/door/", "/t/")  # links on pretend phones: the evening sees those
FILES = (".json", ".csv", ".ics", ".js")
VISITORS = {"Southbank": None, "Common Table": "Common Table"}
STARTS = ("/", "/account", "/acting", "/people/imports")
VISITED = {"/sign-in": 200, "/p/a-home-in-port-callan": 200}
ABSENT = {"/nowhere": 404, "/door/never-was": 404, "/v/never-was": 404}
LANGUAGES = {"en": {"viewport": DESK}, "es": {"viewport": PHONE, "color_scheme": "dark"}}
LINK = re.compile(r"<a\b(?![^>]*\sdownload)[^>]*?\shref=\"([^\"]+)\"")


@dataclass(frozen=True)
class Stop:
    """One page of its kind, and as whom it was found."""

    url: str
    visitor: str


def walk(house: House, context: BrowserContext, visitor: str, stops: dict[str, Stop], eyes: Eyes) -> None:
    """Follows links from page to page, one of each kind, with the visitor's cookies and no rendering."""
    waiting, seen = [house.url + path for path in STARTS], set()
    while waiting:
        url = waiting.pop(0)
        kind = kind_of(url)
        if kind in seen:
            continue
        seen.add(kind)
        answer = context.request.get(url)
        if answer.status != 200:
            eyes.wrong.append(f"{shape_of(url)} answers {answer.status} (linked from a page that is shown)")
            continue
        stops.setdefault(kind, Stop(url, visitor))
        found = (urljoin(answer.url, unescape(link)).split("#")[0] for link in LINK.findall(answer.text()))
        waiting += [link for link in found if is_page(house, link)]


def kind_of(url: str) -> str:
    """The page's shape; a question makes it another page by its first name, save those that only order or continue."""
    names = sorted({pair.split("=")[0] for pair in urlsplit(url).query.split("&") if pair} - {"after", "lang", "next", "order", "list", "f", "q"})
    return shape_of(url) + (f"?{names[0]}" if names else "")


def is_page(house: House, url: str) -> bool:
    path = urlsplit(url).path
    return url.startswith(house.url) and "lang=" not in url and not path.startswith(LEAVES) and not path.endswith(FILES)


def language_of(page: Page) -> str:
    return page.locator("html").get_attribute("lang") or ""


def speak(page: Page, language: str) -> None:
    """The page in that language, by its own button."""
    if language_of(page) != language:
        page.locator(f"button[name=language][value={language}]").first.evaluate("button => button.form.requestSubmit(button)")
        page.wait_for_selector(f"html[lang={language}]")
        page.wait_for_load_state()


@pytest.fixture(scope="module")
def stops(house: House, browser: Browser, eyes: Eyes) -> dict[str, Stop]:
    """One page of each kind."""
    found: dict[str, Stop] = {}
    for visitor, acting in VISITORS.items():
        page = house.enter(new_page(browser), acting=acting)
        speak(page, "en")
        walk(house, page.context, visitor, found, eyes)
        page.context.close()
    return found


@pytest.mark.long
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_organizers(house: House, browser: Browser, eyes: Eyes, stops: dict[str, Stop], language: str) -> None:
    assert len(stops) > 60, sorted(stops)
    for visitor, acting in VISITORS.items():
        page = eyes.watch(house.enter(new_page(browser, **LANGUAGES[language]), acting=acting))
        speak(page, language)
        for kind, stop in stops.items():
            if stop.visitor == visitor and not eyes.seen[f"{kind} [{language}]"]:
                page.goto(stop.url, wait_until="load")
                assert language_of(page) == language, stop.url
                eyes.look(page, kind)
        page.goto(house.url)  # not every page has the button
        speak(page, "en")
        page.context.close()
    assert not eyes.wrong, eyes.report()


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_of_visitors_and_errors(house: House, browser: Browser, eyes: Eyes, language: str) -> None:
    page = eyes.watch(new_page(browser, locale=f"{language}-US", **LANGUAGES[language]))
    for path, status in (VISITED | ABSENT).items():
        answer = page.goto(f"{house.url}{path}")
        assert answer is not None and answer.status == status, (path, answer)
        assert language_of(page) == language, path
        if not eyes.seen[f"{path} [{language}]"]:
            eyes.look(page, path)
    page.context.close()


def test_nothing_was_found_wrong(eyes: Eyes) -> None:
    print(eyes.report())
    assert not eyes.wrong, eyes.report()
