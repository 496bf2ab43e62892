"""Invitations by lot through HTTP: households come in, rounds are drawn, whoever says yes makes the pool, and those drawn are called."""

import json
import re

import pytest
from sqlalchemy import func, select

from crm.assemblies.models import CallAttempt, InvitationRound, Lot, LotInvitation, LotPlace, Participant, Recruitment
from crm.assemblies.rules.recruitment import Household, households_in, to_invite
from crm.cli import main
from crm.infra import db, jobs
from crm.infra.links import token_of
from crm.outreach.actions.consent import give_consent
from crm.outreach.models import Text
from crm.people import jobs as people_jobs
from crm.people.models import Person
from tests.assemblies.test_lots import QUOTAS, SEED, SOURCE
from tests.assemblies.test_routes import made
from tests.clients import form_of
from tests.factories import MONDAY

HOUSEHOLDS = "Name,Address,Postcode,City,Language\n" + "".join(
    f"Neighbor {n},{n} Mill Lane,90003,Southbank,{'es' if n % 2 else ''}\n" for n in range(1, 61))
ASKED = {"seats": "6", "times": "2", "response": "40", "closes_on": "2026-12-20", "words": "Lunch and $100.", "households": HOUSEHOLDS, "quotas": QUOTAS}


def listed(browser, world, **changes):
    """An announced assembly with a list of households; the address of its invitations."""
    id = made(browser, world)
    assert browser.post(f"/assemblies/{id}/state/announced").status_code == 303
    answer = browser.post(f"/assemblies/{id}/recruitments", data={**ASKED, **changes})
    assert answer.status_code == 303, answer.text
    return answer.location


def invited(browser, path, size, seed="3 1 4", **more):
    answer = browser.post(path + "/rounds", data={"size": str(size), "seed": seed, **more})
    assert answer.status_code == 303, answer.text
    jobs.run_due()


def tokens():
    return [token_of(link) for link in db.session().scalars(select(LotInvitation.link_id).order_by(LotInvitation.number))]


def yes(n, **changes):
    return {"answer": "yes", "name": f"Rosalba Quintero {n}", "phone": f"+1323555{1000 + n}", "email": "",
            "feature_0": "young" if n % 3 else "old", "feature_1": "north" if n % 2 else "south", **changes}


def answered(client, as_org, count):
    """So many households have said yes on their phones, one no."""
    with as_org("southbank"):
        links = tokens()
    for n, token in enumerate(links[:count]):
        answer = client.post(f"/lottery/{token}", data=yes(n))
        assert answer.status_code == 303, answer.text
    assert client.post(f"/lottery/{links[count]}", data={"answer": "no"}).status_code == 303
    return links


def drawn(omar, client, world, as_org):
    path = listed(omar, world)
    invited(omar, path, 30)
    answered(client, as_org, 20)
    lot = omar.post(path + "/pool", data={"method": "exact"}).location
    jobs.run_due()
    assert omar.post(lot + "/freezing", data={"source": SOURCE}).status_code == 303
    assert omar.post(lot + "/seed", data={"seed": SEED, "keep_until": "2026-12-07"}).status_code == 303
    jobs.run_due()
    return path, lot


