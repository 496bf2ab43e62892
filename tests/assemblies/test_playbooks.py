"""Every playbook is whole: both languages, its places in the words, its roles, seats, decisions and texts."""

import pytest

from crm.assemblies.playbooks import PLAYBOOKS, playbook_of
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


def test_the_five_playbooks_of_the_first_evening_are_there():
    assert {"A1", "A2", "A3", "A4", "A10"} <= set(PLAYBOOKS)
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
