"""Delegations and credentials through HTTP: the formula, the numbers, names, challenges, and seats that change hands."""

import re

import pytest
from sqlalchemy import select, update

from crm.assemblies.models import AgendaItem, AssemblyPartner, Credential, Instruction, Participant
from crm.assemblies.rules import delegations as rules
from crm.assemblies.rules.credentials import may_step, report_of
from crm.infra.db import session, transaction
from crm.infra.links import token_of
from crm.people.actions import merge_people
from crm.turnout.actions.answers import pass_link_ids
from tests.assemblies.test_routes import made
from tests.clients import form_of, place_of
from tests.factories import MONDAY

FORMULA = {
    "basis": "members", "per": "2", "rounding": "down", "least": "1", "most": "", "counted_on": "2026-11-20", "alternates_of": "count", "alternates_per": "3",
    "alternates_least": "0", "reserved_for": "young members", "quorum": "1/2", "quorum_of": "entitled",
}


def told(reasons) -> str:
    return " ".join(map(str, reasons))


@pytest.mark.parametrize(("count", "rounding", "seats"), [
    (530, "down", 7), (530, "up", 8), (530, "nearest", 7), (562, "nearest", 7), (563, "nearest", 8), (525, "up", 7), (74, "down", 0), (74, "nearest", 1),
    (37, "nearest", 0), (38, "nearest", 1), (0, "up", 0),
])
def test_one_seat_for_each_seventy_five_members(count, rounding, seats):
    share = rules.share_of(rules.Formula("members", 75, rounding), count)
    assert share is not None and share.seats == seats
    assert str(count) in told(share.words) and told(share.words).endswith(f"{seats}.")


def test_the_arithmetic_is_said_in_words():
    formula = rules.Formula("members", 75, "down", least=2, most=20, alternates_of="count", alternates_per=75)
    small, large = rules.share_of(formula, 90, reserved=1), rules.share_of(formula, 2000)
    assert (small.by_formula, small.seats, small.alternates) == (2, 3, 1) and (large.seats, large.alternates) == (20, 26)
    assert told(small.words) == (
        "90, one seat for each 75: 1, and 15 left over, rounded down: 1. No delegation has fewer than 2, so 2. "
        "Reserved seats beside them: 1, together 3. Alternates, one for each 75 counted: 1.")
    ten = rules.share_of(rules.Formula("each", 9, alternates_of="seats", alternates_per=10, alternates_least=1), None)
    assert (ten.seats, ten.alternates) == (9, 1), "one alternate for each ten, and one where there are fewer"
    assert rules.share_of(formula, None) is None


def test_quorum_is_the_smallest_whole_number():
    assert [rules.quorum_of("1/2", base, 0).needed for base in (0, 1, 9, 10)] == [0, 1, 5, 5]
    assert rules.quorum_of("2/3", 360, 240).is_met and not rules.quorum_of("2/3", 360, 239).is_met and not rules.quorum_of("1/2", 0, 0).is_met


def test_a_step_says_every_reason():
    refusal = may_step("refuse", "replaced", None, " ")
    assert refusal is not None and len(refusal.reasons) == 2 and may_step("seat", "credentialed", 3) is None
    assert may_step("seat", "credentialed", None) and may_step("certify", "named", 1, has_open_challenge=True)
    report = report_of(5, [
        ("delegate", "seated", 1, 2), ("delegate", "replaced", None, 1), ("alternate", "seated", 1, 1), ("alternate", "credentialed", None, 2),
        ("delegate", "named", 1, 1),
    ])
    assert (report.named, report.credentialed, report.seated, report.alternates_seated, report.alternates, report.absent) == (4, 3, 3, 1, 3, 2)


@pytest.fixture
def convention(signed_in, world):
    """Southbank convenes, Mill is in; both count their own members: six each, so three seats and two alternates each."""
    omar, dolores = signed_in("omar"), signed_in("dolores")
    id = made(omar, world, "A3")
    assert dolores.post(f"/assemblies/{id}/answer", data={"answer": "accepted", "lead_name": ""}).status_code == 303
    path = f"/assemblies/{id}"
    assert omar.post(f"{path}/delegations/formula", data=FORMULA).status_code == 303
    for browser in (omar, dolores):
        assert "Told to the convener: 6." in browser.get(browser.post(f"{path}/delegations/count").location).text
    return path, omar, dolores


