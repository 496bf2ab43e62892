"""A policy platform assembly (A2), from the sentence that begins it to a certificate that anyone can check.

Southbank calls it, Mill and Arroyo take part, their coalition Common Table owns the platform and puts it to the vote. Everything goes
through the pages, as the people at their desks, phones and doors would press; only the two lists that are texted stand there before.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape

import pytest

from crm.cli import main as plenary
from crm.infra import runtime
from crm.infra.db import session
from crm.outreach.actions import import_consents
from crm.people.models import Segment
from crm.ratification.verify import check_board
from tests.clients import CheckedClient, form_of
from tests.factories import MONDAY, World
from tests.journeys.halls import Presser
from tests.ratification.halls import Booth

LEADS = {"southbank": "imani", "mill": "dolores", "arroyo": "luz"}
DAY = datetime(2027, 2, 6, 18, 0, tzinfo=UTC)  # ten in the morning in Los Angeles
PLAN = {
    "title_en": "People's Housing Assembly", "title_es": "Asamblea Popular de Vivienda", "day": "2027-02-06", "starts": "10:00",
    "question_en": "What must our city do so that everyone can stay?", "question_es": "¿Qué debe hacer la ciudad para que nadie se vaya?",
    "time_zone": "America/Los_Angeles", "place": "Carver Street Hall", "address": "40 Carver Street", "goal": "30", "languages": ["en", "es"],
}
PLANKS = (
    {"title_en": "A heat standard", "title_es": "Una norma de temperatura", "text_en": "No bedroom may be hotter than 82 degrees.",
     "text_es": "Ningún dormitorio puede pasar de 82 grados."},
    {"title_en": "A night bus", "title_es": "Un autobús nocturno", "text_en": "Every line runs at night.", "text_es": "Cada línea circula de noche."},
)
ANSWERS = ("yes", "Sí, somos 3", "no puedo", "need childcare for 2", "STOP", "who is this?")


@dataclass
class Story(Presser):
    """The desks of the people in it, and what one chapter leaves for the next."""

    world: World
    enter: Callable[..., CheckedClient]
    nobody: CheckedClient

    def desk(self, org: str) -> CheckedClient:
        return self.enter(LEADS.get(org, "imani"), org=org)


@pytest.fixture
def story(app, world, signed_in, client, acting, monkeypatch) -> Story:
    """Pretend phones ring, and each organization has a list of members who agreed to texts."""
    monkeypatch.setattr(runtime, "_settings", runtime.settings().but(is_demo=True))
    for org in LEADS:
        with acting(org) as actor:
            import_consents(actor, [(id, world.phones[id]) for id in world.people[org]], wording="May we text you?", evidence="sheet", now=MONDAY)
            session().add(Segment(org_id=actor.org_id, name="Everyone", definition={"all": []}, updated_at=MONDAY))
    return Story(world, signed_in, client)


def test_a_policy_platform_assembly(story: Story, clock, run_jobs, tmp_path, capsys) -> None:
    """A replay is worth more than ten units."""
    assembly = it_is_called(story)
    partners_say_yes_and_pledge(story, assembly)
    members_are_texted_and_answer(story, assembly, run_jobs)
    clock.set(DAY)
    they_come_through_the_door(story, assembly)
    platform = they_write_it_together(story, assembly)
    vote = it_is_put_to_both(story, platform, run_jobs)
    receipt = members_vote_in_secret(story, vote)
    organizations_vote_by_name(story, vote)
    clock.move(hours=49)
    run_jobs()
    it_is_counted_certified_and_checked(story, vote, receipt, tmp_path, capsys)
    last_of_all_the_platform_is_public(story, platform)


def it_is_called(story: Story) -> str:
    """The wizard shows every date before anything is made; then the assembly is announced."""
    southbank = story.desk("southbank")
    preview = southbank.post("/assemblies/new/A2/preview", data=PLAN | {"partners": [story.world.orgs["mill"], story.world.orgs["arroyo"]]})
    assert "Nothing is made yet" in preview.text and "Saturday, February 6" in preview.text
    made = southbank.post("/assemblies/new/A2", data=PLAN | {"partners": [story.world.orgs["mill"], story.world.orgs["arroyo"]], "once": "made"})
    assert made.status_code == 303, made.text
    assembly = made.location
    assert "Announced" in story.press(southbank, assembly, "/state/announced")
    return assembly


def partners_say_yes_and_pledge(story: Story, assembly: str) -> None:
    """Each answers for itself; the convener sees both numbers, a partner its own."""
    for org, lead, promised in (("mill", "Dolores Reyes", 12), ("arroyo", "Luz Montoya", 8)):
        desk = story.desk(org)
        assert "asks your organization to take part" in desk.get(assembly).text
        story.press(desk, f"{assembly}/partners", 'value="accepted"', answer="accepted", lead_name=lead)
        told = story.press(desk, f"{assembly}/turnout", 'name="promised"', promised=str(promised), lead_name=lead)
        assert f"{lead} brings {promised}" in told
    assert "Luz Montoya" in told and "Dolores Reyes" not in told
    board = story.desk("southbank").get(f"{assembly}/turnout").text
    assert "Dolores Reyes brings 12" in board and "Luz Montoya brings 8" in board


def members_are_texted_and_answer(story: Story, assembly: str, run_jobs: Callable[[], int]) -> None:
    """Southbank texts its own; what they write becomes answers, a place in the childcare room, an opt-out, a question in the inbox."""
    desk, people = story.desk("southbank"), story.world.people["southbank"]
    page = desk.get(f"/texts/new?subject=assembly:{assembly.rsplit('/', 1)[1]}").text
    audience = unescape(re.search(r'<option[^>]*value="([^"]*)"[^>]*>[^<]*Everyone', page)[1])
    story.press(desk, f"/texts/new?subject=assembly:{assembly.rsplit('/', 1)[1]}", 'name="body_en"', audience=audience, name="First call",
                body_en="Hi {first_name|friend}, can we count on you for the {assembly}, {day}? {link}",
                body_es="Hola {first_name|amiga}, ¿contamos con usted para la {assembly}, {day}? {link}")
    story.press(desk, story.here, "/sending")
    run_jobs()
    for person, words in zip(people, ANSWERS, strict=False):
        answer = desk.post("/phones", data={"phone": story.world.phones[person], "chip": words, "once": f"answer-{person}"})
        assert answer.status_code == 303, answer.text
    run_jobs()
    board, supports, inbox = (desk.get(path).text for path in (f"{assembly}/turnout", f"{assembly}/supports", "/inbox"))
    assert "Childcare" in supports and "who is this?" in inbox and "no puedo" not in inbox
    assert re.search(r"2 of our people said yes|said yes", board)
    phones = desk.get("/phones").text
    assert "you get no more texts from us" in phones


def they_come_through_the_door(story: Story, assembly: str) -> None:
    """A link that needs no account, on the day: by name, and somebody nobody expected."""
    desk = story.desk("southbank")
    page = story.press(desk, f"{assembly}/door-links", 'name="hours"', name="Main entrance", hours="12")
    door = re.search(r'href="http://localhost(/door/[^"]+)"', page)[1]
    found = story.nobody.get(f"{door}?q=ana q").text
    assert "Ana Q." in found and "Quintero" not in found
    assert story.nobody.post(f"{door}/check-ins", data=form_of(found, "Check in")).status_code == 303
    walk_in = form_of(story.nobody.get(door).text, 'name="name"') | {"name": "Teresa Quiroga"}
    assert story.nobody.post(f"{door}/walk-ins", data=walk_in).status_code == 303
    assert "Teresa" in story.nobody.get(door).text
    assert ">2<" in story.nobody.get(door).text, "two are in the room"


def they_write_it_together(story: Story, assembly: str) -> str:
    """The coalition drafts; Mill amends a plank; the change is read as differences, adopted with a reason, and frozen."""
    table, mill = story.desk("table"), story.desk("mill")
    story.press(table, "/platforms/new", 'name="title_en"', title_en="A Home for Everyone", title_es="Un hogar para cada quien",
                languages=["en", "es"], authentic_language="en")
    platform = story.here
    for plank in PLANKS:
        story.press(table, f"{platform}/planks/new", 'name="text_en"', **plank)
    plank = re.search(rf'href="({platform}/planks/\d+)"', table.get(platform).text)[1]
    story.press(mill, f"{platform}/amendments/new?plank={plank.rsplit('/', 1)[1]}", 'name="base_version"', reason="At 82 nobody sleeps.",
                text_en=PLANKS[0]["text_en"].replace("82", "80"), text_es=PLANKS[0]["text_es"].replace("82", "80"))
    amendment = story.here
    read = table.get(amendment).text
    assert "<del>82</del>" in read and "<ins>80</ins>" in read
    assert "In the text" in story.press(table, amendment, "/decision", verb="adopt", reason="Kitchens sit above bedrooms.")
    assert "80 degrees" in story.press(table, f"{platform}/editions/new", "Freeze edition 1")
    return platform


def it_is_put_to_both(story: Story, platform: str, run_jobs: Callable[[], int]) -> str:
    """Members in secret, organizations by name; nothing stands in the way, and from the opening on nothing can change."""
    table = story.desk("table")
    check = story.press(table, "/votes/new", "members_quorum", members="y", organizations="y", title_en="Ratify it", title_es="Ratificarla")
    assert "Nothing stands in the way" in check and "two thirds" in check and "three quarters" in check
    opening, vote = story.here, story.here.removesuffix("/opening")
    story.press(table, opening, "once")
    run_jobs()
    assert "fewer than 10 ballots so far, of 18" in table.get(vote).text
    return vote


def members_vote_in_secret(story: Story, vote: str) -> str:
    """Eleven of eighteen, each from the link in a text on their own phone; one fills in every screen in Spanish."""
    found = {org: re.findall(r"/v/([\w-]{22})", story.desk(org).get("/phones").text) for org in LEADS}
    tokens = [token for org in LEADS for token in dict.fromkeys(found[org])][:11]
    assert len(tokens) == 11, {org: len(links) for org, links in found.items()}
    for n, token in enumerate(tokens):
        booth = Booth(story.nobody, token, "en" if n else "es").fill({1: "yes", 2: "yes" if n < 6 else "no"}, words=(str(n), "7"))
        receipt = booth.cast()
        assert receipt.status_code == 200, receipt.text
        if not n:
            first = receipt.text
    assert "su boleta" in first
    assert "You have already voted" in Booth(story.nobody, tokens[0]).enter().page
    return re.search(r"(?<![-\w])[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2}\b", first)[0]


def organizations_vote_by_name(story: Story, vote: str) -> None:
    """Each lead for its own, with a reason where it says no; every partner reads it."""
    for org in LEADS:
        told = story.press(story.desk(org), f"{vote}/organization-vote", "reason1", p1="yes", p2="no" if org == "mill" else "yes",
                           reason2="The depot was not asked." if org == "mill" else "")
    assert "The depot was not asked." in told


def it_is_counted_certified_and_checked(story: Story, vote: str, receipt: str, tmp_path, capsys) -> None:
    """The arithmetic in words, the receipt in the list, a file that anyone recounts, and no belief in a changed one."""
    table = story.desk("table")
    result = table.get(f"{vote}/results").text
    assert "1 of 2 planks ratified" in result and "11 of 18 voted" in result and "The depot was not asked." in result
    certificate = story.press(table, f"{vote}/results", "certificate")
    assert "Certificate of ratification" in certificate and "Certified by Imani" in certificate
    board = json.loads(table.get(f"{vote}/board.json").text)
    assert check_board(board).is_right and not check_board(board).is_sealed
    told = story.nobody.post(f"/board/{board['poll_id']}/check", data={"code": receipt}, csrf=False).text
    assert "Counted" in told
    file = tmp_path / "board.json"
    file.write_text(json.dumps(board))
    assert plenary(["verify", str(file)]) == 0 and capsys.readouterr().out.startswith("Yes")
    file.write_text(json.dumps(board).replace('"choice": "no"', '"choice": "yes"', 1))
    assert plenary(["verify", str(file)]) == 1 and capsys.readouterr().out.startswith("No")


def last_of_all_the_platform_is_public(story: Story, platform: str) -> None:
    """Whoever has the address reads the ratified text, in both languages, and no name of a member."""
    table = story.desk("table")
    story.press(table, f"{platform}/publication", 'name="slug"', slug="a-home-for-everyone")
    for language, words in (("en", "80 degrees"), ("es", "80 grados")):
        page = story.nobody.get(f"/p/a-home-for-everyone?lang={language}").text
        assert words in page and "Teresa" not in page
