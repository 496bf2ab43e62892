"""What may be logged, assessed and moved."""

from datetime import UTC, date, datetime, timedelta

import pytest

from crm.kernel.refusal import Reason
from crm.leadership import rules

pytestmark = pytest.mark.one_database

NOW = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)


def fields(issues: list[Reason]) -> list[str | None]:
    return [issue.field for issue in issues]


def test_a_talk_that_was_held_may_be_logged() -> None:
    assert rules.issues_before_logging(rules.Talk(NOW, "She will bring four neighbors."), NOW, TODAY) == []
    planned = rules.Talk(NOW, "She will.", "Ask her to chair", TODAY)
    assert rules.issues_before_logging(planned, NOW, TODAY) == []


def test_all_that_is_wrong_is_said_at_once() -> None:
    talk = rules.Talk(NOW + timedelta(days=1), "", "Call", None)
    assert fields(rules.issues_before_logging(talk, NOW, TODAY)) == ["summary", "held_at", "follow_up_on"]
    assert fields(rules.issues_before_logging(rules.Talk(NOW, "x" * 4001), NOW, TODAY)) == ["summary"]


def test_a_next_step_has_a_day_that_is_not_over() -> None:
    yesterday = TODAY - timedelta(days=1)
    assert fields(rules.issues_before_planning("", TODAY, TODAY)) == ["next_step"]
    assert fields(rules.issues_before_planning("", yesterday, TODAY)) == ["next_step", "follow_up_on"]
    assert rules.issues_before_planning("", None, TODAY) == []


def test_a_step_back_needs_a_reason_and_a_step_up_does_not() -> None:
    assert rules.may_move(0, 1, "") is None
    assert rules.may_move(3, 5, "") is None
    assert rules.may_move(3, 2, "moved away") is None
    assert fields(rules.may_move(3, 2, "").reasons) == ["reason"]
    assert rules.may_move(3, 3, "again")
    assert rules.may_move(3, 6, "")
    assert rules.may_move(3, 0, "gone")


def test_assessments_go_from_one_to_five() -> None:
    assert [bool(rules.may_assess(value)) for value in (0, 1, 5, 6)] == [True, False, False, True]


def test_five_rungs_have_five_names() -> None:
    names = {1: "Neighbor", 2: "Friend", 3: "Member", 4: "Captain", 5: "Anchor"}
    assert rules.issues_before_naming(names) == []
    assert fields(rules.issues_before_naming(names | {2: ""})) == ["rung_2"]
    assert len(rules.issues_before_naming(names | {2: "neighbor"})) == 1


def test_days_late() -> None:
    assert rules.days_late(TODAY - timedelta(days=4), TODAY) == 4
    assert rules.days_late(TODAY + timedelta(days=4), TODAY) == 0
