"""Drafting through the pages: writing, proposing, deciding, standing, freezing, reading; and who may not."""

import hashlib
import json

from crm.platforms import actions, queries
from crm.platforms.rules import edition_hash
from tests.clients import form_of
from tests.platforms.desk import HEADING, LAWYER, RENT, decide, follow, once, planks, propose


def test_an_empty_list_says_what_to_do(lead, signed_in):
    assert "Start a platform" in lead.get("/platforms").text
    assert "Start a platform" not in signed_in("rita", org="southbank").get("/platforms").text


def test_starting_a_platform_keeps_what_was_typed(lead):
    answer = lead.post("/platforms", data=HEADING | {"title_en": "", "share_needed": "0", "title_es": "Las casas"})
    assert answer.status_code == 422
    assert "Write a number from 1 to 100." in answer.text and 'value="Las casas"' in answer.text
    answer = lead.post("/platforms", data=HEADING | {"title_en": ""})
    assert answer.status_code == 422 and "Write the title (English)." in answer.text


def test_a_time_for_amendments_that_has_passed_is_refused(lead):
    refused = lead.post("/platforms", data=HEADING | {"deadline_at": "2020-01-01T10:00"})
    assert refused.status_code == 422 and "This time has passed" in refused.text and "2020-01-01T10:00" in refused.text


def test_a_double_press_starts_one_platform(lead):
    assert lead.post("/platforms", data=HEADING).location == lead.post("/platforms", data=HEADING).location
    assert lead.get("/platforms").text.count("The Homes We Deserve") == 1


def test_the_desk_shows_both_languages_in_order(lead, platform):
    page = lead.get(platform)
    assert "A ceiling on rent" in page.text and "Un tope al alquiler" in page.text
    first, second = planks(lead, platform)
    assert lead.post(f"{second}/place", data={"verb": "up", "once": once()}).status_code == 303
    assert planks(lead, platform) == [second, first]
    assert lead.post(f"{second}/place", data={"verb": "up", "once": once()}).status_code == 303
    assert planks(lead, platform) == [second, first]


def test_words_are_escaped(lead, platform):
    evil = {**LAWYER, "title_en": "<b>x</b>", "text_en": "<script>alert(1)</script>", "once": once()}
    page = follow(lead, lead.post(f"{platform}/planks", data=evil))
    assert "<script>alert" not in page.text and "&lt;script&gt;" in page.text


def test_a_plank_without_words_is_refused(lead, platform):
    answer = lead.post(f"{platform}/planks", data={"title_en": "Only a title", "once": once()})
    assert answer.status_code == 422 and "at least one language" in answer.text and "Only a title" in answer.text


def test_editing_makes_a_version_and_the_translation_lags(lead, platform):
    plank = planks(lead, platform)[0]
    data = form_of(lead.get(f"{plank}/text").text, 'name="text_en"')
    data["text_en"] = data["text_en"].replace("5", "4")
    page = follow(lead, lead.post(f"{plank}/text", data=data | {"reason": "Four it is", "once": once()}))
    assert "more than 4 percent" in page.text and "Lags behind" in page.text
    history = lead.get(f"{plank}/history?to=2").text
    assert "<del>5</del>" in history and "<ins>4</ins>" in history and "Four it is" in history
    assert "Plank 1 (Español) still says" in lead.get(f"{platform}/editions/new").text
    data = form_of(lead.get(f"{plank}/text").text, 'name="text_en"')
    data["text_es"] = data["text_es"].replace("5", "4")
    assert lead.post(f"{plank}/text", data=data | {"once": once()}).status_code == 303
    assert "Nothing is open." in lead.get(f"{platform}/editions/new").text


def test_the_second_of_two_editors_sees_both(lead, platform):
    plank = planks(lead, platform)[0]
    seen = form_of(lead.get(f"{plank}/text").text, 'name="text_en"')
    mine = seen | {"text_en": "Mine in full.", "once": once()}
    theirs = seen | {"text_en": "Theirs in full.", "once": once()}
    assert lead.post(f"{plank}/text", data=theirs).status_code == 303
    answer = lead.post(f"{plank}/text", data=mine)
    assert answer.status_code == 422
    assert "<del>Theirs</del>" in answer.text and "<ins>Mine</ins>" in answer.text and "Mine in full." in answer.text
    again = form_of(answer.text, 'name="text_en"')
    assert again["version"] == "2"
    page = follow(lead, lead.post(f"{plank}/text", data=again | {"once": once()}))
    assert "Mine in full." in page.text and "3 versions" in page.text


