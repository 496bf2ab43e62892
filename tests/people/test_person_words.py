"""The words of a person's page: own fields, tags, notes, and the timeline that says who sees which of them."""

import re
from datetime import date

import pytest

from crm.infra import audit
from crm.infra.clock import now
from crm.infra.db import session
from crm.people import actions, queries
from crm.people.models import CustomField, Note, Person, PersonTag, Segment, Tag
from tests.clients import form_of
from tests.people.pages import fields_of, save

# --- own fields ------------------------------------------------------------------------------------------------------


@pytest.fixture
def made(signed_in):
    """made(label, kind, …) → the id of a field that Imani added."""
    browser = signed_in("imani", "southbank")

    def add(label: str, kind: str = "text", choices: str = "", **more) -> int:
        answer = browser.post("/people/fields", data={"label": label, "kind": kind, "choices": choices, "once": label, **more})
        assert answer.status_code == 303, answer.text
        found = re.findall(rf'href="/people/fields/(\d+)" aria-label="Change {re.escape(label)}"', browser.get("/people/fields").text)
        return int(found[0])

    return add


def test_every_kind_of_own_field_is_kept_typed(omar, ana, made, as_org):
    ids = {
        "text": made("Nickname"), "long_text": made("Story", "long_text"), "number": made("Shirts", "number"), "date": made("Card signed", "date"),
        "yes_no": made("Has a car", "yes_no"), "one_of": made("Shift", "one_of", "Day\nNight"), "several_of": made("Skills", "several_of", "Cook\nDrive\nSing"),
        "link": made("Profile", "link"),
    }  # fmt: skip
    typed = {
        "text": "Anita", "long_text": "One\nTwo", "number": "1,200.5", "date": "2026-03-21", "yes_no": "no", "one_of": "Night", "several_of": ["Sing", "Cook"],
        "link": "example.org/ana",
    }  # fmt: skip
    assert save(omar, ana, {f"own-{ids[kind]}": value for kind, value in typed.items()}, "a").status_code == 303
    with as_org("southbank"):
        assert session().query(Person).filter_by(id=ana).one().custom == {
            "nickname": "Anita", "story": "One\nTwo", "shirts": 1200.5, "card_signed": "2026-03-21", "has_a_car": False, "shift": "Night",
            "skills": ["Cook", "Sing"], "profile": "https://example.org/ana",
        }  # fmt: skip
    page = omar.get(f"/people/{ana}").text
    for words in ("Anita", "1,200.5", "March 21", "Cook, Sing", 'href="https://example.org/ana"', "Shift"):
        assert words in page
    form = fields_of(omar, ana)
    assert omar.post(f"/people/{ana}/edit", data=form | {f"own-{ids['several_of']}": ["Cook", "Sing"], "once": "same"}).status_code == 303
    with as_org("southbank"):
        assert session().query(Person).filter_by(id=ana).one().version == 2
    assert save(omar, ana, {f"own-{ids['text']}": "", f"own-{ids['several_of']}": ["Cook", "Sing"]}, "gone").status_code == 303
    with as_org("southbank"):
        assert "nickname" not in session().query(Person).filter_by(id=ana).one().custom


def test_all_that_is_wrong_with_own_fields_at_once(omar, ana, made):
    ids = [made("Shirts", "number"), made("Signed", "date"), made("Shift", "one_of", "Day\nNight"), made("Site", "link"), made("Car", "yes_no")]
    bad = dict(zip(ids, ("many", "soon", "Dusk", "javascript:alert(1)", "maybe"), strict=True))
    answer = save(omar, ana, {f"own-{id}": value for id, value in bad.items()}, "a")
    assert answer.status_code == 422
    for words in ("is not a number", "is not a date", "not one of the choices", "not a web address", "Say yes or no"):
        assert words in answer.text


@pytest.mark.parametrize(
    "label", ["Immigration status", "Estatus migratorio", "SSN", "Country of birth", "Landlord", "Empleador", "Diagnosis", "Arrested before"]
)
def test_a_dangerous_field_is_asked_about_first(signed_in, as_org, label):
    imani = signed_in("imani", "southbank")
    data = {"label": label, "kind": "text"}
    answer = imani.post("/people/fields", data=data | {"once": "1"})
    assert answer.status_code == 422 and "What we do not keep cannot be taken" in answer.text and 'name="is_confirmed"' in answer.text
    with as_org("southbank"):
        assert session().query(CustomField).count() == 0
    assert imani.post("/people/fields", data=data | {"once": "2", "is_confirmed": "y"}).status_code == 303


