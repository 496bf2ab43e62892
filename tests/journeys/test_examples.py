"""Smaller replays: every example of the report that no longer story tells, each reaching the outcome that the report gives."""

import re

import pytest

from crm.accounts.actions import give_grant
from crm.assemblies.playbooks import playbook_of
from crm.infra.db import transaction
from crm.ratification.verify import check_board
from tests.clients import form_of
from tests.journeys.examples import (
    BUDGET,
    BUDGETS,
    BY_BALLOT,
    IN_THE_ROOM,
    MEMBERS_MEET,
    PLATFORM,
    WITH_GOVERNMENT,
    Example,
    Outside,
)
from tests.journeys.halls import Hall, rule_of, yes_no

SHORT = {"N1", "N21"}
"""Told at every run, one from each table; the others in the long one."""


def told(examples: tuple[Example, ...]) -> list:
    return [
        pytest.param(one, id=f"{one.row}-{one.name.split(',')[0].replace(' ', '-')}", marks=() if one.row in SHORT else pytest.mark.long)
        for one in examples
    ]


@pytest.mark.parametrize("example", told(IN_THE_ROOM))
def test_what_is_decided_in_the_room(hall: Hall, client, example: Example):
    """By hands and counts, with the share that the playbook or the convention names; what is carried, and nothing else, goes on."""
    slug = hall.body("base", f"Base of the {example.name}")
    desk = hall.desk(slug)
    assembly = hall.convened(desk, example.known, example.kind, example.name, example.question, example.size)
    rule = next(d for d in playbook_of(example.kind).decisions if d.method in ("consensus", "yes_no_abstain"))
    for vote in example.votes:
        share, strictness = (vote.share, vote.strictness) if vote.share else ("{}/{}".format(*rule.threshold), rule.strictness)
        put_to_the_room(hall, desk, assembly, vote.title, vote.yes, vote.no, share, strictness)
    record = desk.get(f"{assembly}/floor").text.split("What was decided")[1]
    decided = dict(re.findall(r"<strong>\d+\. (.*?)</strong>.*?data-s=\"(\w+)\">[^\n]*?</span></li>", record, re.S))
    assert decided == {vote.title: "yes" if vote.carried else "no" for vote in example.votes}
    it_is_answered(hall, client, example, assembly)


@pytest.mark.parametrize("example", told(BY_BALLOT))
def test_what_is_decided_by_ballot(hall: Hall, client, example: Example):
    """In secret, plank by plank, by the playbook's rule; the published count says the same."""
    kind = playbook_of(example.kind)
    slug = hall.body("base", f"Seats of the {example.name}", example.size)
    desk = hall.desk(slug)
    assembly = hall.convened(desk, example.known, example.kind, example.name, example.question, example.size)
    hall.edition(desk, f"Text of the {example.name}", [vote.title for vote in example.votes])
    outside = example.referred
    referral = {} if outside is None else {
        "referral_en": outside.title, "referral_threshold": outside.share, "referral_threshold_strictness": outside.strictness}
    vote = hall.opened(desk, rule_of(kind.decisions[example.decision], **referral), example.name, said=outside.title if outside else "")
    hall.cast(hall.letters(slug, vote), yes_no(*(one.yes for one in example.votes), of=example.size))
    page, board = hall.counted(slug, vote)
    carried = [n for n, one in enumerate(example.votes, 1) if one.carried]
    assert board["result"]["ratified"] == carried and check_board(board).is_right
    assert (f"{len(carried)} of {len(example.votes)} planks ratified" if len(carried) < len(example.votes) else "ratified</h") in page
    it_is_answered(hall, client, example, assembly)
    if outside is not None:
        others_vote(hall, client, slug, vote, board["poll_id"], outside)


def others_vote(hall: Hall, client, slug: str, vote: str, poll_id: str, outside: Outside) -> None:
    """Two people read the result of the outside vote from its source; everyone reads whether it was carried, with the arithmetic."""
    with transaction():
        give_grant(hall.world.accounts["omar"], hall.orgs[slug], "administrator", now=hall.clock.now)
    read = outside.read | {"source": outside.source}
    for name in ("imani", "omar"):
        assert "Waiting" in client.get(f"/board/{poll_id}").text
        hall.press(hall.desk(slug, name), f"{vote}/outside", 'name="held_on"', **read)
    public = client.get(f"/board/{poll_id}").text
    assert f"Referred to: {outside.title}" in public and outside.arithmetic in public and outside.source in public
    assert (">Carried<" in public or "Carried</span>" in public) == outside.carried and ("Not carried" in public) != outside.carried


