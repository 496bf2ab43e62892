"""S12: logs and addresses keep quiet about what people typed and about tokens."""

import logging
import re

import pytest

from crm.infra import db, web
from crm.people import actions as people_actions

pytestmark = pytest.mark.long

SECRET = "My landlord Corvin cut the heat"


@pytest.fixture
def as_served(stage):
    """Failures become pages, as they do for people."""
    app = stage.app
    app.config["PROPAGATE_EXCEPTIONS"] = False
    yield app
    app.config["PROPAGATE_EXCEPTIONS"] = None


def said(caplog) -> str:
    return "\n".join(logging.Formatter("%(message)s").format(record) for record in caplog.records)


def test_a_failure_inside_a_post_shows_and_logs_nothing_of_what_was_typed(stage, as_served, caplog, monkeypatch):
    def fail(*_args, **typed):
        raise ValueError(f"cannot take {SECRET} {typed}")

    person = stage.arguments["people.notes_post"]["id"]
    monkeypatch.setattr(people_actions, "add_note", fail)
    browser = stage.enter("southbank")
    with caplog.at_level(logging.DEBUG):
        answer = browser.post(f"/people/{person}/notes", data={"body": SECRET})
    assert answer.status_code == 500
    assert "Corvin" not in answer.text and "Traceback" not in answer.text
    assert "ValueError in people.notes_post" in said(caplog)
    assert "Corvin" not in said(caplog)


def test_a_failure_on_a_linked_page_logs_no_token(stage, as_served, caplog, monkeypatch):
    def fail(*_args, **_more):
        raise ValueError("broken")

    token = "s3cr3tt0k3ns3cr3tt0k3n"
    browser = stage.app.test_client()
    for endpoint, path in (("turnout_door.door_get", "/door/"), ("turnout_passes.pass_get", "/me/"), ("ballots.ballot_get", "/v/")):
        view = next((name for name in stage.app.view_functions if name.startswith(endpoint.split(".")[0]) and name.endswith(endpoint.split(".")[1])), None)
        assert view, endpoint
        fail.is_public_because = "a test"
        monkeypatch.setitem(stage.app.view_functions, view, fail)
        with caplog.at_level(logging.DEBUG):
            assert browser.get(path + token).status_code == 500
    assert f"ValueError in {view}" in said(caplog)
    assert token not in said(caplog)


def test_an_evening_of_pages_logs_nothing_personal_and_no_address_holds_it(stage, caplog):
    browser = stage.enter("southbank")
    person, thread = stage.arguments["people.notes_post"]["id"], stage.arguments["inbox.thread_get"]["id"]
    assembly = stage.arguments["assemblies.participants_get"]["id"]
    locations = []
    with caplog.at_level(logging.DEBUG):
        for url, typed in (
            (f"/people/{person}/notes", {"body": SECRET}),
            ("/people", {"given_name": "Corvina", "family_name": SECRET, "phones-0-text": "415-555-0177"}),
            (f"/inbox/{thread}/answers", {"body": SECRET}),
            (f"/people/{person}/tags", {"name": SECRET[:30]}),
            (f"/assemblies/{assembly}/people/{person}/answer", {"word": "yes", "detail": SECRET}),
            ("/sign-in", {"email": "corvin@example.org", "password": SECRET}),
        ):
            answer = browser.post(url, data=typed)
            assert answer.status_code < 500
            locations.append(answer.headers.get("Location", ""))
        for url in (f"/people/{person}", f"/inbox/{thread}", "/people?q=Corvina", f"/assemblies/{assembly}/calls"):
            browser.get(url)
        door = re.search(
            r"/door/([\w-]{20,})",
            browser.post(
                f"/assemblies/{assembly}/door-links",
                data={"session_id": stage.arguments["assemblies.session_post"]["session_id"], "name": "Side", "hours": "24"},
                follow_redirects=True,
            ).text,
        )
    log = said(caplog)
    for word in ("Corvin", "landlord", "415555", "555-0177", *([door.group(1)] if door else [])):
        assert word not in log
        assert word not in " ".join(locations)


def test_a_failed_statement_does_not_carry_its_parameters(stage):
    assert db.engine().hide_parameters


def test_the_house_has_one_way_to_log_a_failure(stage):
    assert stage.app.log_exception is web._log_failure
