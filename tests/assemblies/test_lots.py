"""Draws by lot through HTTP: a pool comes in, is frozen, gets its seed, is drawn from, passed on and deleted."""

import io
import json
import re
import sys

import pytest
from sqlalchemy import select

from crm.assemblies import jobs as lot_jobs
from crm.assemblies.models import Lot, LotPlace, Participant
from crm.cli import main
from crm.infra import db, jobs
from crm.infra.audit import Event
from crm.people import jobs as people_jobs
from crm.people.actions import keeping
from tests.assemblies.test_routes import ANSWERS, made
from tests.clients import form_of

PEOPLE = "id;age;place;household;name\n" + "".join(
    f"p{n:02};{'young' if n % 3 else 'old'};{'north' if n % 2 else 'south'};{n // 2};Rosalba Quintero\n" for n in range(24))
QUOTAS = "feature,value,min,max\nage,young,3,4\nage,old,2,3\nplace,north,3,3\nplace,south,3,3\n"
SOURCE, SEED = "State lottery of November 24, in the order drawn", "4 8 15 16 23 42"


def files(people=PEOPLE, quotas=QUOTAS, **more):
    return {"people_file": (io.BytesIO(people.encode()), "pool.csv"), "quotas_file": (io.BytesIO(quotas.encode()), "quotas.csv"), "seats": "6",
            "method": "exact", **more}


def brought_in(browser, id, **changes):
    """The address of a draw whose quotas have been tried."""
    answer = browser.post(f"/assemblies/{id}/lots", data=files(**changes), content_type="multipart/form-data")
    assert answer.status_code == 303, answer.text
    jobs.run_due()
    return answer.location


def frozen(browser, world, **changes):
    id = made(browser, world)
    assert browser.post(f"/assemblies/{id}/state/announced").status_code == 303
    path = brought_in(browser, id, **changes)
    assert browser.post(path + "/freezing", data={"source": SOURCE}).status_code == 303
    return path


def drawn(browser, world, **changes):
    path = frozen(browser, world, **changes)
    assert browser.post(path + "/seed", data={"seed": SEED, "keep_until": "2026-12-07"}).status_code == 303
    jobs.run_due()
    return path


def public_of(browser, path):
    return re.search(r'href="(/a/[^"]+/lots/\d+)"', browser.get(path).text).group(1)


def the_lot():
    return db.session().scalars(select(Lot)).one()


@pytest.mark.parametrize("method", ["exact", "maximin"])
def test_from_the_pool_to_a_record_that_anyone_can_check(signed_in, client, world, as_org, tmp_path, method):
    omar = signed_in("omar")
    id = made(omar, world)
    assert f"/assemblies/{id}/lots" in omar.get(f"/assemblies/{id}/participants").text
    assert "Bring in the pool" in omar.get(f"/assemblies/{id}/lots").text
    path = brought_in(omar, id, method=method)
    page = omar.get(path).text
    assert "The quotas can be met" in page and "Announce the assembly first" in page
    assert re.search(r"young</th><td[^>]*>16</td><td[^>]*>3 to 4<", page), "the pool beside the quotas, before anything is frozen"
    refused = omar.post(path + "/freezing", data={"source": " "})
    assert refused.status_code == 422 and "Announce the assembly first" in refused.text and "Say where the seed" in refused.text
    omar.post(f"/assemblies/{id}/state/announced")
    assert "Freeze the pool first" in omar.post(path + "/seed", data={"seed": SEED, "keep_until": "2026-12-07"}).text
    assert omar.post(path + "/freezing", data={"source": SOURCE}).status_code == 303
    public = public_of(omar, path)
    before = client.get(public).text
    with as_org("southbank"):
        assert the_lot().people_sha256 in before and the_lot().quotas_sha256 in before and SOURCE in before and "p01" not in before
    assert client.get(public + ".json").status_code == 404
    form = form_of(omar.get(path).text, 'name="seed"')
    assert form["keep_until"] == "2026-12-07", "fourteen days unless somebody says otherwise"
    assert omar.post(path + "/seed", data={**form, "seed": SEED}).status_code == 303
    jobs.run_due()
    after, record = client.get(public).text, client.get(public + ".json").get_json()
    assert SEED in after and all(f"<strong>{code}</strong>" in after for code in record["panel"]) and len(record["panel"]) == 6
    assert ("Proved" in after) == (method == "maximin") and "Rosalba" not in after and "household" not in json.dumps(record)
    pool = omar.get(path + "/pool.csv")
    assert pool.text.startswith("id,age,place,household\np00,old,south,0\n") and "Rosalba" not in pool.text, "what a draw does not need is not kept"
    told, people = tmp_path / "record.json", tmp_path / "pool.csv"
    told.write_text(json.dumps(record))
    people.write_bytes(pool.data)
    assert main(["lottery", "verify", str(told), "--people", str(people)]) == 0
    told.write_text(json.dumps(record | {"seed": "4 8 15 16 23 43"}))
    assert main(["lottery", "verify", str(told), "--people", str(people)]) == 1
    assert client.get(public + "?lang=es").status_code == 200 and omar.get(path + "?lang=es").status_code == 200


