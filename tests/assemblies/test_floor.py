"""What goes on in the room, through HTTP: a hand is seen, doubted and counted, with the quorum of that moment; who is asked to leave reads nothing."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from crm.accounts.actions import give_grant
from crm.assemblies.models import AssemblySession
from crm.assemblies.queries import session_for
from crm.assemblies.rules import floor as rules
from crm.infra.auth import Actor
from crm.infra.db import reading, session, transaction
from crm.kernel.permissions import Role
from crm.kernel.refusal import Missing
from crm.organizations.actions import add_organization, join_coalition
from tests.assemblies.test_routes import made
from tests.clients import form_of
from tests.conftest import sign_in
from tests.factories import MONDAY

QUESTION = {"title": "Shall the town fix the bridge?", "threshold": "1/2", "strictness": "more_than", "quorum": "20", "doubts_needed": "7"}
COUNT = {"way": "count", "present": "60", "yes": "30", "no": "20", "abstain": "4", "tellers": "Ines and Marco"}


@pytest.mark.parametrize(("rule", "yes", "no", "outcome"), [
    (("1/2", "more_than"), 10, 10, "lost"), (("1/2", "more_than"), 11, 10, "carried"), (("2/3", "at_least"), 20, 10, "carried"),
    (("2/3", "at_least"), 19, 10, "lost"), (("1/2", "at_least"), 0, 0, "lost"), (("9/10", "more_than"), 9, 1, "lost"),
])
def test_what_a_count_decides(rule, yes, no, outcome):
    assert rules.outcome_of(*rule, 20, 50, yes, no) == outcome and rules.outcome_of(*rule, 51, 50, yes, no) == "no_quorum"


@pytest.fixture
def meeting(signed_in, world):
    omar = signed_in("omar")
    return f"/assemblies/{made(omar, world, 'A8')}", omar


def press(browser, path, part, **typed):
    action = re.search(rf'action="({path}/floor/\d+/{part})"', browser.get(f"{path}/floor").text)
    assert action, part
    return browser.post(action[1], data=typed)


def test_a_show_of_hands_is_doubted_and_counted(meeting, signed_in):
    path, omar = meeting
    assert "Nothing is decided yet" in omar.get(f"{path}/floor").text and f'href="{path}/floor"' in omar.get(path).text
    wrong = omar.post(f"{path}/floor", data=QUESTION | {"title": " ", "threshold": "2", "quorum": "many", "doubts_needed": "0"})
    assert wrong.status_code == 422
    for words in ("as it is read out", "as a share, like 2/3", "0 for no quorum", "from 1 on"):
        assert words in wrong.text
    assert omar.post(f"{path}/floor", data=QUESTION).status_code == 303
    assert "One question at a time" in omar.post(f"{path}/floor", data=QUESTION).text
    assert press(omar, path, "counts", way="hands", present="60", declared="carried").status_code == 303
    few = press(omar, path, "doubts", rose="6")
    assert few.status_code == 422 and "6 rose, and 7 are needed. The result stands." in few.text
    assert press(omar, path, "doubts", rose="9").status_code == 303
    assert form_of(omar.get(f"{path}/floor").text, 'name="way"')["present"] == ""
    again = press(omar, path, "counts", way="hands", present="60", declared="carried")
    assert again.status_code == 422 and "now it is counted" in again.text
    many = press(omar, path, "counts", **COUNT | {"yes": "50"})
    assert many.status_code == 422 and "74 votes, 60 in the room" in many.text and form_of(many.text, 'name="way"')["tellers"] == "Ines and Marco"
    assert press(omar, path, "counts", **COUNT | {"yes": "20", "no": "21"}).status_code == 303
    assert press(omar, path, "doubts", rose="7").status_code == 303, "a count can be doubted as well"
    assert press(omar, path, "counts", **COUNT | {"yes": "22", "no": "21"}).status_code == 303
    assert press(omar, path, "settling").status_code == 303
    page = omar.get(f"{path}/floor").text
    for words in ("9 rose and doubted it.", "20 in favor, 21 against", "22 in favor, 21 against, 4 abstained", "counted by Ines and Marco", "By raised hands"):
        assert words in page
    assert re.findall(r"(Carried|Not carried)</span>", page) == ["Carried", "Not carried", "Carried", "Carried"]
    assert "Votaciones en la sala" in omar.get(f"{path}/floor?lang=es").text
    partner = signed_in("dolores")
    assert "22 in favor" in partner.get(f"{path}/floor").text and "Call a question" not in partner.get(f"{path}/floor").text


def test_a_question_begins_with_the_rule_of_its_assembly(meeting, signed_in, world):
    path, omar = meeting
    first, second = (form_of(omar.get(f"{path}/floor{asked}").text, 'name="threshold"') for asked in ("", "?rule=1"))
    assert (first["threshold"], first["strictness"]) == ("1/2", "more_than"), "more yes than no"
    assert (second["threshold"], second["strictness"]) == ("2/3", "at_least"), "to end a debate"
    assert form_of(omar.get(f"{path}/floor?rule=9").text, 'name="threshold"')["threshold"] == "2/3" and omar.get(f"{path}/floor?rule=x").status_code == 200
    crowd = f"/assemblies/{made(omar, world, 'A4')}/floor"
    assert form_of(omar.get(crowd).text, 'name="threshold"')["threshold"] == "9/10"
    assert "nine of ten decide" in omar.get(crowd).text


def test_without_a_quorum_nothing_is_decided(meeting):
    path, omar = meeting
    omar.post(f"{path}/floor", data=QUESTION)
    press(omar, path, "counts", **COUNT | {"present": "19", "yes": "15", "no": "1", "abstain": "0"})
    press(omar, path, "settling")
    assert "No quorum: nothing is decided" in omar.get(f"{path}/floor").text
    assert form_of(omar.get(f"{path}/floor").text, 'name="quorum"')["quorum"] == "20", "the next question begins with the rule of the last"


def test_officials_asked_to_leave_read_nothing_of_that_session(signed_in, world, app, as_org):
    with transaction():
        agency = add_organization("Housing Agency", slug="agency", kind="government", now=MONDAY)
        join_coalition(world.orgs["table"], agency, now=MONDAY)
        give_grant(world.accounts["luz"], agency, "organizer", now=MONDAY)
    omar = signed_in("omar")
    path = f"/assemblies/{made(omar, world, 'A8', partners=[agency, world.orgs['mill']])}"
    edit = re.search(rf'href="({path}/sessions/\d+)"', omar.get(f"{path}/program").text)[1]
    form = form_of(omar.get(edit).text, 'name="closed_to"')
    changed = form | {"room_notes": "We talk among ourselves", "closed_to": ["staff", "official"], "languages": ["en", "es"]}
    assert omar.post(edit, data=changed).status_code == 303
    assert "Asked to leave: Government staff, Elected official" in omar.get(f"{path}/program").text
    official = app.test_client()
    sign_in(official, replace(world, orgs=world.orgs | {"agency": agency}), "luz", "agency")
    theirs, ours = official.get(f"{path}/program").text, signed_in("dolores").get(f"{path}/program").text
    assert "closed to your organization" in theirs and "We talk among ourselves" not in theirs
    assert "<time" not in theirs.split("Asked to leave")[1].split("</section>")[0]
    assert "We talk among ourselves" in ours and "closed to your organization" not in ours
    with as_org("southbank"):
        assembly_id, session_id = session().execute(select(AssemblySession.assembly_id, AssemblySession.id)).first()
    with app.test_request_context(), reading(agency), pytest.raises(Missing):
        session_for(Actor(agency, Role.ORGANIZER), assembly_id, session_id)