def test_from_households_to_a_panel_that_was_called(signed_in, client, world, as_org, tmp_path):
    omar = signed_in("omar")
    path = listed(omar, world)
    page = omar.get(path).text
    assert "Invite the first round" in page and form_of(page, 'name="size"')["size"] == "30", "6 seats, twice that in the pool, 40 of 100 say yes"
    invited(omar, path, 30)
    assert "30 of 30 households invited" in omar.get(path).text
    links = answered(client, as_org, 20)
    page = omar.get(path).text
    assert "20 said yes, 1 said no" in page and "20 people said yes" in page
    lot = omar.post(path + "/pool", data={"method": "exact"}).location
    jobs.run_due()
    assert "Rosalba" not in omar.get(lot + "/pool.csv").text and "H00001,old,south" in omar.get(lot + "/pool.csv").text
    assert client.post(f"/lottery/{links[25]}", data=yes(25)).status_code == 303, "until the pool is frozen"
    omar.post(lot + "/freezing", data={"source": SOURCE})
    late = client.post(f"/lottery/{links[26]}", data=yes(26))
    assert late.status_code == 422 and "The lot is being drawn" in client.get(f"/lottery/{links[26]}").text
    assert omar.post(path + "/rounds", data={"size": "5", "seed": "x"}).status_code == 422
    omar.post(lot + "/seed", data={"seed": SEED, "keep_until": "2026-12-07"})
    jobs.run_due()
    public = re.search(r'href="(/a/[^"]+/lots/\d+)"', omar.get(lot).text).group(1)
    told, record = client.get(public).text, client.get(public + ".json").get_json()
    assert "How the pool came about" in told and "Rosalba" not in told and "Mill Lane" not in told and "Mill Lane" not in json.dumps(record)
    assert record["invitations"][0] | {"households_sha256": "", "yes": 0} == {
        "round": 1, "is_own": False, "households": 60, "households_sha256": "", "seed": "3 1 4", "invited": 30, "yes": 0, "no": 1}
    (tmp_path / "record.json").write_text(json.dumps(record))
    (tmp_path / "pool.csv").write_bytes(omar.get(lot + "/pool.csv").data)
    assert main(["lottery", "verify", str(tmp_path / "record.json"), "--people", str(tmp_path / "pool.csv")]) == 0
    assert client.get(f"/lottery/{links[0]}?lang=es").status_code == 200 and omar.get(path + "?lang=es").status_code == 200


@pytest.mark.long
def test_calls_are_dated_and_whoever_declines_is_replaced_by_the_rule(signed_in, client, world, as_org, clock):
    omar = signed_in("omar")
    _path, lot = drawn(omar, client, world, as_org)
    page = omar.get(lot + "/calls").text
    with as_org("southbank"):
        codes = list(db.session().scalars(select(LotPlace.code)))
    assert all(code in page for code in codes) and page.count("tel:+1323555") == 6
    call = lambda code, outcome: omar.post(lot + "/calls", data={"call": f"{code}|{outcome}"})  # noqa: E731
    assert call(codes[0], "no_answer").status_code == 303
    clock.move(minutes=20)
    assert call(codes[0], "confirmed").status_code == 303 and call(codes[1], "declined").status_code == 303
    page = omar.get(lot + "/calls").text
    assert "No answer (Omar" in page and f"{codes[1]} declined." in page and "In place of" in page
    assert call(codes[1], "confirmed").status_code == 422 and call(codes[2], "shouted").status_code == 422 and call("H9", "confirmed").status_code == 404
    with as_org("southbank"):
        places = {place.code: place for place in db.session().scalars(select(LotPlace))}
        assert len(places) == 7 and places[codes[0]].confirmed_at and places[codes[1]].declined_at
        assert [one.outcome for one in db.session().scalars(select(CallAttempt).order_by(CallAttempt.id))] == ["no_answer", "confirmed", "declined"]
    assert omar.post(lot + "/seats").status_code == 303
    with as_org("southbank"):
        names = sorted(p.shown_name for p in db.session().scalars(select(Participant)))
        assert len(names) == 6 and sum(name.startswith("H0") for name in names) == 5 and names[-1].startswith("Rosalba"), "by name once confirmed"
        person = db.session().scalars(select(Person).where(Person.given_name.startswith("Rosalba"))).one()
        assert person.source
    assert "0 added, 0 taken off" in omar.get(omar.post(lot + "/seats").location).text
    for other in (signed_in("dolores"), signed_in("stranger")):
        assert other.get(lot + "/calls").status_code == 404
        assert other.post(lot + "/calls", data={"call": f"{codes[0]}|declined"}).status_code == 404


