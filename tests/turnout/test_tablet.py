"""The door's tablet in Chromium: taps without signal, reloads, two tablets at once, and nothing left behind."""

import random
import threading
import time

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select
from waitress import create_server

from crm.assemblies.models import Participant
from crm.infra.db import new_id, session, transaction
from crm.turnout import actions
from crm.turnout.models import Attendance, Rsvp
from crm.turnout.queries import door_links
from crm.turnout.rules import show_code
from tests.browser.house import chromium, new_page
from tests.factories import MONDAY, PASSWORD

pytestmark = pytest.mark.browser


@pytest.fixture
def server(app, world):
    """The application on a port of its own; returns its address."""
    serving = create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=serving.run, daemon=True)
    thread.start()
    yield f"http://localhost:{serving.effective_port}"
    serving.close()
    serving.task_dispatcher.shutdown()


@pytest.fixture(scope="module")
def browser():
    with chromium() as made:
        yield made


@pytest.fixture
def tablets(browser):
    """tablets(n) → pages of n visitors who share nothing."""
    yield lambda n: [new_page(browser) for _ in range(n)]
    for context in browser.contexts:
        context.close()


def count(as_org):
    with as_org("southbank"):
        return session().scalar(select(func.count()).select_from(Attendance).where(Attendance.undone_at.is_(None)))


def search(page, typed):
    """Types; the page looks when nothing more was typed for a while."""
    page.fill("#q", typed)


def until(page, holds, seconds=60):
    """Waits until the expression holds; asked from outside, because the page's own policy forbids eval."""
    for _ in range(seconds * 10):
        if page.evaluate(holds):
            return
        page.wait_for_timeout(100)
    raise AssertionError(holds)


def kept(page):
    return page.evaluate("JSON.stringify(localStorage)")


@pytest.mark.long
def test_without_signal_nothing_is_lost_and_nothing_counts_twice(server, tablets, hall, say, door, as_org):
    """F5: three tablets, one of them reloaded, two of them meet the same people: lost 0, double 0."""
    people = [say(org, n, "yes") for org in ("mill", "arroyo", "southbank") for n in range(12)]
    with as_org("southbank"):
        codes = dict(session().execute(select(Rsvp.id, Rsvp.code)).all())
    address, _id = door()
    pages = tablets(3)
    for page in pages:
        page.goto(server + address)
        until(page, "Object.keys(localStorage).some((name) => name.includes('roster'))")
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    for page in pages:
        page.context.set_offline(True)
        page.route("**/sync*", lambda route: route.abort())  # a page that is reloaded has a moment before Chromium cuts it off again
    for number, page in enumerate(pages):
        for place, rsvp_id in enumerate(people):
            if place % 3 in (number, (number + 1) % 3):
                search(page, show_code(codes[rsvp_id]))
                page.click(f'[data-code="{codes[rsvp_id]}"] .btn-primary')
    pages[0].reload()  # the page comes back from the tablet itself
    expect(pages[0].locator("#door-net")).to_contain_text("24 check-ins are saved on this tablet")
    assert count(as_org) == 0
    for page in pages:
        page.unroute("**/sync*")
        page.context.set_offline(False)
        until(page, "document.getElementById('door-net').hidden")
    assert count(as_org) == 36
    assert pages[2].inner_text("#door-count") == "36"
    assert "queue" not in kept(pages[0])


@pytest.mark.long
def test_three_tablets_two_hundred_people_and_a_third_of_the_replies_lost(server, tablets, hall, say, door, as_org, acting, world, clock, capsys):
    """F5: the server hears, its answer does not arrive; a tablet is reloaded, two scan the same people: lost 0, double 0, wiped to 0 bytes."""
    codes = crowd(acting, hall, world, 200, clock.now)
    address, door_id = door()
    dice, lost, pages = random.Random(5), [], tablets(3)

    def lossy(route):
        if dice.random() < 0.3:
            lost.append(route.fetch().status)  # taken by the server, and never heard of
            route.abort()
        else:
            route.continue_()

    for page in pages:
        page.goto(server + address)
        until(page, "Object.keys(localStorage).some((name) => name.includes('roster'))")
        page.route("**/sync*", lossy)
    began = time.monotonic()
    for start in range(0, 200, 10):
        for number, page in enumerate(pages):
            mine = [code for place, code in enumerate(codes[start : start + 10]) if place % 3 in (number, (number + 1) % 3)]
            page.evaluate(TAP, mine)
        if start == 100:
            pages[0].reload()
            until(pages[0], "document.getElementById('door') !== null")
    for page in pages:
        for _ in range(300):
            if not page.evaluate("Object.keys(localStorage).some((name) => name.includes('queue'))"):
                break
            page.evaluate("dispatchEvent(new Event('focus'))")
            page.wait_for_timeout(200)
    took = time.monotonic() - began
    with as_org("southbank"):
        rows = session().execute(select(Attendance.rsvp_id, Attendance.undone_at)).all()
    assert len(rows) == len({row.rsvp_id for row in rows}) == 200 and not [row for row in rows if row.undone_at]
    assert len(lost) >= 5 and set(lost) == {200}
    with acting("southbank") as actor:
        actions.close_door(actor, door_id, now=clock.now)
    for page in pages:
        page.evaluate("dispatchEvent(new Event('online'))")
        until(page, "localStorage.length === 0")
    with capsys.disabled():
        print(f"\n200 people, 3 tablets, {len(lost)} replies lost: lost 0, double 0, {took:.1f} s; 0 bytes left")


