"""Every kind of assembly, tried as a newcomer would: from what she knows about it to its minutes, with a vote counted on the way.

She never types an address: each step begins where the last one left her, or on the assembly's own page, which says what comes next. In English at a
desk and in Spanish on a phone; every page is judged by the eyes once in each language.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from crm.assemblies.playbooks import PLAYBOOKS
from crm.assemblies.rules.kinds import QUESTIONS
from tests.browser.eyes import Eyes
from tests.browser.house import DESK, PHONE, House, new_page
from tests.browser.test_evening import reload_until
from tests.databases import KIND as DATABASE

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.timeout(600)]
AREAS = ("206", "213", "310", "415", "503", "510", "619", "408", "702", "714", "650", "818", "909", "916")  # west coast: at five it is not night there
CAME = ("Ana Ruiz", "Bo Lee", "Chi Ngo")
WALKS = {"en": DESK, "es": PHONE}


@dataclass(frozen=True)
class Vote:
    """How a kind decides: `how` is room, planks, options, money or open; `rule` which of the playbook's rules; `organizations` by roll call as well."""

    how: str
    rule: int = 0
    organizations: bool = False


VOTES = {
    "A1": Vote("room"), "A2": Vote("planks", organizations=True), "A3": Vote("options"), "A4": Vote("room"), "A5": Vote("room"), "A6": Vote("planks"),
    "A7": Vote("options"), "A8": Vote("room"), "A9": Vote("open"), "A10": Vote("planks"), "A11": Vote("open", rule=2), "A12": Vote("money"),
    "A13": Vote("planks"), "A14": Vote("planks"),
}


@dataclass
class Newcomer:
    """Somebody who starts an assembly, with what she has in hand."""

    house: House
    browser: Browser
    eyes: Eyes
    language: str
    kind: str
    page: Page
    home: str = ""
    presses: int = 0
    judged: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        words = {"en": "Walk", "es": "Camino"}[self.language]
        return f"{words} {self.kind}"

    def look(self, what: str, page: Page | None = None) -> None:
        """Judged once in each language, for the pages of all kinds are the same pages."""
        shown = page or self.page
        expect(shown.locator("html")).to_have_attribute("lang", self.language)
        if not self.eyes.seen[f"kinds: {what} [{self.language}]"]:
            self.eyes.look(shown, f"kinds: {what}")

    def press(self, selector: str, page: Page | None = None) -> None:
        self.presses += 1
        (page or self.page).locator(selector).first.click()

    def next(self, part: str) -> None:
        """Follows what the assembly's page offers next."""
        self.page.goto(self.home)
        self.press(f"ol.pl-list a[href*='{part}']")

    def type(self, page: Page | None = None, **words: str) -> None:
        for label, said in words.items():
            (page or self.page).fill(f"main [name={label}]", said)

    def save(self, page: Page | None = None) -> None:
        """The one large button of the form."""
        self.presses += 1
        (page or self.page).locator("main form button.btn-primary").last.click()

    def visitor(self) -> Page:
        """Somebody else's phone."""
        return self.eyes.watch(new_page(self.browser, viewport=PHONE, locale=f"{self.language}-US"))