def put_to_the_room(hall: Hall, desk, assembly: str, title: str, yes: int, no: int, share: str, strictness: str) -> None:
    """A question is called, counted by tellers, and settled."""
    hall.press(desk, f"{assembly}/floor", 'name="title"', title=title, threshold=share, strictness=strictness, quorum="0", doubts_needed="7")
    count = {"yes": str(yes), "no": str(no), "abstain": "0", "present": str(yes + no), "tellers": "Two tellers"}
    hall.press(desk, f"{assembly}/floor", 'name="way"', way="count", **count)
    hall.press(desk, f"{assembly}/floor", "/settling")


def it_is_answered(hall: Hall, client, example: Example, assembly: str) -> None:
    """Whoever decides is asked and answers, or does not; everyone reads which, and the power that the assembly has."""
    desk, day = hall.desk("base"), hall.clock.now.date().isoformat()
    assert f"{example.power}. " in desk.get(assembly).text
    carried = {vote.title for vote in example.votes if vote.carried}
    assert {answer.title for answer in example.answers} <= carried, "only what was carried is handed over"
    for answer in example.answers:
        page = f"/responses/new?assembly={assembly.rsplit('/', 1)[1]}"
        hall.press(desk, page, 'name="title_en"', target=example.target, title_en=answer.title, delivered_on=day, due_on=day)
        asked = hall.here
        if answer.verdict:
            hall.answered(desk, asked, answer.verdict, example.target, answer.reason)
        if answer.deed:
            hall.press(desk, asked, 'id="step-title"', title=answer.deed, due_on=day)
            hall.press(desk, asked, "/done")
    hall.clock.move(days=2)
    everyone_reads_it(hall, client, example)
    if example.again:
        the_next_cohort_begins_with_it(hall, example, assembly)


def everyone_reads_it(hall: Hall, client, example: Example) -> None:
    board = client.get("/r/base").text
    late = "No answer: overdue"
    words = {"accepted": "Accepted in full", "partly": "Accepted in part", "rejected": "Rejected", "under_study": late, "": late}
    rows = re.findall(r'<article class="pl-board-row".*?</article>', board, re.S)
    assert len(rows) == len(example.answers)
    for answer in example.answers:
        row = next(row for row in rows if f">{answer.title}<" in row)
        assert words[answer.verdict] in row and answer.reason in row and answer.deed in row and example.target in row
        assert ("Done" in row) == bool(answer.deed)
    assert not [vote.title for vote in example.votes if not vote.carried and vote.title in board]


def the_next_cohort_begins_with_it(hall: Hall, example: Example, assembly: str) -> None:
    """What one cohort puts out is what the next one begins with."""
    desk = hall.desk("base")
    again = form_of(desk.get(f"{assembly}/copy").text, 'name="title_en"') | {"languages": ["en", "es"]}
    copied = desk.post(f"{assembly}/copy", data=again | {"once": "next"}).location
    report = desk.get(f"{copied}/report-back").text
    assert "First on the agenda" in report and all(answer.title in report and answer.reason in report for answer in example.answers)
    assert f"Recommendations to go through one by one: {len(example.answers)}" in desk.get(f"{copied}/program").text


@pytest.mark.parametrize(("row", "source", "name", "options", "wins", "ballots", "funded"), BUDGETS, ids=lambda value: str(value)[:24])
@pytest.mark.long
def test_residents_vote_on_what_is_funded(hall: Hall, client, row, source, name, options, wins, ballots, funded):
    """N27 (S:560, S:589): ideas become a ballot, the most approved are funded, and whoever promised the money answers for it."""
    slug = hall.body("base", name, 12)
    desk = hall.desk(slug)
    assembly = hall.convened(desk, BUDGET, "A12", name, "How do we spend it here?", 12, day="2027-06-05")
    rule = {"members_quorum": "1/10", "members_threshold": "1/2", "members_strictness": "at_least", "members_basis": "yes_and_no"}
    vote = hall.opened(desk, rule | {"members_method": "approval", "members_options_en": options, "members_seats": wins}, name)
    hall.cast(hall.letters(slug, vote), list(ballots) * 4)
    page, board = hall.counted(slug, vote)
    assert sorted(board["result"]["electorates"][0]["planks"][0]["winners"]) == funded and check_board(board).is_right
    desk, day, names = hall.desk(slug), hall.clock.now.date().isoformat(), options.split("\n")
    for n in funded:
        page = f"/responses/new?assembly={assembly.rsplit('/', 1)[1]}"
        hall.press(desk, page, 'name="title_en"', target=name, title_en=names[n - 1], delivered_on=day, due_on=day)
        hall.answered(desk, hall.here, "accepted", "The agency")
    board = client.get("/r/base").text
    assert [title for title in names if f">{title}<" in board] == [names[n - 1] for n in funded]


