"""Imports at the level of jobs: what goes in, what comes back out, what survives being killed."""

import tracemalloc

import pytest
from sqlalchemy import event, func, select

from crm.infra import db, jobs
from crm.infra.audit import Event
from crm.infra.clock import now
from crm.infra.db import session
from crm.kernel.refusal import Refused
from crm.people import actions, queries, rules
from crm.people import jobs as people_jobs
from crm.people.models import CustomField, Email, Identifier, Import, ImportFile, ImportMapping, ImportRow, Note, Person, Phone
from crm.people.providers import read_sheet
from crm.people.queries import import_for


def count(model) -> int:
    return session().scalar(select(func.count()).select_from(model))


def person_called(given: str) -> Person:
    return session().scalars(select(Person).where(Person.given_name == given)).one()


def test_a_messy_sheet_comes_in(bring, as_org, messy):
    import_id = bring(messy)
    with as_org("southbank") as actor:
        assert import_for(actor, import_id).state == "applied"
        counts = queries.count_outcomes(actor, import_id)
        assert (counts["create"], counts["update"], counts["skip"], counts["all"]) == (3, 1, 1, 5)
        maria = person_called("Maria Jose")
        assert (maria.family_name, maria.language, maria.standing, str(maria.member_since)) == (
            "Garcia Lopez",
            "es",
            "member",
            "2025-03-21",
        )
        card = queries.card_for(actor, maria.id)
        assert [tag.name for tag in card.tags] == ["building captain", "steward"]
        assert (card.phones[0].e164, card.phones[0].is_preferred) == ("+14155550191", True)
        jose = queries.card_for(actor, person_called("José").id)
        assert [(p.e164, p.kind, p.is_textable) for p in jose.phones] == [
            ("+14155550192", "mobile", True),
            ("+14155550193", "home", False),
        ]
        assert len(jose.emails) == 2 and [t.name for t in jose.tags] == ["steward"]
        bo = person_called("Bo")
        assert (bo.language, bo.standing, count(ImportFile)) == ("en", "contact", 0)
        row = session().scalars(select(ImportRow).where(ImportRow.person_id == bo.id)).one()
        assert sorted(problem[0] for problem in row.problems) == [1, 2, 3, 4, 6]
        verbs = session().scalars(select(Event.verb).where(Event.person_id == jose.person.id)).all()
        assert sorted(verbs) == ["person.imported", "person.updated_by_import"]


def test_nothing_changes_before_it_is_applied(bring, as_org, messy):
    with as_org("southbank"):
        before = [count(model) for model in (Person, Phone, Email)]
    import_id = bring(messy, apply=False)
    with as_org("southbank") as actor:
        assert [count(model) for model in (Person, Phone, Email)] == before
        assert import_for(actor, import_id).state == "review"


def test_twice_is_once(bring, as_org, messy):
    bring(messy)
    with as_org("southbank"):
        before = [count(model) for model in (Person, Phone, Email, Event)]
    second = bring(messy)
    with as_org("southbank") as actor:
        counts = queries.count_outcomes(actor, second)
        assert (counts["create"], counts["update"], counts["same"]) == (0, 0, 4)
        assert [count(model) for model in (Person, Phone, Email)] == before[:3]
        assert queries.same_file(actor, import_for(actor, second))


def undo(import_id, acting, run_jobs):
    with acting("southbank", "imani") as actor:
        actions.undo(actor, import_id, now=now())
    run_jobs()


def test_undo_brings_everything_back(bring, acting, as_org, run_jobs, world, messy):
    models = (Person, Phone, Email, Note, Identifier)
    there = world.phones[world.people["southbank"][0]]
    extra = f"Given name,Phone,City,Notes,VANID,Language\nAna,{there},Oakland,met at the door,77,es\n".encode()
    with as_org("southbank"):
        before = [count(model) for model in models]
        ana = session().get(Person, (world.orgs["southbank"], world.people["southbank"][0]))
        was = (ana.city, ana.language, ana.custom, ana.name_folded)
    imports = [bring(messy), bring(extra, existing="replace")]
    with as_org("southbank"):
        ana = session().get(Person, (world.orgs["southbank"], world.people["southbank"][0]))
        assert (ana.city, ana.language, ana.version) == ("Oakland", "es", 2)
        assert [count(model) for model in models] != before
    for import_id in reversed(imports):
        undo(import_id, acting, run_jobs)
    with as_org("southbank") as actor:
        ana = session().get(Person, (world.orgs["southbank"], world.people["southbank"][0]))
        assert (ana.city, ana.language, ana.custom, ana.name_folded) == was
        assert [count(model) for model in models] == before
        assert {import_for(actor, i).state for i in imports} == {"undone"}


