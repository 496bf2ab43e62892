"""Lists as filters: every fact with every comparison is one statement, the builder works without scripts, and a tree reads as a sentence."""

import re
import sys

import pytest
from flask_babel import force_locale
from sqlalchemy import select, text

from crm.infra import patience
from crm.infra.db import engine, is_sqlite, session
from crm.people import actions, queries, rules
from crm.people.models import CustomField, Person, PersonTag, Tag
from crm.people.routes.sentences import say_definition
from tests.people.conftest import actor_now

VALUES = {"date": "2026-03-01", "days": "60", "number": "2", "text": "100%_a'", "nothing": "", "choice": "3"}


def own_fields(actor, *kinds: str) -> None:
    for kind in kinds:
        session().add(CustomField(org_id=actor.org_id, key=kind[:4], label=f"Own {kind}", kind=kind, choices=["red", "blue"]))
    session().flush()


def asked_of(actor) -> list[tuple[str, str, str]]:
    """Every fact with every comparison, each with a value that it takes."""
    found = []
    for fact in queries.facts_for(actor).values():
        for comparison in rules.COMPARISONS[fact.kind]:
            choices = fact.choices_for(actor)
            value = choices[0][0] if choices and rules.asks_for(fact.kind, comparison) == "choice" else VALUES[rules.asks_for(fact.kind, comparison)]
            found.append((fact.name, comparison, f"{value}:{fact.more[0][0]}" if fact.more else value))
    return found


def tree(*conditions, join: str = "all") -> dict:
    return {join: [dict(zip(("fact", "comparison", "value"), each, strict=False)) if isinstance(each, tuple) else each for each in conditions]}


def test_every_fact_with_every_comparison_compiles_runs_and_reads(acting, count_queries, world):
    with acting("southbank") as actor:
        own_fields(actor, "text", "number", "date", "yes_no", "one_of", "several_of", "long_text", "link")
        session().get(Person, (actor.org_id, world.people["southbank"][0])).custom = {"numb": "not a number", "seve": "bare", "date": ""}
        facts = queries.facts_for(actor)
        kinds = {name: fact.kind for name, fact in facts.items()}
        assert len(facts) > 50
        for condition in asked_of(actor):
            for join in ("all", "none"):
                asked = tree(condition, join=join)
                assert not rules.issues_in_definition(asked, kinds), condition
                with count_queries() as seen:
                    n = queries.count_people(asked, actor_now())
                assert len(seen) == 1 and 0 <= n <= 12, condition
                said = say_definition(actor, asked, facts)
                assert said.startswith("People who ") and "%" not in said.replace("100%", ""), said


def test_all_and_none_of_a_condition_part_everyone_in_two(acting, world):
    """A condition on what is not known: nobody is in both, nobody is in neither."""
    with acting("southbank") as actor:
        own_fields(actor, "number", "date", "several_of", "yes_no")
        for condition in asked_of(actor):
            yes, no = (queries.count_people(tree(condition, join=join), actor_now()) for join in ("all", "none"))
            assert yes + no == 12, condition


def test_own_fields_by_their_kind(acting, world):
    with acting("southbank") as actor:
        own_fields(actor, "number", "date", "several_of", "yes_no", "one_of")
        people = world.people["southbank"]
        kept = [
            {"numb": 5, "date": "2026-11-01", "seve": ["red", "blue"], "yes_": True, "one_": "red"},
            {"numb": 1.5, "date": "2020-01-01", "seve": ["blue"], "yes_": False, "one_": "blue"},
            {"numb": 50},
        ]
        for id, custom in zip(people, kept, strict=False):
            session().get(Person, (actor.org_id, id)).custom = custom
        session().flush()

        def who(*condition) -> set[int]:
            found = session().scalars(queries.people_where(tree(condition), actor_now()))
            return {people.index(id) for id in found}

        assert who("custom:number:numb", "at_least", "5") == {0, 2}
        assert who("custom:number:numb", "at_most", "2") == {1}
        assert who("custom:date:date", "since", "2026-01-01") == {0}
        assert who("custom:date:date", "within", "60") == {0}
        assert who("custom:date:date", "known") == {0, 1}
        assert who("custom:several_of:seve", "is", "blue") == {0, 1}
        assert who("custom:several_of:seve", "is", "red") == {0}
        assert who("custom:yes_no:yes_", "is") == {0}
        assert len(who("custom:one_of:one_", "is_not", "red")) == 11


