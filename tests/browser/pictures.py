"""Takes the pictures of the organizers' page from the demonstration: `python -m tests.browser.pictures` writes docs/pictures/*.png."""

import re
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.browser.eyes import Eyes
from tests.browser.house import PHONE, ROOT, House, chromium, new_page, running_house
from tests.browser.test_evening import (
    Evening,
    ballot_link,
    compose,
    onward,
    press,
    reload_until,
    test_08_the_platform_is_amended_and_frozen,
)

FOLDER = ROOT / "docs" / "pictures"


def keep(page: Page, name: str, tall: int = 900) -> None:
    """One picture, from the top of the page."""
    width = (page.viewport_size or PHONE)["width"]
    page.screenshot(path=FOLDER / f"{name}.png", clip={"x": 0, "y": 0, "width": width, "height": tall}, full_page=True, animations="disabled")


def take(house: House, browser: Browser) -> None:
    page = house.enter(new_page(browser))
    page.on("dialog", lambda dialog: dialog.accept())
    evening = Evening(house, browser, Eyes(), page)
    keep(evening.go("/"), "week", 840)
    people(evening)
    texts(evening)
    door(evening)
    platform_and_vote(evening)


def people(evening: Evening) -> None:
    page = evening.go("/people/imports/new")
    page.set_input_files("input[type=file]", ROOT / "crm" / "people" / "sample.csv")
    press(page, "Look at the columns")
    page.get_by_label("the month comes first").check()
    press(page, "Check the rows")
    page.get_by_text("Row by row").wait_for()
    keep(page, "import")
    evening.go("/people/lists")
    page.get_by_role("link", name=re.compile("^Change Ready to lead")).click()
    page.get_by_label("Name").last.wait_for()
    keep(page, "list", 760)


def texts(evening: Evening) -> None:
    page = compose(evening, "Members in Mill District", "Mill District, first call")
    keep(page, "text")
    press(page, re.compile("^Send .* text"))
    evening.go("/phones")
    called = page.locator(".pl-phone:has(h2)", has_text="can we count on you")
    reload_until(page, lambda: called.count() >= 3)
    called.first.get_by_role("button", name="need childcare for 2").click()
    page.locator(".is-reply", has_text="need childcare for 2").wait_for()
    keep(evening.go("/phones"), "phones")
    evening.go("/inbox")
    page.locator(".pl-inbox-list a", has_text="Marcus Oyelaran").click()
    page.locator("[name=body]").wait_for()
    keep(page, "inbox")


def door(evening: Evening) -> None:
    page = evening.go(evening.links["announced"] + "/door-links")
    page.fill("[name=name]", "Main entrance")
    press(page, "Make the link")
    link = page.locator("a[href*='/door/']").last.get_attribute("href") or ""
    volunteer = evening.go(link, new_page(evening.browser))
    volunteer.fill("#q", "ma")
    volunteer.keyboard.press("Enter")
    volunteer.locator("#found li").first.wait_for()
    keep(volunteer, "door")


def platform_and_vote(evening: Evening) -> None:
    table = evening.house.enter(new_page(evening.browser), acting="Common Table")
    evening.go("/platforms", table)
    table.get_by_role("link", name="A Home in Port Callan, second year").click()
    table.locator(".pl-planks a", has_text="heat standard").click()
    table.get_by_role("link", name="Amendment A", exact=True).click()
    table.get_by_text("Record the decision").wait_for()
    keep(table, "platform")
    evening.go("/votes", table)
    table.get_by_role("link", name="Ratification of A Home in Port Callan").click()
    table.get_by_text("Plank by plank").wait_for()
    keep(table, "results", 820)
    table.context.close()
    evening.visitor = lambda **how: new_page(evening.browser, **how)  # type: ignore[method-assign]
    test_08_the_platform_is_amended_and_frozen(evening)
    page = evening.go("/votes/new")
    page.fill("[name=title_en]", "Ratification, second year")
    page.fill("[name=title_es]", "Ratificación, segundo año")
    press(page, "Save and check")
    press(page, "Build the roll and open")
    member = evening.go(ballot_link(evening, "es"), new_page(evening.browser, viewport=PHONE, locale="es-US"))
    onward(member)
    member.locator("input[type=radio][value=yes]").check()
    keep(member, "ballot", PHONE["height"])


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="plenary-pictures-") as folder, chromium() as browser, running_house(Path(folder)) as house:
        take(house, browser)
    for picture in sorted(FOLDER.glob("*.png")):
        print(f"{picture.name}: {picture.stat().st_size // 1024} kB")


if __name__ == "__main__":
    main()
