"""P9: what takes people's data out, or away for good, asks for the password again unless it was said in the last five minutes."""

import re

import pytest
from sqlalchemy import func, select

from crm.accounts.models import SignIn
from crm.accounts.rules import FAILURES_ALLOWED
from crm.infra.db import session
from crm.people.models import Erasure, Export
from tests.clients import form_of
from tests.factories import PASSWORD

ASKED = {"columns": ["given_name", "family_name"], "format": "csv", "reason": "Letters <for> March", "once": "e"}
GUARDED = {
    "people.export_new_post", "people.export_decision_post", "people.export_file_post", "people.times_post", "people.erasing_post", "people.everything_get",
    "people.everything_link_post", "people.everything_json_get", "assemblies.letters_get", "assemblies.letters_csv_get",
}  # fmt: skip


def hidden(page: str) -> dict[str, list[str]]:
    """What the page sends again, unseen."""
    sent: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page):
        sent.setdefault(name, []).append(value.replace("&lt;", "<").replace("&gt;", ">"))
    return sent


def exports() -> int:
    return session().scalar(select(func.count()).select_from(Export))


def test_the_views_that_ask(app):
    assert {name for name, view in app.view_functions.items() if getattr(view, "is_fresh", False)} == GUARDED


def test_within_five_minutes_nobody_is_asked_and_afterwards_everybody_is(signed_in, clock, as_org):
    imani = signed_in("imani", "southbank")
    clock.move(minutes=4, seconds=59)
    assert imani.post("/people/exports", data=ASKED).status_code == 303
    clock.move(seconds=1)
    answer = imani.post("/people/exports", data=ASKED | {"once": "f"})
    assert answer.status_code == 403 and "Your password once more" in answer.text
    with as_org("southbank"):
        assert exports() == 1


def test_the_form_goes_on_with_everything_that_was_typed(signed_in, clock, as_org):
    imani = signed_in("imani", "southbank")
    clock.move(minutes=10)
    page = imani.post("/people/exports", data=ASKED).text
    sent = hidden(page)
    assert sent["columns"] == ASKED["columns"] and sent["reason"] == [ASKED["reason"]] and "said_again" not in sent
    wrong = imani.post("/people/exports", data=sent | {"said_again": "open sesame open"})
    assert wrong.status_code == 422 and "This is not your password." in wrong.text and "open sesame" not in wrong.text
    assert imani.post("/people/exports", data=sent | {"said_again": ""}).status_code == 422
    with as_org("southbank"):
        assert exports() == 0
    done = imani.post("/people/exports", data=hidden(wrong.text) | {"said_again": PASSWORD})
    assert done.status_code == 303
    with as_org("southbank"):
        kept = session().scalars(select(Export)).one()
        assert (kept.columns, kept.reason) == (ASKED["columns"], ASKED["reason"])
    assert imani.post("/people/exports", data=ASKED | {"once": "g"}).status_code == 303, "said once, it holds for five minutes"


def test_fetching_asks_too_and_then_gives_the_file(signed_in, clock, run_jobs):
    imani = signed_in("imani", "southbank")
    asked = imani.post("/people/exports", data=ASKED).location
    run_jobs()
    clock.move(minutes=6)
    page = imani.post(f"{asked}/file", data={"once": "f"})
    assert page.status_code == 403 and "Quintero" not in page.text
    answer = imani.post(f"{asked}/file", data=hidden(page.text) | {"said_again": PASSWORD})
    assert answer.status_code == 200 and "Quintero" in answer.text


def test_a_page_opens_after_the_password(signed_in, clock, ana):
    imani = signed_in("imani", "southbank")
    clock.move(minutes=6)
    for path in (f"/people/{ana}/everything", f"/people/{ana}/everything.json"):
        clock.move(minutes=6)
        page = imani.get(path)
        assert page.status_code == 403 and "Quintero" not in page.text
        form = form_of(page.text, "said_again")
        assert form["next"] == path
        wrong = imani.post("/confirmation", data=form | {"said_again": "open sesame open"})
        assert wrong.status_code == 422 and form_of(wrong.text, "said_again")["next"] == path
        opened = imani.post("/confirmation", data=form | {"said_again": PASSWORD})
        assert (opened.status_code, opened.location) == (303, path)
        assert "Quintero" in imani.get(path).text
    away = imani.post("/confirmation", data={"next": "https://elsewhere.example/", "said_again": PASSWORD})
    assert away.location == "/"


def test_erasing_waits_for_the_password(signed_in, clock, ana, as_org):
    imani = signed_in("imani", "southbank")
    form = form_of(imani.get(f"/people/{ana}/erasure").text, "erasure")
    clock.move(minutes=6)
    assert imani.post(f"/people/{ana}/erasure", data=form).status_code == 403
    with as_org("southbank"):
        assert session().scalar(select(func.count()).select_from(Erasure)) == 0


def test_guesses_are_counted_like_those_of_signing_in(signed_in, clock, ana):
    imani = signed_in("imani", "southbank")
    clock.move(minutes=6)
    for _ in range(FAILURES_ALLOWED):
        imani.post("/people/exports", data=ASKED | {"said_again": "a wrong password"})
    late = imani.post("/people/exports", data=ASKED | {"said_again": PASSWORD})
    assert late.status_code == 422 and "Too many tries" in late.text
    clock.move(minutes=16)
    assert imani.post("/people/exports", data=ASKED | {"said_again": PASSWORD}).status_code == 303


def test_one_sign_in_does_not_confirm_another(signed_in, clock, as_org):
    here, elsewhere = signed_in("imani", "southbank"), signed_in("imani", "southbank")
    clock.move(minutes=6)
    assert here.post("/people/exports", data=ASKED | {"said_again": PASSWORD}).status_code == 303
    assert elsewhere.post("/people/exports", data=ASKED | {"once": "h"}).status_code == 403
    with as_org("southbank"):
        assert len(set(session().scalars(select(SignIn.confirmed_at)))) == 2


@pytest.mark.parametrize("name", ["omar", "vera"])
def test_whoever_may_not_is_refused_and_not_asked(signed_in, clock, name):
    browser = signed_in(name)
    clock.move(minutes=6)
    answer = browser.post("/people/exports", data=ASKED | {"said_again": PASSWORD})
    assert answer.status_code == 403 and "password" not in answer.text


@pytest.fixture
def ana(world) -> int:
    return world.people["southbank"][0]
