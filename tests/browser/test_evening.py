"""One evening of organizing, as a newcomer lives it: from a spreadsheet to a certified platform, in a real browser."""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Locator, Page, expect

from tests.browser.eyes import Eyes
from tests.browser.house import PHONE, ROOT, House, new_page, refuse_the_rest

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]
ANSWERS = {
    "yes": "Said yes|Confirmed", "Sí, somos 3": "Said yes|Confirmed", "no puedo": "Said no|Can no longer", "need childcare for 2": "",
    "stop": "", "STOP PLEASE": "", "who is this?": "",
}


@dataclass
class Evening:
    """What one step leaves for the next."""

    house: House
    browser: Browser
    eyes: Eyes
    page: Page
    links: dict[str, str] = field(default_factory=dict)
    phones: dict[str, str] = field(default_factory=dict)

    def go(self, path: str, page: Page | None = None) -> Page:
        page = page or self.page
        page.goto(path if path.startswith("http") else self.house.url + path)
        return page

    def look(self, page: Page | None = None, name: str = "") -> None:
        self.eyes.look(page or self.page, name)

    def tour(self, *paths: str, page: Page | None = None) -> None:
        """Judges pages that exist only at this moment of the evening, in both languages."""
        page = page or self.page
        back = page.url
        for path in paths:
            for language in ("es", "en"):
                self.look(self.go(f"{path}?lang={language}", page))
        self.go(back, page)

    def visitor(self, **how: object) -> Page:
        """Somebody else's browser."""
        return self.eyes.watch(new_page(self.browser, **how))


@pytest.fixture(scope="module")
def evening(house: House, browser: Browser, eyes: Eyes) -> Iterator[Evening]:
    page = eyes.watch(house.enter(new_page(browser)))
    page.on("dialog", lambda dialog: dialog.accept())
    yield Evening(house, browser, eyes, page)
    page.context.close()


def press(page: Page | Locator, name: str | re.Pattern[str]) -> None:
    """Presses the button or follows the link of that name."""
    page.get_by_role("button", name=name).or_(page.get_by_role("link", name=name)).first.click()


def heading(page: Page, words: str | re.Pattern[str]) -> None:
    expect(page.locator("h1")).to_contain_text(words)


def number(words: str) -> int:
    """The first number in the words."""
    found = re.search(r"\d[\d,]*", words)
    assert found, words
    return int(found[0].replace(",", ""))


def reload_until(page: Page, is_so: Callable[[], object], url: str = "") -> None:
    """Looks again, as a person would, until it is so."""
    for _ in range(60):
        if is_so():
            return
        page.wait_for_timeout(1000)
        try:
            page.goto(url or page.url)
        except Error as error:  # a page that shows progress goes on by itself when the work is done, perhaps at this very moment
            if "ERR_ABORTED" not in error.message:
                raise
            page.wait_for_load_state()
    raise AssertionError(f"it never came: {page.url}\n{page.locator('main').inner_text()[:1500]}")


def test_01_this_week(evening: Evening) -> None:
    page = evening.go("/")
    heading(page, "This week")
    for words in ("pledged", "confirmed", "Replies that need an answer", "One-on-ones due", "Movement on the ladder", "Rosalba Quintero"):
        expect(page.locator("main")).to_contain_text(re.compile(words, re.I))