def test_a_kind_that_selects_by_lot_leads_there_and_knows_its_seats(signed_in, world):
    omar = signed_in("omar")
    civic, other = omar.post("/assemblies/new/A6", data=ANSWERS).location, f"/assemblies/{made(omar, world)}"
    assert f'href="{civic}/lots"' in omar.get(civic).text and f'href="{other}/lots"' not in omar.get(other).text
    assert form_of(omar.get(civic + "/lots/new").text, 'name="quotas"')["seats"] == "50"


def test_infeasible_quotas_are_explained_and_the_nearest_are_a_press_away(signed_in, world):
    omar = signed_in("omar")
    id = made(omar, world)
    few = PEOPLE.replace(";old;south;", ";young;south;").replace(";old;north;", ";young;north;", 3)
    path = brought_in(omar, id, people=few)
    page = omar.get(path).text
    assert "These quotas cannot be met" in page and "age old: at least 1 instead of 2." in page and "too few" in page
    assert omar.post(path + "/freezing", data={"source": SOURCE}).status_code == 422
    next_form = form_of(omar.get(re.search(r'href="([^"]+/lots/new\?from=\d+)"', page).group(1)).text, 'name="quotas"')
    assert "age,old,1,3" in next_form["quotas"] and "p01,young,north,0" in next_form["people"] and next_form["seats"] == "6"
    again = omar.post(f"/assemblies/{id}/lots", data=next_form)
    jobs.run_due()
    assert "The quotas can be met" in omar.get(again.location).text
    assert omar.post(path + "/removal").status_code == 303 and omar.get(path).status_code == 404


def test_a_bad_file_says_all_problems_at_once_and_loses_nothing(signed_in, world, as_org):
    omar = signed_in("omar")
    id = made(omar, world)
    people = "id,age\nRosa Quintero,young\nx2,young\nx2,ancient\n,old\nana@mail.example,young\n"
    answer = omar.post(f"/assemblies/{id}/lots", data=files(people, "feature,value,min,max\nage,young,4,2\nage,old,x,2\nage,middle,0,6\n", seats="many"),
                       content_type="multipart/form-data")
    assert answer.status_code == 422
    for words in ("there is no id in line 5", "the id x2 is in line 3, 4", "age is ancient in line 4", "line 2: min is above max",
                  "line 3: min and max must be whole numbers", "at least one seat", "Rosa Quintero, ana@mail.example looks like a name"):
        assert words in answer.text, words
    kept = form_of(answer.text, 'name="quotas"')
    assert kept["people"] == people.strip() and kept["seats"] == "many" and "age,young,4,2" in kept["quotas"]
    sheet = omar.post(f"/assemblies/{id}/lots", data=files() | {"people_file": (io.BytesIO(b"PK\x03\x04\x00\xff"), "pool.xlsx")},
                      content_type="multipart/form-data")
    assert sheet.status_code == 422 and "not a CSV file in UTF-8" in sheet.text
    with as_org("southbank"):
        assert not db.session().scalars(select(Lot)).all()


