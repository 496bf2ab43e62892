"""F6: the second press and the back button do nothing twice, and say so."""

from collections import Counter

import pytest
from sqlalchemy import select

from crm.infra import db
from crm.infra.db import Base
from tests.clients import form_of


def counts() -> dict[str, int]:
    """How many rows each table of organizations holds, over all of them; PostgreSQL shows one organization's at a time."""
    held, found = [mapper.local_table.name for mapper in Base.registry.mappers if mapper.class_.__access__ != "directory"], Counter()
    asked = " union all ".join(f"select '{name}', count(*) from {name}" for name in held)
    with db.reading() as s:
        orgs = s.scalars(select(Base.metadata.tables["organizations"].c.id)).all()
    for org in orgs[:1] if db.is_sqlite() else orgs:
        with db.reading(org) as s:
            found.update(dict(s.connection().exec_driver_sql(asked).all()))
    return dict(found)


def twice(browser, url: str, data: dict) -> tuple:
    """The same form sent twice (one `once`), then again from the back button (a fresh one)."""
    once = {**data, "once": f"press-{url}"}
    first = browser.post(url, data=once)
    after = counts()
    second = browser.post(url, data=once)
    assert counts() == after, f"{url} did something twice"
    assert (second.status_code, second.headers.get("Location")) == (first.status_code, first.headers.get("Location"))
    return first, after


@pytest.mark.parametrize(
    ("endpoint", "data"),
    [
        ("people.notes_post", {"body": "Rang twice"}),
        ("people.person_tags_post", {"name": "twice"}),
        ("people.person_new_post", {"given_name": "Twice"}),
        ("people.segment_new_post", {"name": "Twice", "save": "1"}),
        ("assemblies.tasks_post", {"text": "Twice", "name": "Twice", "words": "Twice"}),
        ("turnout.pledges_post", {"promised": "9", "lead_name": "Twice"}),
        ("consent.consent_post", {"kind": "revoked"}),
    ],
)
def test_the_second_press_changes_nothing(stage, endpoint, data):
    browser, arguments = stage.enter("southbank"), stage.arguments.get(endpoint, {})
    with stage.app.test_request_context():
        url = stage.app.url_map.bind("localhost").build(endpoint, arguments, method="POST")
    twice(browser, url, data)


def test_a_broadcast_confirmed_from_the_back_button_is_sent_once(stage):
    browser = stage.enter("southbank")
    id = stage.arguments["broadcasts.sending_post"]["id"]
    form = {k: v for k, v in form_of(browser.get(f"/texts/{id}").text, "/sending").items() if k != "csrf_token"}
    _first, after = twice(browser, f"/texts/{id}/sending", form)
    again = browser.post(f"/texts/{id}/sending", data={**form, "once": "back-button"})
    assert again.status_code in (303, 409, 422)
    assert counts() == after


@pytest.mark.parametrize("path", ["opening", "closing", "certificate", "notices"])
def test_a_vote_is_not_moved_twice(stage, path):
    browser = stage.enter("table")
    url = f"/votes/{stage.arguments['ratifications.opening_post']['id']}/{path}"
    _first, after = twice(browser, url, {"reason": "By agreement"})
    assert browser.post(url, data={"reason": "By agreement", "once": f"back-{path}"}).status_code in (303, 403, 409, 422)
    assert {k: v for k, v in counts().items() if k in ("ballots", "certificates", "electorates", "roll_entries")} == {
        k: v for k, v in after.items() if k in ("ballots", "certificates", "electorates", "roll_entries")
    }


def test_an_amendment_is_adopted_once(stage):
    browser, at = stage.enter("table"), stage.arguments["platforms.decision_post"]
    url = f"/platforms/{at['id']}/amendments/{at['amendment_id']}/decision"
    _first, after = twice(browser, url, {"verb": "adopt", "reason": "Agreed in the room"})
    again = browser.post(url, data={"verb": "adopt", "reason": "Agreed in the room", "once": "back"})
    assert again.status_code in (303, 404, 409, 422)
    assert counts()["plank_versions" if "plank_versions" in after else "planks"] == after["plank_versions" if "plank_versions" in after else "planks"]


def test_an_import_is_undone_once(stage):
    browser, id = stage.enter("southbank"), stage.arguments["people.undoing_post"]["id"]
    _first, after = twice(browser, f"/people/imports/{id}/undoing", {})
    again = browser.post(f"/people/imports/{id}/undoing", data={"once": "back"})
    assert again.status_code in (303, 409, 422)
    assert counts()["people"] == after["people"]
