"""Pages of conversations and of the ladder, through HTTP."""

import re

import pytest

from tests.clients import form_of


@pytest.fixture
def imani(signed_in):
    return signed_in("imani", org="southbank")


@pytest.fixture
def ana(world):
    return world.people["southbank"][0]


def fill(browser, path, **typed):
    page = browser.get(path)
    assert page.status_code == 200
    return form_of(page.text, 'name="once"') | typed


def log(browser, id, **typed):
    path = f"/people/{id}/conversations/new"
    typed = {"summary": "She will bring four neighbors."} | typed
    return browser.post(path, data=fill(browser, path, **typed))


def test_a_talk_is_logged_and_stands_on_the_persons_page(imani, ana) -> None:
    answer = log(imani, ana, next_step="Ask her to chair", follow_up_on="2026-11-25", assessment="1", rung="4")
    assert (answer.status_code, answer.location) == (303, f"/people/{ana}")
    page = imani.get(answer.location).text
    assert "The one-on-one is logged." in page and "She will bring four neighbors." in page
    due = imani.get("/conversations").text
    assert "Ask her to chair" in due and "Wednesday" in due


def test_everything_that_is_wrong_is_said_and_what_was_typed_is_kept(imani, ana) -> None:
    answer = log(imani, ana, summary="", held_at="2026-12-24T10:00", next_step="Ask her to chair")
    assert answer.status_code == 422
    for words in ("Write what you heard", "This talk lies ahead", "Choose a day for the next step"):
        assert words in answer.text
    assert 'value="Ask her to chair"' in answer.text and 'value="2026-12-24T10:00"' in answer.text


def test_the_form_begins_now_on_the_organizations_clock(imani, ana) -> None:
    assert 'value="2026-11-23T09:00"' in imani.get(f"/people/{ana}/conversations/new").text


NONSENSE = [("held_at", "now"), ("follow_up_on", "soon"), ("rung", "9"), ("assessment", "x")]


@pytest.mark.parametrize(("name", "typed"), NONSENSE)
def test_nonsense_is_refused_in_words(imani, ana, name, typed) -> None:
    assert log(imani, ana, **{name: typed}).status_code == 422


def test_pressing_twice_logs_once(imani, ana) -> None:
    path = f"/people/{ana}/conversations/new"
    typed = fill(imani, path, summary="Once only.")
    assert imani.post(path, data=typed).location == imani.post(path, data=typed).location
    assert imani.get(path).text.count("Once only.") == 1


def test_a_step_is_ticked_off_from_the_list(imani, world) -> None:
    for id in world.people["southbank"][:2]:
        log(imani, id, next_step="Call back", follow_up_on="2026-11-23")
    for left in (1, 0):
        page = imani.get("/conversations").text
        action = re.search(r'action="(/conversations/\d+/completion)"', page)[1]
        assert imani.post(action, data=form_of(page, action)).status_code == 303
        assert imani.get("/conversations").text.count("Call back") == left
    assert "No one-on-ones are due" in imani.get("/conversations").text


def test_a_step_is_moved(imani, ana) -> None:
    log(imani, ana, next_step="Call back", follow_up_on="2026-11-23")
    path = re.search(r'href="(/conversations/\d+/follow-up)"', imani.get("/conversations").text)[1]
    assert imani.post(path, data=fill(imani, path, follow_up_on="2026-11-01")).status_code == 422
    assert imani.post(path, data=fill(imani, path, next_step="Visit", follow_up_on="2026-12-24")).status_code == 303
    page = imani.get("/conversations").text
    assert "Visit" in page and "December 24" in page


def test_a_step_on_the_ladder(imani, ana) -> None:
    path = f"/people/{ana}/rung"
    assert imani.post(path, data=fill(imani, path, rung="4", reason="Led the meeting")).status_code == 303
    answer = imani.post(path, data=fill(imani, path, rung="2"))
    assert answer.status_code == 422 and "Say why they step back" in answer.text
    page = imani.get("/ladder").text
    assert "Led the meeting" in page and "1 person stepped up" in page
    assert "Led the meeting" not in imani.get("/ladder?direction=back").text


def test_an_assessment(imani, ana) -> None:
    path = f"/people/{ana}/assessment"
    assert imani.post(path, data=fill(imani, path, assessment="2")).status_code == 303
    assert re.search(r'<option selected value="2"', imani.get(path).text)


def test_the_rungs_get_names(imani, ana) -> None:
    typed = fill(imani, "/ladder/names", rung_1="Neighbor")
    assert typed["rung_5"] == "Core leader"
    assert imani.post("/ladder/names", data=typed).status_code == 303
    assert "Neighbor" in imani.get("/ladder").text and "Neighbor" in imani.get(f"/people/{ana}/rung").text
    assert "Líder central" in imani.get("/ladder?lang=es").text
    doubled = imani.post("/ladder/names", data=fill(imani, "/ladder/names", rung_2="neighbor", rung_3=""))
    assert doubled.status_code == 422 and "Rung 3 needs a name." in doubled.text


def test_the_list_costs_the_same_for_many(imani, world, count_queries) -> None:
    with count_queries() as few:
        imani.get("/conversations")
    for id in world.people["southbank"]:
        log(imani, id, next_step="Call back", follow_up_on="2026-11-23")
    imani.get("/conversations")
    with count_queries() as many:
        imani.get("/conversations")
    assert len(many) <= len(few)


def test_roles(signed_in, ana) -> None:
    paths = ("/conversations", f"/people/{ana}/conversations/new", f"/people/{ana}/rung", "/ladder", "/ladder/names")
    expected = [("vera", (200, 200, 403, 200, 403)), ("rita", (403, 403, 403, 200, 403))]
    for name, codes in [*expected, ("dolores", (200, 404, 404, 200, 200))]:
        browser = signed_in(name)
        assert tuple(browser.get(path).status_code for path in paths) == codes, name


def test_whom_did_you_talk_with(imani, ana) -> None:
    log(imani, ana)
    page = imani.get("/conversations/new").text
    assert page.index("Beatriz Okafor") < page.index("Ana Quintero"), "those nobody has talked to come first"
    found = imani.get("/conversations/new?q=quintero").text
    assert "Ana Quintero" in found and "Beatriz" not in found
    assert "No one has this name" in imani.get("/conversations/new?q=zzz").text


def test_a_volunteer_reads_only_their_own_talks(imani, signed_in, ana) -> None:
    log(imani, ana, next_step="Ask about the hearing", follow_up_on="2026-11-23")
    path = re.search(r'href="(/conversations/\d+/follow-up)"', imani.get("/conversations").text)[1]
    vera = signed_in("vera")
    assert "She will bring" not in vera.get(f"/people/{ana}/conversations/new").text
    assert "hearing" not in vera.get("/conversations?of=everyone").text
    assert vera.get(path).status_code == 404
    log(vera, ana, summary="Met at the laundry.")
    assert "Met at the laundry." in vera.get(f"/people/{ana}/conversations/new").text
    omar = signed_in("omar").get("/conversations?of=everyone").text
    assert "Ask about the hearing" in omar


def test_the_persons_page_shows_the_last_talk_and_what_follows(imani, signed_in, ana) -> None:
    assert "Nobody has logged a talk yet." in imani.get(f"/people/{ana}").text
    log(imani, ana, next_step="Ask her to chair", follow_up_on="2026-11-25")
    page = imani.get(f"/people/{ana}").text
    assert "Ask her to chair" in page and f"/people/{ana}/rung" in page
    assert "One-on-ones</h2>" not in signed_in("rita").get(f"/people/{ana}").text