def organizations_endorse(hall: Hall, coalition: str, members: list[str], planks: dict[str, int]) -> dict:
    """A coalition's text is ratified by its organizations, by name; `planks`: how many of them say yes to each."""
    desk = hall.desk(coalition)
    platform = hall.edition(desk, "Joint platform", planks)
    rule = {"organizations_quorum": "1/2", "organizations_threshold": "3/4", "organizations_strictness": "at_least", "organizations_basis": "yes_and_no"}
    without = ("members", "members_open", "organizations_may_change")
    opening = hall.press(desk, "/votes/new", "members_quorum", without, organizations="y", title_en="Endorse", title_es="Respaldar", **rule)
    assert "Nothing stands in the way" in opening
    vote = hall.here.removesuffix("/opening")
    hall.press(desk, hall.here, "once")
    hall.run_jobs()
    for n, member in enumerate(members):
        said = {f"p{number}": "yes" if n < yes else "no" for number, yes in enumerate(planks.values(), 1)}
        reasons = {f"reason{number}": "Not ours." for number in range(1, len(planks) + 1) if said[f"p{number}"] == "no"}
        hall.press(hall.desk(member), f"{vote}/organization-vote", "reason1", **said, **reasons)
    _page, board = hall.counted(coalition, vote)
    hall.press(hall.desk(coalition), f"{vote}/results", "/certificate", reason="No tellers were named.")
    return {"platform": platform, "ratified": board["result"]["ratified"], "vote": vote}