def test_fields_are_renamed_ordered_archived_and_only_administrators_do_it(signed_in, omar, ana, made, as_org):
    imani = signed_in("imani", "southbank")
    first, second = made("Nickname"), made("Shift", "one_of", "Day\nNight")
    save(omar, ana, {f"own-{first}": "Anita"}, "v")
    assert imani.post(f"/people/fields/{second}/place", data={"act": "up", "once": "up"}).status_code == 303
    page = omar.get(f"/people/{ana}/edit").text
    assert page.index("Shift") < page.index("Nickname")
    assert imani.post(f"/people/fields/{first}", data={"label": "Known as", "once": "n"}).status_code == 303
    assert "Known as" in omar.get(f"/people/{ana}").text
    assert imani.post(f"/people/fields/{first}", data={"label": "shift", "once": "n2"}).status_code == 422
    assert imani.post(f"/people/fields/{first}/place", data={"act": "archive", "once": "ar"}).status_code == 303
    assert "Anita" not in omar.get(f"/people/{ana}?of=texts").text and "Known as" not in omar.get(f"/people/{ana}/edit").text
    assert save(omar, ana, {"city": "Oakland"}, "w").status_code == 303
    assert imani.post(f"/people/fields/{first}/place", data={"act": "restore", "once": "re"}).status_code == 303
    assert "Anita" in omar.get(f"/people/{ana}?of=texts").text
    for path in ("", f"/{first}"):
        assert omar.get(f"/people/fields{path}").status_code == 403
    assert omar.post("/people/fields", data={"label": "Spy", "kind": "text", "once": "s"}).status_code == 403
    dolores = signed_in("dolores")
    assert dolores.get(f"/people/fields/{first}").status_code == 404
    assert dolores.post(f"/people/fields/{first}/place", data={"act": "archive", "once": "d"}).status_code == 404


@pytest.mark.parametrize(
    "data", [{"label": ""}, {"label": "x" * 150}, {"label": "Shift", "kind": "one_of", "choices": "Day"}, {"label": "Shift", "kind": "ghost"}]
)
def test_what_is_no_field(signed_in, data):
    assert signed_in("imani", "southbank").post("/people/fields", data={"kind": "text", "once": "f"} | data).status_code == 422


def test_a_private_field_is_for_administrators_and_organizers_on_every_page(signed_in, omar, ana, made, as_org, acting, world):
    field = made("Safe word", is_private="y")
    assert save(omar, ana, {f"own-{field}": "Marigold", "city": "Oakland"}, "a").status_code == 303
    assert "Marigold" in omar.get(f"/people/{ana}").text
    for name in ("vera", "rita"):
        for path in ("", "/print", "?of=record"):
            page = signed_in(name).get(f"/people/{ana}{path}").text
            assert "Marigold" not in page and "Safe word" not in page
    with acting("southbank", "omar", role="coalition_lead") as lead:  # edits people, but does not see the field: it stays
        seen = actions.snapshot(lead, ana)
        assert "safe_word" not in seen["custom"]
        actions.edit_person(lead, ana, {"city": "Berkeley", "custom": {"safe_word": "hacked"}}, queries.person_for(lead, ana).version, now=now())
    with as_org("southbank"):
        assert session().query(Person).filter_by(id=ana).one().custom == {"safe_word": "Marigold"}


# --- tags ------------------------------------------------------------------------------------------------------------


def tagged(acting, ids: list[int], name: str) -> int:
    with acting("southbank", "omar") as actor:
        actions.tag_people(actor, ids, name, now=now())
        return session().query(Tag).filter_by(name=name).one().id


def carriers(as_org, name: str) -> set[int]:
    with as_org("southbank"):
        rows = session().query(PersonTag.person_id).join(Tag, Tag.id == PersonTag.tag_id).filter(Tag.name == name)
        return {id for (id,) in rows}


