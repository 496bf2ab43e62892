"""Doors and reads of ratification."""

from crm.ratification.queries.notices import (
    Letter, letter_reasons, letters_for, notice_summaries, own_entry_for, own_members, unreached,
)
from crm.ratification.queries.rolls import (
    Seat, ballot_for, bits_of, candidate_for, candidates_for, entry_for, has_seat, has_voted, is_struck,
    latest_votes, listed, roll_call_of, seat_for, seats_of, turnout_of,
)
from crm.ratification.queries.votes import (
    corrections_of, edition_of, editions_for, electorates_of, opening_job, owned_for, published_board,
    published_text, ratification_for, ratifications_page, voting_organizations,
)

__all__ = [
    "Letter", "Seat", "ballot_for", "bits_of", "candidate_for", "candidates_for", "corrections_of",
    "edition_of", "editions_for", "electorates_of", "entry_for", "has_seat", "has_voted", "is_struck",
    "latest_votes", "letter_reasons", "letters_for", "listed", "notice_summaries", "opening_job",
    "own_entry_for", "own_members", "owned_for", "published_board", "published_text", "ratification_for",
    "ratifications_page", "roll_call_of", "seat_for", "seats_of", "turnout_of", "unreached",
    "voting_organizations",
]
