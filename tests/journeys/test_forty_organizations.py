"""Forty organizations and five thousand members take a text from their tables to a certified, printed, verified platform.

The size is what is replayed here: every page that the coalition opens on the way stays as light with forty partners as with three, in queries
and in bytes, and the file of thousands of ballots is recounted by a program that shares nothing with Plenary.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert

from crm.accounts.actions import give_grant
from crm.infra.db import know_sizes, new_id, session, transaction
from crm.kernel.names import fold
from crm.organizations.actions import add_organization
from crm.people.actions import index_people
from crm.people.models import Person
from tests.clients import CheckedClient, form_of
from tests.factories import MONDAY
from tests.journeys.examples import PLATFORM
from tests.journeys.halls import Hall

pytestmark = [pytest.mark.long, pytest.mark.timeout(1500)]
ORGANIZATIONS, MEMBERS = 40, 125
VOTERS = 30  # of each organization's members
DAY = datetime(2027, 2, 6, 18, 0, tzinfo=UTC)  # ten in the morning in Los Angeles

NOTES = ("Repairs take four months.", "No bus runs after ten.", "The clinic closed.", "Heat in the bedrooms.", "Rents rise each year.", "The lift is broken.")
PLANKS = ("Repairs in thirty days", "A night bus", "A clinic in each ward", "A heat standard", "A ceiling on rents", "Lifts that run")
STANCES = ("endorse", "endorse", "endorse", "reserve", "stand_aside", "endorse", "endorse", "oppose")
SCEPTIC = Path(__file__).parents[2] / "docs" / "verify_board.py"
QUERIES, BYTES = 60, 400_000  # what a page of the coalition may take, at this size as at any other


@pytest.fixture
def valley(hall: Hall) -> Iterator[list[str]]:
    """Forty organizations of a hundred and twenty-five members each, in one coalition; their slugs."""
    slugs = [f"org-{n:02d}" for n in range(1, ORGANIZATIONS + 1)]
    with transaction():
        for n, slug in enumerate(slugs, 1):
            hall.orgs[slug] = add_organization(f"Congregation {n:02d}", slug=slug, kind="base_building", now=MONDAY)
            give_grant(hall.world.accounts["imani"], hall.orgs[slug], "administrator", now=MONDAY)
    for slug in slugs:
        with transaction(hall.orgs[slug]):
            rows = [
                {"org_id": hall.orgs[slug], "id": new_id(), "given_name": "Member", "family_name": f"{slug} {n:03d}", "standing": "member",
                 "name_folded": fold(f"{slug} {n:03d} Member"), "language": "es" if n % 2 else "en", "member_since": MONDAY.date(),
                 "updated_at": MONDAY, "created_at": MONDAY}
                for n in range(MEMBERS)
            ]
            session().execute(insert(Person), rows)
            index_people([row["id"] for row in rows])
    hall.body("valley", "Valley Assembly Table", kind="coalition", of=slugs)
    know_sizes()
    yield slugs


def test_from_the_tables_to_a_platform_that_a_stranger_verifies(hall: Hall, valley: list[str], count_queries, tmp_path: Path) -> None:
    desk = hall.desk("valley")
    assembly = they_all_come(hall, desk, valley)
    hall.clock.set(DAY)
    the_tables_speak(hall, hall.desk("valley"), assembly)
    platform = they_amend(hall, valley)
    they_say_where_they_stand(hall, valley, platform)
    vote = it_is_opened(hall)
    everyone_votes(hall, valley, vote)
    pages_stay_light(hall.desk("valley"), count_queries, assembly, platform, vote)
    page, board = hall.counted("valley", vote)
    assert f"{ORGANIZATIONS * VOTERS:,} of {ORGANIZATIONS * MEMBERS:,} voted" in page and "5 of 6 planks ratified" in page
    it_is_certified_printed_and_verified(hall, vote, platform, board, tmp_path)
    pages_stay_light(hall.desk("valley"), count_queries, assembly, platform, vote)


def they_all_come(hall: Hall, desk: CheckedClient, slugs: list[str]) -> str:
    """The coalition calls it; every organization says yes with a number."""
    assembly = hall.convened(desk, PLATFORM, "A2", "Valley Assembly", "What do we demand together?", 400, slugs)
    for slug in slugs:
        own = hall.desk(slug)
        hall.press(own, f"{assembly}/partners", 'value="accepted"', answer="accepted", lead_name=f"Lead of {slug}")
        hall.press(own, f"{assembly}/turnout", 'name="promised"', promised="10", lead_name=f"Lead of {slug}")
    return assembly


def the_tables_speak(hall: Hall, desk: CheckedClient, assembly: str) -> None:
    """Forty people in the room, five tables, thirty notes, six themes; each becomes a proposal."""
    nobody: CheckedClient = hall.app.test_client()  # type: ignore[assignment]
    door = re.search(r'href="http://localhost(/door/[^"]+)"', hall.press(desk, f"{assembly}/door-links", 'name="hours"', name="Main", hours="12"))[1]
    for n in range(ORGANIZATIONS):
        hall.press(nobody, door, 'name="name"', name=f"Delegate Number{n:02d}")
    hall.press(desk, f"{assembly}/tables", "main_language", source="room", seats="8")
    tables = re.findall(r'<span class="text-break">http://localhost(/table/[^<]+)</span>', desk.get(hall.here + "/cards").text)
    assert len(tables) == 5
    for table in tables:
        for note in NOTES:
            hall.press(nobody, table, "body", body=note)
    for note, title in zip(NOTES, PLANKS, strict=True):
        shown = desk.get(f"{assembly}/harvest").text
        chosen = [found[1] for found in re.finditer(r'name="note" value="(\d+)"(.*?)</label>', shown, re.S) if note in found[2]]
        assert len(chosen) == len(tables)
        hall.press(desk, f"{assembly}/harvest", "Put together", note=chosen, title=title)
        theme = re.search(rf"{title}.*?proposals/new\?theme=(\d+)", desk.get(f"{assembly}/harvest").text, re.S)[1]
        words = {"title_en": title, "title_es": f"{title} (es)", "text_en": f"{title}, from January on.", "text_es": f"{title}, desde enero."}
        hall.press(desk, f"{assembly}/proposals/new?theme={theme}", "title_en", **words)


def they_amend(hall: Hall, slugs: list[str]) -> str:
    """The proposals become planks; ten organizations move changes, others support them; what nobody contests is adopted together."""
    desk = hall.desk("valley")
    hall.press(desk, "/platforms/new", 'name="title_en"', title_en="A Valley for Everyone", title_es="Un valle para cada quien", languages=["en", "es"],
               authentic_language="en", least_supporters="2")
    platform = hall.here
    for title in PLANKS:
        chosen = re.search(rf'href="([^"]+proposal=\d+)"[^>]*>{title}', desk.get(f"{platform}/planks/new").text)[1]
        hall.press(desk, chosen.replace("&amp;", "&"), "text_en")
    planks = list(dict.fromkeys(re.findall(rf'href="{platform}/planks/(\d+)"', desk.get(platform).text)))
    assert len(planks) == len(PLANKS)
    for n, slug in enumerate(slugs[:10]):
        page = f"{platform}/amendments/new?plank={planks[n % len(planks)]}"
        own = hall.desk(slug)
        text = form_of(own.get(page).text, 'name="base_version"')
        change = ("January", "March") if n < len(planks) else ("from", "and everywhere from")
        spanish = ("enero", "marzo") if n < len(planks) else ("desde", "y en todas partes desde")
        new = {"text_en": text["text_en"].replace(*change), "text_es": text["text_es"].replace(*spanish)}
        hall.press(own, page, 'name="base_version"', reason="As we decided.", **new)
        amendment = hall.here
        for other in (slugs[n + 10], slugs[n + 20]):
            hall.press(hall.desk(other), amendment, "We support this", verb="support")
    shown = desk.get(f"{platform}/consent").text
    together = form_of(shown, 'name="mark"') | {"amendments": re.findall(r'name="amendments" value="(\d+)" checked', shown)}
    assert len(together["amendments"]) == 10
    answer = desk.post(f"{platform}/consent", data=together | {"reason": "Nobody spoke against it.", "once": "together"})
    assert answer.status_code == 303, answer.text
    shown = hall.press(desk, f"{platform}/editions/new", "Freeze edition 1")
    assert "and everywhere from March on" in shown and "January" not in shown
    return platform


def they_say_where_they_stand(hall: Hall, slugs: list[str], platform: str) -> None:
    """Thirty-nine of forty say it plank by plank; the page says who is missing."""
    for n, slug in enumerate(slugs[:-1]):
        own = hall.desk(slug)
        stances = re.findall(r'name="(stance_\d+)"', own.get(f"{platform}/positions/ours").text)
        said = {name: STANCES[(n + k) % len(STANCES)] for k, name in enumerate(dict.fromkeys(stances))}
        assert len(said) == len(PLANKS)
        said |= {name.replace("stance", "words"): "We want it watched." for name, stance in said.items() if stance in ("reserve", "oppose", "stand_aside")}
        hall.press(own, f"{platform}/positions/ours", "stance_", decided_by="Assembly", decided_on="2027-02-01", **said)
    assert "1 organization has not decided on every plank" in hall.desk("valley").get(f"{platform}/positions").text


def it_is_opened(hall: Hall) -> str:
    """Members in secret and organizations by name."""
    desk = hall.desk("valley")
    check = hall.press(desk, "/votes/new", "members_quorum", members="y", organizations="y", title_en="Ratify it", title_es="Ratificarlo",
                       members_quorum="1/5")
    assert "Nothing stands in the way" in check, re.findall(r"<li.*?</li>", check, re.S)
    vote = hall.here.removesuffix("/opening")
    hall.press(desk, hall.here, "once")
    hall.run_jobs()
    assert f"of {ORGANIZATIONS * MEMBERS:,}" in desk.get(vote).text
    return vote


def everyone_votes(hall: Hall, slugs: list[str], vote: str) -> None:
    """Each organization prints its members' letters; ninety of each vote; thirty-eight organizations answer by name."""
    for n, slug in enumerate(slugs):
        tokens = hall.letters(slug, vote)
        assert len(tokens) == MEMBERS
        hall.cast(tokens[:VOTERS], ({k + 1: "no" if k == 5 or (v + n + k) % 5 == 0 else "yes" for k in range(len(PLANKS))} for v in range(VOTERS)))
        if n < ORGANIZATIONS - 2:
            hall.press(hall.desk(slug), f"{vote}/organization-vote", "reason1", **{f"p{k + 1}": "yes" for k in range(len(PLANKS))})


