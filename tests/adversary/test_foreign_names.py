"""T1 step 4 and S9: a field that names another organization's record names nothing; keys that no form has are not heard."""

import inspect
import re
from datetime import datetime

import pytest
from sqlalchemy import select

from crm.infra import db
from crm.infra.auth import Action, declaration
from crm.organizations.models import Organization
from tests.adversary import strangers
from tests.adversary.conftest import ACTORS, address, forms_of, last_things_last, rules
from tests.adversary.strangers import CANARY, OWNED, Strangers, cells
from tests.test_every_route import same_page

pytestmark = pytest.mark.long  # a minute and more

NAMED = {  # what a field names when nothing stands in it yet
    "person": "people", "person_id": "people", "account_id": "accounts", "held_by": "participants", "partner_id": "organizations",
    "partners": "organizations", "grant_id": "grants", "edition_id": "editions", "edition": "editions", "assembly_id": "assemblies",
    "session_id": "assembly_sessions", "rsvp_id": "rsvps", "seat_id": "participants", "attendance_id": "attendances", "plank_id": "planks", "plank": "planks",
    "committee_id": "committees", "segment_id": "segments", "segment": "segments", "list": "segments", "phone_id": "phones", "tag": "tags",
    "amendment_id": "amendments", "thread_id": "threads", "participant_id": "participants",
}
SHAPES = {"subject": "assembly:{assemblies}", "audience": "segment:{segments}", "f": "tag:is:{tags}"}
NEVER = 777000777000777
PASSED_BY = ("sign-out", "acting", "sign-in", "/language", "/hooks", "/sync")
UNHEARD = {"id": str(NEVER), "created_at": "1999-01-01T00:00", "version_id": "1", "is_secret": "1", "is_voting": "zz"}


@pytest.fixture(scope="module", params=ACTORS)
def scene(stage, request) -> tuple[str, Strangers]:
    return request.param, strangers.settle(request.param)


def foreign(text: str, of: dict[str, int], known: dict[int, str]) -> str:
    """The same words, naming the strangers' record of each kind in place of one's own."""
    return re.sub(r"\d{15,}", lambda found: str(of.get(known.get(int(found[0]), ""), found[0])), text)


def absent(text: str) -> str:
    return re.sub(r"\d{15,}", str(NEVER), text)


def namings(form: dict[str, str], of: dict[str, int], known: dict[int, str]):
    """Each field that names a record, with a stranger's in it."""
    for name, value in form.items():
        if (named := foreign(value, of, known)) != value:
            yield name, named
        elif not value and (table := NAMED.get(name)) in of:
            yield name, str(of[table])
        elif not value and name in SHAPES:
            yield name, SHAPES[name].format(**{"tags": NEVER, "segments": NEVER, "assemblies": NEVER} | of)


def compare(wrong: list[str], what: str, theirs, never, named: str) -> None:
    """A stranger's record is taken nowhere where a missing one is refused, in the same words, and is never shown."""
    if theirs.status_code >= 500 or CANARY in theirs.text:
        wrong.append(f"{what}: {theirs.status_code}, shown: {CANARY in theirs.text}")
    elif never.status_code >= 400 and theirs.status_code != never.status_code:
        wrong.append(f"{what}: {theirs.status_code}, a missing one {never.status_code}")
    elif never.status_code == theirs.status_code == 422 and without_news(same_page(theirs.text, *ids(named))) != without_news(same_page(never.text, NEVER)):
        wrong.append(f"{what}: the pages differ")


def without_news(text: str) -> str:
    """The page without what an earlier press left to be said on the next one, and the empty lines around it."""
    return re.sub(r'\s*<div class="pl-notice mb-3" data-s="\w+" role="status">.*?</div></div>\s*', "\n", text, flags=re.S).replace("\n\n", "\n")


def ids(text: str) -> list[str]:
    return re.findall(r"\d{15,}", text)


def state_of(stranger: int) -> list[str]:
    with db.reading(stranger) as s:
        return [repr([tuple(r) for r in s.execute(select(model).order_by(*model.__table__.primary_key.columns)).scalars().all() and
                      s.execute(select(*model.__table__.columns).where(model.org_id == stranger).order_by(*model.__table__.primary_key.columns))])
                for model in OWNED.values()]


