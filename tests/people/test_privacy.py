"""Privacy: nothing undeclared, nobody left behind, nothing kept too long, everything told."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, make_url, select

from crm.assemblies.models import Assembly, AssemblySession, Participant
from crm.infra import audit, db, held, jobs, runtime
from crm.infra.audit import AuditEntry, Event
from crm.infra.auth import Actor
from crm.kernel import holdings
from crm.kernel.permissions import Role
from crm.kernel.refusal import Missing, Refused
from crm.leadership.actions import log_conversation
from crm.leadership.rules import Talk
from crm.outreach.actions import give_consent
from crm.outreach.models import Consent, ConsentState, Text, Thread
from crm.people import jobs as people_jobs
from crm.people.actions import add_note, add_person, erasing, keeping, start_import, take_snapshot, telling
from crm.people.actions.imports import apply, choose_columns
from crm.people.models import Erasure, Household, Import, ImportRow, Merge, Person
from crm.people.providers import read_sheet
from crm.people.rules.retention import TIMES, issues_in_times, times_of
from crm.turnout.models import Attendance, Rsvp, Support, WalkIn
from tests.factories import MONDAY

PHONE, MAIL, NAME = "+14155550199", "zoraida.quispe@example.org", ("Zoraida", "Quispehuamán")
NOTE, TALK, NEEDS = "keeps axolotls on the balcony", "the landlord shut off her heating", "ramp for a wheelchair zq"
CANARIES = (PHONE, PHONE[2:], MAIL, *NAME, "Quispehuam", "axolotls", "shut off her heating", "wheelchair zq", "zoraida", "quispehuaman")


def make_zoraida(actor: Actor, now=MONDAY) -> int:
    """A person with something in every room."""
    values = {"given_name": NAME[0], "family_name": NAME[1], "phones": [PHONE], "emails": [MAIL], "street": "12 Zq Lane", "tags": ["Tenant"]}
    id = add_person(actor, values, now=now)
    s = db.session()
    add_note(actor, id, NOTE, now=now)
    log_conversation(actor, id, Talk(now, TALK), now=now, assessment=2, rung=2)
    give_consent(actor, PHONE, source="paper", now=now, person_id=id, wording="I, Zoraida, agree", evidence="sheet of Zoraida")
    own = {"org_id": actor.org_id, "person_id": id, "phone": PHONE}
    s.add(Text(**own, body="Zoraida, will you come?", key="zq", state="delivered", queued_at=now, not_before_at=now))
    s.add(Thread(**own, last_at=now, last_in_at=now, last_in_body="yes says Zoraida"))
    home = Household(org_id=actor.org_id, id=db.new_id(), name="Quispehuamán household")
    s.add(home)
    s.flush()
    s.get_one(Person, (actor.org_id, id)).household_id = home.id
    s.add(Merge(org_id=actor.org_id, kept_id=id, gone_id=db.new_id(), journal={"given_name": "Zoraida", "phones": [PHONE]}, merged_at=now))
    audit.record(actor, "import.started", now=now, subject=("import", 1), after={"first": f"{NAME[0]} {NAME[1]}", "phone": PHONE})
    return id


def at_an_assembly(actor: Actor, person_id: int, now=MONDAY, state: str = "finished") -> int:
    s, org = db.session(), actor.org_id
    assembly = Assembly(
        id=db.new_id(), org_id=org, title={"en": "Housing"}, question={"en": "?"}, kind="A1", time_zone="UTC", day=now.date(), goal=10, state=state,
                        announced_at=now, started_at=now, finished_at=now if state == "finished" else None, slug="h")
    s.add(assembly)
    s.flush()
    sitting = AssemblySession(id=db.new_id(), org_id=org, assembly_id=assembly.id, title={}, day=now.date(), starts=now.time(), ends=now.time(), starts_at=now,
                              ends_at=now + timedelta(hours=2))
    rsvp = Rsvp(id=db.new_id(), org_id=org, partner_id=org, assembly_id=assembly.id, person_id=person_id, door_name="Zoraida Q.", door_folded="zoraida q",
                state="yes", answered_at=now)
    s.add_all([sitting, rsvp])
    s.flush()
    s.add(Support(org_id=org, partner_id=org, assembly_id=assembly.id, rsvp_id=rsvp.id, kind="access", detail=NEEDS))
    s.add(Participant(org_id=org, partner_id=org, assembly_id=assembly.id, person_id=person_id, shown_name="Zoraida Quispehuamán"))
    if state == "finished":
        came = Attendance(id=db.new_id(), org_id=org, partner_id=org, assembly_id=assembly.id, session_id=sitting.id, rsvp_id=rsvp.id, person_id=person_id,
                          door_name="Zoraida Q.", device_key="k1", arrived_at=now)
        s.add(came)
        s.flush()
        s.add(WalkIn(org_id=org, partner_id=org, attendance_id=came.id, name="Zoraida", phone=PHONE, needs=NEEDS))
    s.flush()
    return assembly.id


SHEET = f"First name,Last name,Phone,Email\nZoraida,Quispehuamán,(415) 555-0199,{MAIL}\nBo,Lindqvist,(415) 555-0123,bo@example.org\n".encode()


def imported(acting, run_jobs) -> int:
    """The sheet on its way in and applied; returns the import's id."""
    with acting("southbank") as actor:
        import_id = start_import(actor, "old.csv", SHEET, read_sheet(SHEET), now=MONDAY)
        found = db.session().get_one(Import, (actor.org_id, import_id))
        choose_columns(actor, import_id, list(found.mapping), {**found.choices, "country": "US"}, now=MONDAY)
    run_jobs()
    with acting("southbank") as actor:
        apply(actor, import_id, now=MONDAY)
    run_jobs()
    return import_id