def test_undo_keeps_whom_someone_worked_with_and_names_them(bring, acting, as_org, run_jobs, messy):
    import_id = bring(messy)
    with as_org("southbank"):
        maria, bo = person_called("Maria Jose").id, person_called("Bo").id
    with acting("southbank", "omar") as actor:
        actions.add_note(actor, maria, "Talked for an hour", now=now())
        actions.edit_person(actor, bo, {"city": "Oakland"}, 1, now=now())
    undo(import_id, acting, run_jobs)
    with as_org("southbank") as actor:
        assert {person_called("Maria Jose").id, person_called("Bo").id} == {maria, bo}
        assert session().scalar(select(Person.id).where(Person.given_name == "José")) is None
        kept = queries.import_rows_page(actor, import_id, "kept", None).rows
        assert [view.row.plan["name"] for view in kept] == ["Maria Jose Garcia Lopez", "Bo Li"]


def test_undo_leaves_fields_that_were_edited_since(bring, acting, as_org, run_jobs, world):
    ana = world.people["southbank"][0]
    import_id = bring(f"Given name,Phone,City,Street\nAna,{world.phones[ana]},Oakland,Elm 1\n".encode())
    with acting("southbank", "omar") as actor:
        actions.edit_person(actor, ana, {"city": "Berkeley"}, 2, now=now())
    undo(import_id, acting, run_jobs)
    with as_org("southbank") as actor:
        person = queries.person_for(actor, ana)
        assert (person.city, person.street) == ("Berkeley", "")
        [kept] = queries.import_rows_page(actor, import_id, "kept", None).rows
        assert [str(reason) for _, reason in kept.problems] == ["City stays as it is, because it was edited since."]


def big(n: int) -> bytes:
    rows = (f"Person{i},Test{i},+1212{2000000 + i},p{i}@example.org,tag {i % 7}\n" for i in range(n))
    return ("First name,Last name,Phone,Email,Tags\n" + "".join(rows)).encode()


@pytest.mark.parametrize("stage", [
    "people.apply_import", *(pytest.param(stage, marks=pytest.mark.long) for stage in ("people.check_import", "people.undo_import")),
])
def test_a_killed_job_goes_on_where_it_was(bring, acting, as_org, run_jobs, clock, monkeypatch, stage):
    """A step that dies in the middle of its writes leaves no half row, and the next run finishes without doubling."""
    n = 1300
    with as_org("southbank"):
        before = count(Person)
    step, calls, deaths = jobs.STEPS[stage], [], []

    def dies(run, **arguments):
        if calls:
            return step(run, **arguments)
        calls.append(1)
        written = []

        def kill(_connection, _cursor, statement, *_rest):
            written.extend([1] if statement.lower().startswith(("insert", "update", "delete")) else [])
            if len(written) > 2:
                raise SystemExit("killed")

        event.listen(db.engine(), "before_cursor_execute", kill)
        try:
            return step(run, **arguments)
        finally:
            event.remove(db.engine(), "before_cursor_execute", kill)

    monkeypatch.setitem(jobs.STEPS, stage, dies)
    for act in ("bring", "resume", "undo", "resume"):
        try:
            if act == "bring":
                import_id = bring(big(n))
            elif act == "undo":
                with as_org("southbank") as actor:
                    assert count(Person) == before + n
                    assert queries.count_outcomes(actor, import_id)["create"] == n
                undo(import_id, acting, run_jobs)
            else:
                clock.move(minutes=5)
                run_jobs()
        except SystemExit:
            deaths.append(act)
            clock.move(minutes=5)
            run_jobs()
            with as_org("southbank") as actor:
                found = session().scalars(select(Import)).one()
                import_id, is_review = found.id, found.state == "review"
            if is_review:
                with acting("southbank", "imani") as actor:
                    actions.apply(actor, import_id, now=now())
                run_jobs()
    with as_org("southbank") as actor:
        assert len(deaths) == 1 and import_for(actor, import_id).state == "undone"
        assert count(Person) == before