def test_a_partner_proposes_and_the_owner_adopts(lead, signed_in, platform):
    omar = signed_in("omar", org="southbank")
    plank = planks(omar, platform)[0]
    text = RENT["text_en"].replace("5", "3")
    amendment = propose(omar, platform, plank, text_en=text, moved_by="Table 4", supporters="Casa Arroyo")
    page = omar.get(amendment).text
    assert "<del>5</del>" in page and "<ins>3</ins>" in page and "Moved by Table 4." in page
    assert "Decide" not in page and "Withdraw it" in page and "por ciento" not in page
    assert "1 open amendment" in lead.get(platform).text
    assert "<del>" not in lead.get(f"{amendment}?show=after").text
    answer = decide(lead, amendment, "adopt", reason="")
    assert answer.status_code == 422 and "Write the reason." in answer.text
    page = follow(lead, decide(lead, amendment, "adopt"))
    assert "The floor agreed." in page.text and "In the text" in page.text
    assert "more than 3 percent" in omar.get(plank).text
    assert "Plank 1 (Español) still says" in lead.get(f"{platform}/editions/new").text


def test_two_people_decide_at_once_and_one_decision_stands(lead, signed_in, platform):
    omar = signed_in("omar", org="southbank")
    amendment = propose(omar, platform, planks(omar, platform)[0], text_en="Three.")
    assert decide(lead, amendment, "refuse", "Too little.").status_code == 303
    answer = decide(lead, amendment, "adopt")
    assert answer.status_code == 422 and "already been refused" in answer.text
    assert "Too little." in omar.get(amendment).text
    assert omar.post(f"{amendment}/withdrawal", data={"once": once()}).status_code == 422


def test_amendments_to_other_words_both_stand_and_to_the_same_words_clash(lead, signed_in, platform):
    omar, dolores = signed_in("omar", org="southbank"), signed_in("dolores", org="mill")
    plank = planks(omar, platform)[0]
    both = {"text_es": RENT["text_es"].replace("5", "3")}
    three = propose(omar, platform, plank, text_en=RENT["text_en"].replace("5", "3"), **both)
    four = propose(dolores, platform, plank, text_en=RENT["text_en"].replace("5", "4"))
    more = propose(dolores, platform, plank, text_en=RENT["text_en"].replace("ask for more", "ask with receipts"))
    assert decide(lead, three, "adopt").status_code == 303
    assert "It cannot be adopted as it stands" in lead.get(four).text
    answer = decide(lead, four, "adopt")
    assert answer.status_code == 422 and "“3”" in answer.text and "“4”" in answer.text
    assert "Adopting keeps both" in lead.get(more).text
    assert decide(lead, more, "adopt").status_code == 303
    page = lead.get(plank).text
    assert "3 percent" in page and "ask with receipts" in page
    assert decide(lead, four, "refuse").status_code == 303


def test_a_partner_proposes_a_plank_and_to_strike_one(lead, signed_in, platform):
    luz = signed_in("luz", org="arroyo")
    page = luz.get(f"{platform}/amendments/new?kind=add")
    data = form_of(page.text, 'name="base_version"')
    answer = luz.post(f"{platform}/amendments", data=data | {"once": once()})
    assert answer.status_code == 422 and "Say why." in answer.text and "at least one language" in answer.text
    new = {"title_es": "Patios", "text_es": "Patios abiertos.", "reason": "Lo pidió la mesa 2.", "once": once()}
    added = luz.post(f"{platform}/amendments", data=data | new).location
    struck = planks(luz, platform)[1]
    page = luz.get(f"{platform}/amendments/new?kind=strike&plank={struck.rsplit('/', 1)[1]}")
    assert "A lawyer for every tenant" in page.text
    data = form_of(page.text, 'name="base_version"') | {"reason": "It is law now.", "once": once()}
    strike = luz.post(f"{platform}/amendments", data=data).location
    issues = lead.get(f"{platform}/editions/new").text
    assert "Plank 2 has open amendments: 1." in issues and "no one has decided on: 1." in issues
    for amendment in (added, strike):
        assert decide(lead, amendment, "adopt").status_code == 303
        assert lead.get(amendment).status_code == 200
    page = lead.get(platform).text
    assert "Patios" in page and "Struck" in page


def test_nothing_changed_is_no_amendment(signed_in, platform):
    omar = signed_in("omar", org="southbank")
    number = planks(omar, platform)[0].rsplit("/", 1)[1]
    data = form_of(omar.get(f"{platform}/amendments/new?plank={number}").text, 'name="base_version"')
    answer = omar.post(f"{platform}/amendments", data=data | {"reason": "Why not", "once": once()})
    assert answer.status_code == 422 and "Change at least one word" in answer.text


def test_a_partner_withdraws_only_its_own(lead, signed_in, platform):
    omar, dolores = signed_in("omar", org="southbank"), signed_in("dolores", org="mill")
    amendment = propose(omar, platform, planks(omar, platform)[0], text_en="Three.")
    assert dolores.post(f"{amendment}/withdrawal", data={"once": once()}).status_code == 404
    assert "Withdrawn" in follow(omar, omar.post(f"{amendment}/withdrawal", data={"once": once()})).text