@pytest.mark.long
def test_the_seed_is_set_once(signed_in, world, as_org):
    omar, imani = signed_in("omar"), signed_in("imani", org="southbank")
    path = frozen(omar, world)
    bad = omar.post(path + "/seed", data={"seed": "", "keep_until": "2028-01-01"})
    assert bad.status_code == 422 and "Write the seed" in bad.text and "within the next 90 days" in bad.text
    assert omar.post(path + "/seed", data={"seed": f"  {SEED} ", "keep_until": "2026-12-07"}).status_code == 303
    second = imani.post(path + "/seed", data={"seed": "777", "keep_until": "2026-12-07"})
    assert second.status_code == 422 and "cannot be changed" in second.text
    jobs.run_due()
    third = imani.post(path + "/seed", data={"seed": "777", "keep_until": "2026-12-07"})
    assert third.status_code == 422 and imani.post(path + "/removal").status_code == 422
    with as_org("southbank"):
        assert (the_lot().seed, the_lot().record["seed"], the_lot().state) == (SEED, SEED, "drawn")


@pytest.mark.long
def test_whoever_declines_is_replaced_by_the_rule_and_the_record_tells(signed_in, client, world, as_org, tmp_path):
    omar = signed_in("omar")
    path = drawn(omar, world)
    with as_org("southbank"):
        out = db.session().scalars(select(LotPlace.code)).first()
    answer = omar.post(path + "/replacements", data={"code": out})
    assert answer.status_code == 303 and f"{out} declined." in omar.get(path).text
    assert omar.post(path + "/replacements", data={"code": out}).status_code == 422
    assert omar.post(path + "/replacements", data={"code": "nobody"}).status_code == 404
    with as_org("southbank"):
        new = db.session().scalars(select(LotPlace.code).where(LotPlace.replaces == out)).one()
        event = db.session().scalars(select(Event).where(Event.verb == "lot.declined")).one()
        assert (event.before, event.after) == ({"code": out}, {"code": new})
        rows = dict(line.split(",", 1) for line in the_lot().people.split())
        assert rows[new].rsplit(",", 1)[0] == rows[out].rsplit(",", 1)[0], "alike in every feature"
        assert [row["seats"] for row in the_lot().counts][2:] == [3, 3]
    public = public_of(omar, path)
    assert f"In place of {out}" in client.get(public).text
    told, people = tmp_path / "record.json", tmp_path / "pool.csv"
    people.write_bytes(omar.get(path + "/pool.csv").data)
    record = client.get(public + ".json").get_json()
    assert record["replacements"] == [{"out": out, "in": new}]
    told.write_text(json.dumps(record))
    assert main(["lottery", "verify", str(told), "--people", str(people)]) == 0
    other = next(code for code in rows if code not in {*record["panel"], new, "id"})
    told.write_text(json.dumps(record | {"replacements": [{"out": out, "in": other}]}))
    assert main(["lottery", "verify", str(told), "--people", str(people)]) == 1


@pytest.mark.long
def test_those_drawn_are_put_on_the_roster_and_who_declined_leaves_it(signed_in, world, as_org):
    omar = signed_in("omar")
    path = drawn(omar, world)

    def on_the_roster():
        with as_org("southbank"):
            return {p.shown_name: (p.role, p.is_voting) for p in db.session().scalars(select(Participant))}

    for _press in range(2):
        assert omar.post(path + "/seats").status_code == 303
        assert len(on_the_roster()) == 6 and set(on_the_roster().values()) == {("participant", True)}
    out = sorted(on_the_roster())[0]
    assert omar.post(path + "/replacements", data={"code": out}).status_code == 303
    assert omar.post(path + "/seats").status_code == 303
    assert len(on_the_roster()) == 6 and out not in on_the_roster()
    assert "1 added, 1 taken off" in omar.get(path).text
    assert signed_in("dolores").post(path + "/seats").status_code == 404


@pytest.mark.long
def test_where_nobody_keeps_the_quotas_the_seat_stays_empty(signed_in, world, as_org):
    omar = signed_in("omar")
    path = drawn(omar, world, people="id,age\na,old\nb,young\n", quotas="feature,value,min,max\nage,old,1,1\nage,young,1,1\n", seats="2")
    omar.post(path + "/replacements", data={"code": "a"})
    assert "so it stays empty" in omar.get(path).text
    with as_org("southbank"):
        assert the_lot().record["replacements"] == [{"out": "a", "in": None}]