def dump(world) -> str:
    """Everything in the database: SQLite's own files byte by byte; PostgreSQL's rows, one organization after the other."""
    if db.is_sqlite():
        path = make_url(str(db.engine().url)).database
        db.close_session()
        return "".join(file.read_bytes().decode("latin-1") for file in sorted(Path(path).parent.glob(Path(path).name + "*")))
    lines = []
    for org_id in world.orgs.values():
        with db.reading(org_id) as s:
            for model in {m.class_ for m in db.Base.registry.mappers}:
                for row in s.execute(select(*(c for c in model.__table__.columns))).all():
                    lines.append(repr(tuple(row)))
    return "\n".join(lines)


def found_in(text: str) -> list[str]:
    spelled = {one for c in CANARIES for one in (c, c.encode().decode("latin-1"), json.dumps(c)[1:-1])}
    return sorted(one for one in spelled if one in text)


def test_every_column_is_declared_and_a_forgotten_one_is_noticed(app):
    assert held.undeclared() == []
    gone = [one for one in holdings.HELD if one.table == "notes" and "body" in one.names][0]
    holdings.HELD.remove(gone)
    try:
        assert held.undeclared() == ["notes.body"]
    finally:
        holdings.HELD.append(gone)
    assert {one.table for one in holdings.HELD} <= set(holdings.TABLES)
    for name, model in held.owned_tables().items():
        if held.persons_columns(model):
            assert any(one.table == name for one in holdings.HELD)