@pytest.mark.long
@pytest.mark.parametrize(("row", "source", "name", "count"), [("N4", "S:104", "ʻĀina Aloha Economic Futures", 8), ("N5", "S:104", "Bronxwide Plan", 24)])
def test_a_platform_is_endorsed_by_organizations(hall: Hall, client, row, source, name, count):
    """N4, N5: organizations endorse a platform by name; three quarters of them are exactly enough, one fewer is not."""
    members = [hall.body(f"org-{n}", f"Organization {n:02d}", kind="base_building") for n in range(1, count + 1)]
    coalition = hall.body("coalition", name, kind="coalition", of=members)
    hall.convened(hall.desk(coalition), PLATFORM, "A2", name, "What economy do we want?", 300, members)
    done = organizations_endorse(hall, coalition, members, {"Land stays ours": count * 3 // 4, "Shops only": count * 3 // 4 - 1})
    assert done["ratified"] == [1]
    desk, day = hall.desk(coalition), hall.clock.now.date().isoformat()
    page = f"/responses/from-platform/{done['platform'].rsplit('/', 1)[1]}"
    shown = desk.get(page).text
    assert "Land stays ours" in shown and "Shops only" not in shown, "only what was ratified is brought before anybody"
    plank = re.search(r'name="planks" value="(\d+)"', shown)[1]
    typed = {"planks": [plank], "target": "City Council", "delivered_on": day, "due_on": "2027-12-01"}
    assert "1 recommendation was written." in hall.press(desk, page, 'name="planks"', **typed)
    assert "0 recommendations were written." in hall.press(desk, page, 'name="planks"', **typed), "once before each"
    assert "Waiting for an answer" in client.get("/r/coalition").text
    if row == "N5":
        the_plan_becomes_a_governing_power_assembly(hall, client, members)


def the_plan_becomes_a_governing_power_assembly(hall: Hall, client, members: list[str]) -> None:
    """N5 (S:120), of late: the plan's assemblies sit with government, and the city answers."""
    desk = hall.desk("coalition")
    assembly = hall.convened(desk, WITH_GOVERNMENT, "A10", "Bronxwide assembly", "What do we decide with the city?", 120, members)
    hall.press(desk, f"/responses/new?assembly={assembly.rsplit('/', 1)[1]}", 'name="title_en"', target="City agencies", title_en="Buy from the borough",
               delivered_on=hall.clock.now.date().isoformat())
    hall.answered(desk, hall.here, "partly", "Economic Development", "For food and care, not for building.")
    assert "For food and care, not for building." in client.get("/r/coalition").text and "Accepted in part" in desk.get(assembly).text


CHALLENGES = {"rivers": "Clean water", "hills": "Rents", "coast": "Clean water", "plains": "Wages", "islands": "Ferries", "towns": "Rents"}


@pytest.mark.long
def test_six_assemblies_name_their_challenge_and_one_agency_answers(hall: Hall, client):
    """N22 (S:548, S:611): one coalition, six organizations with people of their own; the first session picks the challenge, later ones solutions."""
    for slug in CHALLENGES:
        hall.body(slug, f"{slug.title()} Community", kind="base_building")
    hall.body("futures", "Futures Coalition", kind="coalition", of=CHALLENGES)
    together = hall.convened(hall.desk("futures"), WITH_GOVERNMENT, "A10", "Community Assemblies", "What must change?", 120, CHALLENGES)
    for n, (slug, challenge) in enumerate(CHALLENGES.items()):
        desk = hall.desk(slug)
        local = hall.convened(desk, WITH_GOVERNMENT, "A10", f"Assembly of the {slug}", "What must change here?", 40)
        hall.press(desk, f"{local}/federation", 'name="parent_id"', parent_id=together.rsplit("/", 1)[1])
        put_to_the_room(hall, desk, local, challenge, 20 + n, 10, "2/3", "at_least")
        assert "Carried" in desk.get(f"{local}/floor").text
        hall.press(desk, f"{local}/federation", 'name="from_id"', title=challenge, yes=str(20 + n), no="10", people="35")
    desk = hall.desk("futures")
    came_up = desk.get(f"{together}/federation").text
    assert came_up.count("<strong>Clean water</strong>") == 2 and "Islands Community" in came_up
    assert "issues and inputs that participants put on the agenda: 6" in desk.get(f"{together}/stages").text
    for challenge in sorted(set(CHALLENGES.values())):
        hall.press(desk, f"/responses/new?assembly={together.rsplit('/', 1)[1]}", 'name="title_en"', target="Department of Services", title_en=challenge,
                   delivered_on=hall.clock.now.date().isoformat())
        hall.answered(desk, hall.here, "under_study", "The Department")
    board = client.get("/r/futures").text
    assert board.count("Under study") >= 4 and "Department of Services" in board, "consultative: considered, and nothing bound"


@pytest.mark.long
def test_neighborhoods_send_priorities_and_the_year_begins_with_accounts(hall: Hall, client):
    """N24 (S:120, S:122, S:601): open neighborhood assemblies send what they want up; what is decided binds; next year opens with accounts."""
    places = {"north": ("Paved streets", 80), "south": ("A day nursery", 120), "hill": ("Paved streets", 60)}
    for slug in places:
        hall.body(slug, f"{slug.title()} Neighborhood", kind="base_building")
    hall.body("city", "Budget Council", kind="coalition", of=places)
    council = hall.convened(hall.desk("city"), BUDGET, "A12", "Budget Council", "What does the city build this year?", 60, places, day="2027-06-05")
    desk = hall.desk("city")
    promise = hall.promised(desk, playbook_of("A8").decisions[0], "The City", "Build it this year", 365, council)
    hall.press(desk, promise, 'name="vote"', vote="room")
    for slug, (title, people) in places.items():
        own = hall.desk(slug)
        local = hall.convened(own, {"decides": "room", "comes": "residents", "government": "none", "lasts": "yearly"}, "A8", slug.title(), "What first?", 40)
        hall.press(own, f"{local}/federation", 'name="parent_id"', parent_id=council.rsplit("/", 1)[1])
        hall.press(own, f"{local}/federation", 'name="from_id"', title=title, people=str(people))
    assert "North Neighborhood" in desk.get(f"{council}/federation").text
    put_to_the_room(hall, desk, council, "Paved streets", 40, 12, "1/2", "more_than")
    put_to_the_room(hall, desk, council, "A second city hall", 3, 49, "1/2", "more_than")
    assert desk.get(promise).text.count("Does not bind") == 1
    duty = re.search(r'href="(/responses/\d+)">Build it this year', desk.get(promise).text)[1]
    hall.press(desk, duty, "/done")
    hall.answered(desk, duty, "accepted", "The City")
    again = form_of(desk.get(f"{council}/copy").text, 'name="title_en"') | {"languages": ["en", "es"], "partners": [hall.orgs[slug] for slug in places]}
    copied = desk.post(f"{council}/copy", data=again | {"once": "next"})
    assert copied.status_code == 303, re.findall(r"<li><a href.*?</li>", copied.text)
    agenda = desk.get(f"{copied.location}/program").text
    assert "What last year&#39;s projects came to" in agenda and "Recommendations to go through one by one: 1" in agenda
    first = agenda.index("What last year&#39;s projects came to")
    assert agenda.index("Doors, food, sign-in") < first < agenda.index("Welcome and why we are here"), "accounts come before anything new"
    assert "Paved streets" in desk.get(f"{copied.location}/report-back").text


@pytest.mark.long
@pytest.mark.parametrize("name", ["Councils in Kurdistan", "Councils in Armenia", "National conferences in Brazil"])
def test_four_levels_decide_and_what_is_abolished_keeps_its_record(hall: Hall, client, name):
    """N28 (S:609, S:252): inputs rise through four levels with their origin, results come down; abolished, the record stays."""
    levels = ["commune", "district", "region"]
    for slug in levels:
        hall.body(slug, f"{slug.title()} Council", kind="base_building")
    hall.body("nation", name, kind="coalition", of=levels)
    desks = {slug: hall.desk(slug) for slug in [*levels, "nation"]}
    own = {slug: hall.convened(desk, MEMBERS_MEET, "A1", f"{slug.title()} assembly", "What do we send up?", 40, [s for s in levels if s != slug])
           for slug, desk in desks.items()}
    for slug, above in zip(levels, [*levels[1:], "nation"], strict=True):
        hall.press(desks[slug], f"{own[slug]}/federation", 'name="parent_id"', parent_id=own[above].rsplit("/", 1)[1])
    hall.press(desks["commune"], f"{own['commune']}/federation", 'name="from_id"', title="Schools in our language", yes="31", no="2", people="40")
    for slug in levels[1:]:
        came = re.search(rf'href="{own[slug]}/inputs/(\d+)"', desks[slug].get(f"{own[slug]}/federation").text)[1]
        hall.press(desks[slug], f"{own[slug]}/federation?from={came}", 'name="from_id"', yes="50", no="5", people="60")
    top = desks["nation"].get(f"{own['nation']}/federation").text
    assert all(f"{slug.title()} Council" in top or f"{slug.title()} assembly" in top for slug in levels), "all three places stand with it"
    address = re.search(rf'href="({own["nation"]}/inputs/\d+)"', top)[1]
    hall.press(desks["nation"], address, 'name="state"', state="adopted", answer="From next autumn.")
    hall.run_jobs()
    assert "From next autumn." in desks["commune"].get(f"{own['commune']}/federation").text
    public = re.search(r'href="(/a/[^"]+)"', desks["nation"].get(own["nation"]).text)[1]
    hall.press(desks["nation"], own["nation"], "/state/cancelled", because="Abolished by decree of a new government")
    gone = client.get(public).text
    assert "Abolished by decree of a new government" in gone and "Nation assembly" in gone
    assert "From next autumn." in desks["commune"].get(f"{own['commune']}/federation").text, "what was decided stays on record"


@pytest.mark.long
def test_an_office_of_government_supports_and_is_named(hall: Hall, client):
    """N29 (S:639): an office that coordinates and supports others' assemblies is a partner, named with what it does, and decides nothing."""
    hall.body("unit", "Public Engagement Unit")
    hall.body("base", "Tenants of the Avenue", kind="base_building")
    hall.body("avenue", "Common Avenue", kind="coalition", of=("unit", "base"))
    desk = hall.desk("base")
    assembly = hall.convened(desk, WITH_GOVERNMENT, "A10", "Avenue assembly", "What do we need?", 40, ("unit",))
    hall.press(hall.desk("unit"), f"{assembly}/partners", 'value="accepted"', answer="accepted", lead_name="The office")
    hall.press(desk, f"{assembly}/government", 'name="who"', kind="facilitates", who="Public Engagement Unit", what_for="staff across agencies")
    public = client.get(re.search(r'href="(/a/[^"]+)"', desk.get(assembly).text)[1]).text
    assert "Public Engagement Unit" in public and "staff across agencies" in public
    assert hall.desk("unit").get("/partners").status_code == 200 and "Public Engagement Unit" in desk.get("/partners").text
    assert hall.desk("unit").post(f"{assembly}/government/backings", data={"kind": "pays", "who": "X"}).status_code == 404, "it supports, and does not run it"