def test_nested_groups_mean_what_they_say(acting, world):
    with acting("southbank") as actor:
        people = world.people["southbank"]
        tag = Tag(org_id=actor.org_id, name="Steward", name_folded="steward")
        session().add(tag)
        session().flush()
        session().add_all(PersonTag(org_id=actor.org_id, person_id=id, tag_id=tag.id) for id in people[:6])
        for n, id in enumerate(people):
            session().get(Person, (actor.org_id, id)).assessment = n if 1 <= n <= 5 else None
        session().flush()
        stewards = tree(("tag", "is", "Steward"), tree(("assessment", "at_least", "3"), join="none"))
        assert queries.count_people(stewards, actor_now()) == 3  # not known is not "at least 3"
        either = tree(("assessment", "is", "1"), tree(("assessment", "at_least", "4"), ("tag", "is", "x"), join="any"), join="any")
        deep = tree(("tag", "is", "Steward"), either)
        assert queries.count_people(deep, actor_now()) == 3
        assert not rules.issues_in_definition(deep, {"tag": "choice", "assessment": "score"})
        deeper = tree(tree(tree(tree(tree(("tag", "is", "x"))))))
        assert rules.issues_in_definition(deeper, {"tag": "choice"})


def test_the_sentence_of_the_brief(acting, world):
    asked = tree(
        ("neighborhood", "is", "Mill District"),
        ("came", "since", "2026-03-01"),
        ("talked", "not_within", "60"),
        tree(("opted_out", "is", ""), join="none"),
    )
    with acting("southbank") as actor:
        facts = queries.facts_for(actor)
        assert say_definition(actor, asked, facts) == (
            "People who live in Mill District and came to an assembly since Sunday, March 1 and had no one-on-one in the last 60 days, "
            "but not those who opted out of texts"
        )
        either = tree(("standing", "is", "member"), tree(("language", "is", "es"), ("rung", "at_least", "4"), join="any"))
        assert "(speak Español or stand on the ladder at: Leader or higher)" in say_definition(actor, either, facts)
        with force_locale("es"):
            said = say_definition(actor, asked, facts)
        assert said.startswith("Personas que viven en Mill District y fueron a una asamblea desde") and "pero no quienes" in said


# --- the tree as lines -----------------------------------------------------------------------------------------------


def test_lines_and_tree_are_the_same_thing():
    asked = tree(("a", "is", "1"), tree(("b", "is", "2"), tree(("c", "is", "3"), join="none"), join="any"), ("d", "is", "4"))
    lines = rules.lines_of(asked)
    assert [line.depth for line in lines] == [0, 1, 1, 2, 2, 3, 1]
    assert rules.tree_of(lines) == asked
    assert rules.tree_of(rules.without(lines, 2)) == tree(("a", "is", "1"), ("d", "is", "4"))
    more = rules.with_inside(lines, 4, rules.Line(3, "", "e", "is", "5"))
    assert rules.tree_of(more)["all"][1]["any"][1]["none"][1]["fact"] == "e"
    assert rules.tree_of([rules.Line(9, "any"), rules.Line(7, "", "a", "is", "1")]) == tree(("a", "is", "1"), join="any")
    assert rules.lines_of({"fact": "a", "comparison": "is"})[1].fact == "a"


def build(browser, presses: list[dict], address: str = "/people/lists/new") -> dict:
    """Presses the builder's buttons one after the other, each time sending the whole page back, as a browser without scripts does."""
    page = browser.get(address).text
    for press in presses:
        fields = lines_in(page)
        page = browser.post(address, data=fields | press | {"once": "b"}).text
    return lines_in(page) | {"page": page}


def lines_in(page: str) -> dict[str, list[str]]:
    """The lines of the builder as lists, in the order of the page."""
    form = re.search(r'<form id="list-builder".*?</form>', page, re.S).group(0)
    fields: dict[str, list[str]] = {}
    pattern = r'<input[^>]*?name="(\w+)"[^>]*?value="([^"]*)"|<select[^>]*name="(\w+)"[^>]*>(.*?)</select>'
    for name, value, select_name, options in re.findall(pattern, form, re.S):
        if select_name:
            chosen = re.search(r'value="([^"]*)" selected', options) or re.search(r'value="([^"]*)"', options)
            value = chosen.group(1) if chosen else ""
        if (name or select_name) in ("depth", "join", "fact", "comparison", "value", "more"):
            fields.setdefault(name or select_name, []).append(value)
    return fields


