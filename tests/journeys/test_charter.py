"""A constitutional assembly (A9): twenty-four representatives of three districts draft a charter, amend it article by article, adopt each by
two thirds and by name, strike what failed, and adopt the whole; every version is kept, and the charter is a public page and a file."""

import re

import pytest

from crm.assemblies.playbooks import playbook_of
from crm.ratification.verify import check_board
from tests.clients import form_of
from tests.journeys.halls import Hall, rule_of

DISTRICTS = {"north": ("North District", 8), "south": ("South District", 8), "harbor": ("Harbor District", 8)}
ARTICLES = {
    "Who belongs": "Whoever lives here belongs, after six months.",
    "Who decides": "The yearly assembly decides. The council carries it out.",
    "Who pays": "Everyone pays the same dues.",
}


@pytest.mark.long
def test_a_charter_is_adopted_article_by_article_and_as_a_whole(hall: Hall):
    for slug, (name, seats) in DISTRICTS.items():
        hall.body(slug, name, seats, kind="base_building")
    hall.body("charter", "Charter Convention", kind="coalition", of=DISTRICTS)
    desk = hall.desk("charter")
    known = {"decides": "delegates", "comes": "sent", "government": "none", "lasts": "once"}
    hall.convened(desk, known, "A9", "Charter Convention", "By what rules do we want to live together?", 24, DISTRICTS)
    charter = first_reading(hall, desk)
    second_reading(hall, desk, charter)
    each_article_by_itself(hall, desk, charter)
    the_whole(hall, hall.desk("charter"), charter)  # two days later: signed in again
    everyone_reads_it(hall, hall.desk("charter"), charter)


def articles_of(desk, charter: str) -> list[str]:
    return list(dict.fromkeys(re.findall(rf'<li><a href="({charter}/planks/\d+)"', desk.get(charter).text)))


def first_reading(hall: Hall, desk) -> str:
    """The drafting committee lays three articles on the table."""
    hall.press(desk, "/platforms/new", 'name="title_en"', title_en="Our Charter", languages=["en"], authentic_language="en", least_supporters="1")
    charter = hall.here
    for title, text in ARTICLES.items():
        hall.press(desk, f"{charter}/planks/new", 'name="text_en"', title_en=title, text_en=text)
    return charter


def amend(hall: Hall, slug: str, charter: str, to: str, old: str, new: str) -> str:
    """A district moves to replace some words of an article (plank=…) or of an amendment (to=…); the amendment's address."""
    desk = hall.desk(slug)
    page = f"{charter}/amendments/new?{to}"
    text = form_of(desk.get(page).text, 'name="base_version"')["text_en"]
    assert old in text
    hall.press(desk, page, 'name="base_version"', text_en=text.replace(old, new), reason="As our district decided.")
    return hall.here


def second_reading(hall: Hall, desk, charter: str) -> None:
    """Amendments, one to an amendment first; two meet and are decided one by one; what nobody contests is adopted together."""
    belongs, decides, _pays = (f"plank={address.rsplit('/', 1)[1]}" for address in articles_of(desk, charter))
    three = amend(hall, "north", charter, belongs, "six months", "three months")
    within = amend(hall, "harbor", charter, f"to={three.rsplit('/', 1)[1]}", "three months", "three months and a meeting")
    one = amend(hall, "south", charter, belongs, "six months", "one month")
    council = amend(hall, "harbor", charter, decides, "The council", "A council of nine")
    moved = ((three, "south"), (within, "north"), (one, "harbor"), (council, "north"))
    for address, second in moved:
        hall.press(hall.desk(second), address, "We support this", verb="support")
    assert "It meets amendment B" in desk.get(three).text
    shown = desk.get(f"{charter}/consent").text
    assert "It changes the same words as B." in shown
    hall.press(desk, within, "/decision", verb="adopt", reason="Read out, by show of hands.")
    hall.press(desk, three, "/decision", verb="adopt", reason="Seventeen to seven.")
    assert "the same words have changed since" in desk.get(one).text
    hall.press(desk, one, "/decision", verb="refuse", reason="It met the one adopted.")
    together = form_of(desk.get(f"{charter}/consent").text, 'name="mark"')
    answer = desk.post(f"{charter}/consent", data=together | {"reason": "Nobody spoke against it.", "once": "together"})
    assert answer.status_code == 303 and "A council of nine" in desk.get(articles_of(desk, charter)[1]).text


def vote(hall: Hall, desk, title: str, choices: dict[str, dict[str, str]]) -> tuple[str, dict]:
    """Every representative by name; two thirds must vote, and two thirds of yes and no carry."""
    opened = hall.opened(desk, rule_of(playbook_of("A9").decisions[0], members_open="y"), title, "two thirds")
    nobody = hall.app.test_client()
    for slug, said in choices.items():
        tokens = hall.letters(slug, opened)
        assert len(tokens) == DISTRICTS[slug][1]
        for token in tokens:
            hall.presses += 1
            assert nobody.post(f"/v/{token}/open", data=said, csrf=False).status_code == 200
    result = hall.counted("charter", opened)
    hall.press(hall.desk("charter"), f"{opened}/results", "certificate")
    return result


def each_article_by_itself(hall: Hall, desk, charter: str) -> None:
    """Two districts of three carry the first two articles; the third has one, and is struck."""
    assert "three months and a meeting" in hall.press(desk, f"{charter}/editions/new", "Freeze edition 1", ["is_whole"])
    yes = {"p1": "yes", "p2": "yes", "p3": "no"}
    page, board = vote(hall, desk, "Each article by itself", {"north": yes, "south": yes | {"p2": "no"}, "harbor": yes | {"p3": "yes"}})
    assert "2 of 3 planks ratified" in page and board["result"]["ratified"] == [1, 2] and check_board(board).is_right
    desk = hall.desk("charter")
    assert desk.get(f"{charter}/editions/1").text.count("Not ratified") == 1
    hall.press(desk, charter, "/writing")
    hall.press(desk, articles_of(desk, charter)[2], 'value="strike"', verb="strike")


def the_whole(hall: Hall, desk, charter: str) -> None:
    """What is left is frozen again and put as one question, by the same rule."""
    shown = hall.press(desk, f"{charter}/editions/new", "Freeze edition 2", is_whole="y")
    assert "Voted on as a whole." in shown and "Who pays" not in shown
    _page, board = vote(hall, desk, "The charter as a whole", {"north": {"p1": "yes"}, "south": {"p1": "no"}, "harbor": {"p1": "yes"}})
    assert len(board["result"]["electorates"][0]["planks"]) == 1 and board["result"]["ratified"] == [1] and check_board(board).is_right
    assert len(board["electorates"][0]["roll"]) == 24
    assert "Ratified as a whole" in hall.desk("charter").get(f"{charter}/editions/2").text


def everyone_reads_it(hall: Hall, desk, charter: str) -> None:
    """The public page, the file, and every word since the first reading with who moved it."""
    hall.press(desk, f"{charter}/publication", 'name="slug"', slug="our-charter")
    nobody = hall.app.test_client()
    page = nobody.get("/p/our-charter").text
    assert "Ratified as a whole" in page and "A council of nine" in page and "Seat 001" not in page
    assert nobody.get("/p/our-charter/platform.pdf").data.startswith(b"%PDF")
    history = desk.get(f"{articles_of(desk, charter)[0]}/history").text
    assert "<del>six</del>" in history and "North District" in history and "2 versions" in history
    assert "six months" in desk.get(f"{articles_of(desk, charter)[0]}/history?to=1").text