TAP = """(codes) => codes.forEach((code) => {
    const form = document.createElement('form');
    form.dataset.tap = code;
    document.getElementById('found').append(form);
    form.requestSubmit();
})"""


def crowd(acting, hall, world, count, now):
    """So many people of Mill who said yes; their codes."""
    with acting("mill") as actor:
        sides = {"org_id": world.orgs["southbank"], "partner_id": actor.org_id, "assembly_id": hall.id}
        rows = [Rsvp(**sides, person_id=new_id(), door_name=f"Ana {n}.", door_folded=f"ana {n}", state="yes", answered_at=now) for n in range(count)]
        session().add_all(rows)
        session().flush()
        return [row.code for row in rows]


def test_a_queue_that_waits_is_sent_when_the_page_opens(server, tablets, hall, say, door, as_org):
    """A tablet that was put away without signal sends its taps as soon as the page is open again, without a press."""
    say("mill", 0, "yes")
    address, _id = door()
    (page,) = tablets(1)
    page.goto(server + address)
    until(page, "Object.keys(localStorage).some((name) => name.includes('roster'))")
    page.route("**/sync*", lambda route: route.abort())
    search(page, "ana")
    page.click("#found .btn-primary")
    until(page, "Object.keys(localStorage).some((name) => name.includes('queue'))")
    again = page.context.new_page()
    page.close()
    assert count(as_org) == 0
    again.goto(server + address)
    until(again, "document.getElementById('door-count').textContent === '1'")
    assert count(as_org) == 1 and "queue" not in kept(again)


def test_a_seat_known_by_its_code_with_and_without_signal(server, tablets, hall, door, as_org, world):
    """Found as its code begins, kept on the tablet by its code, counted once; of addresses only a letter of the lot is sent."""
    org = world.orgs["southbank"]
    with transaction(org):
        session().add_all([Participant(org_id=org, partner_id=org, assembly_id=hall.id, shown_name=shown) for shown in ("H00012", "H-00 013")])
    address, _id = door()
    page, other = tablets(2)
    for each in (page, other):
        each.add_init_script("addEventListener('load', () => { plenaryScan = async (_video, told) => { window.told = told; return { stop() {} }; }; })")
        each.goto(server + address)
        until(each, "Object.keys(localStorage).some((name) => name.includes('roster'))")
    page.context.set_offline(True)
    search(page, "h 0001")
    page.wait_for_selector("#found :text('2 found')")
    search(page, "h00-013")
    page.wait_for_selector("#found :text('1 found')")
    page.click("#found .btn-primary")
    page.wait_for_selector("#door-said :text('H-00 013 is in.')")
    assert "H00012" in kept(page) and count(as_org) == 0
    page.context.set_offline(False)
    until(page, "document.getElementById('door-net').hidden")
    assert count(as_org) == 1 and "queue" not in kept(page)
    other.click("#door-finder")
    until(other, "Boolean(window.told)")
    for text, said in (("PLENARY:h00013", "H-00 013 is already in"), ("https://elsewhere.example/v/" + "a" * 22, "Not on the list of this assembly")):
        other.evaluate("(text) => window.told(text)", text)
        other.wait_for_selector(f"#door-said :text('{said}')")
    assert count(as_org) == 1 and "/v/" not in kept(other)


def test_online_by_name_undo_and_walk_in(server, tablets, hall, say, door, as_org, world):
    say("mill", 0, "yes", guests=2)
    address, _id = door()
    (page,) = tablets(1)
    page.goto(server + address)
    search(page, "ana")
    page.click("text=Check in 3")
    until(page, "document.getElementById('door-count').textContent === '3'")
    assert "Ana Q. is in." in page.inner_text("#door-said")
    page.click("#found [aria-label='Undo check-in for Ana Q.']")
    until(page, "document.getElementById('door-count').textContent === '0'")
    page.wait_for_selector("text=Check in 3")
    page.click("#walk-in summary")
    page.fill("[name=name]", "Pavel Dorn")
    page.click("#walk-in-form button")
    page.wait_for_selector("text=Pavel D. is in.")
    assert count(as_org) == 1


