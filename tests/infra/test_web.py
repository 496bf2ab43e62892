"""The web's edge: nonsense in addresses and fields, keyset marks that somebody made up, double presses, headers."""

import base64
import json

import pytest

from tests.clients import form_of


@pytest.mark.parametrize("url", ["/people/99999999999999999999999999", "/people/-1", "/assemblies/9223372036854775808"])
def test_numbers_that_no_id_can_be_are_not_found(signed_in, url):
    assert signed_in("imani").get(url).status_code == 404


def test_nul_is_refused_in_words(signed_in):
    browser = signed_in("imani")
    assert browser.get("/people?q=%00").status_code == 400
    assert browser.post("/people", data={"given_name": "A\x00na"}).status_code == 400


@pytest.mark.parametrize("mark", [[1, 2], ["a", "b"], [None], {"t": "x"}, [{"t": "yesterday"}, 1], "x", [[1], [2]]])
@pytest.mark.parametrize("url", ["/ladder", "/people", "/inbox", "/texts", "/assemblies"])
def test_a_mark_that_somebody_made_up_is_ignored(signed_in, url, mark):
    after = base64.urlsafe_b64encode(json.dumps(mark).encode()).decode().rstrip("=")
    assert signed_in("imani").get(f"{url}?after={after}").status_code == 200


def test_the_same_press_twice_is_one_person(signed_in):
    """F6."""
    browser = signed_in("imani")
    typed = form_of(browser.get("/people/new").text, "given_name") | {"given_name": "Twice", "family_name": "Pressed"}
    first, second = browser.post("/people", data=typed), browser.post("/people", data=typed)
    assert first.status_code == second.status_code == 303
    assert first.location == second.location


def test_pages_with_people_are_kept_by_no_cache(signed_in, client):
    page = signed_in("imani").get("/people")
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert client.get("/nowhere").status_code == 404