def published(convention, reserved="1"):
    path, omar, dolores = convention
    page = omar.get(f"{path}/delegations").text
    numbers = form_of(page, "/delegations/numbers")
    mill = next(name for name in numbers if name.startswith("r") and f'for="{name}"' not in page and "Mill" in page.split(f'name="{name}"')[0][-900:])
    assert omar.post(f"{path}/delegations/numbers", data=numbers | {mill: reserved}).status_code == 303
    assert omar.post(f"{path}/delegations/publication").status_code == 303
    own = re.search(r'href="(/assemblies/\d+/delegations/\d+)"', dolores.get(f"{path}/delegations").text)
    assert own
    return own[1]


def name(browser, delegation, person_id, kind="delegate"):
    return browser.post(f"{delegation}/names", data={"person_id": str(person_id), "kind": kind})


def test_from_the_formula_to_the_seats(convention, world):
    path, omar, dolores = convention
    own = published(convention)
    page = omar.get(f"{path}/delegations").text
    assert page.count("6, one seat for each 2: exactly 3.") == 2 and "Reserved seats beside them: 1, together 4." in page and "young members" in page
    theirs = dolores.get(f"{path}/delegations").text
    assert theirs.count("one seat for each") == 2, "its own arithmetic, and the formula"
    assert "Southbank" not in theirs.split("<main")[1].split("Challenges you brought")[0].replace("Convened", "")
    refused = omar.post(f"{path}/delegations/formula", data=FORMULA)
    assert refused.status_code == 422 and "Take the publication back" in refused.text
    other = re.findall(rf'href="({path}/delegations/\d+)"', page)
    assert len(other) == 2 and [dolores.get(one).status_code for one in other].count(404) == 1
    assert "Name somebody" in dolores.get(own).text and "Name somebody" not in omar.get(own).text


def test_a_bad_formula_says_everything_and_keeps_what_was_typed(signed_in, world):
    omar = signed_in("omar")
    path = f"/assemblies/{made(omar, world, 'A3')}"
    assert "The formula is not written yet" in omar.get(f"{path}/delegations").text
    assert form_of(omar.get(f"{path}/delegations").text, 'name="basis"')["per"] == "75"
    answer = omar.post(f"{path}/delegations/formula", data=FORMULA | {"per": "0", "most": "many", "quorum": "3/2", "counted_on": ""})
    assert answer.status_code == 422
    for words in ("a whole number from 1 on", "no limit", "a share, like 1/2", "the day on which members are counted"):
        assert words in answer.text
    assert form_of(answer.text, 'name="basis"')["quorum"] == "3/2"
    assert "Write the formula first." in omar.post(f"{path}/delegations/publication").text
    omar.post(f"{path}/delegations/formula", data=FORMULA)
    assert "The number is missing of: Southbank Tenants Union" in published_too_early(omar, path)


def published_too_early(omar, path):
    page = omar.get(f"{path}/delegations").text
    omar.post(f"{path}/delegations/numbers", data=form_of(page, "/delegations/numbers"))
    return omar.post(f"{path}/delegations/publication").text


def test_a_partner_names_its_own_and_the_convener_sees_names_only(convention, world, as_org):
    path, omar, dolores = convention
    own = published(convention)
    people = world.people["mill"]
    found = dolores.get(f"{own}?q=beatriz").text
    assert f'value="{people[1]}"' in found and 'aria-label="Name Beatriz Okafor as delegate"' in found
    for n in range(4):
        assert name(dolores, own, people[n]).status_code == 303
    full = name(dolores, own, people[4])
    assert full.status_code == 422 and "All seats of this delegation have a name: 4." in full.text
    assert "already named" in name(dolores, own, people[0], "alternate").text
    assert name(dolores, own, world.people["southbank"][0], "alternate").status_code == 404, "not one of its own people"
    assert name(omar, own, people[4], "alternate").status_code == 404, "only the organization names"
    assert name(dolores, own, people[4], "alternate").status_code == 303
    page = omar.get(own).text
    assert "Ana Quintero" in page and "Seat 4" in page and "reserved" in page and "Alternate 1" in page and "Mill District</span>" not in page
    removal = re.search(r'action="(/assemblies/\d+/credentials/\d+/removal)"', dolores.get(own).text)[1]
    assert omar.post(removal).status_code == 404 and dolores.post(removal).status_code == 303
    with as_org("mill"):
        assert session().scalars(select(Participant.shown_name).where(Participant.person_id == people[0])).first() is None
    assert name(dolores, own, people[5]).status_code == 303, "the place that became free"
    assert "People are named already" in omar.post(f"{path}/delegations/publication", data={"back": "1"}).text


