"""The verbs themselves: two at once, who has left, what a vote does to a platform, what is written down."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from crm.infra import audit, db
from crm.kernel.permissions import Role
from crm.kernel.refusal import Missing, Refused
from crm.organizations.models import CoalitionMembership
from crm.platforms import actions, queries
from tests.factories import MONDAY

HEADING = {
    "titles": {"en": "The Homes We Deserve", "es": "Las casas que merecemos"}, "intros": {}, "languages": ["en", "es"],
    "authentic_language": "en", "deadline_at": None, "assembly_id": None, "share_needed": 75,
}


def wording(n):
    return {"titles": {"en": f"Plank {n}", "es": f"Punto {n}"}, "texts": {"en": f"Text {n}.", "es": f"Texto {n}."}}


@pytest.fixture
def platform(acting):
    """The id of a platform of the coalition, and those of its three planks."""
    with acting("table", "imani") as actor:
        id = actions.create_platform(actor, HEADING, now=MONDAY)
        return id, [actions.add_plank(actor, id, wording(n), now=MONDAY) for n in (1, 2, 3)]


def amendment_by(acting, org, platform, text="Other."):
    with acting(org) as actor:
        proposal = {"kind": "change", "plank_id": platform[1][0], "titles": {}, "texts": {"en": text}, "reason": "So."}
        return actions.propose_amendment(actor, platform[0], proposal, now=MONDAY)


def test_two_people_decide_in_the_same_moment(acting, as_org, platform, signed_in):
    """One decision stands, whoever is first, and the other reads why."""
    id = amendment_by(acting, "mill", platform)
    address, start = f"/platforms/{platform[0]}/amendments/{id}/decision", Barrier(2)
    people = [(signed_in("imani", org="table"), verb) for verb in ("adopt", "refuse")]

    def decide(person):
        client, verb = person
        start.wait()
        return client.post(address, data={"verb": verb, "reason": f"We {verb}.", "once": verb}).status_code

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(decide, people))
    assert sorted(answers) == [303, 422]
    with as_org("table") as actor:
        amendment = queries.amendment_for(actor, platform[0], id)
        stands, reason = (("adopted", "We adopt."), ("refused", "We refuse."))[answers.index(303)]
        assert (amendment.state, amendment.decision_reason) == (stands, reason)
        versions = queries.versions_of(platform[1][0])
        assert len(versions) == (2 if stands == "adopted" else 1)


def test_two_people_write_the_same_plank_in_the_same_moment(acting, as_org, platform, signed_in):
    address, start = f"/platforms/{platform[0]}/planks/{platform[1][0]}/text", Barrier(2)
    people = [(signed_in("imani", org="table"), text) for text in ("First.", "Second.")]

    def write(person):
        client, text = person
        data = {"title_en": "Plank 1", "text_en": text, "title_es": "Punto 1", "text_es": "Texto 1.", "version": "1"}
        start.wait()
        return client.post(address, data=data | {"once": text}).status_code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(write, people)) == [303, 422]
    with as_org("table"):
        assert [v.number for v in queries.versions_of(platform[1][0])] == [2, 1]


def test_a_member_that_left_finds_nothing(acting, as_org, platform, world):
    with as_org("mill") as actor:
        assert queries.platform_for(actor, platform[0]).id == platform[0]
    with acting("table"):
        member = db.session().get_one(CoalitionMembership, (world.orgs["table"], world.orgs["mill"]))
        member.ended_at = MONDAY
    with as_org("mill") as actor, pytest.raises(Missing):
        queries.platform_for(actor, platform[0])


def test_a_platform_of_one_member_is_its_own(acting, as_org):
    with acting("southbank", "omar") as actor:
        id = actions.create_platform(actor, HEADING, now=MONDAY)
        alone = queries.organizations_of(queries.platform_for(actor, id))
        assert [o.name for o in alone] == ["Southbank Tenants Union"]
    for org in ("mill", "table", "elsewhere"):
        with as_org(org) as actor, pytest.raises(Missing):
            queries.platform_for(actor, id)


@pytest.mark.parametrize("role", [Role.ORGANIZER, Role.FACILITATOR, Role.TELLER, Role.VOLUNTEER, Role.READ_ONLY])
def test_who_may_not_decide_freeze_or_stand(acting, platform, role):
    id = amendment_by(acting, "mill", platform)
    for attempt in (
        lambda actor: actions.decide_amendment(actor, platform[0], id, "adopt", "Yes.", now=MONDAY),
        lambda actor: actions.freeze_edition(actor, platform[0], now=MONDAY),
        lambda actor: actions.reopen_platform(actor, platform[0], now=MONDAY),
        lambda actor: actions.publish_platform(actor, platform[0], "x", now=MONDAY),
    ):
        with pytest.raises(Missing), acting("table", role=role) as actor:
            attempt(actor)
    with pytest.raises(Missing), acting("mill", role=role) as actor:
        actions.state_positions(actor, platform[0], {platform[1][0]: {"stance": "endorse"}}, now=MONDAY)


def test_what_a_vote_does(acting, as_org, platform):
    id, planks = platform
    with acting("table") as actor:
        assert actions.freeze_edition(actor, id, "To the vote", now=MONDAY).number == 1
    nothing = dict.fromkeys(planks, "not_ratified")
    with acting("table") as actor:
        actions.mark_ratified(actor, id, nothing, edition=1, now=MONDAY)
        assert queries.platform_for(actor, id).state == "frozen"
    some = nothing | {planks[0]: "ratified"}
    for _again in range(2):
        with acting("table") as actor:
            actions.mark_ratified(actor, id, some, edition=1, now=MONDAY)
    with as_org("mill") as actor:
        found = queries.platform_for(actor, id)
        assert (found.state, found.ratified_edition) == ("ratified", 1)
        assert queries.latest_edition(actor, id).outcomes == {str(plank): said for plank, said in some.items()}
    with pytest.raises(Refused, match="is ratified"), acting("table") as actor:
        actions.add_plank(actor, id, wording(4), now=MONDAY)


def test_the_next_edition_leaves_the_ratified_one_in_force(acting, as_org, platform):
    id, planks = platform
    with acting("table") as actor:
        actions.freeze_edition(actor, id, now=MONDAY)
        actions.mark_ratified(actor, id, dict.fromkeys(planks, "ratified"), edition=1, now=MONDAY)
        actions.publish_platform(actor, id, "homes", now=MONDAY)
        actions.reopen_platform(actor, id, now=MONDAY)
        actions.add_plank(actor, id, wording(4), now=MONDAY)
        assert actions.freeze_edition(actor, id, now=MONDAY).number == 2
    with as_org("table"):
        assert queries.published_platform("homes").content["edition"] == 1
    with acting("table") as actor:
        actions.mark_ratified(actor, id, dict.fromkeys(planks, "ratified"), edition=2, now=MONDAY)
    with as_org("table"):
        assert queries.published_platform("homes").content["edition"] == 2


def test_those_who_endorse_every_plank_sign_even_later(acting, as_org, platform):
    id, planks = platform
    with acting("table") as actor:
        edition = actions.freeze_edition(actor, id, now=MONDAY)
    with acting("mill") as actor:
        said = {plank: {"stance": "endorse"} for plank in planks}
        actions.state_positions(actor, id, said, now=MONDAY + timedelta(days=40))
    with acting("arroyo") as actor:
        actions.state_positions(actor, id, {planks[0]: {"stance": "endorse"}}, now=MONDAY)
    with as_org("table") as actor:
        names = queries.signatories_of(queries.platform_for(actor, id), queries.edition_for(actor, edition.id))
        assert names.organizations == ["Mill District Workers Center"]


def test_an_address_belongs_to_one_platform(acting, platform):
    with acting("table") as actor:
        actions.freeze_edition(actor, platform[0], now=MONDAY)
        actions.mark_ratified(actor, platform[0], dict.fromkeys(platform[1], "ratified"), edition=1, now=MONDAY)
        assert actions.publish_platform(actor, platform[0], "Mañana, casas", now=MONDAY) == "manana-casas"
        assert actions.publish_platform(actor, platform[0], "homes", now=MONDAY) == "homes"
    with acting("southbank") as actor:
        other = actions.create_platform(actor, HEADING | {"languages": ["en"]}, now=MONDAY)
        plank = actions.add_plank(actor, other, wording(1), now=MONDAY)
        actions.freeze_edition(actor, other, now=MONDAY)
        actions.mark_ratified(actor, other, {plank: "ratified"}, edition=1, now=MONDAY)
    with pytest.raises(Refused, match="Another platform has this address"), acting("southbank") as actor:
        actions.publish_platform(actor, other, "homes", now=MONDAY)


def test_what_waits_for_a_decision_is_counted(acting, as_org, platform):
    amendment_by(acting, "mill", platform)
    with as_org("table") as actor:
        assert queries.amendments_to_decide(actor) == 1
    with as_org("mill") as actor:
        assert queries.amendments_to_decide(actor) == 0


def test_every_change_is_written_down_without_its_words_in_the_chain(acting, as_org, platform):
    amendment_by(acting, "mill", platform)
    with as_org("table") as actor:
        verbs = db.session().scalars(select(audit.Event.verb).order_by(audit.Event.id)).all()
        assert [verb for verb in verbs if verb.startswith("pl")] == ["platform.started", *["plank.added"] * 3]
        assert audit.broken_link(actor) is None
    with as_org("mill"):
        assert "amendment.proposed" in db.session().scalars(select(audit.Event.verb)).all()


def test_a_change_refused_leaves_nothing(acting, as_org, platform):
    with pytest.raises(Refused), acting("table") as actor:
        actions.change_plank(actor, platform[0], platform[1][0], wording(9), version=7, now=MONDAY)
    with as_org("table"):
        assert len(queries.versions_of(platform[1][0])) == 1