def test_tags_are_grouped_renamed_and_lists_follow(omar, ana, acting, as_org):
    tag = tagged(acting, [ana], "steward")
    with acting("southbank", "omar") as actor:
        lines = [{"fact": "tag", "comparison": "is", "value": "Steward"}, {"fact": "standing", "comparison": "is", "value": "member"}]
        inside = {"all": [{"any": lines}]}
        list_id = actions.save_segment(actor, "Core", inside, now=now())
    assert omar.post(f"/people/tags/{tag}", data={"name": "Shop steward", "group_name": "Roles", "once": "1"}).status_code == 303
    assert "Roles" in omar.get(f"/people/{ana}").text and "Roles" in omar.get("/people/tags").text
    with as_org("southbank"):
        assert "Shop steward" in str(session().query(Segment).filter_by(id=list_id).one().definition)
    tagged(acting, [ana], "captain")
    assert omar.post(f"/people/tags/{tag}", data={"name": "Captain", "once": "2"}).status_code == 422
    assert omar.post(f"/people/tags/{tag}", data={"name": "a, b", "once": "3"}).status_code == 422
    refused = omar.post(f"/people/tags/{tag}/removal", data={"once": "4"})
    assert refused.status_code == 422 and "Saved lists still ask for this tag: Core" in refused.text


def test_a_removed_tag_comes_back_to_those_who_are_still_here(omar, world, acting, as_org):
    ids = world.people["southbank"][:4]
    tag = tagged(acting, ids, "Drives")
    assert "4 people carry it" in omar.get(f"/people/tags/{tag}").text
    assert omar.post(f"/people/tags/{tag}/removal", data={"once": "1"}).status_code == 303
    assert carriers(as_org, "Drives") == set() and "removed the tag Drives" in omar.get(f"/people/{ids[0]}").text
    with acting("southbank"):
        session().delete(session().query(Person).filter_by(id=ids[3]).one())
    assert "Bring back" in omar.get("/people/tags").text
    back = omar.post(f"/people/tags/{tag}/return", data={"once": "2"})
    assert back.status_code == 303 and omar.post(f"/people/tags/{tag}/return", data={"once": "2"}).location == back.location
    assert carriers(as_org, "Drives") == set(ids[:3])
    assert omar.post(f"/people/tags/{tag}/return", data={"once": "3"}).status_code == 404
    assert omar.post(f"/people/tags/{tag}/removal", data={"once": "4"}).status_code == 303
    assert omar.post(f"/people/tags/{tag}/return", data={"once": "5"}).status_code == 303
    assert carriers(as_org, "Drives") == set(ids[:3])


def test_two_tags_are_merged_and_parted_again(omar, world, acting, as_org, signed_in):
    a, b, c, _d = world.people["southbank"][:4]
    one, two = tagged(acting, [a, b], "Van"), tagged(acting, [b, c], "Drives")
    for bad in ("", str(one), "x"):
        assert omar.post(f"/people/tags/{one}/merge", data={"into": bad, "once": f"m{bad}"}).status_code == 422
    assert omar.post(f"/people/tags/{one}/merge", data={"into": two, "once": "m"}).status_code == 303
    assert carriers(as_org, "Drives") == {a, b, c} and carriers(as_org, "Van") == set()
    assert "replaced the tag Van by Drives" in omar.get(f"/people/{a}").text
    assert signed_in("dolores").post(f"/people/tags/{one}/return", data={"once": "d"}).status_code == 404
    assert omar.post(f"/people/tags/{one}/return", data={"once": "r"}).status_code == 303
    assert carriers(as_org, "Drives") == {b, c} and carriers(as_org, "Van") == {a, b}


# --- notes and the timeline -------------------------------------------------------------------------------------------