def test_a_list_is_built_without_scripts(signed_in, as_org, world):
    browser = signed_in("omar")
    built = build(browser, [{"add": "0", "fact-for-0": "standing"}])
    assert "Lines that are not filled in yet" in built["page"]
    lines = lines_in(built["page"]) | {"value": ["", "member"]}
    page = browser.post("/people/lists/new", data=lines | {"group": "0", "once": "b"}).text
    page = browser.post("/people/lists/new", data=lines_in(page) | {"add": "2", "fact-for-2": "language", "once": "b"}).text
    page = browser.post("/people/lists/new", data=lines_in(page) | {"add": "2", "fact-for-2": "neighborhood", "once": "b"}).text
    lines = lines_in(page)
    assert lines["depth"] == ["0", "1", "1", "2", "2"] and lines["join"] == ["all", "", "any", "", ""]
    lines |= {"value": ["", "member", "", "es", "Southbank"]}
    page = browser.post("/people/lists/new", data=lines | {"show": "1", "once": "b"}).text
    assert "4 people" in page
    assert "People who have the standing “Member” and (speak Español or live in Southbank)." in page
    assert browser.post("/people/lists/new", data=lines | {"save": "1", "name": "", "once": "s1"}).status_code == 422
    saved = browser.post("/people/lists/new", data=lines | {"save": "1", "name": "Core", "is_shared": "y", "once": "s2"})
    assert saved.status_code == 303
    assert browser.post("/people/lists/new", data=lines | {"save": "1", "name": "Core", "once": "s3"}).status_code == 422
    id = int(re.search(r"list=(\d+)", saved.location).group(1))
    with as_org("southbank") as actor:
        assert queries.segment_count(actor, id, now=actor_now()) == 4
        assert len(session().scalars(queries.segment_select(actor, id, now=actor_now())).all()) == 4
    fewer = browser.post(f"/people/lists/{id}/edit", data=lines | {"without": "2", "once": "x"}).text
    assert "7 people" not in fewer and lines_in(fewer)["depth"] == ["0", "1"]
    assert re.search(r"Core <span>4</span>", browser.get(saved.location).text)


def test_relative_dates_and_two_part_values_through_the_builder(signed_in):
    browser = signed_in("omar")
    built = build(browser, [{"add": "0", "fact-for-0": "talked"}])
    lines = {k: v for k, v in built.items() if k != "page"} | {"comparison": ["", "not_within"], "value": ["", "60"]}
    page = browser.post("/people/lists/new", data=lines | {"show": "1", "once": "b"}).text
    assert "had no one-on-one in the last 60 days" in page and "12 people" in page
    wrong = browser.post("/people/lists/new", data=lines | {"value": ["", "soon"], "save": "1", "name": "X", "once": "w"})
    assert wrong.status_code == 422 and "Write how many days, like 60." in wrong.text and 'value="soon"' in wrong.text
    built = build(browser, [{"add": "0", "fact-for-0": "rsvp"}])
    assert built["more"] == ["", ""] and 'name="more" aria-label' in built["page"]


@pytest.mark.parametrize("lines", [{"depth": ["x", "99", "-1"], "join": ["bad", "any", ""], "fact": ["", "", "tag"]}, {}, {"depth": ["0"] * 200}])
def test_garbage_in_the_builder_is_no_failure(signed_in, lines):
    whole = {name: lines.get(name, [""] * 3) for name in ("depth", "join", "fact", "comparison", "value", "more")}
    for press in ({"add": "77"}, {"without": "-4"}, {"group": "x"}, {"save": "1", "name": "G"}):
        assert signed_in("omar").post("/people/lists/new", data=whole | press | {"once": str(press)}).status_code in (200, 303, 422)


# --- saved lists -----------------------------------------------------------------------------------------------------


def save(acting, name: str = "Members", definition: dict | None = None, by: str = "omar", **more) -> int:
    with acting("southbank", by) as actor:
        return actions.save_segment(actor, name, definition or tree(("standing", "is", "member")), now=actor_now(), **more)


def test_lists_are_shared_or_ones_own(signed_in, acting):
    mine = save(acting, "Quiet", by="omar", is_shared=False)
    assert "Quiet" in signed_in("omar").get("/people/lists").text
    imani = signed_in("imani", "southbank")
    assert "Quiet" not in imani.get("/people/lists").text
    assert imani.get(f"/people?list={mine}").status_code == 404
    assert imani.get(f"/people/lists/{mine}/edit").status_code == 404
    assert signed_in("dolores").get(f"/people/lists/{mine}/count").status_code == 404


