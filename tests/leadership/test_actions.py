"""Conversations, assessments and steps on the ladder, against a real database."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from crm.infra.audit import Event
from crm.infra.db import session
from crm.kernel.refusal import Missing, Refused
from crm.leadership import actions, queries
from crm.leadership.models import Assessment, Conversation, RungMove
from crm.leadership.rules import Talk
from crm.people.models import Person
from tests.factories import MONDAY

TODAY = date(2026, 11, 23)


@pytest.fixture
def ana(world):
    return world.people["southbank"][0]


def log(acting, person_id, *, account="imani", summary="She will bring four neighbors.", step="", on=None, **seen):
    with acting("southbank", account) as actor:
        talk = Talk(MONDAY - timedelta(hours=1), summary, step, on)
        return actions.log_conversation(actor, person_id, talk, now=MONDAY, **seen)


def test_a_talk_is_logged_with_what_it_showed(acting, as_org, ana) -> None:
    id = log(acting, ana, step="Ask her to chair Repairs", on=TODAY, assessment=1, rung=4)
    with as_org("southbank"):
        talk = session().get_one(Conversation, (session().info["org_id"], id))
        assert (talk.organizer_name, talk.next_step, talk.done_at) == ("Imani", "Ask her to chair Repairs", None)
        person = session().scalar(select(Person).where(Person.id == ana))
        assert (person.assessment, person.rung) == (1, 4)
        verbs = session().scalars(select(Event.verb).where(Event.person_id == ana).order_by(Event.id)).all()
        assert verbs == ["conversation.logged", "conversation.planned", "assessment.added", "rung.up"]


def test_the_next_talk_takes_the_place_of_the_open_step(acting, as_org, ana) -> None:
    first = log(acting, ana, step="Call her", on=TODAY)
    others = log(acting, ana, account="omar", step="Bring the key", on=TODAY)
    log(acting, ana, step="Ask her to chair", on=TODAY)
    with as_org("southbank"):
        done = {talk.id for talk in session().scalars(select(Conversation).where(Conversation.done_at.is_not(None)))}
        assert first in done and others not in done


def test_nothing_is_half_done(acting, as_org, ana) -> None:
    with pytest.raises(Refused):
        log(acting, ana, assessment=9)
    with as_org("southbank"):
        assert session().scalars(select(Conversation)).all() == []


def test_a_step_is_finished_once(acting, as_org, ana) -> None:
    id = log(acting, ana, step="Call her", on=TODAY)
    for _time in range(2):
        with acting("southbank", "omar") as actor:
            assert actions.finish_follow_up(actor, id, now=MONDAY) == ana
    with as_org("southbank"):
        finished = session().scalars(select(Event).where(Event.verb == "conversation.finished")).all()
        assert len(finished) == 1


def test_a_step_can_be_moved_and_taken_away(acting, as_org, ana) -> None:
    id = log(acting, ana, step="Call her", on=TODAY)
    with acting("southbank") as actor:
        actions.plan_follow_up(actor, id, "Visit her", TODAY + timedelta(days=20), now=MONDAY)
    with acting("southbank") as actor, pytest.raises(Refused):
        actions.plan_follow_up(actor, id, "", TODAY, now=MONDAY)
    with acting("southbank") as actor:
        actions.plan_follow_up(actor, id, "", None, now=MONDAY)
    with as_org("southbank"):
        talk = session().scalar(select(Conversation))
        assert (talk.next_step, talk.follow_up_on) == ("", None)


def test_assessments_are_added_and_the_last_one_stands(acting, as_org, ana) -> None:
    for value in (3, 1):
        with acting("southbank", "imani") as actor:
            actions.assess(actor, ana, value, now=MONDAY)
    with as_org("southbank"):
        assert session().scalars(select(Assessment.value).order_by(Assessment.id)).all() == [3, 1]
        assert session().scalar(select(Person.assessment).where(Person.id == ana)) == 1


def test_the_ladder_counts_where_people_stand_and_how_they_moved(acting, as_org, world) -> None:
    people = world.people["southbank"]
    steps = [(people[0], [2, 3]), (people[1], [4]), (people[2], [3, 2, 3]), (people[3], [2, 1])]
    for person, rungs in steps:
        for rung in rungs:
            with acting("southbank", "imani") as actor:
                actions.move_rung(actor, person, rung, "seen", now=MONDAY)
    with as_org("southbank") as actor:
        movement = queries.ladder_movement(actor, MONDAY - timedelta(days=30))
        assert [rung.count for rung in movement.rungs] == [8, 1, 0, 2, 1, 0]
        assert (movement.up, movement.back, movement.everyone) == (4, 0, 12)
        assert movement.rungs[3].arrived == 2 and len(movement.rungs[3].arrivals) == 2
        later = queries.ladder_movement(actor, MONDAY + timedelta(days=1))
        assert (later.up, later.back) == (0, 0)
        assert len(queries.moves_since(actor, MONDAY - timedelta(days=1), None, direction="back").rows) == 2


def test_up_and_back_again_is_no_movement(acting, as_org, ana) -> None:
    for rung in (2, 4, 2):
        with acting("southbank", "imani") as actor:
            actions.move_rung(actor, ana, rung, "seen", now=MONDAY + timedelta(hours=rung))
    with as_org("southbank") as actor:
        movement = queries.ladder_movement(actor, MONDAY + timedelta(hours=3))
        assert (movement.up, movement.back) == (1, 0), "the step from 2 to 4 is in the window, the one back to 2 is not"
        whole = queries.ladder_movement(actor, MONDAY - timedelta(days=1))
        assert (whole.up, whole.back) == (1, 0), "from no rung to the second"


def test_due_are_mine_of_this_week_the_longest_waiting_first(acting, as_org, world) -> None:
    people = world.people["southbank"]
    days = (TODAY + timedelta(days=6), TODAY, TODAY + timedelta(days=7))
    for person, day in zip(people, days, strict=False):
        log(acting, person, step="Call", on=day)
    log(acting, people[5], account="omar", step="Call", on=TODAY)
    with acting("southbank", "imani") as actor:
        due = queries.conversations_due(actor, TODAY + timedelta(days=0), 1)
        assert (due.total, [row.person_id for row in due.rows]) == (2, [people[1]])
        assert queries.conversations_due(actor, TODAY, 5, mine=False).total == 3
        late = queries.conversations_due(actor, TODAY + timedelta(days=4), 5).rows[0]
        assert late.days_late == 4


def test_rungs_have_the_organizations_names(acting, as_org) -> None:
    names = {1: "Neighbor", 2: "Friend", 3: "Member", 4: "Captain", 5: "Anchor"}
    with acting("southbank") as actor:
        actions.name_rungs(actor, names, now=MONDAY)
    with as_org("southbank") as actor:
        assert [rung.name for rung in queries.ladder_movement(actor, MONDAY).on_ladder] == list(names.values())
    with as_org("mill") as actor:
        assert queries.ladder_movement(actor, MONDAY).rungs[4].name == "Leader"


def test_another_organization_finds_nothing(acting, as_org, ana) -> None:
    id = log(acting, ana, step="Call", on=TODAY)
    with acting("mill") as actor:
        for touch in (
            lambda: actions.finish_follow_up(actor, id, now=MONDAY),
            lambda: actions.plan_follow_up(actor, id, "", None, now=MONDAY),
            lambda: actions.assess(actor, ana, 1, now=MONDAY),
            lambda: actions.move_rung(actor, ana, 2, now=MONDAY),
            lambda: actions.log_conversation(actor, ana, Talk(MONDAY, "x"), now=MONDAY),
        ):
            with pytest.raises(Missing):
                touch()
    with as_org("mill") as actor:
        assert queries.conversations_due(actor, TODAY, mine=False).rows == []
        assert queries.moves_since(actor, MONDAY - timedelta(days=99), None).rows == []


def test_the_schema_holds_a_step_to_its_day(acting, ana) -> None:
    with pytest.raises(IntegrityError), acting("southbank") as actor:
        session().add(Conversation(org_id=actor.org_id, person_id=ana, held_at=MONDAY, summary="x", next_step="Call"))
        session().flush()
    with pytest.raises(IntegrityError), acting("southbank") as actor:
        session().add(RungMove(org_id=actor.org_id, person_id=ana, from_rung=2, to_rung=2, at=MONDAY))
        session().flush()