def test_a_partner_may_not_write_or_decide(lead, signed_in, platform):
    dolores = signed_in("dolores", org="mill")
    plank = planks(dolores, platform)[0]
    amendment = propose(dolores, platform, plank, text_en="Three.")
    assert decide(dolores, amendment, "adopt").status_code == 404
    for address, data in (
        (f"{plank}/text", RENT | {"version": "1"}), (f"{plank}/state", {"verb": "strike"}),
        (f"{plank}/place", {"verb": "up"}), (f"{platform}/planks", LAWYER), (f"{platform}/editions", {}),
        (f"{platform}/heading", HEADING), (f"{platform}/writing", {}), (f"{platform}/publication", {"slug": "x"}),
        (f"{platform}/publication/removal", {}),
    ):
        assert dolores.post(address, data=data | {"once": once()}).status_code in (404, 422), address
    for address in (f"{plank}/text", f"{platform}/heading", f"{platform}/editions/new", f"{platform}/publication"):
        assert dolores.get(address).status_code == 404, address
    assert "No landlord may raise" in lead.get(plank).text and "The Homes We Deserve" in lead.get(platform).text


def test_a_foreign_organization_finds_nothing(lead, signed_in, platform):
    stranger, plank = signed_in("stranger", org="elsewhere"), planks(lead, platform)[0]
    amendment = propose(lead, platform, plank, text_en="Three.")
    assert "The Homes We Deserve" not in stranger.get("/platforms").text
    assert decide(lead, amendment, "refuse").status_code == 303
    lead.post(f"{platform}/editions", data={"once": once()})
    for address in (
        platform, plank, amendment, f"{platform}/positions", f"{platform}/positions/ours", f"{platform}/editions/1",
        f"{platform}/editions/1/content.json", f"{platform}/amendments/new?kind=add", f"{plank}/text",
    ):
        assert stranger.get(address).status_code == 404, address
    for address in (
        f"{plank}/comments", f"{platform}/amendments", f"{platform}/positions/ours", f"{amendment}/decision",
    ):
        answer = stranger.post(address, data={"words": "x", "kind": "add", "verb": "adopt", "reason": "x"})
        assert answer.status_code == 404, address


def test_positions_say_what_is_still_needed(lead, signed_in, platform):
    numbers = [plank.rsplit("/", 1)[1] for plank in planks(lead, platform)]
    dolores, luz = signed_in("dolores", org="mill"), signed_in("luz", org="arroyo")
    answer = dolores.post(f"{platform}/positions/ours", data={f"stance_{numbers[0]}": "reserve", "once": once()})
    assert answer.status_code == 422 and "say what the reservation is" in answer.text
    said = {f"stance_{n}": "endorse" for n in numbers}
    said |= {f"stance_{numbers[1]}": "pending", f"until_{numbers[1]}": "2026-12-01", f"words_{numbers[1]}": "We meet."}
    assert dolores.post(f"{platform}/positions/ours", data=said | {"once": once()}).status_code == 303
    page = lead.get(f"{platform}/positions").text
    assert "2 more needed" in page and "3 more needed" in page and "December 1" in page and "We meet." in page
    assert luz.post(
        f"{platform}/positions/ours", data={f"stance_{numbers[0]}": "stand_aside", "once": once()}
    ).status_code == 303
    page = luz.get(f"{platform}/positions").text
    assert "1 of 2 needed" in page and "Stands aside" in page
    form = form_of(dolores.get(f"{platform}/positions/ours").text, "stance_")
    assert form[f"stance_{numbers[1]}"] == "pending" and form[f"until_{numbers[1]}"] == "2026-12-01"
    coalition = lead.post(f"{platform}/positions/ours", data=said | {"once": once()})
    assert coalition.status_code == 422 and "Act for one of its members" in coalition.text


def test_partners_comment(signed_in, platform):
    omar, luz = signed_in("omar", org="southbank"), signed_in("luz", org="arroyo")
    plank = planks(omar, platform)[0]
    assert omar.post(f"{plank}/comments", data={"words": " ", "once": once()}).status_code == 422
    assert omar.post(f"{plank}/comments", data={"words": "Five is\ntoo much.", "once": once()}).status_code == 303
    assert "Five is<br>too much." in luz.get(plank).text and "Southbank Tenants Union" in luz.get(plank).text