def test_02_a_messy_spreadsheet_comes_in_and_goes_back(evening: Evening) -> None:
    page = evening.go("/people/imports/new")
    with page.expect_download() as saved:
        press(page, "Download the practice spreadsheet")
    page.set_input_files("input[type=file]", saved.value.path())
    press(page, "Look at the columns")
    heading(page, "What is in each column?")
    for header, goes_to in {"Cell": "phone", "Idioma": "Language", "Status": "Standing", "Joined": "Member since"}.items():
        chosen = page.get_by_label(f"Field for {header}").locator("option:checked")
        expect(chosen).to_contain_text(goes_to)
    evening.tour(page.url)
    press(page, "Check the rows")
    expect(page.locator("#problems")).to_contain_text("Say which comes first")  # no date in the sheet decides it
    page.get_by_label("the month comes first").check()
    press(page, "Check the rows")
    heading(page, "Nothing has changed yet")
    expect(page.locator("main")).to_contain_text("555-0179")
    evening.look(name="import review")
    press(page, "Bring them in")
    heading(page, "They are in")
    page.wait_for_selector("text=Take it all back")
    expect(page.locator("main")).to_contain_text("added")
    evening.go("/people?q=Santillán")
    expect(page.get_by_role("link", name="Ofelia Santillán", exact=True)).to_be_visible()
    page.go_back()
    press(page, "Take it all back")
    heading(page, "Taken back")
    evening.look(name="import taken back")
    evening.go("/people?q=Santillán")
    expect(page.get_by_role("link", name="Ofelia Santillán", exact=True)).to_have_count(0)


def test_03_a_person_is_found_and_changed_and_a_list_is_saved(evening: Evening) -> None:
    page = evening.go("/people?q=Rosalba Quintero")
    page.get_by_role("link", name="Rosalba Quintero", exact=True).first.click()
    expect(page.locator("main")).to_contain_text("Sí voy con los niños")
    press(page.locator("main"), "Edit")
    page.get_by_label("Neighborhood or building").fill("Calder Court")
    press(page, "Save")
    expect(page.locator("main")).to_contain_text("Calder Court")
    evening.go("/people")
    for fact, value in (("Standing", "Member"), ("Neighborhood", "Canal Street")):
        page.locator("summary", has_text="Filter").click()
        page.locator("details[open]").get_by_role("link", name=fact, exact=False).first.click()
        chooser = page.get_by_label("What to look for")
        chooser.select_option(label=value) if chooser.evaluate("e => e.tagName") == "SELECT" else chooser.fill(value)
        press(page, "Filter by this")
    press(page, "Save as a list")
    heading(page, "New list")
    page.get_by_label("Name").last.fill("Members on Canal Street")
    press(page, "Save the list")
    evening.go("/people/lists")
    expect(page.get_by_role("link", name="Members on Canal Street").first).to_be_visible()


def test_04_an_assembly_starts_from_a_playbook(evening: Evening) -> None:
    page = evening.go("/assemblies/new/A2")
    press(page, "Show all dates")  # what is missing is said all at once
    expect(page.locator("#problems li").nth(2)).to_be_visible()
    for label, words in {
        "title_en": "Canal Street Assembly", "title_es": "Asamblea de Canal Street", "question_en": "What do we demand?", "question_es": "¿Qué exigimos?",
        "scope": "Canal Street", "goal": "120", "place": "Carver Street Hall", "address": "210 Carver Street, Port Callan", "starts": "10:00",
    }.items():
        page.fill(f"[name={label}]", words)
    page.fill("[name=day]", (datetime.now(UTC) + timedelta(days=60)).date().isoformat())
    for box in page.locator("[name=partners]").all()[:3]:
        box.check()
    press(page, "Show all dates")
    expect(page.locator("main")).to_contain_text("Nothing is made yet.")
    evening.look(name="assembly preview")
    press(page, "Make this assembly")
    heading(page, "Canal Street Assembly")
    evening.links["assembly"] = page.url
    evening.go(page.url + "/partners")
    expect(page.locator("main")).to_contain_text("Mill District Workers Center")
    evening.go(evening.links["assembly"] + "/turnout")
    page.get_by_label("How many").fill("25") if page.get_by_label("How many").count() else page.fill("[name=promised]", "25")
    page.fill("[name=lead_name]", "Imani Broadnax")
    press(page, "Write down the pledge")
    expect(page.locator("main")).to_contain_text("Imani Broadnax brings 25")


def announced(evening: Evening) -> str:
    """The address of the assembly that is twelve days away."""
    if "announced" not in evening.links:
        page = evening.go("/assemblies")
        found = page.locator("main a[href^='/assemblies/']", has_text=re.compile("Housing|Vivienda")).first.get_attribute("href")
        evening.links["announced"] = found or ""
    return evening.links["announced"]


