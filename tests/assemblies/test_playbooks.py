"""Every playbook is whole: both languages, its places in the words, its roles, seats, decisions and texts."""

from datetime import date

import pytest

from crm.assemblies.playbooks import PLAYBOOKS, playbook_of
from crm.assemblies.rules.kinds import CHOICES, QUESTIONS, propose
from crm.assemblies.rules.states import may_hold_vote
from crm.assemblies.rules.words import CONTROLS, ITEMS, POWERS, REMINDERS, ROLES, SELECTIONS, SIDES, STAGES

pytestmark = pytest.mark.one_database


def words_in(value):
    """Every pair of words inside a playbook."""
    if isinstance(value, dict):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from words_in(part)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            yield from words_in(getattr(value, name))


def test_every_kind_has_its_playbook():
    assert list(PLAYBOOKS) == [f"A{n}" for n in range(1, 15)]
    assert playbook_of("A99") is None


@pytest.mark.parametrize("playbook", PLAYBOOKS.values(), ids=PLAYBOOKS)
def test_a_playbook_is_whole(playbook):
    for words in words_in(playbook):
        assert not words or (words["en"] and words["es"] and words["en"] != words["es"]), words
        assert all(text == text.strip() and "!" not in text for text in words.values()), words
    assert playbook.selection in SELECTIONS and playbook.stage in STAGES
    assert {playbook.power_now, playbook.power_aim} <= set(POWERS)
    assert set(playbook.controls) <= set(CONTROLS)
    assert sum(sitting.days == 0 for sitting in playbook.sittings) == 1
    assert playbook.needs and playbook.tasks and playbook.roles and playbook.decisions and playbook.reminders
    for sitting in playbook.sittings:
        assert 60 <= sum(item.minutes for item in sitting.agenda) <= 600
        assert {item.kind for item in sitting.agenda} <= set(ITEMS)
    assert [task.days for task in playbook.tasks] == sorted(task.days for task in playbook.tasks)
    assert {card.role for card in playbook.roles} <= set(ROLES)
    for committee in playbook.committees:
        assert {seats.side for seats in committee.seats} <= set(SIDES)
        assert all(not seats.is_voting for seats in committee.seats if seats.side in ("staff", "official"))
    for decision in playbook.decisions:
        assert 0 < decision.threshold[0] <= decision.threshold[1]
        assert decision.words["en"] and decision.as_data()["threshold"] == list(decision.threshold)
        assert decision.strictness in ("at_least", "more_than") and (decision.strictness == "at_least" or decision.threshold[0] < decision.threshold[1])
        says_more = any(words in decision.words["en"].lower() for words in ("more yes than no", "more than"))
        assert says_more == (decision.strictness == "more_than"), "what the words say is what is counted: a tie is not more"
    for group in playbook.groups:
        assert group.count > 0 and group.role in ROLES and group.selection in SELECTIONS
        assert not (group.is_voting and may_hold_vote(group.role, playbook.officials_vote))
    assert playbook.answer_owed is None or playbook.answer_owed in [task.days for task in playbook.tasks]


@pytest.mark.parametrize("playbook", PLAYBOOKS.values(), ids=PLAYBOOKS)
def test_no_reminder_asks_for_yes_and_every_first_text_says_how_to_stop(playbook):
    places = {"first_name", "organization", "assembly", "day", "hour", "place", "link"}
    assert {reminder.key for reminder in playbook.reminders} <= set(REMINDERS)
    for reminder in playbook.reminders:
        for text in reminder.text.values():
            assert "YES" not in text and " SÍ" not in text and "SI " not in text
            text.format(**dict.fromkeys(places, "x"))
        assert reminder.key != "invite" or all("STOP" in text for text in reminder.text.values())


def test_a2_decides_as_the_platform_needs():
    members, organizations = playbook_of("A2").decisions
    assert (members.electorate, members.secrecy, members.threshold, members.quorum) == (
        "members", "secret", (2, 3), (1, 2),
    )  # fmt: skip
    assert (organizations.electorate, organizations.secrecy, organizations.threshold) == (
        "organizations", "roll_call", (3, 4),
    )  # fmt: skip
    assert [reminder.key for reminder in playbook_of("A2").reminders] == [
        "invite", "confirm", "day_before", "morning", "thank_you", "missed_you",
    ]  # fmt: skip


def test_whoever_is_owed_an_answer_reads_the_day():
    assert playbook_of("A10").answer_by(date(2027, 2, 6)) == date(2027, 4, 7)
    assert playbook_of("A1").answer_by(date(2027, 2, 6)) is None


def test_the_seats_and_shares_of_the_examples():
    """Brussels 15 and 45, Ostbelgien's council of 24, three issues and four fifths, Gdansk's more than four fifths, British Columbia's three fifths."""
    assert [(g.count, g.role, g.is_voting) for g in playbook_of("A13").groups] == [(45, "participant", True), (15, "official", True)]
    assert playbook_of("A7").groups[0].count == 24 and "three issues" in playbook_of("A7").rules[0]["en"]
    assert [(d.threshold, d.strictness) for d in (playbook_of("A7").decisions[1], playbook_of("A14").decisions[0], playbook_of("A6").decisions[1])] == [
        ((4, 5), "at_least"), ((4, 5), "more_than"), ((3, 5), "at_least"),
    ]  # fmt: skip
    assert playbook_of("A11").groups[0].count == 5 and playbook_of("A11").groups[0].per["en"] == "for each local assembly"
    assert {d.method for d in playbook_of("A12").decisions} == {"budget-votes", "equal-shares"}


def nearest(**given):
    return [proposal.playbook.id for proposal in propose(PLAYBOOKS.values(), given)]


@pytest.mark.parametrize("playbook", PLAYBOOKS.values(), ids=PLAYBOOKS)
def test_the_answers_of_a_kind_lead_to_it_and_to_no_other(playbook):
    """Every answer that a playbook names can be given, and its first four name it alone."""
    for key in QUESTIONS:
        assert getattr(playbook.fits, key) and set(getattr(playbook.fits, key)) <= set(CHOICES[key])
    assert nearest(**{key: getattr(playbook.fits, key)[0] for key in QUESTIONS}) == [playbook.id]


def test_every_answer_leads_somewhere():
    for key, answers in CHOICES.items():
        for answer in answers:
            assert nearest(**{key: answer}), (key, answer)


@pytest.mark.parametrize(("given", "found"), [
    ({}, []),
    ({"decides": "astrology", "comes": ""}, []),
    ({"government": "bound"}, ["A12", "A14", "A8", "A9"]),
    ({"comes": "lot", "government": "answers"}, ["A6", "A7"]),
    ({"comes": "lot", "government": "answers", "lasts": "yearly"}, ["A7"]),
    ({"decides": "together", "comes": "lot", "government": "answers", "lasts": "once"}, ["A6", "A13", "A10"]),
    ({"lasts": "tonight"}, ["A4"]),
])  # fmt: skip
def test_what_is_known_narrows_the_kinds(given, found):
    """Nothing answered, nothing proposed; equals all come, the nearest first."""
    assert nearest(**given) == found


def test_a_kind_that_fits_only_in_part_says_where_it_does_not():
    given = {"decides": "together", "comes": "lot", "government": "answers", "lasts": "once"}
    assert [(p.playbook.id, p.differs) for p in propose(PLAYBOOKS.values(), given)] == [
        ("A6", ("decides",)), ("A13", ("comes",)), ("A10", ("comes",)),
    ]  # fmt: skip
