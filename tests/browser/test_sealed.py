"""Sealed ballots in Chromium: the page's own script makes a pass and casts; the sceptic's client and the verifier agree with it."""

import re
import threading

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from crm.ratification.verify import check_sealed
from tests.browser.house import PHONE, new_page
from tests.ratification.halls import make_members
from tests.ratification.sealed import SCEPTIC, open_hall

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.one_database]


@pytest.fixture
def hall(app, signed_in, world, clock, tmp_path):
    make_members(world, "southbank", 10)
    made = open_hall(app, signed_in, world, clock, tmp_path)
    server = make_server("localhost", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    made.url = f"http://localhost:{server.server_port}"
    yield made
    server.shutdown()


def fetch_pass(page: Page, hall, n: int) -> str:
    """Through the page, as a member does; returns the 14 words."""
    page.goto(hall.url + hall.links[n])
    page.click("#sealed-make")
    expect(page.locator("#sealed-list li")).to_have_count(14)
    words = " ".join(page.locator("#sealed-list li").all_inner_texts())
    expect(page.locator("#sealed-ask")).to_be_disabled()
    page.check("#sealed-kept")
    page.click("#sealed-ask")
    expect(page.locator("#sealed-done")).to_be_visible()
    return words


def cast(page: Page, hall, words: str, **ranks: str) -> None:
    page.goto(hall.url + hall.address + "/cast")
    for option, rank in ranks.items():
        page.select_option(f"[name='p1.{option[1:]}']", rank)
    page.fill("#sealed-typed", words)
    page.click("#sealed-ballot button")


def test_a_member_takes_a_pass_and_votes_in_the_browser(hall, browser: Browser):
    page = new_page(browser, viewport=PHONE)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    words = fetch_pass(page, hall, 0)
    page.goto(hall.url + hall.links[0])
    expect(page.locator("main")).to_contain_text("This seat has its pass")
    theirs = hall.take(1)
    hall.to_voting()
    cast(page, hall, "not these words", o1="1")
    expect(page.locator("#sealed-problem")).to_contain_text("These are not your 14 words")
    cast(page, hall, words, o1="1", o2="1")
    expect(page.locator("#sealed-problem")).to_contain_text("same rank")
    cast(page, hall, words, o3="1", o1="2")
    expect(page.locator("#sealed-receipt")).to_have_text(re.compile("[0-9a-f]{64}"))
    first = page.inner_text("#sealed-receipt")
    cast(page, hall, words, o2="3", o1="1")
    expect(page.locator("#sealed-receipt")).to_have_text(re.compile("[0-9a-f]{64}"))
    receipts = (first, page.inner_text("#sealed-receipt"), hall.cast(theirs, "2:1")["hash"])
    assert said == []
    hall.to_close()
    assert hall.open(*hall.shares[:3]).status_code == 303
    board = hall.board()
    assert board["invalid"] == [] and check_sealed(board, receipts).is_right
    assert board["result"]["electorates"][0]["planks"][0]["rounds"][0]["votes"] == {"1": "1", "2": "1", "3": "0"}


def test_the_code_of_the_client_works_in_the_browser_and_its_words_nowhere_else(hall, browser: Browser):
    """The two derive the same pass from the same code, so a member may change from one to the other."""
    code = hall.take(0)
    hall.to_voting()
    page = new_page(browser, viewport=PHONE)
    cast(page, hall, code.hex(), o1="1")
    expect(page.locator("#sealed-done")).to_be_visible()
    assert hall.board()["entries"][0]["pass"] == hall.made(code)[0].name
    assert SCEPTIC.cast(code, hall.address, {1: "2:1"}, hall.get, hall.post)["position"] == 2
    cast(page, hall, (99).to_bytes(16, "big").hex(), o1="1")
    expect(page.locator("#sealed-problem")).to_contain_text("No pass was given out")


def test_without_javascript_the_pages_say_what_to_do(hall, browser: Browser):
    page = new_page(browser, viewport=PHONE, java_script_enabled=False)
    for address in (hall.links[0], hall.address + "/cast"):
        if address.endswith("/cast"):
            hall.to_voting()
        page.goto(hall.url + address)
        expect(page.locator("main")).to_contain_text("go to the organization's kiosk")
        expect(page.locator("main")).to_contain_text("Not reviewed.")
