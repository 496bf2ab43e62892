"""Signing in and out, and acting for another organization, through HTTP."""

from datetime import timedelta

from crm.infra import db
from tests.factories import PASSWORD


def test_whoever_is_not_signed_in_is_sent_to_sign_in_and_back(client):
    away = client.get("/account")
    assert away.status_code == 302
    assert away.location == "/sign-in?next=/account"
    page = client.get(away.location)
    assert 'value="/account"' in page.text
    back = client.post("/sign-in", data={"email": "imani@imani.example", "password": PASSWORD, "next": "/account"})
    assert (back.status_code, back.location) == (303, "/account")


def test_sign_in_leads_to_no_other_host(client):
    for trick in ("//evil.example", "https://evil.example", "/\\evil.example", "/\t/evil.example"):
        answer = client.post("/sign-in", data={"email": "imani@imani.example", "password": PASSWORD, "next": trick})
        assert answer.location == "/"


def test_wrong_password_and_unknown_address_look_alike(client):
    wrong = client.post("/sign-in", data={"email": "imani@imani.example", "password": "not the one at all"})
    unknown = client.post("/sign-in", data={"email": "nobody@nobody.example", "password": "not the one at all"})
    assert wrong.status_code == unknown.status_code == 422
    assert "The e-mail address or the password is wrong." in wrong.text
    assert "imani@imani.example" in wrong.text, "what was typed is kept"
    assert "The e-mail address or the password is wrong." in unknown.text


def test_tries_are_limited(client, clock):
    for _ in range(10):
        client.post("/sign-in", data={"email": "omar@omar.example", "password": "not the one at all"})
    refused = client.post("/sign-in", data={"email": "omar@omar.example", "password": PASSWORD})
    assert refused.status_code == 422
    assert "Too many tries" in refused.text
    clock.move(minutes=16)
    assert client.post("/sign-in", data={"email": "omar@omar.example", "password": PASSWORD}).status_code == 303


def test_a_copied_cookie_is_dead_after_sign_out(app, signed_in):
    """S1: sign-out acts at once, whatever cookie was copied."""
    browser = signed_in("imani")
    copied = browser.get_cookie("plenary").value
    assert browser.get("/account").status_code == 200
    assert browser.post("/sign-out").status_code == 303
    thief = app.test_client()
    thief.set_cookie("plenary", copied)
    assert thief.get("/account").status_code == 302


def test_a_sign_in_ends_after_two_idle_hours_and_after_twelve(signed_in, clock):
    browser = signed_in("imani")
    for _ in range(11):
        clock.move(hours=1)
        assert browser.get("/account").status_code == 200
    clock.move(hours=1, minutes=1)
    assert browser.get("/account").status_code == 302, "twelve hours in all"
    other = signed_in("omar")
    clock.move(hours=2, minutes=1)
    assert other.get("/account").status_code == 302, "two hours idle"


def test_a_changed_role_acts_on_the_next_request(signed_in, world, clock):
    from crm.accounts.actions import give_grant

    browser = signed_in("omar")
    assert browser.get("/account").status_code == 200
    with db.transaction():
        give_grant(world.accounts["omar"], world.orgs["southbank"], "organizer", now=clock.now, expires_at=clock.now - timedelta(seconds=1))
    assert browser.get("/account").status_code in (302, 403)


def test_acting_for_another_organization(signed_in, world):
    browser = signed_in("imani", org="southbank")
    page = browser.get("/acting")
    assert "Southbank Tenants Union" in page.text
    assert "Common Table" in page.text
    assert "Mill District" not in page.text
    other = signed_in("imani", org="table")
    assert "Common Table" in other.get("/account").text


def test_nobody_acts_by_anothers_grant(signed_in, world):
    from crm.accounts.models import Grant

    with db.reading():
        foreign = db.session().query(Grant).filter_by(account_id=world.accounts["stranger"]).one().id
    browser = signed_in("imani")
    assert browser.post("/acting", data={"grant_id": foreign}).status_code == 404
    assert browser.post("/acting", data={"grant_id": 12345}).status_code == 404


def test_a_post_without_the_token_is_refused(signed_in):
    """S5: CSRF."""
    browser = signed_in("imani")
    assert browser.post("/language", data={"language": "es"}, csrf=False).status_code == 400


def test_spanish_stays_once_chosen(signed_in):
    browser = signed_in("imani")
    browser.post("/language", data={"language": "es", "next": "/account"})
    assert '<html lang="es"' in browser.get("/account").text


def test_changing_the_password_ends_other_sign_ins_and_names_every_problem(signed_in):
    here, there = signed_in("omar"), signed_in("omar")
    bad = here.post("/account", data={"old": "not it", "password": "short"})
    assert bad.status_code == 422
    assert "at least 12 letters" in bad.text
    assert "not your present password" in bad.text
    good = here.post("/account", data={"old": PASSWORD, "password": "an entirely new phrase"})
    assert good.status_code == 303
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 302