def test_an_import_sees_only_its_own_organization(bring, as_org, world):
    theirs = world.people["mill"][0]
    import_id = bring(f"Given name,Phone,City\nAna,{world.phones[theirs]},Oakland\n".encode())
    with as_org("southbank") as actor:
        assert queries.count_outcomes(actor, import_id)["create"] == 1
    with as_org("mill") as actor:
        assert queries.person_for(actor, theirs).city == ""


def test_consent_goes_to_the_hook_only_with_date_and_source(bring, acting, run_jobs, monkeypatch):
    given, taken = [], []
    monkeypatch.setattr(actions.applying, "CONSENT_HOOKS", [lambda actor, rows, now: given.extend(rows)])
    monkeypatch.setattr(actions.undoing, "UNDO_HOOKS", [lambda actor, rows, now: taken.extend(rows)])
    import_id = bring(
        b"First name,Phone,SMS consent,Consent date,Consent source\nZoe,4155550195,yes,2026-01-18,card\nYan,4155550196,yes,,card\n"
        b"Xi,4155550197,no,2026-01-18,card\n"
    )
    told = [(row["kind"], row["phones"], row["source"], row["subject"]) for row in given]
    assert told == [("given", ["+14155550195"], "card", ("import", import_id)), ("revoked", ["+14155550197"], "no", ("import", import_id))]
    undo(import_id, acting, run_jobs)
    assert sorted(row["phones"] for row in taken) == [["+14155550195"], ["+14155550197"]]


def test_a_stopped_import_goes_on_or_is_taken_back(bring, acting, as_org, run_jobs, monkeypatch):
    import_id = bring(big(2600), apply=False)
    step = jobs.STEPS["people.apply_import"]
    monkeypatch.setattr(people_jobs, "STEP", 0)

    def presses_stop(run, **arguments):
        outcome = step(run, **arguments)
        with acting("southbank") as actor:
            jobs.stop_job(actor, run.job_id, now=now())
        return outcome

    monkeypatch.setitem(jobs.STEPS, "people.apply_import", presses_stop)
    with acting("southbank", "imani") as actor:
        actions.apply(actor, import_id, now=now())
    run_jobs()
    with as_org("southbank") as actor:
        found = import_for(actor, import_id)
        assert jobs.job_for(actor, found.job_id).state == "stopped" and found.state == "applying"
        assert 12 < count(Person) < 2612
    monkeypatch.setitem(jobs.STEPS, "people.apply_import", step)
    with acting("southbank", "imani") as actor:
        actions.apply(actor, import_id, now=now())
    run_jobs()
    with as_org("southbank") as actor:
        assert count(Person) == 2612 and import_for(actor, import_id).state == "applied"


def test_fields_of_our_own_come_in_and_can_be_asked(bring, as_org):
    bring(b"Name,Phone,Shift\nZoe Ray,4155550195,night\nYan Li,4155550196,day\n", fields=["full_name", "phone", "own"])
    with as_org("southbank") as actor:
        assert [field.label for field in queries.custom_fields(actor)] == ["Shift"]
        asked = {"fact": "custom:shift", "comparison": "is", "value": "night"}
        assert queries.count_people(asked, now()) == 1
        assert queries.count_people(asked | {"comparison": "is_not"}, now()) == 13
        assert queries.count_people(asked | {"comparison": "contains", "value": "I"}, now()) == 1
        assert "custom:shift" in queries.facts_for(actor)


def test_tag_columns_notes_and_a_tag_for_everyone(bring, as_org):
    fields = ["full_name", "phone", "tag_if_yes", "note"]
    sheet = b"Name,Phone,Steward,Remarks\nZoe Ray,4155550195,x,Has a van\nYan Li,4155550196,,\n"
    for _ in range(2):
        bring(sheet, fields=fields, tags=["fall 2026"], source="Canvass")
    with as_org("southbank") as actor:
        zoe, yan = (queries.card_for(actor, person_called(name).id) for name in ("Zoe", "Yan"))
        assert [t.name for t in zoe.tags] == ["fall 2026", "Steward"] and [t.name for t in yan.tags] == ["fall 2026"]
        assert [note.body for note in zoe.notes] == ["Has a van"] and zoe.person.source == "Canvass"


def start(acting, content: bytes, name: str = "list.csv", encoding: str = "") -> int:
    with acting("southbank", "imani") as actor:
        return actions.start_import(actor, name, content, read_sheet(content, encoding=encoding), now=now())