def test_a_mandate_is_the_organization_s_own_word(convention, signed_in, world):
    path, omar, dolores = convention
    own = published(convention)
    assert dolores.post(f"{own}/mandate", data={"mandate": "  Yes to the first resolution.  "}).status_code == 303
    assert form_of(dolores.get(own).text, 'name="mandate"')["mandate"] == "Yes to the first resolution."
    assert "Yes to the first resolution." in omar.get(own).text and 'name="mandate"' not in omar.get(own).text
    assert omar.post(f"{own}/mandate", data={"mandate": "No"}).status_code == 404
    omar.post(f"{path}/partners", data={"partners": [world.orgs["arroyo"]]})
    luz = signed_in("luz")
    luz.post(f"{path}/answer", data={"answer": "accepted", "lead_name": ""})
    assert luz.get(own).status_code == 404
    long = dolores.post(f"{own}/mandate", data={"mandate": "x" * 5001})
    assert long.status_code == 422 and "5,000 letters or fewer" in long.text


def test_instructions_bind_and_a_secret_one_is_nobody_else_s_before_the_vote(convention, signed_in, world, as_org):
    path, omar, dolores = convention
    own = published(convention)
    instruct = lambda browser, **said: browser.post(f"{own}/instructions", data={"item_id": "", **said})  # noqa: E731
    bad = instruct(dolores, subject=" ", stance="maybe")
    assert bad.status_code == 422 and "Choose an item of the program" in bad.text and "Choose for, against, or free" in bad.text
    elsewhere = made(omar, world, "A8")
    with as_org("southbank"):
        foreign = session().scalar(select(AgendaItem.id).where(AgendaItem.assembly_id == elsewhere))
    for item in (foreign, 10**15):
        refused = instruct(dolores, item_id=str(item), subject="Motion 9", stance="for")
        assert refused.status_code == 422 and "an item of this assembly&#39;s program" in refused.text, "another assembly's item, and one that is nowhere"
    assert instruct(omar, subject="Motion 1", stance="for").status_code == 404, "their own word"
    assert place_of(dolores, instruct(dolores, subject="Motion 1", stance="for")) == "instructions"
    assert instruct(dolores, subject="Motion 2", stance="against", is_secret="y").status_code == 303
    report = omar.get(f"{path}/credentials/report").text
    assert "Motion 1" in report and "Motion 2" not in report and "Motion 2" not in omar.get(own).text
    with as_org("southbank"):
        assert list(session().scalars(select(Instruction.subject))) == ["Motion 1"], "held back below the pages"
    opening = re.search(r'action="([^"]+/instructions/\d+/opening)"', dolores.get(own).text)[1]
    assert omar.post(opening).status_code == 404
    assert dolores.post(opening).status_code == 303 and dolores.post(opening).status_code == 422
    assert "Motion 2</strong>, Mill District Workers Center: Against" in omar.get(f"{path}/credentials/report").text
    assert instruct(dolores, subject="Motion 2", stance="for").status_code == 422, "what was handed over stays"
    assert instruct(dolores, subject="Motion 1", stance="free", is_secret="y").status_code == 303
    assert "Motion 1" not in omar.get(own).text, "a change of mind can hide it again before the vote"
    assert dolores.post(re.search(r'action="([^"]+/instructions/\d+/removal)"', dolores.get(own).text)[1]).status_code == 303
    assert "Motion 1" not in dolores.get(own).text and dolores.get(own + "?lang=es").status_code == 200


def test_a_delegate_reads_the_instructions_on_their_own_page(convention, client, world, acting):
    path, _omar, dolores = convention
    own = published(convention)
    person, other = world.people["mill"][:2]
    assert name(dolores, own, person).status_code == 303
    assert dolores.post(f"{own}/instructions", data={"item_id": "", "subject": "Motion 2", "stance": "against", "is_secret": "y"}).status_code == 303
    with acting("mill") as actor:
        links = pass_link_ids(actor, int(path.rsplit("/", 1)[1]), [person, other], now=MONDAY)
    pages = [client.get(f"/me/{token_of(links[one])}").text for one in (person, other)]
    assert "Motion 2" in pages[0] and "Against" in pages[0] and "Motion 2" not in pages[1]