def test_an_erased_person_is_nowhere_in_the_database(world, acting, run_jobs, as_org):
    import_id = imported(acting, run_jobs)
    with acting("southbank") as actor:
        id = db.session().scalars(select(Person.id).where(Person.given_name == "Zoraida")).one()
        db.session().delete(db.session().get_one(Person, (actor.org_id, id)))
    with acting("southbank", account="imani") as actor:
        id = make_zoraida(actor)
        at_an_assembly(actor, id)
        take_snapshot(actor, None, {"join": "all", "of": []}, "Zoraida Quispehuamán", "print", now=MONDAY)
        db.session().execute(ImportRow.__table__.update().where(ImportRow.number == 2).values(person_id=id))
        chain = db.session().scalar(select(func.count()).select_from(AuditEntry))
    assert len(found_in(dump(world))) >= 5, "the canaries are there before"
    with acting("southbank", account="imani") as actor:
        before = {part.table for part in erasing.preview_erasure(actor, id)}
        assert {"people", "texts", "threads", "notes", "conversations", "rsvps", "attendances", "consents", "merges"} <= before
        erasure_id = erasing.erase_person(actor, id, now=MONDAY)
    run_jobs()
    left = found_in(dump(world))
    assert set(left) <= {PHONE, PHONE[2:]}, left
    with as_org("southbank") as actor:
        s = db.session()
        assert [(c.phone, c.kind, c.source, c.person_id, c.said, c.collector) for c in s.scalars(select(Consent).where(Consent.phone == PHONE))] == [
            (PHONE, "revoked", "erased", None, "", "")]
        assert s.scalars(select(ConsentState.state).where(ConsentState.phone == PHONE)).one() == "revoked"
        assert s.scalar(select(func.count()).select_from(Attendance).where(Attendance.undone_at.is_(None))) == 1
        assert s.scalar(select(func.count()).select_from(Rsvp)) == 1
        assert audit.broken_link(actor) is None
        assert s.scalar(select(func.count()).select_from(AuditEntry)) > chain
        proof = s.get_one(Erasure, (actor.org_id, erasure_id))
        assert proof.counts["notes"] == 1 and proof.counts["people"] == 1 and not found_in(json.dumps(proof.counts))
        assert s.get_one(Import, (actor.org_id, import_id))


def test_an_old_spreadsheet_and_its_consent_revive_nobody(world, acting, run_jobs, as_org):
    with acting("southbank", account="imani") as actor:
        erasing.erase_person(actor, make_zoraida(actor), now=MONDAY)
    imported(acting, run_jobs)
    with as_org("southbank"):
        names = set(db.session().scalars(select(Person.given_name)))
        assert "Bo" in names and "Zoraida" not in names
        row = db.session().scalars(select(ImportRow).where(ImportRow.number == 2)).one()
        assert row.outcome == "skip" and not found_in(json.dumps([row.cells, row.plan]))
    with acting("southbank") as actor, pytest.raises(Refused):
        give_consent(actor, PHONE, source="import", wording="x", evidence="y", now=MONDAY)


def test_an_open_vote_is_waited_for_and_others_keep_what_is_theirs(world, acting, as_org):
    with acting("southbank", account="imani") as actor, pytest.raises(Missing):
        erasing.erase_person(actor, world.people["mill"][0], now=MONDAY)
    with acting("southbank", account="omar", role=Role.ORGANIZER) as actor, pytest.raises(Missing):
        erasing.erase_person(actor, world.people["southbank"][0], now=MONDAY)
    with acting("southbank", account="imani") as actor:
        id = make_zoraida(actor)
        other = add_person(actor, {"given_name": "Nayeli", "phones": [PHONE]}, now=MONDAY)
        upcoming = at_an_assembly(actor, id, state="announced")
        erasing.erase_person(actor, id, now=MONDAY)
    with as_org("southbank"):
        s = db.session()
        assert s.scalar(select(Person.given_name).where(Person.id == other)) == "Nayeli"
        assert s.scalars(select(ConsentState.state).where(ConsentState.phone == PHONE)).one() == "given", "a number that others share stays theirs"
        assert s.scalar(select(func.count()).select_from(Rsvp).where(Rsvp.assembly_id == upcoming)) == 0, "nobody is expected who was erased"


