"""After the vote: who signed at ratification and since, what the public may see and take back, and the text as files."""

import re
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from docx import Document
from sqlalchemy import select

from crm.infra import db
from crm.people.actions.erasing import Who
from crm.platforms import actions, providers, queries
from crm.platforms.actions.endorsements import MOST_FROM_ONE_PLACE, MOST_OF_ONE_PHONE, erase_endorsements
from crm.platforms.models import Endorsement
from tests.clients import form_of
from tests.factories import MONDAY
from tests.platforms.desk import follow, once

SLUG = "/p/homes"


@pytest.fixture
def published(lead, platform, acting, as_org, world):
    """The platform's id; ratified by Mill's vote, on the public page."""
    id = int(platform.rsplit("/", 1)[1])
    assert lead.post(f"{platform}/editions", data={"once": once()}).status_code == 303
    with as_org("table") as actor:
        first, second = (plank["plank_id"] for plank in queries.latest_edition(actor, id).content["planks"])
    with acting("table", "imani") as actor:
        actions.mark_ratified(actor, id, {first: "ratified", second: "rejected"}, edition=1, signatories=[world.orgs["mill"]], now=MONDAY)
        actions.publish_platform(actor, id, "homes", now=MONDAY)
    return id


def sign(client, phone="+14155550171", kind="person", **typed):
    data = form_of(client.get(f"{SLUG}/sign").text, 'name="phone"') | {"phone": phone, "kind": kind, "once": once()} | typed
    return client.post(f"{SLUG}/sign", data={name: value for name, value in data.items() if value})


def kept(org_id):
    with db.reading(org_id) as s:
        return s.execute(select(*Endorsement.__table__.columns).order_by(Endorsement.id)).all()


def test_a_person_is_counted_without_a_name(client, published, world):
    told = follow(client, sign(client, name="Rosa Quintero"))
    assert "You are counted; we keep no name." in told.text
    row, = kept(world.orgs["table"])
    assert (row.name, row.is_named, row.state) == ("", False, "new") and "4155550171" not in repr(row)
    page = client.get(f"{SLUG}/signatories").text
    assert "1 person has signed since" in page and "Rosa" not in page


def test_a_name_is_shown_when_it_may_be_and_somebody_has_looked(client, lead, platform, published):
    address = sign(client, name="Rosa Quintero", is_named="y").location
    assert "Rosa Quintero is shown when Common Table has looked at it." in client.get(address).text
    assert "Rosa Quintero" not in client.get(f"{SLUG}/signatories").text
    at = re.search(r'action="([^"]+/state)"', lead.get(f"{platform}/endorsements").text)[1]
    assert lead.post(at, data={"verb": "confirm", "once": once()}).status_code == 303
    assert "Rosa Quintero" in client.get(f"{SLUG}/signatories?q=quin").text
    found = client.get(f"{SLUG}/signatories?q=zzz").text
    assert "Rosa Quintero" not in found and "Nobody with these letters has signed." in found
    assert lead.post(at, data={"verb": "strike", "once": once()}).status_code == 303
    page = client.get(f"{SLUG}/signatories").text
    assert "Rosa Quintero" not in page and "has signed since" not in page


def test_an_organization_from_outside_signs_and_who_speaks_for_it_stays_inside(client, lead, platform, published):
    missing = sign(client, kind="organization", name="Canal Street Clinic")
    assert missing.status_code == 422 and "Write who speaks for the organization" in missing.text and "Canal Street Clinic" in missing.text
    assert sign(client, kind="organization", name="Canal Street Clinic", spoken_by="Dr. Nia Ferrell").status_code == 303
    inside = lead.get(f"{platform}/endorsements").text
    assert "Dr. Nia Ferrell" in inside
    lead.post(re.search(r'action="([^"]+/state)"', inside)[1], data={"verb": "confirm", "once": once()})
    for address in (SLUG, f"{SLUG}/signatories"):
        page = client.get(address).text
        assert "Canal Street Clinic" in page and "Signed since" in page and "Ferrell" not in page
        assert page.index("Mill District Workers Center") < page.index("Canal Street Clinic")


def test_everything_wrong_with_a_signature_is_said_at_once(client, published):
    answer = sign(client, phone="12", is_named="y")
    assert answer.status_code == 422 and "Write the name that may be shown." in answer.text and answer.text.count('href="#') >= 2


def test_a_phone_counts_a_household_and_no_more_and_the_answer_is_the_same(client, published, world):
    answers = [follow(client, sign(client)).text for _n in range(MOST_OF_ONE_PHONE + 2)]
    assert all("You signed" in text for text in answers)
    assert f"{MOST_OF_ONE_PHONE} people have signed since" in client.get(f"{SLUG}/signatories").text
    assert len(kept(world.orgs["table"])) == MOST_OF_ONE_PHONE + 2