def test_columns_are_remembered_and_recognized_next_time(bring, acting, as_org):
    bring(b"Name,Phone,Shift\nZoe Ray,4155550195,night\n", fields=["full_name", "phone_home", "own"], existing="replace")
    second = start(acting, b"NAME;phone ;SHIFT\nYan Li;4155550196;day\n", "other.csv")
    third = start(acting, b"Name,Phone,City\nYan Li,4155550196,Oakland\n")
    with as_org("southbank") as actor:
        again, other = import_for(actor, second), import_for(actor, third)
        assert again.mapping == ["full_name", "phone_home", "own"] and again.choices["existing"] == "replace"
        assert again.reading["remembered"] and "remembered" not in other.reading
    with as_org("mill") as actor:
        assert session().scalar(select(func.count()).select_from(ImportMapping)) == 0


def test_letters_can_be_chosen_where_they_were_guessed(acting, as_org):
    import_id = start(acting, "Name,Phone\nМария Иванова,4155550195\n".encode("cp1251"))
    with acting("southbank", "imani") as actor:
        assert not import_for(actor, import_id).reading["is_sure"]
        actions.choose_reading(actor, import_id, "", "cp1251", now=now())
        assert import_for(actor, import_id).reading["samples"][0] == ["Мария Иванова"]


def test_dates_that_may_be_either_are_asked_and_the_answer_holds(bring, as_org):
    sheet = b"Name,Phone,Member since\nZoe Ray,4155550195,03/04/2025\n"
    with pytest.raises(Refused):
        bring(sheet)
    bring(sheet, dates="day")
    with as_org("southbank"):
        assert str(person_called("Zoe").member_since) == "2025-04-03"


def namesakes(bring, apply: bool = False) -> tuple[int, list[int]]:
    bring(b"Given name,Family name,Phone,City\nZoe,Ray,4155550195,Oakland\nZoe,Ray,4155550196,Berkeley\n")
    return bring(b"Given name,Family name,Notes\nZoe,Ray,has a van\n", apply=apply)


@pytest.mark.parametrize("answer", ["first", "new", "?"])
def test_a_row_that_fits_two_people_is_asked_and_goes_where_somebody_says(bring, acting, as_org, run_jobs, answer):
    import_id = namesakes(bring)
    with acting("southbank", "imani") as actor:
        [view] = queries.import_rows_page(actor, import_id, "asked", None).rows
        there = [id for id, *_ in view.row.plan["candidates"]]
        assert queries.count_outcomes(actor, import_id)["asked"] == 1 and len(there) == 2
        with pytest.raises(Refused):
            actions.answer_row(actor, import_id, 2, str(there[0] + 7), now=now())
        said = str(there[0]) if answer == "first" else answer
        actions.answer_row(actor, import_id, 2, "new", now=now())
        actions.answer_row(actor, import_id, 2, said, now=now())
        actions.apply(actor, import_id, now=now())
    run_jobs()
    with as_org("southbank"):
        zoes = session().scalars(select(Person).where(Person.given_name == "Zoe").order_by(Person.id)).all()
        noted = session().scalars(select(Note.person_id)).all()
        assert len(zoes) == (3 if answer == "new" else 2)
        assert noted == {"first": [there[0]], "new": [max(zoe.id for zoe in zoes)], "?": []}[answer]


@pytest.mark.long
def test_rows_of_one_person_meet_across_lots(bring, as_org):
    """The first and the last row lie further apart than what is planned at once; a chain of keys holds them together."""
    rows = [f"Given{n},Family{n},+1212{3000000 + n},\n" for n in range(2500)]
    sheet = "First name,Last name,Phone,Email\nZoe,Ray,4155550195,\n" + "".join(rows[:1200]) + "Zoe,Ray,4155550195,zoe@example.org\n"
    sheet += "".join(rows[1200:]) + "Zoe,Ray,,zoe@example.org\nZoe,Ray,4155550196,zoe@example.org\n"
    import_id = bring(sheet.encode())
    with as_org("southbank") as actor:
        counts = queries.count_outcomes(actor, import_id)
        assert (counts["create"], counts["update"], counts["same"], counts["skip"]) == (2501, 2, 1, 0)
        card = queries.card_for(actor, person_called("Zoe").id)
        assert [phone.e164 for phone in card.phones] == ["+14155550195", "+14155550196"] and len(card.emails) == 1


