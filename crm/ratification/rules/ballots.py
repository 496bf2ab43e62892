"""A ballot as it travels: everything in hidden fields of a POST, nothing kept before it is cast.

Bits of who has voted.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crm.kernel.refusal import N_, Reason
from crm.ratification.rules.board import is_nonce, tracker_of
from crm.ratification.rules.contests import counted_content, entered, is_readable, issues_in_content
from crm.ratification.rules.words import Picks, are_words, phrase_of

HOUSEHOLD = 12
SHARDS, SEATS_IN_SHARD = 16, 250  # at most so many, and at least so many seats in each


@dataclass(frozen=True)
class Draft:
    """What a member has chosen so far; blank choices are absent, unpicked words are None."""

    nonce: str
    server_words: tuple[int, int]
    picked: tuple[int | None, int | None]
    choices: dict[int, str]

    @property
    def picks(self) -> Picks | None:
        """The four words, once all are there."""
        first, second = self.picked
        return None if first is None or second is None else (*self.server_words, first, second)

    def blanks(self, planks: Sequence[int]) -> list[int]:
        """Planks without an answer."""
        return [n for n in planks if n not in self.choices]

    def trackers(self, poll_id: str, planks: Sequence[int]) -> dict[int, str]:
        """The tracker of every plank; only once the words are picked."""
        if self.picks is None:
            return {}
        phrase = phrase_of(self.picks)
        return {n: tracker_of(poll_id, n, self.nonce, phrase) for n in planks}

    def rows(self, poll_id: str, planks: Sequence[int], rule: Mapping[str, Any]) -> list[tuple[int, str, str]]:
        """(plank, tracker, choice) of the whole set; a blank counts as abstain."""
        made = {n: counted_content(rule, choice) for n, choice in self.choices.items()} if rule.get("contest") else self.choices
        return [(n, tracker, made.get(n, "abstain")) for n, tracker in self.trackers(poll_id, planks).items()]


def read_draft(fields: Mapping[str, str], planks: Sequence[int], rule: Mapping[str, Any]) -> Draft | None:
    """The draft in the fields of a POST; None when the ballot number, the server's words or a choice are not whole.

    A choice that cannot be read is never taken for a blank one: it would count as abstain, with a receipt.
    """
    nonce, words = fields.get("nonce", ""), fields.get("words", "").split(".")
    if not is_nonce(nonce) or len(words) != 2 or not all(w.isdecimal() and len(w) < 4 for w in words):
        return None
    server_words = (int(words[0]), int(words[1]))
    if not are_words((*server_words, 0, 0)):
        return None
    if contest := rule.get("contest"):
        if not all(is_readable(fields, n, len(contest["options"])) for n in planks):
            return None
        made = {n: content for n in planks if (content := entered(fields, n, len(contest["options"])))}
    else:
        if any(fields.get(f"p{n}", "") not in ("", *rule["choices"]) for n in planks):
            return None
        made = {n: fields[f"p{n}"] for n in planks if fields.get(f"p{n}") in rule["choices"]}
    return Draft(nonce, server_words, (_pick(fields.get("first", "")), _pick(fields.get("second", ""))), made)


def _pick(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 3 and int(text) < 20 else None


def issues_in_draft(draft: Draft) -> list[Reason]:
    """What is missing before it can be cast: the words. Blank planks are allowed."""
    return [] if draft.picks else [Reason(N_("Pick one word from each list. They make your receipt yours."))]


def issues_in_choices(draft: Draft, rule: Mapping[str, Any], name: Callable[[int], str] = str) -> list[Reason]:
    """What is wrong with what was chosen between options, all of it; a choice on a plank cannot be wrong."""
    return [issue for content in draft.choices.values() for issue in issues_in_content(rule, content, name)] if rule.get("contest") else []


def empty_shards(roll_size: int) -> list[bytes]:
    """One bit per seat, none set: of n shards the one numbered k holds the seats k, k + n, k + 2n and so on. Seats begin at 0.

    Bits count from the right in each byte, as PostgreSQL's get_bit does. A shard is never so small that its last change tells who voted last.
    """
    shards = max(1, min(SHARDS, roll_size // SEATS_IN_SHARD))
    return [bytes(-(-roll_size // shards // 8) or 1)] * shards


def has_bit(bits: bytes, seat: int) -> bool:
    """Whether the seat has voted."""
    return seat >> 3 < len(bits) and bool(bits[seat >> 3] >> (seat & 7) & 1)


def with_bit(bits: bytes, seat: int) -> bytes:
    """The same bits with one more set."""
    changed = bytearray(bits)
    changed[seat >> 3] |= 1 << (seat & 7)
    return bytes(changed)


def count_bits(bits: bytes) -> int:
    """How many seats have voted."""
    return int.from_bytes(bits, "big").bit_count()


def likely_same(marks: Sequence[tuple[int, int, str]]) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Pairs of (seat, organization) of two organizations whose marks are equal, each pair once, the lower seat first.

    A phone that many seats share is an office's, and says nothing.
    """
    seats: dict[str, set[tuple[int, int]]] = {}
    for seat, organization, mark in marks:
        seats.setdefault(mark, set()).add((seat, organization))
    groups = [group for group in seats.values() if 1 < len(group) <= HOUSEHOLD]
    return sorted({(a, b) for group in groups for a in group for b in group if a < b and a[1] != b[1]})