def test_one_connection_signs_only_so_often_and_leaves_no_trace_after_an_hour(client, published, world, acting, clock):
    with acting("table") as actor:
        row = queries.platform_for(actor, published)
        for n in range(MOST_FROM_ONE_PLACE):
            actions.endorse_platform(actor, row, {"phone": f"+141555{n:05d}"}, address="127.0.0.1", now=MONDAY)
    busy = sign(client)
    assert busy.status_code == 422 and "Very many people signed from this connection." in busy.text
    clock.move(hours=2)
    assert sign(client).status_code == 303
    assert [row.address_mark != "" for row in kept(world.orgs["table"])].count(True) == 1


def test_whoever_signed_takes_it_back_and_nothing_stays(client, published, world):
    address = sign(client, name="Rosa", is_named="y").location
    form = form_of(client.get(address).text, "withdrawal")
    assert client.post(f"{address.split('?')[0]}/withdrawal", data=form | {"once": once()}).status_code == 303
    assert kept(world.orgs["table"]) == [] and client.get(address).status_code == 404


def test_erasing_a_person_takes_their_signature_along(client, published, world, acting):
    sign(client, "+14155550171", name="Rosa", is_named="y")
    sign(client, "+14155550172")
    with acting("table") as actor:
        assert erase_endorsements(actor, Who((), ("+14155550171",), (), (), ()), MONDAY) == {"endorsements": 1}
    assert [row.name for row in kept(world.orgs["table"])] == [""]


def test_nobody_signs_what_is_not_published(client, lead, platform, published):
    assert lead.post(f"{platform}/publication/removal", data={"once": once()}).status_code == 303
    for address in ("sign", "signatories", "platform.pdf"):
        assert client.get(f"{SLUG}/{address}").status_code == 404


def test_those_who_endorse_later_sign_since_and_a_changed_word_keeps_the_day(acting, as_org, published, world):
    with as_org("table") as actor:
        planks = [plank["plank_id"] for plank in queries.latest_edition(actor, published).content["planks"]]
    before, after = MONDAY - timedelta(days=1), MONDAY + timedelta(days=9)
    for org, at in (("southbank", before), ("arroyo", after)):
        with acting(org) as actor:
            actions.state_positions(actor, published, dict.fromkeys(planks, {"stance": "endorse"}), now=at)
    with acting("southbank") as actor:
        actions.state_positions(actor, published, {planks[0]: {"stance": "reserve", "words": "With a date."}}, now=after)
    with as_org("table") as actor:
        signed = queries.signatories_of(queries.platform_for(actor, published), queries.latest_edition(actor, published))
    assert signed.first == ["Mill District Workers Center", "Southbank Tenants Union"]
    assert [(one.name, one.at) for one in signed.since] == [("Casa Arroyo", after)]


@pytest.mark.parametrize(("language", "title", "ratified"), [("en", "The Homes We Deserve", "Ratified"), ("es", "Las casas que merecemos", "Ratificado")])
def test_the_text_is_a_file_in_each_language(client, signed_in, platform, published, language, title, ratified):
    inside = f"{platform}/editions/1/platform"
    for reader, address in ((client, f"{SLUG}/platform"), (signed_in("rita", org="southbank"), inside)):
        pdf, word = (reader.get(f"{address}.{kind}?lang={language}") for kind in ("pdf", "docx"))
        assert pdf.status_code == word.status_code == 200
        assert pdf.data.startswith(b"%PDF-") and b"/StructTreeRoot" in pdf.data and f"/Lang({language})".encode() in pdf.data
        assert f"homes-we-deserve-{language}.pdf" in pdf.headers["Content-Disposition"]
        said = "\n".join(paragraph.text for paragraph in Document(BytesIO(word.data)).paragraphs)
        for words in (title, ratified, "Mill District Workers Center", "SHA-256", "Common Table"):
            assert words in said
        assert re.search(r"\b[0-9a-f]{64}\b", said) and ("/p/homes" in said if reader is client else "/editions/1" in said)
    assert client.get(f"{SLUG}/platform.exe").status_code == 404


def test_every_language_has_its_letters_in_the_file():
    """PDF/UA refuses a letter that no font has: each of the six languages passes, names from anywhere in the same list."""
    names = ["Nhà ở là quyền của mọi người", "住房是一项人权", "Guriyeyn loo dhan yahay", "Kay pou tout moun, jodi a", "Ñandú, ¿cómo?", "“Quoted” — and… €"]
    plank = providers.PrintedPlank("Rent", 1, names[0], names, "Ratified")
    for language in ("en", "es", "vi", "zh", "so", "ht"):
        text = providers.Printed(language, names[1], names[0], "Edition 1", names, [plank], [providers.PrintedList("Signed by", names)], names)
        assert b"/StructTreeRoot" in providers.write("pdf", text), language
        body = ZipFile(BytesIO(providers.write("docx", text))).read("word/document.xml").decode()
        assert all(name in body for name in names)


def test_a_letter_that_no_font_has_still_gives_a_file():
    text = providers.Printed("en", "Owner", "\u1200\u1201", "", [], [providers.PrintedPlank("", 1, "#let x = [*bold*]", ["$a$ #pagebreak()"])])
    assert providers.write("pdf", text).startswith(b"%PDF-")
