"""Doors and reads of accountability."""

from crm.accountability.queries.boards import (
    Asked,
    Due,
    asked_of,
    board_page,
    count_overdue,
    dues_of,
    dues_shown,
    feedback_of,
    late_at,
    planks_asked,
    public_page,
    responses_of,
    score_row,
    status_in_sql,
    targets_of,
)
from crm.accountability.queries.commitments import (
    Judged,
    assembly_behind,
    commitments_of,
    covering_room,
    covering_vote,
    judged_one,
    outcomes_of,
    promise_behind,
    promises_of,
    promises_of_org,
    target_names,
    votes_ahead,
    waiting_elsewhere,
    yes_no_kinds,
)
from crm.accountability.queries.doors import (
    commitment_for,
    commitment_to_run,
    milestone_for,
    recommendation_for,
    recommendation_to_run,
    zone_of,
)
from crm.accountability.queries.series import earlier_cycle, facts_of, handed_over, ratings_of, report_back_of, series_of

__all__ = [
    "Asked", "Due", "Judged", "asked_of", "assembly_behind", "board_page", "commitment_for", "commitment_to_run", "commitments_of", "count_overdue",
    "covering_room", "covering_vote", "dues_of", "dues_shown", "earlier_cycle", "facts_of", "feedback_of", "handed_over", "judged_one", "late_at",
    "milestone_for", "outcomes_of", "planks_asked", "promise_behind", "promises_of", "promises_of_org", "public_page", "ratings_of",
    "recommendation_for", "recommendation_to_run", "report_back_of", "responses_of", "score_row", "series_of", "status_in_sql", "target_names",
    "targets_of", "votes_ahead", "waiting_elsewhere", "yes_no_kinds", "zone_of",
]