def test_a_household_is_invited_once_in_whatever_round_and_however_it_is_written(signed_in, world, as_org):
    omar = signed_in("omar")
    path = listed(omar, world, households=HOUSEHOLDS + "Another,  1 mill lane. ,90003,SOUTHBANK,\n")
    invited(omar, path, 25)
    assert omar.post(path + "/rounds", data={"size": "36", "seed": "y"}).status_code == 422, "35 are left of 60"
    invited(omar, path, 35, seed="other")
    with as_org("southbank"):
        rows = list(db.session().scalars(select(LotInvitation)))
        assert len(rows) == 60 and len({json.loads(row.household)["address"] for row in rows}) == 60
        assert sorted(row.number for row in rows) == list(range(1, 61))
    assert "Every household was invited already" in omar.post(path + "/rounds", data={"size": "1", "seed": "y"}).text


def test_an_interrupted_round_goes_on_with_the_same_households(signed_in, world, as_org, monkeypatch):
    """A step that is repeated, or a second that runs beside it, invites nobody twice."""
    from crm.assemblies.actions import recruitment

    omar = signed_in("omar")
    path = listed(omar, world)
    monkeypatch.setattr(recruitment, "AHEAD", 7)
    monkeypatch.setattr(recruitment, "AT_ONCE", 3)
    omar.post(path + "/rounds", data={"size": "30", "seed": "3 1 4"})
    assert jobs.run_due(limit=2) == 2
    with as_org("southbank"):
        assert db.session().scalar(select(func.count()).select_from(LotInvitation)) == 14
    jobs.run_due()
    with as_org("southbank") as actor:
        in_steps = [json.loads(h)["address"] for h in db.session().scalars(select(LotInvitation.household).order_by(LotInvitation.number))]
        one = db.session().scalars(select(InvitationRound)).one()
        assert len(in_steps) == len(set(in_steps)) == 30 and one.drawn_at
        row = db.session().scalars(select(Recruitment)).one()
        assert in_steps == [home.address for home in recruitment._order(row, one)[:30]]
        assert recruitment.coming(one.id) == (0, []) and recruitment.invite_some(actor, one.id, 0, [], now=one.drawn_at) == (0, True)


def test_only_numbers_that_agreed_are_texted_and_everyone_else_gets_a_letter(signed_in, client, world, as_org, acting):
    omar = signed_in("omar")
    with acting("southbank") as actor:
        person, phone = next(iter(world.phones.items()))
        give_consent(actor, phone, source="in_person", now=MONDAY, person_id=person, wording="Yes", evidence="Sheet 3")
    homes = f"address,phone,language\n1 Mill Lane,{phone},es\n2 Mill Lane,+13235559999,\n3 Mill Lane,,\n"
    path = listed(omar, world, households=homes)
    invited(omar, path, 3, is_texted="y")
    with as_org("southbank"):
        assert sorted(row.way for row in db.session().scalars(select(LotInvitation))) == ["letter", "letter", "text"]
        text = db.session().scalars(select(Text).where(Text.key.like("lottery:%"))).one()
        assert text.phone == phone and "[[link:" in text.body and "Southbank" in text.body and "STOP" in text.body
        one = db.session().scalars(select(InvitationRound)).one().id
    letters = omar.get(f"{path}/rounds/{one}/letters").text
    assert "2 Mill Lane" in letters and "1 Mill Lane" not in letters and letters.count("<svg") >= 2 and "H0000" in letters
    sheet = omar.get(f"{path}/rounds/{one}/letters.csv").text
    link = re.search(r"(/lottery/[\w-]{22})", sheet).group(1)
    assert sheet.count("\n") == 3 and client.get(link).status_code == 200 and "Lunch and $100." in client.get(link).text
    assert client.get("/lottery/" + "x" * 22).status_code == 404