def test_only_who_wrote_a_note_changes_it_and_the_former_words_stay(signed_in, omar, ana, as_org):
    assert omar.post(f"/people/{ana}/notes", data={"body": "Likes mornings", "once": "1"}).status_code == 303
    with as_org("southbank"):
        note = session().query(Note).one().id
    imani = signed_in("imani", "southbank")
    form = form_of(omar.get(f"/people/notes/{note}/edit").text, "body")
    hers = form_of(imani.get(f"/people/notes/{note}/edit").text, "body")
    assert imani.post(f"/people/notes/{note}/edit", data=hers | {"body": "x", "once": "2"}).status_code == 422
    assert omar.post(f"/people/notes/{note}/edit", data=form | {"body": "Likes evenings", "once": "3"}).status_code == 303
    page = omar.get(f"/people/{ana}").text
    assert "Likes evenings" in page and "Likes mornings" in page and "Former words" in page
    late = omar.post(f"/people/notes/{note}/edit", data=form | {"body": "Likes noon", "once": "4"})
    assert late.status_code == 409 and "Likes evenings" in late.text and "Likes noon" in late.text
    assert "Likes" not in signed_in("vera").get(f"/people/{ana}").text
    assert omar.post(f"/people/notes/{note}/removal", data={"once": "5"}).status_code == 303
    assert "Likes" not in omar.get(f"/people/{ana}").text
    assert "files about people leak" in omar.get(f"/people/{ana}").text


def test_the_timeline_is_cut_by_kind_and_year_and_printed(omar, ana, acting, clock, count_queries):
    with acting("southbank", "omar") as actor:
        session().query(Person).filter_by(id=ana).one().created_at = clock.now.replace(year=2024)
        for year in (2024, 2025, 2026):
            for n in range(3):
                then = clock.now.replace(year=year, month=3, day=n + 1)
                audit.record(actor, "conversation.logged", now=then, person_id=ana, after={"words": f"Talk {year}-{n}"})
        actions.tag_people(actor, [ana], "steward", now=clock.now)
    assert "added the tag" in omar.get(f"/people/{ana}").text
    for query, hits in (("year=2025", 3), ("of=talks", 9), ("of=talks&year=2024", 3), ("of=came", 0), ("year=1066", 10), ("year=x", 10), ("of=ghost", 10)):
        assert omar.get(f"/people/{ana}?{query}").text.count('class="pl-dot"') == hits, query
    with count_queries() as seen:
        printed = omar.get(f"/people/{ana}/print").text
    assert printed.count('class="pl-dot"') == 10 and "data-print" in printed
    assert sum("FROM events" in statement for statement in seen) == 1


def test_the_number_of_queries_of_a_page_does_not_grow(omar, ana, others, world, acting, count_queries):
    with acting("southbank", "omar") as actor:
        actions.connect(actor, ana, "friend", others[0], now=now())
        actions.connect(actor, ana, "together", others[0], now=now())
    omar.get(f"/people/{ana}")
    with count_queries() as few:
        omar.get(f"/people/{ana}")
    with acting("southbank", "omar") as actor:
        for other in world.people["southbank"][2:]:
            actions.connect(actor, ana, "neighbor", other, now=now())
            actions.connect(actor, other, "together", ana, now=now())
            actions.change_standing(actor, other, "lapsed", date(2026, 5, 1), "", now=now())
    with count_queries() as many:
        omar.get(f"/people/{ana}")
    assert len(many) == len(few)


def test_volunteers_and_readers_see_no_address_in_old_edits(signed_in, omar, ana):
    save(omar, ana, {"street": "Hidden Lane 5"}, "a")
    assert "Hidden Lane" in omar.get(f"/people/{ana}").text
    for name in ("vera", "rita"):
        browser = signed_in(name)
        for path in ("", "/print"):
            assert "Hidden Lane" not in browser.get(f"/people/{ana}{path}").text
        for path in ("connections/new", "household", "standing"):
            assert browser.get(f"/people/{ana}/{path}").status_code == 403
        assert browser.get("/people/tags").status_code == 403


def test_every_new_page_speaks_spanish(signed_in, ana, made, acting):
    tag = tagged(acting, [ana], "steward")
    field = made("Nickname")
    imani = signed_in("imani", "southbank")
    pages = ["tags", f"tags/{tag}", "fields", f"fields/{field}"]
    pages += [f"{ana}{path}" for path in ("", "/edit", "/print", "/household", "/standing", "/connections/new?q=a")]
    for page in pages:
        answer = imani.get(f"/people/{page}{'&' if '?' in page else '?'}lang=es")
        assert answer.status_code == 200