@pytest.mark.long
def test_when_the_challenge_is_over_the_features_are_gone_and_the_record_stays(signed_in, client, world, as_org, clock):
    omar = signed_in("omar")
    path = drawn(omar, world)
    public = public_of(omar, path)
    record = client.get(public + ".json").get_json()

    def night():
        people_jobs.privacy._kept_on.clear()
        jobs.tick()
        jobs.run_due()

    clock.move(days=14)  # the last day
    night()
    with as_org("southbank"):
        assert the_lot().people
    clock.move(days=1)
    night()
    with as_org("southbank") as actor:
        assert the_lot().people == "" and the_lot().emptied_at and keeping.removals(actor)[0].after == {"lots": 1}
    omar = signed_in("omar")
    page = omar.get(path).text
    assert "The pool was deleted" in page and "/pool.csv" not in page and omar.get(path + "/pool.csv").status_code == 404
    assert client.get(public + ".json").get_json() == record and "Draws by lot" in signed_in("imani", org="southbank").get("/people/privacy/times").text
    refused = omar.post(path + "/replacements", data={"code": record["panel"][0]})
    assert refused.status_code == 422 and "The pool was deleted" in refused.text


@pytest.mark.long
def test_pools_that_nobody_drew_from_do_not_stay(signed_in, world, as_org, clock):
    omar = signed_in("omar")
    path = frozen(omar, world)
    brought_in(omar, int(path.split("/")[2]))
    clock.move(days=61)
    people_jobs.privacy._kept_on.clear()
    jobs.tick()
    jobs.run_due()
    with as_org("southbank"):
        assert (the_lot().state, the_lot().people) == ("frozen", ""), "the one that was public, empty; the other is gone"
    refused = signed_in("omar").post(path + "/seed", data={"seed": SEED, "keep_until": "2027-02-07"})
    assert refused.status_code == 422 and "The pool was deleted" in refused.text


def test_stopped_in_the_middle_it_can_be_taken_up_again(signed_in, world, as_org, monkeypatch):
    omar = signed_in("omar")
    path = frozen(omar, world)
    omar.post(path + "/seed", data={"seed": SEED, "keep_until": "2026-12-07"})
    monkeypatch.setattr(lot_jobs, "SOLVER", [sys.executable, "-c", "import time; time.sleep(60)"])
    monkeypatch.setattr(lot_jobs, "PATIENCE", 0.2)
    with as_org("southbank"):
        job_id = the_lot().job_id
    real = lot_jobs._progress
    monkeypatch.setattr(lot_jobs, "_progress", lambda said: (omar.post(f"/jobs/{job_id}/stop"), real(said))[1])
    jobs.run_due()
    page = omar.get(path).text
    assert "Stopped" in page and "Take it up again" in page
    monkeypatch.undo()
    assert omar.post(path + "/work").status_code == 303
    jobs.run_due()
    with as_org("southbank"):
        assert the_lot().state == "drawn"


@pytest.mark.long
def test_a_draw_waits_for_another_and_keeps_no_thread_from_the_texts(signed_in, world, as_org, clock):
    omar = signed_in("omar")
    path = frozen(omar, world)
    omar.post(path + "/seed", data={"seed": SEED, "keep_until": "2026-12-07"})
    with lot_jobs._at_work:
        assert jobs.run_due() == 1, "it does not stand in the way"
    clock.move(seconds=6)
    jobs.run_due()
    with as_org("southbank"):
        assert the_lot().state == "drawn"


def test_others_find_no_draw_and_partners_do_not_open_the_pool(signed_in, client, world):
    omar, stranger, dolores, vera = signed_in("omar"), signed_in("stranger"), signed_in("dolores"), signed_in("vera")
    path = drawn(omar, world)
    assembly = path.rsplit("/lots/", 1)[0]
    for browser in (stranger, dolores):
        for found in (path, path + "/pool.csv", assembly + "/lots", assembly + "/lots/new"):
            assert browser.get(found).status_code == 404, found
        assert browser.post(path + "/replacements", data={"code": "p01"}).status_code == 404
        assert browser.post(assembly + "/lots", data=files(), content_type="multipart/form-data").status_code == 404
    assert vera.get(path).status_code == 403
    other = brought_in(omar, int(assembly.rsplit("/", 1)[1]))
    public = public_of(omar, path)
    assert client.get(public).status_code == 200 and client.get(public.rsplit("/", 1)[0] + "/" + other.rsplit("/", 1)[1]).status_code == 404