def compose(evening: Evening, audience: str, name: str) -> Page:
    number_of = announced(evening).rsplit("/", 1)[-1]
    page = evening.go(f"/texts/new?subject=assembly:{number_of}")
    label = page.locator("[name=audience] option", has_text=audience).first.inner_text()
    page.select_option("[name=audience]", label=label)
    page.fill("[name=name]", name)
    page.fill("[name=body_en]", "Hi {first_name|friend}, can we count on you for the {assembly}, {day}, {hour}? How many of you? {link}")
    page.fill("[name=body_es]", "Hola {first_name|amiga}, ¿contamos con usted para la {assembly}, {day}, {hour}? ¿Cuántos vienen? {link}")
    press(page, "Look it over")
    return page


def test_05_a_list_is_texted_and_a_sending_is_stopped(evening: Evening) -> None:
    page = compose(evening, "Members on Canal Street", "Canal Street, first call")
    expect(page.locator("main")).to_contain_text("will not get a text of their own")
    expect(page.locator("main")).to_contain_text("never agreed to texts")
    expect(page.locator("main")).to_contain_text(re.compile(r"about \$\d"))
    evening.tour(page.url, page.url + "/words")
    count = number(page.locator("button", has_text=re.compile("Send .* text")).inner_text())
    press(page, re.compile("^Send .* text"))
    expect(page.locator("#sending")).to_contain_text(re.compile(f"of {count} texts? ha"))
    expect(page.locator("#sending")).to_contain_text("Sent", timeout=120_000)
    page = compose(evening, "Spanish speakers", "Everyone who speaks Spanish")
    press(page, re.compile("^Send .* text"))
    press(page, "Stop sending")
    expect(page.locator("#sending")).to_contain_text(re.compile("Stopped"))
    evening.look(name="text stopped")
    press(page, re.compile("Send the remaining"))
    expect(page.locator("#sending")).to_contain_text(re.compile("Sent|Being sent"))


def test_06_phones_answer_and_the_inbox_is_answered(evening: Evening) -> None:
    page = evening.go("/phones")
    before = evening.go(announced(evening) + "/turnout").locator("main").inner_text()
    page = evening.go("/phones")
    called = page.locator(".pl-phone:has(h2)", has_text="contamos con usted").filter(has_not=page.locator("h2", has_text=","))
    reload_until(page, lambda: called.count() >= len(ANSWERS))  # a comma: two people on one phone
    names = [found.get_attribute("id") or "" for found in called.locator("h2").all()][: len(ANSWERS)]
    for name, words in zip(names, ANSWERS, strict=True):
        page = evening.go(f"/phones?phone={name[1:]}")
        evening.phones[words] = page.locator(f"#{name}").inner_text().strip()
        evening.links[words] = name.removeprefix("p1")
        evening.links["pass"] = page.locator(".is-theirs a[href*='/me/']").last.get_attribute("href") or ""
        page.get_by_role("button", name=words, exact=True).click()
        expect(page.locator(".pl-phone .is-reply", has_text=words).first).to_be_visible()
    evening.look(name="a phone")
    after = evening.go(announced(evening) + "/turnout").locator("main").inner_text()
    assert before != after
    for words, answer in ANSWERS.items():
        page = person(evening, words)
        if words.lower().startswith("stop"):
            evening.go(page.url.split("?")[0] + "/consent")
            expect(page.locator("main")).to_contain_text("Wants no texts")
        elif answer:
            expect(page.locator("main")).to_contain_text(re.compile(answer))
    evening.go(announced(evening) + "/supports")
    expect(page.locator("main")).to_contain_text(f"{short(evening.phones['need childcare for 2'])}: Childcare 2")
    evening.go("/inbox")
    page.locator(".pl-inbox-list a", has_text=evening.phones["who is this?"]).click()
    page.fill("[name=body]", "It is Imani from the tenants union. We met at the rent clinic.")
    conversation = page.url
    press(page.locator("footer"), "Send")
    page.wait_for_url(lambda url: url != conversation)  # the one that has waited longest opens by itself
    evening.go(conversation)
    expect(page.locator("#words .is-ours").last).to_contain_text("We met at the rent clinic")
    evening.look(name="a conversation")
    for words in ("yes", "no puedo"):
        expect(evening.go("/inbox").locator(".pl-inbox-list")).not_to_contain_text(evening.phones[words])