def test_a_door_that_was_closed_shows_no_names_any_more(server, tablets, hall, say, door, acting):
    """The tablet keeps its taps for a new link, and nothing else."""
    say("mill", 0, "yes")
    address, id = door()
    (page,) = tablets(1)
    page.goto(server + address)
    until(page, "Object.keys(localStorage).some((name) => name.includes('roster'))")
    with acting("southbank") as actor:
        actions.close_door(actor, id, now=MONDAY)
    search(page, "ana")
    page.wait_for_selector("#door-said :text('This door was closed')")
    assert not page.locator("#found li").count() and "Ana" not in kept(page)


def test_a_walk_in_counts_wherever_the_count_is_shown(server, tablets, hall, door):
    address, _id = door()
    (page,) = tablets(1)
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(server + address)
    page.click("#walk-in summary")
    page.fill("[name=name]", "Pavel Dorn")
    page.fill("[name=phone]", "415-555-0199")
    page.click("#walk-in-form button")
    page.wait_for_selector("text=Pavel D. is in.")
    assert "was not kept" in page.inner_text("#door-said"), "a number without consent is not thrown away in silence"
    assert [shown.inner_text() for shown in page.locator("[data-door-count]").all()] == ["1", "1"]


def test_a_walk_in_without_signal_leaves_no_number_on_the_tablet(server, tablets, hall, door, as_org):
    """14.3.3: only a first name and an initial wait on the tablet, and they go with the sync."""
    address, _id = door()
    (page,) = tablets(1)
    page.goto(server + address)
    page.context.set_offline(True)
    page.click("#walk-in summary")
    page.fill("[name=name]", "Rosalba Nuñez Quintero")
    page.fill("[name=phone]", "415-555-0199")
    page.check("[name=has_consented]")
    page.click("#walk-in-form button")
    page.wait_for_selector("text=phone number was not kept")
    assert "Rosalba Q." in kept(page) and "Quintero" not in kept(page) and "0199" not in kept(page)
    page.context.set_offline(False)
    until(page, "document.getElementById('door-net').hidden")
    assert count(as_org) == 1 and "Rosalba" not in kept(page).replace("roster", "")


def test_what_is_kept_is_wiped_after_twelve_hours(server, tablets, hall, say, door):
    """F5: storage after the wipe holds nothing."""
    say("mill", 0, "yes")
    address, _id = door()
    (page,) = tablets(1)
    page.goto(server + address)
    until(page, "Object.keys(localStorage).some((name) => name.includes('roster'))")
    page.evaluate(
        """() => {
        for (const name of Object.keys(localStorage)) {
            const kept = JSON.parse(localStorage[name]);
            kept.kept -= 13 * 3600e3;
            localStorage[name] = JSON.stringify(kept);
        }
        }"""
    )
    page.context.set_offline(True)
    page.evaluate("dispatchEvent(new Event('online'))")
    until(page, "localStorage.length === 0")


def test_a_kiosk_forgets_each_person(server, tablets, hall, say, acting, as_org, clock):
    """What was said goes by itself, and so does what somebody began to type; the next person finds an empty page."""
    rsvp_id = say("mill", 0, "yes")
    with acting("southbank") as actor:
        id = actions.open_door(actor, hall.id, hall.session_id, name="", hours=24, kind="kiosk", now=clock.now)
        address = next(url for one, url in door_links(actor, hall.id, clock.now) if one.id == id).removeprefix("http://localhost")
    with as_org("southbank"):
        code = session().scalar(select(Rsvp.code).where(Rsvp.id == rsvp_id))
    (page,) = tablets(1)
    page.clock.install()
    page.goto(server + address)
    page.fill("[name=code]", show_code(code))
    page.press("[name=code]", "Enter")
    page.wait_for_selector("text=You are checked in. Welcome, Ana Q.!")
    page.clock.fast_forward(9_000)
    page.wait_for_selector("#kiosk-said:not(:has(p))", state="attached")
    page.wait_for_load_state()
    assert "Ana" not in page.content() and count(as_org) == 1
    page.fill("[name=code]", "K7Q")
    page.clock.fast_forward(61_000)
    expect(page.locator("[name=code]")).to_have_value("")


def test_the_board_renews_itself(server, tablets, hall, say, world, app):
    say("mill", 0, "yes")
    (page,) = tablets(1)
    page.clock.install()
    page.goto(server + "/sign-in")
    page.fill("[name=email]", "omar@omar.example")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/")
    page.goto(f"{server}/assemblies/{hall.id}/turnout")
    assert "Casa Arroyo" in page.inner_text("#turnout-now") and page.inner_text("#turnout-now .pl-legend").count("1 said yes") == 1
    say("arroyo", 1, "yes", guests=3)
    page.clock.fast_forward(16_000)
    page.wait_for_selector("#turnout-now .pl-legend :text('5')")