def step(browser, path, page, who, step, **data):
    """Presses what stands beside a name at the desk."""
    item = next(one for one in page.split('<li class="pl-item')[1:] if f"<strong>{who}</strong>" in one)
    action = re.search(rf'ction="({path}/credentials/\d+/steps/{step})"', item)
    assert action, (who, step, item)
    return browser.post(action[1], data=data)


def desk(browser, path):
    return browser.get(f"{path}/credentials").text


@pytest.fixture
def named(convention, world):
    """Three delegates and a reserved one, two alternates of Mill; all are credentialed, the first three delegates sit."""
    path, omar, dolores = convention
    own, people = published(convention), world.people["mill"]
    for n in range(6):
        assert name(dolores, own, people[n], "delegate" if n < 4 else "alternate").status_code == 303
    assert "6 people credentialed" in omar.get(omar.post(f"{path}/credentials/certification").location).text
    for who in ("Ana Quintero", "Beatriz Okafor", "Carlos Reyes"):
        assert step(omar, path, desk(omar, path), who, "seat").status_code == 303
    return path, omar, dolores, own


def test_an_alternate_takes_the_seat_and_the_vote_goes_with_it(named, as_org):
    path, omar, dolores, own = named
    page = desk(omar, path)
    assert "Eusebio Haddad takes the seat" not in page and "Eusebio Montoya takes the seat" in page
    assert place_of(omar, step(omar, path, page, "Ana Quintero", "give")).startswith("at-"), "back at the one whose seat it was, on a list of hundreds"
    with as_org("southbank"):
        held = session().execute(select(Participant.shown_name, Credential.seat, Credential.state, Participant.is_voting)
                                 .join(Credential, Credential.participant_id == Participant.id).order_by(Credential.kind.desc(), Credential.rank)).all()
    assert [tuple(row) for row in held] == [
        ("Ana Quintero", None, "replaced", False), ("Beatriz Okafor", 2, "seated", True), ("Carlos Reyes", 3, "seated", True),
        ("Delphine Webb", 4, "credentialed", False), ("Eusebio Montoya", 1, "seated", True), ("Fatima Abdi", None, "credentialed", False)]
    assert "Seat 1 went to an alternate, noted by Omar" in dolores.get(own).text
    assert step(omar, path, desk(omar, path), "Ana Quintero", "return").status_code == 303
    with as_org("southbank"):
        assert session().scalars(select(Credential.seat).where(Credential.state == "seated").order_by(Credential.seat)).all() == [1, 2, 3]
    report = omar.get(f"{path}/credentials/report").text
    assert "Seat 1 went to an alternate" in report and "Gave seat 1 back" in report and "of whom 0 alternates" in report
    assert "Alternate: Eusebio Montoya." in report and "Delegate: Ana Quintero." in report, "a seat that changed hands says whose"


def test_the_report_adds_up(named):
    path, omar, dolores, _own = named
    step(omar, path, desk(omar, path), "Delphine Webb", "give")
    report = omar.get(f"{path}/credentials/report").text
    row = re.search(r"Mill District Workers Center</th>(.*?)</tr>", report, re.S)[1]
    assert re.findall(r">(\d+)</td>", row) == ["4", "4", "4", "4", "1", "0", "0"]
    assert "7 seats; 4 delegates named; 4 seats credentialed; 4 seated, of whom 1 alternate." in report
    assert "Quorum is met: 4 seated, 4 needed, which is 1/2 of 7." in report
    assert dolores.get(f"{path}/credentials/report").status_code == 404 and dolores.get(f"{path}/credentials").status_code == 404
    assert "Informe de credenciales" in omar.get(f"{path}/credentials/report?lang=es").text