def short(name: str) -> str:
    """As hosts and the door see somebody: the first name and an initial."""
    first, *_rest, family = name.split(" ")
    return f"{first} {family[0]}."


def person(evening: Evening, words: str) -> Page:
    """The page of the person who answered with these words; found by number, for names repeat."""
    page = evening.go(f"/people?q={evening.links[words]}")
    page.get_by_role("link", name=evening.phones[words], exact=True).first.click()
    page.wait_for_url(re.compile(r"/people/\d+(\?|$)"))
    return page


def test_07_people_come_through_the_door(evening: Evening) -> None:
    page = evening.go(announced(evening) + "/door-links")
    page.fill("[name=name]", "Main entrance")
    press(page, "Make the link")
    evening.links["door"] = page.locator("a[href*='/door/']").last.get_attribute("href") or ""
    evening.look(name="door links")
    door = evening.go(evening.links["door"], evening.visitor(viewport=PHONE))
    first_name = evening.phones["yes"].split()[0]
    door.fill("#q", first_name)
    door.keyboard.press("Enter")
    expect(door.locator("#found li").first).to_be_visible()
    evening.look(door, "door, found")
    code = door.locator("#found li[data-code]").first.get_attribute("data-code") or ""
    door.locator("#found li").first.get_by_role("button", name=re.compile("Check in")).click()
    expect(door.locator("#door-said")).to_contain_text("is in")
    expect(door.locator("[data-door-count]").first).not_to_have_text("0")  # the server has it
    reload_until(door, lambda: door.locator("[data-door-count]").first.inner_text() != "0")
    door.fill("#q", code)
    door.keyboard.press("Enter")
    expect(door.locator("#found")).to_contain_text("In at")
    door.locator("#walk-in summary").click()
    door.fill("#walk-in-form [name=name]", "Teresa Quiroga")
    press(door.locator("#walk-in-form"), "Sign in")
    expect(door.locator("#door-recent")).to_contain_text("Teresa")
    evening.tour(evening.links["door"], evening.links["pass"], page=door)
    door.context.close()
    evening.go(announced(evening) + "/door-links")
    press(page, "Close this link")
    ended = evening.visitor(viewport=PHONE)
    answer = ended.goto(evening.links["door"])
    assert answer is not None and answer.status in (404, 410), answer
    evening.look(ended, "door, ended")
    ended.context.close()


def test_08_the_platform_is_amended_and_frozen(evening: Evening) -> None:
    page = evening.house.enter(evening.visitor(), acting="Common Table")
    page.on("dialog", lambda dialog: dialog.accept())
    evening.page.context.close()
    evening.page = page
    evening.go("/platforms")
    page.get_by_role("link", name="A Home in Port Callan, second year").click()
    evening.links["platform"] = page.url
    page.locator(".pl-planks a", has_text="heat standard").click()
    plank_page = page.url
    page.get_by_role("link", name="Amendment A1", exact=True).click()
    evening.look(name="amendment to an amendment")
    page.locator("[name=verb][value=refuse]").check()
    page.fill("[name=reason]", "One number is easier to enforce.")
    press(page, "Record the decision")
    evening.go(plank_page)
    page.get_by_role("link", name="Amendment A", exact=True).click()
    expect(page.locator("article ins", has_text="80").first).to_be_visible()
    expect(page.locator("article del", has_text="82").first).to_be_visible()
    platform, plank = evening.links["platform"], "/planks/" + (page.locator("a[href*='/planks/']").first.get_attribute("href") or "").split("/planks/")[1]
    evening.tour(page.url, *(platform + path for path in (plank, plank + "/text", "/planks/new", "/amendments/new", "/heading", "/editions/new")))
    page.locator("[name=verb][value=adopt]").check()
    page.fill("[name=reason]", "Laundries and kitchens sit above bedrooms.")
    press(page, "Record the decision")
    expect(page.locator("main")).to_contain_text("In the text")
    refuse_the_rest(evening.go(evening.links["platform"]), evening.go)
    evening.go(evening.links["platform"] + "/editions/new")
    press(page, "Freeze edition 1")
    expect(page.locator("main")).to_contain_text("80 degrees")
    evening.look(name="edition")


