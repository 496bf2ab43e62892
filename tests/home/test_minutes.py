"""The minutes of an assembly through HTTP: what was on the agenda, every motion with its counts, and the votes with their arithmetic."""

import re
from dataclasses import replace
from io import BytesIO

import pytest
from docx import Document

from crm.accounts.actions import give_grant
from crm.infra.db import transaction
from crm.organizations.actions import add_organization, join_coalition
from crm.platforms.models import Edition, Platform
from crm.platforms.providers import read_page
from crm.ratification.models import Ratification
from tests.assemblies.test_floor import COUNT, QUESTION, press
from tests.assemblies.test_routes import made
from tests.clients import form_of
from tests.conftest import sign_in
from tests.factories import MONDAY
from tests.ratification.halls import cast_many, close, links, make_members, open_vote


@pytest.fixture
def meeting(signed_in, world):
    omar = signed_in("omar")
    return made(omar, world, "A8"), omar


def test_minutes_hold_the_agenda_and_every_motion_with_each_of_its_counts(meeting):
    id, omar = meeting
    path = f"/assemblies/{id}"
    page = omar.get(f"{path}/minutes").text
    assert 'class="pl-list pl-prog' in page, "times stand in a column, on a phone too"
    assert "No motion was put to the room." in page and f'href="{path}/minutes"' in omar.get(path).text
    omar.post(f"{path}/floor", data=QUESTION)
    press(omar, path, "counts", way="hands", present="60", declared="carried")
    press(omar, path, "doubts", rose="9")
    press(omar, path, "counts", **COUNT)
    press(omar, path, "settling")
    page = omar.get(f"{path}/minutes").text
    for words in ("1. Shall the town fix the bridge?", "By raised hands", "9 rose and doubted it.",
                  "30 in favor, 20 against, 4 abstained", "counted by Ines and Marco"):
        assert words in page, words
    assert "Mociones presentadas a la sala" in omar.get(f"{path}/minutes?lang=es").text


def test_votes_on_the_assemblys_text_stand_in_its_minutes(client, world, signed_in, clock):
    imani = signed_in("imani", org="table")
    assembly = made(imani, world, "A2")
    make_members(world, "southbank", 12)
    vote = open_vote(world)
    with transaction(world.orgs["table"]) as s:
        edition = s.get_one(Edition, s.get_one(Ratification, vote).edition_id)
        s.get_one(Platform, edition.platform_id).assembly_id = int(assembly)
    cast_many(client, links(world, vote, 12), [{1: "yes", 2: "no", 3: "abstain"}] * 12)
    assert "12 yes and 0 no" not in imani.get(f"/assemblies/{assembly}/minutes").text, "nothing before the count"
    clock.move(days=3)
    close(world, vote, clock.now)
    imani = signed_in("imani", org="table")
    page = imani.get(f"/assemblies/{assembly}/minutes").text
    assert "12 yes and 0 no make 12 in all" in page and "Ratify the platform" in page


def words_of(data):
    """The words of a Word file, table cells included, one block a line."""
    file = Document(BytesIO(data))
    return "\n".join([p.text for p in file.paragraphs] + [cell.text for table in file.tables for row in table.rows for cell in row.cells])


@pytest.mark.parametrize(("language", "words"), [
    ("en", ("The minutes", "Motions put to the room", "1. Shall the town fix the bridge?", "30 in favor, 20 against, 4 abstained", "Chair", "Secretary")),
    ("es", ("Acta", "Mociones presentadas a la sala", "30 a favor, 20 en contra, 4 abstenciones", "Presidencia"))])
def test_the_minutes_are_a_file_in_each_language(meeting, language, words):
    """Word for word what the page says, without its buttons; tagged for screen readers in the language it is written in."""
    id, omar = meeting
    path = f"/assemblies/{id}"
    omar.post(f"{path}/floor", data=QUESTION)
    press(omar, path, "counts", **COUNT)
    links = re.findall(rf'href="({path}/minutes\.\w+\?lang={language})"', omar.get(f"{path}/minutes").text.replace("&amp;", "&"))
    pdf, word = map(omar.get, links)
    assert pdf.data.startswith(b"%PDF-") and b"/StructTreeRoot" in pdf.data and f"/Lang({language})".encode() in pdf.data
    assert pdf.headers["Content-Disposition"].endswith(f'-{language}.pdf"') and "minutes-" in pdf.headers["Content-Disposition"]
    said = words_of(word.data)
    for each in words:
        assert each in said, each
    assert ("Print" if language == "en" else "Imprimir") not in said and "_(" not in said
    assert omar.get(f"{path}/minutes.exe").status_code == 404


def test_a_page_becomes_blocks():
    """Nothing that is said is lost, nothing that is for a screen only is said."""
    page = """<section class="pl-sec"><div class="pl-sec-head"><h2> A   name </h2><a class="no-print" href="/">Results</a></div>
      loose <strong>words</strong><ol><li><time>5:30 pm</time><span><strong>Welcome</strong><span class="d-block">by Ana</span></span></li></ol>
      <p>One.<br>Two.</p><button>Press</button><svg><text>x</text></svg><p> </p>
      <table><caption>c</caption><tr><th>Option</th><th>Votes</th></tr><tr><td>Ana</td><td>7</td></tr></table><hr>Chair</section>"""
    assert [(b.kind, ["".join(piece for piece, _strong in line) for line in b.lines], b.across) for b in read_page(page)] == [
        ("heading", ["A name"], 1), ("paragraph", ["loose words"], 1), ("numbered", ["5:30 pm Welcome\nby Ana"], 1), ("paragraph", ["One.\nTwo."], 1),
        ("table", ["Option", "Votes", "Ana", "7"], 2), ("rule", [], 1), ("paragraph", ["Chair"], 1)]
    assert read_page("") == []


def test_whoever_was_asked_to_leave_reads_no_agenda_and_no_motion(signed_in, world, app):
    with transaction():
        agency = add_organization("Housing Agency", slug="agency", kind="government", now=MONDAY)
        join_coalition(world.orgs["table"], agency, now=MONDAY)
        give_grant(world.accounts["luz"], agency, "organizer", now=MONDAY)
    omar = signed_in("omar")
    path = f"/assemblies/{made(omar, world, 'A8', partners=[agency, world.orgs['mill']])}"
    omar.post(f"{path}/floor", data=QUESTION)
    edit = re.search(rf'href="({path}/sessions/\d+)"', omar.get(f"{path}/program").text)[1]
    omar.post(edit, data=form_of(omar.get(edit).text, 'name="closed_to"') | {"closed_to": ["staff", "official"], "languages": ["en", "es"]})
    official = app.test_client()
    sign_in(official, replace(world, orgs=world.orgs | {"agency": agency}), "luz", "agency")
    theirs, ours = official.get(f"{path}/minutes").text, signed_in("dolores").get(f"{path}/minutes").text
    filed = words_of(official.get(f"{path}/minutes.docx").data)
    assert "closed to your organization" in filed and "fix the bridge" not in filed
    assert "closed to your organization" in theirs and "<time" not in theirs and "fix the bridge" not in theirs
    assert "<time" in ours and "fix the bridge" in ours