def pages_stay_light(desk: CheckedClient, count_queries, *rooms: str) -> None:
    """Every page below these that a page of theirs leads to: queries and bytes."""
    waiting, seen, heavy = list(rooms), set(rooms), []
    while waiting:
        with count_queries() as sent:
            answer = desk.get(page := waiting.pop())
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        if len(sent) > QUERIES or len(answer.data) > BYTES:
            heavy.append((page, len(sent), len(answer.data)))
        for found in re.findall(r'href="(/[^"#?]+)"', answer.text):
            room = re.sub(r"\d+", "N", found)  # one page of each kind
            if found.startswith(rooms) and room not in seen and not found.endswith((".pdf", ".docx", ".json", ".csv")):
                seen.add(room)
                waiting.append(found)
    assert not heavy and len(seen) > 30, (heavy, len(seen))


def it_is_certified_printed_and_verified(hall: Hall, vote: str, platform: str, board: dict, tmp_path: Path) -> None:
    """The certificate, the text in both languages as files, and a recount by a program that leans on nothing here."""
    desk = hall.desk("valley")
    assert "Certificate of ratification" in hall.press(desk, f"{vote}/results", "certificate")
    hall.press(desk, f"{platform}/publication", 'name="slug"', slug="a-valley-for-everyone")
    nobody = hall.app.test_client()
    for language, words in (("en", "from March on"), ("es", "desde marzo")):
        page = nobody.get(f"/p/a-valley-for-everyone?lang={language}").text
        assert words in page and "Congregation 07" in page and "Member org-" not in page
        assert nobody.get(f"/p/a-valley-for-everyone/platform.pdf?lang={language}").data.startswith(b"%PDF")
        assert nobody.get(f"/p/a-valley-for-everyone/platform.docx?lang={language}").data.startswith(b"PK")
    file = tmp_path / "board.json"
    file.write_bytes(nobody.get(f"/board/{board['poll_id']}.json").data)
    for program in ([SCEPTIC], ["-m", "crm.cli", "verify"]):
        run = subprocess.run([sys.executable, *(["-I"] if program[0] == SCEPTIC else []), *program, file], capture_output=True, text=True, check=False)
        assert run.returncode == 0 and run.stdout.startswith("Yes"), run.stdout + run.stderr