def test_09_the_ratification_opens_and_everyone_votes(evening: Evening) -> None:
    page = evening.go("/votes/new")
    page.select_option("[name=edition_id]", label=page.locator("[name=edition_id] option", has_text="second year").first.inner_text())
    page.fill("[name=title_en]", "Ratification, second year")
    page.fill("[name=title_es]", "Ratificación, segundo año")
    page.fill("[name=members_quorum]", "1/1000")
    page.fill("[name=organizations_quorum]", "1/4")
    press(page, "Save and check")
    expect(page.locator("main")).to_contain_text("Nothing stands in the way")
    evening.links["vote"] = re.sub(r"(/votes/\d+).*", r"\1", page.url)
    evening.tour(evening.links["vote"] + "/opening", evening.links["vote"] + "/draft")
    press(page, "Build the roll and open")
    reload_until(page, page.get_by_text("Roll call of organizations").count, evening.links["vote"])
    expect(page.locator("main")).to_contain_text("fewer than")
    evening.tour(*(evening.links["vote"] + path for path in ("", "/letters", "/credentials", "/closing")))
    look_at_ballot(evening, ballot_link(evening, "es"))
    for language in ("es", "en"):
        vote_as_member(evening, language)
    for email in ("samir@mill.example", "beatriz@arroyo.example"):
        vote_as_lead(evening, email)


def ballot_link(evening: Evening, language: str) -> str:
    """The link that a member of Southbank finds in a text on a pretend phone."""
    phones = evening.house.enter(evening.visitor())
    words = {"es": "Ratificación, segundo año", "en": "Ratification, second year"}[language]
    evening.go("/phones", phones)
    texts = phones.locator(".pl-phone .is-theirs", has_text=words).filter(has=phones.locator("a[href*='/v/']"))
    reload_until(phones, texts.count)
    link = texts.first.locator("a").get_attribute("href") or ""
    phones.context.close()
    return link


def vote_as_member(evening: Evening, language: str) -> None:
    """On a phone of 360 px, without scripts, plank by plank."""
    link = evening.links[f"ballot {language}"] = ballot_link(evening, language)
    member = new_page(evening.browser, viewport=PHONE, java_script_enabled=False, locale=f"{language}-US")
    evening.go(link, member)
    assert member.locator("html").get_attribute("lang") == language
    onward(member)
    while member.locator("input[type=radio]").count():
        member.locator("input[type=radio][value=yes]").check()
        onward(member)
    for name in ("first", "second"):
        member.select_option(f"[name={name}]", index=3)
    onward(member)
    expect(member.locator(".pl-picks li")).to_have_count(4)
    expect(member.locator("main li.is-open")).to_have_count(0)
    onward(member)
    heading(member, {"en": "Your ballot is in", "es": "su boleta"}[language])
    expect(member.locator(".pl-receipt")).to_be_visible()
    evening.go(link, member)  # a second look changes nothing and offers no second ballot
    assert not member.locator("footer button.btn-primary").count()
    member.context.close()


def onward(member: Page) -> None:
    """Presses the one large button, and waits for the next screen."""
    large = member.locator("footer button.btn-primary")
    assert large.count(), member.locator("body").inner_text()
    with member.expect_navigation():
        large.click()


