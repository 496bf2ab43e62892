"""What tellers sign, and the lists that are published while a vote is open. Pure: bytes in, bytes out.

The lists let anyone see that no ballot vanishes: each names, by a hash and in the order of the hashes, the trackers that came since the
one before, never fewer than a small group of ballots at once, and the board must hold every one of them.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from crm.kernel.refusal import N_, Reason, Refusal
from crm.ratification.rules.board import SMALL_GROUP

LIST_FORMAT = "plenary-list/1"
MOST_TELLERS = 9
MOST_HASHES = 20_000  # in one list, 0.7 MB: no cast waits long while it is written; what is left stands in the next, which follows at once
_HEX = set("0123456789abcdef")


def opening_message(poll_id: str) -> bytes:
    """What a teller signs of an opening: this manifest and no other."""
    return f"plenary-teller/1\n{poll_id}".encode()


def list_message(listed: Mapping[str, Any]) -> bytes:
    """What the server signs of a list."""
    parts = (LIST_FORMAT, listed["poll_id"], str(listed["number"]), listed["at"], listed["before"], *listed["hashes"])
    return "\n".join(parts).encode()


def hash_of(tracker: str) -> str:
    """The hash under which a list names a tracker: it shows that the tracker is in the box and nothing of it before the close."""
    return hashlib.sha256(f"{LIST_FORMAT}\n{tracker}".encode()).hexdigest()[:32]


def next_hashes(trackers: Sequence[Iterable[str]], named: set[str]) -> list[str]:
    """The sorted hashes of what came since; `trackers` are those of each plank of each secret electorate, `named` those in earlier lists.

    A plank with fewer new ballots than a small group waits for the next list, and so does what is beyond the most that a list names: which
    of a plank's ballots these are is decided by their hashes, so it tells nothing of when they came.
    """
    taken: list[str] = []
    for plank in trackers:
        fresh = {hash_of(tracker) for tracker in plank} - named
        here = sorted(fresh)[: MOST_HASHES - len(taken)]
        taken += here if len(here) >= SMALL_GROUP else []
        if len(taken) > MOST_HASHES - SMALL_GROUP:
            break
    return sorted(taken)


def is_full(hashes: Sequence[str]) -> bool:
    """Whether a list names so many that more may wait for the next one."""
    return len(hashes) > MOST_HASHES - SMALL_GROUP


def read_hex(typed: str, length: int) -> str | None:
    """A key or signature as it was pasted, without spaces and line ends; None when it is not of that many hex digits."""
    clean = "".join(typed.split()).lower()
    return clean if len(clean) == length and not set(clean) - _HEX else None


def issues_in_teller(name: str, public_key: str | None, known: Sequence[tuple[str, str]]) -> list[Reason]:
    """What is wrong with a teller to be named; `known` are (name, public key) of the others."""
    issues = []
    if not name.strip():
        issues.append(Reason(N_("Write the teller's name: it is published."), field="name"))
    if public_key is None:
        issues.append(Reason(N_("A public key has 64 digits and letters from a to f, as plenary sign --new prints it."), field="public_key"))
    if public_key in {key for _name, key in known}:
        issues.append(Reason(N_("Another teller has this key. Each makes a key of their own."), field="public_key"))
    if len(known) >= MOST_TELLERS:
        issues.append(Reason(N_("More than %(n)s tellers are not named."), {"n": MOST_TELLERS}))
    return issues


def may_certify_signed(missing: Sequence[str], reason: str) -> Refusal | None:
    """Whether the count can be certified although these tellers have not signed it: only with a reason, which is published."""
    if missing and not reason.strip():
        words = N_("These tellers have not signed the count yet: %(names)s. To certify without them, write why: it is published.")
        return Refusal([Reason(words, {"names": ", ".join(missing)}, "reason")])
    return None