def test_a_challenge_is_brought_heard_and_decided_with_reasons(named, signed_in, world):
    path, omar, dolores, own = named
    luz = signed_in("luz")
    assert luz.post(f"{path}/challenges", data={}).status_code in (404, 422), "Arroyo is no partner"
    refused = dolores.post(f"{path}/challenges", data={"about_id": "", "kind": "", "rank": "x", "reason": ""})
    assert refused.status_code == 422 and all(words in refused.text for words in ("whose delegation", "by number", "Write why"))
    omar.post(f"{path}/partners", data={"partners": [world.orgs["arroyo"]]})
    luz.post(f"{path}/answer", data={"answer": "accepted", "lead_name": ""})
    assert "Mill" not in luz.get(f"{path}/delegations").text.split("Your seats")[-1].split("Challenge")[0]
    brought = {"about_id": str(world.orgs["mill"]), "kind": "delegate", "rank": "2", "reason": "Moved away in spring"}
    own_place = dolores.post(f"{path}/challenges", data=brought)
    assert own_place.status_code == 422 and "whose delegation" in own_place.text, "its own it mends by itself"
    offered = re.search(r'<select[^>]*name="about_id".*?</select>', dolores.get(f"{path}/delegations").text, re.S)[0]
    assert str(world.orgs["arroyo"]) in offered and str(world.orgs["mill"]) not in offered
    with transaction(world.orgs["southbank"]):
        session().execute(update(AssemblyPartner).where(AssemblyPartner.partner_id != world.orgs["mill"]).values(state="declined"))
    assert "Bring the challenge" not in dolores.get(f"{path}/delegations").text, "there is nobody else to challenge"
    with transaction(world.orgs["southbank"]):
        session().execute(update(AssemblyPartner).where(AssemblyPartner.partner_id != world.orgs["mill"]).values(state="accepted"))
    assert luz.post(f"{path}/challenges", data=brought).status_code == 303
    assert "Moved away in spring" not in dolores.get(own).text, "not before it is taken up"
    page = desk(omar, path)
    assert "Brought by Luz, Casa Arroyo" in page
    up = re.search(rf'action="({path}/challenges/\d+)/open"', page)[1]
    assert omar.post(up + "/upheld", data={"reason": "x"}).status_code == 422, "its organization must be able to speak first"
    assert omar.post(up + "/open").status_code == 303 and "Moved away in spring" in dolores.get(own).text
    again = desk(omar, path)
    assert "Challenged 1" in again and dolores.post(up + "/dismissed", data={"reason": "ours"}).status_code == 404
    assert omar.post(up + "/dismissed", data={"reason": " "}).status_code == 422
    assert omar.post(up + "/dismissed", data={"reason": "She still lives in the district"}).status_code == 303
    assert "Seated 3" in desk(omar, path) and "She still lives in the district" in luz.get(f"{path}/delegations").text
    assert step(omar, path, desk(omar, path), "Carlos Reyes", "challenge", reason="Two badges").status_code == 303
    second = re.search(rf'action="({path}/challenges/\d+)/dismissed"', desk(omar, path))[1]
    assert omar.post(second + "/upheld", data={"reason": "The badge was not his"}).status_code == 303
    assert "Eusebio Montoya takes the seat" in desk(omar, path) and step(omar, path, desk(omar, path), "Carlos Reyes", "give").status_code == 303
    report = omar.get(f"{path}/credentials/report").text
    for words in ("Moved away in spring", "She still lives in the district", "The badge was not his", "Upheld", "of whom 1 alternate"):
        assert words in report
    long = "No badge. " * 201
    refused = step(omar, path, desk(omar, path), "Beatriz Okafor", "refuse", reason=long)
    assert refused.status_code == 422 and 'href="#reason"' in refused.text
    at = refused.text[refused.text.index("<strong>Beatriz Okafor</strong>"):].partition("</li>")[0]
    assert 'w-100" open' in at and 'id="reason"' in at and long.strip() in at, "open where it was written, with what was written"
    spanish = omar.get(f"{path}/credentials?lang=es").text
    assert ">Ocupa su lugar</button>" in spanish and ">Lugar</button>" not in spanish


def test_the_desk_finds_by_name_and_state_in_few_questions(named, count_queries):
    path, omar, _dolores, _own = named
    page = omar.get(f"{path}/credentials?q=beatriz&state=seated").text
    assert "Beatriz Okafor" in page and "Carlos Reyes" not in page
    with count_queries() as seen:
        omar.get(f"{path}/credentials")
    assert len(seen) <= 24


def test_two_records_of_one_person_become_one_and_hold_one_place(named, world, acting, as_org):
    people = world.people["mill"]
    with acting("mill", "dolores") as actor:
        merge_people(actor, people[4], [people[1]], {}, dict.fromkeys((people[1], people[4]), 1), now=MONDAY)  # an alternate, and who sits in seat 2
    with as_org("southbank"):
        held = session().execute(select(Credential.kind, Credential.seat, Credential.state, Participant.is_voting)
                                 .join(Participant, Participant.id == Credential.participant_id).where(Participant.person_id == people[4])).all()
    assert [tuple(row) for row in held] == [("delegate", 2, "seated", True)]