def test_an_office_number_that_everyone_wrote_is_nobodys(bring, as_org, count_queries):
    rows = "".join(f"Given{n},Family{n},4155550199\n" for n in range(300))
    bring(("First name,Last name,Phone\n" + rows).encode())
    with as_org("southbank"), count_queries() as seen:
        row = rules.read_row(2, ["Given7", "Family7", "4155550199"], rules.Mapping(("a", "b", "c"), ("given_name", "family_name", "phone")))
        assert not queries.people_meant_by([row]).people
        assert len(seen) <= 3


def test_fields_of_our_own_are_read_by_their_kind(bring, acting, as_org):
    with acting("southbank", "imani") as actor:
        kinds = (("Dues", "number", []), ("Shift", "one_of", ["Day", "Night"]), ("Hired", "date", []), ("Steward", "yes_no", []))
        for label, kind, choices in kinds:
            session().add(CustomField(org_id=actor.org_id, key=label.lower(), label=label, kind=kind, choices=choices))
    import_id = bring(
        b"Name,Phone,Dues,Shift,Hired,Steward\nZoe Ray,4155550195,12.50,night,13/02/2020,x\nYan Li,4155550196,much,noon,soon,perhaps\n"
    )
    with as_org("southbank") as actor:
        assert person_called("Zoe").custom == {"dues": 12.5, "shift": "Night", "hired": "2020-02-13", "steward": True}
        assert person_called("Yan").custom == {}
        [view] = queries.import_rows_page(actor, import_id, "problems", None).rows
        assert [place for place, _ in view.problems] == [2, 3, 4, 5]


def test_undo_of_own_fields_keeps_the_one_that_was_edited_since(bring, acting, as_org, run_jobs):
    first = b"Name,Phone,Shift,Dues\nZoe Ray,4155550195,night,5\n"
    bring(first, fields=["full_name", "phone", "own", "own"])
    second = bring(first.replace(b"night,5", b"day,7"), fields=["full_name", "phone", "own", "own"], existing="replace")
    with acting("southbank", "omar"):
        zoe = person_called("Zoe")
        zoe.custom = zoe.custom | {"dues": "9"}
    undo(second, acting, run_jobs)
    with as_org("southbank") as actor:
        assert person_called("Zoe").custom == {"shift": "night", "dues": "9"}
        [kept] = queries.import_rows_page(actor, second, "kept", None).rows
        assert [str(reason) for _, reason in kept.problems] == ["dues stays as it is, because it was edited since."]


@pytest.mark.long
def test_memory_stays_small_while_a_long_file_is_planned(app, world):
    """Fifty thousand rows of a file and what planning remembers of them take less than forty megabytes."""
    content = big(50_000)
    tracemalloc.start()
    try:
        with db.reading(world.orgs["southbank"]):
            sheet = read_sheet(content)
            described, fields = actions.describe(sheet)
            checking = actions.checking.Checking(sheet.rows, 1, actions.mapping_for(described, fields, {}), 1)
            while checking.next_plans():
                pass
        assert checking.done == 50_000 and tracemalloc.get_traced_memory()[1] < 40 * 2**20
    finally:
        tracemalloc.stop()


def test_what_came_of_every_row_can_be_kept_and_no_cell_runs(signed_in, bring):
    import_id = bring(b"Name,Phone,City\nZoe Ray,4155550195,=1+1\n@Yan Li,4155550196,Oakland\n")
    answer = signed_in("omar").get(f"/people/imports/{import_id}/outcome.csv?show=all")
    lines = answer.get_data().decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Row,Outcome,Person,") and lines[0].endswith("Name,Phone,City")
    assert lines[1].startswith("2,added,Zoe Ray,") and lines[1].endswith("Zoe Ray,4155550195,'=1+1")
    assert "'@Yan Li" in lines[2] and "formula" in lines[1]
    assert signed_in("dolores").get(f"/people/imports/{import_id}/outcome.csv").status_code == 404


def test_a_row_is_answered_on_the_page(signed_in, bring):
    import_id = namesakes(bring)
    browser = signed_in("omar")
    page = browser.get(f"/people/imports/{import_id}").text
    assert "Row 2 is" in page and "someone new" in page and "Oakland" in page
    answer = browser.post(f"/people/imports/{import_id}/answers", data={"row": "2", "answer": "new", "once": "a"})
    assert answer.status_code == 303 and "will be added" in browser.get(answer.location).text
    assert browser.post(f"/people/imports/{import_id}/answers", data={"row": "2", "answer": "77", "once": "b"}).status_code == 422
    assert signed_in("dolores").post(f"/people/imports/{import_id}/answers", data={"row": "2", "answer": "new", "once": "c"}).status_code == 404