def look_at_ballot(evening: Evening, link: str) -> None:
    """The screens of a ballot with scripts on, for axe needs them; nothing is cast."""
    member = evening.go(link, evening.visitor(viewport=PHONE))
    for language in ("en", "es"):
        evening.look(evening.go(f"{link}?lang={language}", member), "ballot, welcome")
        onward(member)
        evening.look(member, "ballot, plank")
        while member.locator("input[type=radio]").count():
            onward(member)
        evening.look(member, "ballot, words")
        for name in ("first", "second"):
            member.select_option(f"[name={name}]", index=3)
        onward(member)
        evening.look(member, "ballot, check")
    member.context.close()


def vote_as_lead(evening: Evening, email: str) -> None:
    page = evening.house.enter(evening.visitor(), email)
    evening.go(f"{evening.links['vote']}/organization-vote", page)
    if email.startswith("samir"):
        evening.tour(page.url, page=page)
    for box in page.locator("input[type=radio][value=yes]").all():
        box.check()
    page.locator("input[type=radio][value=no]").last.check()
    page.locator("textarea").last.fill("Our members asked for more time on this one.")
    press(page, "Cast the organization's vote")
    expect(page.locator("main")).to_contain_text("Roll call of organizations")
    page.context.close()


def test_10_the_vote_closes_and_anyone_recounts_it(evening: Evening) -> None:
    page = evening.go(f"{evening.links['vote']}/closing")
    page.fill("[name=reason]", "Everyone who wanted to vote has voted.")
    press(page, "Close and count")
    reload_until(page, page.get_by_text("Plank by plank").count, f"{evening.links['vote']}/results")
    evening.look(name="results")
    expect(page.locator("main")).to_contain_text("How each organization voted")
    expect(page.locator("main")).to_contain_text(re.compile("2 of 2|2 yes"))
    if page.get_by_role("button", name="Certify the result").count():
        press(page, "Certify the result")
        expect(page.locator("main")).to_contain_text("Certified by")
        evening.look(name="certificate")
        evening.go(f"{evening.links['vote']}/results")
    with page.expect_download() as saved:
        page.get_by_role("link", name="Full count").first.click()
    board = evening.house.folder / "board.json"
    saved.value.save_as(board)
    assert verify(board) == (0, "yes")
    told = json.loads(board.read_text())
    board.write_text(json.dumps(told).replace('"yes"', '"no"', 1))
    assert verify(board)[0] == 1, "a changed board is not believed"
    evening.go("/p/a-home-in-port-callan")
    page.emulate_media(media="print")
    assert len(page.pdf()) > 10_000
    page.emulate_media(media="screen")


def verify(board: Path) -> tuple[int, str]:
    """What `plenary verify` says of a file."""
    done = subprocess.run([sys.executable, "-m", "crm.cli", "verify", str(board)], cwd=ROOT, capture_output=True, text=True, timeout=120)
    return done.returncode, done.stdout.split()[0].strip(".,:").lower()


def test_11_another_organization_sees_nobody_of_ours(evening: Evening) -> None:
    stranger = evening.house.enter(evening.visitor(), "samir@mill.example")
    ours = evening.house.enter(evening.visitor())
    person(replace(evening, page=ours), "yes")
    who = re.search(r"/people/(\d+)", ours.url).group(1)  # not the name: another organization may know somebody of the same
    answer = stranger.goto(ours.url)
    assert answer is not None and answer.status == 404
    for path in ("/people?q=", "/inbox?tab=all&q=", "/phones?q="):
        evening.go(path + evening.phones["yes"], stranger)
        expect(stranger.locator("main")).to_be_visible()
        assert who not in stranger.content()
    ours.goto(f"{evening.house.url}/acting")
    ours.locator("main form button", has_text="Common Table").click()
    answer = ours.goto(stranger.url)
    evening.go("/people?q=" + evening.phones["yes"], ours)
    expect(ours.locator("main")).to_be_visible()
    assert who not in ours.content()
    stranger.context.close()
    ours.context.close()


def test_12_nothing_was_found_wrong_on_the_way(evening: Evening) -> None:
    assert not evening.eyes.wrong, evening.eyes.report()