def rows_naming(of: Strangers) -> set[str]:
    """Cells outside the strangers' own rows that hold one of their ids, an id that never was, or a time that was not now."""
    hunted, found = {*of.of.values(), NEVER}, set()
    for slug, model, row in cells(but=(of.org,)):
        if row.get("org_id") == of.org or row.get("id") == of.org:
            continue
        for name, value in row.items():
            if type(value) is int and value in hunted or name == "created_at" and isinstance(value, datetime) and value.year == 1999:
                found.add(f"{slug}.{model.__tablename__}.{name}")
    return found


def test_a_stranger_s_record_in_a_field_is_as_if_absent(stage, scene):
    app, arguments, enter = stage
    slug, of = scene
    browser, wrong, tried = enter(slug), [], 0
    known, before, theirs = strangers.tables_of_ids(), rows_naming(of), state_of(of.org)
    forms = forms_of(stage, browser)
    for rule in sorted((r for r in rules(app) if "POST" in r.methods), key=last_things_last):
        url = address(app, rule, arguments.get(rule.endpoint, {}), "POST")
        if any(word in rule.rule for word in PASSED_BY):
            continue
        form = {**UNHEARD, "org_id": str(of.org), **forms.get(url, {})}
        for name, named in namings(forms.get(url, {}), of.of, known):
            never = browser.post(url, data={**form, name: absent(named)})
            compare(wrong, f"{url} {name}={named}", browser.post(url, data={**form, name: named}), never, named)
            tried += 1
        if url not in forms:  # no page that this browser may open holds its form
            browser.post(url, data=form | {name: str(of.of.get(table, NEVER)) for name, table in NAMED.items()})
    assert not wrong, "\n".join(wrong)
    assert tried >= (12 if slug == "southbank" else 3), f"the control: {tried} fields name a record"
    assert rows_naming(of) - before == set()
    assert state_of(of.org) == theirs


def test_a_stranger_s_record_in_an_address_is_as_if_absent(stage, scene):
    """Query parameters of every page."""
    app, arguments, enter = stage
    slug, of = scene
    browser, wrong, tried = enter(slug), [], 0
    for rule in rules(app):
        view = app.view_functions[rule.endpoint]
        if "GET" not in rule.methods or not isinstance(declaration(view), Action):
            continue
        asked = re.findall(r'args(?:\.get|\.getlist)?[(\[] ?"(\w+)"', inspect.getsource(inspect.getmodule(inspect.unwrap(view))))
        for name, value in namings(dict.fromkeys(asked, ""), of.of, {}):
            url = address(app, rule, arguments.get(rule.endpoint, {}), "GET")
            compare(wrong, f"{url}?{name}={value}", browser.get(url, query_string={name: value}), browser.get(url, query_string={name: absent(value)}), value)
            tried += 1
    assert not wrong, "\n".join(wrong)
    assert tried > 1


def test_a_stranger_s_audience_is_not_texted(stage):
    browser, of = stage.enter("southbank"), strangers.settle("arroyo")
    own = stage.arguments["assemblies.participants_get"]["id"]
    for audience in (f"assembly:{of.of['organizations']}:coming", f"segment:{of.of['organizations']}", f"assembly:{own}:list:{of.org}"):
        answer = browser.post("/texts", data={"audience": audience, "name": "x", "body_en": "x", "body_es": "x"})
        assert answer.status_code in (403, 404, 422), audience


def test_a_grant_of_someone_else_is_not_entered(stage, scene):
    browser = stage.enter(scene[0])
    assert browser.post("/acting", data={"grant_id": scene[1].grant}).status_code in (403, 404, 422)
    assert "Elsewhere Alliance" not in browser.get("/").text


def test_the_strangers_own_people_see_the_canary(stage, scene):
    """The control: without it the absence of the canary would prove nothing."""
    if scene[0] == "southbank":
        with db.reading() as s:
            slug = s.scalars(select(Organization.slug).where(Organization.id == scene[1].org)).one()
        browser = stage.enter(slug, f"stranger@{scene[0]}.example")
        assert CANARY in browser.get("/people").text and CANARY in browser.get(f"/people/{scene[1].of['people']}").text
