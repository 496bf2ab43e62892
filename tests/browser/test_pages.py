"""Every page, in both languages, in light and dark: it answers, axe finds nothing, a phone is wide enough, the console is silent."""

from collections import Counter
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.eyes import Eyes, shape_of
from tests.browser.house import DESK, PHONE, House, new_page

pytestmark = [pytest.mark.browser, pytest.mark.one_database, pytest.mark.timeout(1200)]
LEAVES = ("/static/", "/bootstrap/", "/hooks/", "/health", "/v/", "/me/", "/door/")  # links on pretend phones: the evening sees those
FILES = (".json", ".csv", ".ics", ".js")
VISITORS = {"imani in Southbank": ("imani@southbank.example", None), "imani in Common Table": ("imani@southbank.example", "Common Table")}
VISITED = {"/sign-in": 200, "/p/a-home-in-port-callan": 200}
ABSENT = {"/nowhere": 404, "/door/never-was": 404, "/v/never-was": 404}
LANGUAGES = {"en": {"viewport": DESK}, "es": {"viewport": PHONE, "color_scheme": "dark"}}


def crawl(house: House, page: Page, eyes: Eyes, seen: Counter[str], start: list[str]) -> None:
    """Follows links, one page of each kind; addresses with a question count by the question's names."""
    waiting = list(start)
    while waiting:
        url = waiting.pop(0)
        kind = kind_of(url)
        if seen[kind]:
            continue
        seen[kind] += 1
        answer = page.goto(url, wait_until="domcontentloaded")
        assert answer is not None
        if answer.status != 200:
            eyes.wrong.append(f"{shape_of(url)} answers {answer.status} (linked from a page that is shown)")
            continue
        if not eyes.seen[f"{kind} [{language_of(page)}]"]:
            eyes.look(page, kind)
        links = page.eval_on_selector_all("a[href]:not([download])", "found => found.map(a => a.href)")
        waiting += [found for found in (urljoin(url, link).split("#")[0] for link in links) if is_page(house, found)]


def language_of(page: Page) -> str:
    return page.locator("html").get_attribute("lang") or ""


def kind_of(url: str) -> str:
    """The page's shape; a question makes it another page by its first name, save those that only order or continue."""
    names = sorted({pair.split("=")[0] for pair in urlsplit(url).query.split("&") if pair} - {"after", "lang", "next", "order", "list", "f", "q"})
    return shape_of(url) + (f"?{names[0]}" if names else "")


def is_page(house: House, url: str) -> bool:
    path = urlsplit(url).path
    return url.startswith(house.url) and not path.startswith(LEAVES) and not path.endswith(FILES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_organizers(house: House, browser: Browser, eyes: Eyes, language: str) -> None:
    """Each visitor walks everywhere; a page that was judged already in this language is only asked for."""
    for email, acting in VISITORS.values():
        page = eyes.watch(house.enter(new_page(browser, **LANGUAGES[language]), email, acting))
        if language_of(page) != language:
            page.locator(f"button[name=language][value={language}]").first.evaluate("button => button.form.requestSubmit(button)")
            page.wait_for_selector(f"html[lang={language}]")
        crawl(house, page, eyes, Counter(), [f"{house.url}{path}" for path in ("/", "/account", "/acting", "/people/imports")])
        page.context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_of_visitors_and_errors(house: House, browser: Browser, eyes: Eyes, language: str) -> None:
    page = eyes.watch(new_page(browser, locale=f"{language}-US", **LANGUAGES[language]))
    for path, status in (VISITED | ABSENT).items():
        answer = page.goto(f"{house.url}{path}")
        assert answer is not None and answer.status == status, (path, answer)
        assert language_of(page) == language, path
        eyes.look(page, path if status != 200 else "")
    page.context.close()


def test_nothing_was_found_wrong(eyes: Eyes) -> None:
    print(eyes.report())
    assert not eyes.wrong, eyes.report()