def test_freezing_shows_every_issue_and_then_prints(lead, signed_in, platform):
    only = {
        "title_en": "Elders first", "text_en": "Elders choose first.", "once": once(),
        "section_en": "Public land", "section_es": "Tierra pública",
    }
    plank = lead.post(f"{platform}/planks", data=only).location
    answer = lead.post(f"{platform}/editions", data={"once": once()})
    assert answer.status_code == 422
    assert "Plank 3 (Español) has no title yet." in answer.text and "Plank 3 (Español) has no text yet." in answer.text
    data = form_of(lead.get(f"{plank}/text").text, 'name="text_en"')
    data |= {"title_es": "Primero los mayores", "text_es": "Los mayores eligen primero.", "once": once()}
    lead.post(f"{plank}/text", data=data)
    page = follow(lead, lead.post(f"{platform}/editions", data={"note": "For the vote", "once": once()}))
    for words in ("The Homes We Deserve", "Elders choose first.", "Public land", "Common Table", "platforms.css"):
        assert words in page.text, words
    spanish = signed_in("rita", org="southbank").get(page.request.path + "?lang=es").text
    assert "Las casas que merecemos" in spanish and "Los mayores eligen primero." in spanish
    assert "Tierra pública" in spanish and "Elders choose first." not in spanish and 'lang="es"' in spanish
    exact = lead.get(page.request.path + "/content.json")
    assert hashlib.sha256(exact.data).hexdigest() in page.text
    assert json.loads(exact.data)["planks"][2]["titles"]["es"] == "Primero los mayores"
    answer = lead.post(f"{plank}/text", data=data | {"version": "2", "once": once()})
    assert answer.status_code == 422 and "The text is frozen" in answer.text
    assert "Propose an amendment" not in lead.get(platform).text
    assert lead.post(f"{platform}/writing", data={"once": once()}).status_code == 303
    answer = lead.post(f"{platform}/editions", data={"once": once()})
    assert answer.status_code == 422 and "Nothing has changed since edition 1." in answer.text


def test_the_deadline_ends_proposals_not_writing(lead, signed_in, platform, clock):
    heading = form_of(lead.get(f"{platform}/heading").text, 'name="title_en"')
    heading |= {"languages": ["en", "es"], "deadline_at": "2026-11-23T09:30", "once": once()}
    assert lead.post(f"{platform}/heading", data=heading).status_code == 303
    omar = signed_in("omar", org="southbank")
    assert "Propose an amendment" in omar.get(platform).text and "Amendments close " in omar.get(platform).text
    clock.move(hours=1)
    assert "Propose an amendment" not in omar.get(platform).text
    assert all("Amendments closed: " in omar.get(path).text for path in (platform, "/platforms"))
    answer = omar.post(f"{platform}/amendments", data={
        "kind": "add", "title_en": "Late", "text_en": "Late.", "reason": "Late", "once": once(),
    })
    assert answer.status_code == 422 and "The time for amendments is over." in answer.text


def test_a_ratified_platform_is_published(lead, client, platform, acting, as_org, world):
    assert lead.post(f"{platform}/editions", data={"once": once()}).status_code == 303
    answer = lead.post(f"{platform}/publication", data={"slug": "homes", "once": once()})
    assert answer.status_code == 422 and "Only a ratified platform" in answer.text
    id = int(platform.rsplit("/", 1)[1])
    with as_org("table") as actor:
        edition = queries.latest_edition(actor, id)
        first, second = (plank["plank_id"] for plank in edition.content["planks"])
        assert edition_hash(edition.content) == edition.sha256
        assert queries.edition_for(actor, edition.id).id == edition.id
    with acting("table", "imani") as actor:
        outcomes = {first: "ratified", second: "rejected"}
        actions.mark_ratified(actor, id, outcomes, edition=1, signatories=[world.orgs["mill"]], now=world_now())
    assert lead.post(f"{platform}/publication", data={"slug": "Homes 2026", "once": once()}).location == "/p/homes-2026"
    page = client.get("/p/homes-2026?lang=es").text
    assert "Las casas que merecemos" in page and "Mill District Workers Center" in page
    assert "Not ratified" in page or "No ratificado" in page
    assert hashlib.sha256(client.get("/p/homes-2026/content.json").data).hexdigest() in page
    assert client.get("/p/elsewhere").status_code == 404
    assert "The Homes We Deserve" in lead.get("/p/homes-2026").text
    assert lead.post(f"{platform}/publication/removal", data={"once": once()}).status_code == 303
    assert client.get("/p/homes-2026").status_code == 404


def world_now():
    from tests.factories import MONDAY  # noqa: PLC0415

    return MONDAY


def test_the_desk_asks_the_database_a_fixed_number_of_questions(lead, platform, count_queries):
    lead.get(platform)
    with count_queries() as few:
        lead.get(platform)
    for n in range(5):
        lead.post(f"{platform}/planks", data={**LAWYER, "title_en": f"Plank {n}", "once": once()})
    with count_queries() as many:
        lead.get(platform)
    assert len(many) == len(few)