def walks() -> list[tuple[str, str]]:
    """Every second kind on each database, two in English, two in Spanish; with WALKS=all each kind in both languages."""
    if os.environ.get("WALKS") == "all":
        return [(kind, language) for kind in VOTES for language in WALKS]
    return [(kind, "es" if n // 2 % 2 else "en") for n, kind in enumerate(VOTES) if n % 2 == (DATABASE != "sqlite")]


@pytest.fixture(params=walks(), ids=lambda one: "-".join(one))
def newcomer(request: pytest.FixtureRequest, house: House, browser: Browser, eyes: Eyes) -> Iterator[Newcomer]:
    kind, language = request.param
    page = eyes.watch(house.enter(new_page(browser, viewport=WALKS[language]), acting="Common Table" if VOTES[kind].organizations else None))
    page.on("dialog", lambda dialog: dialog.accept())
    if page.locator("html").get_attribute("lang") != language:
        page.locator(f"button[name=language][value={language}]").first.evaluate("button => button.form.requestSubmit(button)")
        expect(page.locator("html")).to_have_attribute("lang", language)
    yield Newcomer(house, browser, eyes, language, kind, page)
    if language == "es":  # the language is kept for the account
        page.goto(house.url)
        page.locator("button[name=language][value=en]").first.evaluate("button => button.form.requestSubmit(button)")
        expect(page.locator("html")).to_have_attribute("lang", "en")
    page.context.close()


def test_from_the_wizard_to_the_minutes(newcomer: Newcomer) -> None:
    vote = VOTES[newcomer.kind]
    she_says_what_she_knows(newcomer)
    she_sets_it_up(newcomer)
    everyone_reads_about_it(newcomer)
    people_come_in(newcomer)
    if vote.how == "room":
        decided = the_room_decides(newcomer)
    else:
        if vote.how in ("planks", "open"):
            a_text_is_frozen(newcomer)
        decided = everyone_votes(newcomer, vote)
    it_is_closed_and_read(newcomer, decided)
    assert not newcomer.eyes.wrong, newcomer.eyes.report()


def she_says_what_she_knows(newcomer: Newcomer) -> None:
    """The kind is proposed from four answers."""
    page, fits = newcomer.page, PLAYBOOKS[newcomer.kind].fits
    page.goto(f"{newcomer.house.url}/assemblies/new/A4")  # fills in today by itself
    newcomer.judged = [page.input_value("[name=day]"), page.input_value("[name=starts]")]
    page.goto(f"{newcomer.house.url}/assemblies")
    newcomer.press(".pl-head a[href$='/assemblies/new']")
    for key in QUESTIONS:
        page.select_option(f"[name={key}]", getattr(fits, key)[0])
    newcomer.press("form[action*='nearest'] button")
    newcomer.look("the kind that fits")
    proposed = page.locator("#nearest a.btn[href*='/assemblies/new/']")
    assert [link.get_attribute("href") for link in proposed.all()] == [f"/assemblies/new/{newcomer.kind}"]
    proposed.click()


def she_sets_it_up(newcomer: Newcomer) -> None:
    """For today, an hour ago: it is announced and opened at once."""
    page, (day, soon) = newcomer.page, newcomer.judged
    begun = (datetime.fromisoformat(f"{day}T{soon}") - timedelta(hours=1)).time().isoformat("minutes")
    newcomer.look("what is asked")
    newcomer.type(title_en=newcomer.name, title_es=newcomer.name, question_en="What do we do?", question_es="¿Qué hacemos?", day=day, starts=begun)
    newcomer.type(scope="Port Callan", place="Carver Street Hall", address="210 Carver Street", goal="40")
    newcomer.save()
    newcomer.look("all dates")
    newcomer.press("form[action*='/assemblies/new/'] button.btn-primary")
    expect(page.locator("h1")).to_have_text(newcomer.name)
    newcomer.home = page.url
    newcomer.look("a draft")
    newcomer.press("form[action$='/state/announced'] button")
    newcomer.look("announced")


def everyone_reads_about_it(newcomer: Newcomer) -> None:
    reader, link = newcomer.visitor(), newcomer.page.locator("a[href^='/a/']").first.get_attribute("href")
    reader.goto(f"{newcomer.house.url}{link}?lang={newcomer.language}")
    expect(reader.locator("h1")).to_have_text(newcomer.name)
    newcomer.look("its public page", reader)
    reader.context.close()


def people_come_in(newcomer: Newcomer) -> None:
    """Three people whom no list knew sign in at the door, with a phone; then the room is divided into tables."""
    newcomer.press("form[action$='/state/under_way'] button")
    newcomer.look("under way")
    newcomer.next("/door-links")
    newcomer.type(name="Main entrance")
    newcomer.save()
    newcomer.look("door links")
    door, link = newcomer.visitor(), newcomer.page.locator("main a[href*='/door/']").last.get_attribute("href")
    door.goto(f"{link}?lang={newcomer.language}")
    area = AREAS[list(VOTES).index(newcomer.kind)]
    for n, who in enumerate(CAME):
        door.locator("#walk-in summary").click()
        form = door.locator("#walk-in-form")
        form.locator("[name=name]").fill(who)
        form.locator("[name=phone]").fill(f"{area}-555-02{n}{'0' if newcomer.language == 'en' else '1'}")
        form.locator("[name=language]").select_option(newcomer.language)
        form.locator("[name=has_consented]").check()
        form.locator("button").last.click()
        expect(door.locator("#door-recent")).to_contain_text(who.split()[0])
    expect(door.locator("[data-door-count]").first).to_have_text("3")
    newcomer.look("the door", door)
    reload_until(newcomer.page, lambda: newcomer.page.locator("#main td.num", has_text=re.compile(r"^\s*3\s*$")).count(), newcomer.home)
    door.context.close()
    newcomer.next("/tables")
    newcomer.save()
    newcomer.look("tables")


def the_room_decides(newcomer: Newcomer) -> str:
    """By the playbook's own rule, which the question begins with; counted and settled."""
    page = newcomer.page
    newcomer.next("/floor")
    newcomer.look("votes in the room")
    rule = next(d for d in PLAYBOOKS[newcomer.kind].decisions if d.secrecy == "open")
    assert page.input_value("[name=threshold]") == "{}/{}".format(*rule.threshold) and page.input_value("[name=strictness]") == rule.strictness
    newcomer.type(title="We march on May Day")
    newcomer.save()
    page.check("[name=way][value=count]")
    newcomer.type(present="3", yes="3", no="0", abstain="0", tellers="Ana, Bo")
    newcomer.look("a question that is called")
    newcomer.save()
    newcomer.look("a result that is declared")
    newcomer.press("form[action$='/settling'] button")
    expect(page.locator("main .pl-status[data-s=yes], main [data-s=yes]").first).to_be_visible()
    newcomer.look("what was decided")
    return "We march on May Day"


def a_text_is_frozen(newcomer: Newcomer) -> None:
    page = newcomer.page
    newcomer.next("/platforms/new")
    newcomer.look("a text begins")
    newcomer.save()
    newcomer.look("the empty text")
    newcomer.press("main a[href$='/planks/new']")
    newcomer.type(title_en="More buses", title_es="Más autobuses", text_en="A bus every ten minutes.", text_es="Un autobús cada diez minutos.")
    newcomer.save()
    newcomer.look("a plank")
    page.goto(re.sub(r"(/platforms/\d+).*", r"\1", page.url))
    newcomer.press("main a[href$='/editions/new']")
    newcomer.look("before it is frozen")
    newcomer.save()
    expect(page.locator("main")).to_contain_text({"en": "More buses", "es": "Más autobuses"}[newcomer.language])


def everyone_votes(newcomer: Newcomer, vote: Vote) -> str:
    """Drafted by the assembly's rule, opened, cast on three phones, closed and certified."""
    page = newcomer.page
    draft(newcomer, vote)
    reload_until(page, lambda: re.search(r"\b3 (now on it|por ahora)", page.locator("main").inner_text()))  # who signed in at the door gets a record
    newcomer.look("before the vote opens")
    newcomer.press("form[action$='/opening'] button.btn-primary")
    home = re.sub(r"(/votes/\d+).*", r"\1", page.url)
    reload_until(page, page.locator("a[href$='/closing']").count, home)
    newcomer.look("an open vote")
    for n, link in enumerate(ballots(newcomer)):
        cast(newcomer, link, n)
    if vote.organizations:
        for email in ("samir@mill.example", "beatriz@arroyo.example"):
            an_organization_votes(newcomer, home, email)
    page.goto(home)
    newcomer.press("main a[href$='/closing']")
    newcomer.type(reason="Everyone in the room has voted.")
    newcomer.look("before the vote closes")
    newcomer.press("form[action$='/closing'] button")
    reload_until(page, lambda: page.url.endswith("/results"), home)
    newcomer.look(f"results, {vote.how}")
    newcomer.press("form[action$='/certificate'] button")
    newcomer.look("the certificate")
    return newcomer.name


def draft(newcomer: Newcomer, vote: Vote) -> None:
    """What the form begins with is the assembly's own: its text, its rule, those who are in the room."""
    page, rule = newcomer.page, PLAYBOOKS[newcomer.kind].decisions[vote.rule]
    if vote.rule:
        page.goto(newcomer.home)
        newcomer.press(f"dd a[href*='/votes/new?'][href$='rule={vote.rule}']")
    else:
        newcomer.next("/votes/new")
    newcomer.look(f"a vote is drafted, {vote.how}")
    assert page.input_value("[name=members_threshold]") == "{}/{}".format(*rule.threshold)
    assert page.input_value("[name=members_strictness]") == rule.strictness and page.is_checked("[name=organizations]") == vote.organizations
    assert (page.input_value("[name=edition_id]") != "0") == (vote.how in ("planks", "open"))
    room = page.locator(f"[name=members_roll] option[value^='a']:text('{newcomer.name}')").first.get_attribute("value") or ""
    if vote.organizations or vote.how == "money":  # all members, or all residents, vote in the evening and in a replay
        page.select_option("[name=members_roll]", room)
    assert page.input_value("[name=members_roll]") == room
    if vote.how in ("options", "money"):
        newcomer.type(members_options_en="Garden\nClinic\nLibrary", members_options_es="Huerto\nClínica\nBiblioteca")
    if vote.how == "money":
        newcomer.type(members_budget="100", members_costs="60\n50\n40")
    if vote.organizations:
        newcomer.type(organizations_quorum="1/4")
    newcomer.save()
    expect(page.locator("form[action$='/opening'] button.btn-primary")).to_be_visible()


def ballots(newcomer: Newcomer) -> list[str]:
    """The links in the texts that three pretend phones got."""
    page = newcomer.page
    found = page.locator(".pl-phone .is-theirs", has_text=re.compile(rf"{newcomer.name}\b")).filter(has=page.locator("a[href*='/v/']"))
    page.goto(f"{newcomer.house.url}/phones")
    reload_until(page, lambda: found.count() >= len(CAME))
    return [text.locator("a[href*='/v/']").first.get_attribute("href") or "" for text in found.all()]


def cast(newcomer: Newcomer, link: str, n: int) -> None:
    """Screen by screen to the receipt, whatever the ballot asks."""
    member = newcomer.visitor()
    member.goto(link)
    for _screen in range(8):
        if n == 0:
            asked = "open" if member.locator("form[action$='/open']").count() else "radio" if member.locator("input[type=radio]").count() else "other"
            newcomer.look(f"ballot, {asked}", member)
        if member.locator(".pl-receipt").count() or member.locator(".pl-notice[data-s=yes]").count():
            break
        fill_in(member)
        with member.expect_navigation():
            member.locator("footer button.btn-primary").click()
    else:
        raise AssertionError(member.locator("body").inner_text())
    member.context.close()


def fill_in(member: Page) -> None:
    for yes in member.locator("input[type=radio][value=yes]").all():
        yes.check()
    for mark in member.locator("input[type=checkbox][name^='p']").all()[:2]:
        mark.check()
    for place, rank in enumerate(member.locator("select[name^='p']").all()[:2], 1):
        rank.select_option(str(place))
    if member.locator("select[name=first]").count():
        for word in ("first", "second"):
            member.select_option(f"[name={word}]", index=3)


def an_organization_votes(newcomer: Newcomer, vote: str, email: str) -> None:
    page = newcomer.house.enter(new_page(newcomer.browser), email)
    page.goto(f"{vote}/organization-vote")
    for box in page.locator("input[type=radio][value=yes]").all():
        box.check()
    page.locator("main form button.btn-primary").last.click()
    expect(page.locator("main table").first).to_be_visible()
    page.context.close()


def it_is_closed_and_read(newcomer: Newcomer, decided: str) -> None:
    """Sessions of later weeks are taken out; then it closes, and its page leads to the minutes, which are printed."""
    page = newcomer.page
    page.goto(newcomer.home)
    for _ in range(8):
        if page.locator("form[action$='/state/finished']").count():
            break
        newcomer.press("a[href$='/program']:not(.pl-tabs a)")
        page.locator("main section[id^='session-'] .pl-sec-head a").last.click()
        newcomer.press("form[action$='/removal'] button")
        page.goto(newcomer.home)
    newcomer.look("what stands before it closes")
    newcomer.press("form[action$='/state/finished'] button")
    newcomer.look("finished")
    newcomer.press("ol.pl-list a[href$='/minutes']")
    expect(page.locator("main")).to_contain_text(decided)
    newcomer.look("the minutes")
    page.emulate_media(media="print")
    assert len(page.pdf()) > 5_000
    page.emulate_media(media="screen")
    page.go_back()
    newcomer.press("ol.pl-list a[href$='/responses']")
    newcomer.look("who must answer")


def test_a_crowd_has_its_assembly_within_six_presses_of_a_phone(house: House, browser: Browser, eyes: Eyes) -> None:
    """A4: only the place is typed; name, question, day and hour are there. Then its QR code lets in whoever says a name."""
    page = eyes.watch(house.enter(new_page(browser, viewport=PHONE)))
    page.goto(f"{house.url}/assemblies")
    page.click(".pl-head a[href$='/assemblies/new']")
    page.click("#A4 a.btn[href$='/A4']")
    page.fill("[name=place]", f"The square {'x' * 90}")
    page.locator("main form button.btn-primary").last.click()
    page.click("form[action*='/assemblies/new/'] button.btn-primary")
    page.click("form[action$='/state/announced'] button")
    page.click("form[action$='/state/under_way'] button")
    expect(page.locator("ol.pl-list a[href$='/floor']")).to_be_visible()
    assert page.evaluate("document.scrollingElement.scrollWidth <= document.documentElement.clientWidth"), "a word without an end breaks"
    page.click(".pl-head a[href$='/door-links']")
    page.check("[name=kind][value=kiosk]")
    page.locator("main form button.btn-primary").last.click()
    passer_by = new_page(browser, viewport=PHONE, locale="es")
    passer_by.goto(page.locator("main a[href*='/kiosk/']").get_attribute("href") or "")
    passer_by.keyboard.press("Tab")
    passer_by.fill("[name=name]", "Ñandú 😀 López")
    passer_by.locator("[name=name]").press("Enter")
    expect(passer_by.locator("#kiosk-said")).to_contain_text("Ñandú L.")
    passer_by.context.close()
    page.context.close()
    assert not eyes.wrong, eyes.report()