def test_everything_is_told_to_the_person_by_their_own_link(world, acting, signed_in, client, clock):
    with acting("southbank", account="imani") as actor:
        id = make_zoraida(actor)
        at_an_assembly(actor, id)
        address = telling.give_link(actor, id, now=MONDAY)
    path = address.removeprefix(runtime.settings().public_url)
    for lang, heading in (("en", "What we hold about you"), ("es", "")):
        page = client.get(path + f"?lang={lang}")
        assert page.status_code == 200 and heading in page.text
        for word in (NAME[0], NAME[1], MAIL, "12 Zq Lane", NOTE, TALK, "Tenant", "Zoraida, will you come?", NEEDS):
            assert word in page.text, word
    told = client.get(path + "/file").get_json()["held"]
    assert {"people", "phones", "emails", "notes", "conversations", "texts", "threads", "consents"} <= set(told)
    assert {"rsvps", "attendances", "supports", "tags", "events"} <= set(told)
    imani = signed_in("imani")
    assert NOTE in imani.get(f"/people/{id}/everything").text and imani.get(f"/people/{id}/everything.json").get_json()["held"] == told
    assert signed_in("omar").get(f"/people/{id}/everything").status_code == 403
    assert imani.post(f"/people/{id}/everything/link").status_code == 303
    assert client.get(path).status_code == 404, "a new link ends the old one"
    clock.move(days=8)
    assert client.get(path).status_code == 404


def test_erasing_is_shown_first_asked_twice_and_proved_without_a_name(world, acting, signed_in):
    with acting("southbank", account="imani") as actor:
        id = make_zoraida(actor)
    imani = signed_in("imani")
    assert "What happens" in imani.get(f"/people/{id}/erasure").text
    assert imani.post(f"/people/{id}/erasure").status_code == 422
    done = imani.post(f"/people/{id}/erasure", data={"is_sure": "y"})
    assert done.status_code == 303
    proof = imani.get(done.location)
    assert proof.status_code == 200 and not found_in(proof.text)
    assert imani.get(f"/people/{id}").status_code == 404
    assert "Nobody was erased yet" not in imani.get("/people/privacy/erasures").text
    assert signed_in("stranger").get(done.location).status_code == 404


def test_the_inventory_is_a_page_in_words(world, signed_in):
    page = signed_in("imani").get("/people/privacy").text
    for one in holdings.HELD:
        if one.kept != holdings.NONE:
            assert all(name in page for name in one.names), one
    assert signed_in("vera").get("/people/privacy").status_code == 403


def test_times_have_limits_and_are_each_organizations_own(world, signed_in, as_org):
    assert times_of(None) == {name: time.usual for name, time in TIMES.items()}
    assert [reason.field for reason in issues_in_times({**times_of(None), "texts": 3, "events": None})] == ["events", "texts"]
    imani = signed_in("imani")
    days = {name: str(n) for name, n in times_of(None).items()}
    assert imani.post("/people/privacy/times", data={**days, "texts": "3"}).status_code == 422
    assert imani.post("/people/privacy/times", data={**days, "texts": "60"}).status_code == 303
    assert 'value="60"' in imani.get("/people/privacy/times").text
    assert 'value="60"' not in signed_in("dolores").get("/people/privacy/times").text


def test_what_is_old_goes_at_night_and_is_counted(world, acting, run_jobs, as_org, clock):
    import_id = imported(acting, run_jobs)
    with acting("southbank", account="imani") as actor:
        id = make_zoraida(actor)
        at_an_assembly(actor, id)
    clock.move(days=800)
    people_jobs.privacy._kept_on.clear()
    jobs.tick()
    run_jobs()
    with as_org("southbank") as actor:
        s = db.session()
        assert s.scalars(select(Text.body)).one() == "" and s.scalars(select(Thread.last_in_body)).one() == ""
        assert {row.state for row in s.scalars(select(ImportRow).where(ImportRow.import_id == import_id))} == {"kept"}
        assert not any(row.cells for row in s.scalars(select(ImportRow)))
        assert s.scalars(select(WalkIn)).all() == [] and s.scalars(select(Attendance.door_name)).one() == ""
        assert all(e.after is None for e in s.scalars(select(Event).where(Event.verb != "retention.done", Event.person_id == id)))
        counts = keeping.removals(actor)[0].after
        assert counts["texts"] >= 1 and counts["walk_ins"] == 1 and counts["imports"] == 2 and not found_in(json.dumps(counts))
        assert s.scalars(select(Person.given_name).where(Person.id == id)).one() == "Zoraida", "people stay"
        assert audit.broken_link(actor) is None