def test_a_list_is_copied_removed_and_brought_back(signed_in, acting):
    id, browser = save(acting), signed_in("omar")
    copied = browser.post(f"/people/lists/{id}/copy", data={"once": "c"})
    assert copied.status_code == 303 and "Copy of Members" in browser.get(copied.location).text
    assert browser.post(f"/people/lists/{id}/removal", data={"once": "r"}).status_code == 303
    page = browser.get("/people/lists").text
    assert "Removed lately" in page and browser.get(f"/people?list={id}").status_code == 404
    back = browser.post(f"/people/lists/{id}/return", data={"once": "b"})
    assert back.status_code == 303 and browser.get(back.location).status_code == 200
    assert "Removed lately" not in browser.get("/people/lists").text
    assert browser.post(f"/people/lists/{id}/return", data={"once": "again"}).status_code == 404
    assert signed_in("vera").post(f"/people/lists/{id}/copy", data={"once": "v"}).status_code == 403


def test_twenty_lists_are_counted_in_one_statement_that_may_not_take_long(signed_in, acting, count_queries, monkeypatch):
    for n in range(20):
        save(acting, f"List {n:02}")
    browser = signed_in("omar")
    with count_queries() as seen:
        page = browser.get("/people/lists").text
    assert sum("FROM people" in statement for statement in seen) == 1 and page.count("people</span>") == 20
    def too_long(*_how):
        raise patience.TooLong

    monkeypatch.setattr(sys.modules["crm.people.queries.segments"], "at_most", too_long)
    slow = browser.get("/people/lists").text
    assert slow.count('hx-trigger="revealed"') == 20 and "people</span>" not in slow
    id = re.search(r"/people/lists/(\d+)/count", slow)
    assert re.search(rf'id="count-{id.group(1)}">\d+ people', browser.get(id.group(0)).text)
    assert browser.get("/people").status_code == 200


def test_a_count_that_takes_too_long_gives_up_and_the_transaction_goes_on(as_org, world):


    endless = text("with recursive n(i) as (select 1 union all select i + 1 from n where i < 100000000) select count(*) from n")
    with as_org("southbank"):
        with pytest.raises(patience.TooLong), patience.at_most(0.2):
            session().connection().execute(endless)
        assert queries.count_people({"all": []}, actor_now()) == 12


def test_a_private_field_is_closed_to_those_who_may_not_see_it(signed_in, acting, world):
    with acting("southbank", "omar") as actor:
        session().add(CustomField(org_id=actor.org_id, key="secret", label="Hidden thing", kind="text", is_private=True))
        session().get(Person, (actor.org_id, world.people["southbank"][0])).custom = {"secret": "yes"}
    id = save(acting, "Telling", tree(("custom:secret", "is", "yes")))
    assert "Hidden thing" in signed_in("omar").get(f"/people/lists/{id}/edit").text
    for name in ("vera", "rita"):
        browser = signed_in(name)
        assert "Telling" not in browser.get("/people/lists").text and browser.get(f"/people?list={id}").status_code == 404
        assert "Hidden thing" not in browser.get("/people?f=custom:secret~is~yes").text


@pytest.mark.skipif("not __import__('os').environ.get('TEST_DATABASE') == 'postgresql'", reason="the planner is PostgreSQL's")
def test_the_planner_uses_the_doors(as_org, world):
    with as_org("southbank") as actor:
        session().connection().exec_driver_sql("set local enable_seqscan = off")
        for condition in (("tag", "is", "a"), ("talked", "within", "60"), ("neighborhood", "is", "x"), ("texted", "never", ""), ("has_phone", "is", "")):
            wanted = select(Person.id).where(Person.org_id == actor.org_id, queries.clause_of(tree(condition), actor_now()))
            sql = wanted.compile(engine(), compile_kwargs={"literal_binds": True})
            plan = "\n".join(row[0] for row in session().connection().exec_driver_sql("explain " + str(sql).replace("%", "%%")))
            assert "Index" in plan or "Bitmap" in plan, plan
            assert "Seq Scan on" not in plan, plan
        assert not is_sqlite()


def test_the_pages_speak_spanish(signed_in, acting):
    id = save(acting)
    browser = signed_in("omar")
    for path in ("/people/lists", "/people/lists/new", f"/people/lists/{id}/edit", f"/people?list={id}", f"/people/all?list={id}", "/people/changes"):
        assert browser.get(f"{path}{'&' if '?' in path else '?'}lang=es").status_code == 200