def test_an_answer_lacks_nothing_that_the_draw_needs_and_can_be_changed(signed_in, client, world, as_org):
    omar = signed_in("omar")
    path = listed(omar, world)
    invited(omar, path, 5)
    with as_org("southbank"):
        token = tokens()[0]
    bad = client.post(f"/lottery/{token}", data={"answer": "yes", "name": "", "phone": "12", "feature_0": "middle"})
    assert bad.status_code == 422
    for words in ("Write your name", "Choose one for “age”", "Choose one for “place”"):
        assert words in bad.text, words
    assert client.post(f"/lottery/{token}", data={}).status_code == 422
    assert client.post(f"/lottery/{token}", data=yes(1)).status_code == 303
    assert form_of(client.get(f"/lottery/{token}").text, 'name="phone"')["name"] == "Rosalba Quintero 1"
    assert client.post(f"/lottery/{token}", data={"answer": "no"}).status_code == 303
    with as_org("southbank"):
        assert db.session().scalars(select(LotInvitation).where(LotInvitation.answer == "no")).one().told == "", "a no keeps nothing"
    noted = omar.post(path + "/answers", data={"code": "h00002", **yes(2)})
    assert noted.status_code == 303 and "The answer of H00002 is written down." in omar.get(path).text
    assert "No invitation has this code" in omar.post(path + "/answers", data={"code": "H99", **yes(2)}).text
    assert "Nobody has said yes yet" not in omar.get(path).text


def test_a_bad_list_says_all_problems_and_loses_nothing(signed_in, world, as_org):
    omar = signed_in("omar")
    id = made(omar, world)
    answer = omar.post(f"/assemblies/{id}/recruitments", data={**ASKED, "seats": "x", "response": "200", "closes_on": "2020-01-01", "quotas": "feature,value\n",
                                                               "households": "name,address\nA,\n"})
    assert answer.status_code == 422
    for words in ("at least one seat", "between 1 and 100 can say yes", "within the next year", "no address in line 2", "The quotas: the file is empty"):
        assert words in answer.text, words
    assert form_of(answer.text, 'name="households"')["response"] == "200"
    with as_org("southbank"):
        assert not db.session().scalars(select(Recruitment)).all()
    path = listed(omar, world)
    assert omar.post(path + "/removal").status_code == 303 and omar.get(path).status_code == 404
    for other in (signed_in("dolores"), signed_in("stranger")):
        assert other.get(path).status_code == 404 and other.post(path + "/rounds", data={"size": "1", "seed": "1"}).status_code == 404


@pytest.mark.long
@pytest.mark.parametrize("is_drawn", [True, False])
def test_when_the_challenge_is_over_households_and_answers_are_gone_and_the_counts_stay(signed_in, client, world, as_org, clock, is_drawn):
    omar = signed_in("omar")
    if is_drawn:
        path, lot = drawn(omar, client, world, as_org)
    else:
        path = listed(omar, world)
        invited(omar, path, 10)
        answered(client, as_org, 3)

    def night():
        people_jobs.privacy._kept_on.clear()
        jobs.tick()
        jobs.run_due()

    clock.move(days=14 if is_drawn else 86)
    night()
    with as_org("southbank"):
        assert db.session().scalars(select(Recruitment)).one().households and "Quintero" in max(db.session().scalars(select(LotInvitation.told)))
    clock.move(days=2)
    night()
    with as_org("southbank"):
        row = db.session().scalars(select(Recruitment)).one()
        assert row.households == "" and row.emptied_at
        assert {(one.household, one.told, one.household_hash) for one in db.session().scalars(select(LotInvitation))} == {("", "", None)}
        if is_drawn:
            assert db.session().scalars(select(Lot)).one().people == ""
    page = signed_in("omar").get(path).text
    assert "were deleted" in page and ("20 said yes" if is_drawn else "3 said yes") in page


def test_how_many_to_invite():
    assert to_invite(45, 5, 4, 0, 0, 10**6) == 5625
    assert to_invite(45, 5, 4, 5000, 100, 10**6) == 6250, "by the answers that came"
    assert to_invite(45, 5, 4, 5000, 225, 10**6) == 0 and to_invite(45, 5, 4, 0, 0, 300) == 300


def test_the_same_list_in_another_order_is_the_same_list():
    rows = [(n, {"Address": address}) for n, address in enumerate(["2 Río St.", "1 Mill Ln", "2 rio st"], 2)]
    assert households_in(rows)[0] == [Household("", "1 Mill Ln"), Household("", "2 Río St.")]
    assert [home.key for home in households_in(rows[::-1])[0]] == [home.key for home in households_in(rows)[0]]
