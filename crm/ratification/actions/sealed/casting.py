"""Putting a box in: one row at the head of the chain, and nothing else. No seat, no sign-in, no event, no time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from crm.infra.db import session
from crm.kernel.refusal import N_, Reason, Refused
from crm.ratification.models.sealed import SealedEntry, SealedVote
from crm.ratification.queries.sealed import hours_of, last_entry, last_of_pass, poll_for
from crm.ratification.rules.sealed.blind import BITS, is_signed
from crm.ratification.rules.sealed.formats import cast_message, entry_hash, is_hex, pass_message
from crm.ratification.rules.sealed.states import may_cast, phase_of

MOST_VERSIONS = 1000  # one pass does not fill the board


@dataclass(frozen=True)
class Receipt:
    """Where the box stands in the chain, and the hash that holds everything before it."""

    poll_id: str
    position: int
    hash: str


def cast_box(poll_id: str, entry: Mapping[str, Any], *, now: datetime) -> Receipt:
    """Puts a box in for a pass. The very same box again gives its receipt again; an older version than the last one is refused."""
    vote = poll_for(poll_id, lock=True)
    _refuse_nonsense(vote, entry)
    mine = last_of_pass(vote.id, entry["pass"])
    if mine and (mine.version, mine.box, mine.signature) == (entry["version"], entry["box"], entry["signature"]):
        return Receipt(poll_id, mine.position, mine.hash)
    if refusal := may_cast(phase_of(vote.state, hours_of(vote), now), hours_of(vote)):
        raise Refused(refusal)
    if mine and entry["version"] <= mine.version:
        raise Refused(Reason(N_("A later ballot of this pass is in already. Load the page again and cast once more.")))
    last = last_entry(vote.id)
    position, hash = (last.position if last else 0) + 1, entry_hash(last.hash if last else poll_id, dict(entry))
    session().add(SealedEntry(
        org_id=vote.org_id, vote_id=vote.id, position=position, pass_key=entry["pass"], version=entry["version"], token=entry["token"],
        box=entry["box"], signature=entry["signature"], hash=hash,
    ))
    session().flush()
    return Receipt(poll_id, position, hash)


def _refuse_nonsense(vote: SealedVote, entry: Mapping[str, Any]) -> None:
    """Shape, the registrar's signature under this poll and pass, the pass's own signature: each that fails is named."""
    manifest, version = vote.manifest or {}, entry.get("version")
    sizes = {"pass": 32, "token": BITS // 8, "box": manifest["box_size"], "signature": 64}
    is_counted = isinstance(version, int) and not isinstance(version, bool) and 0 < version <= MOST_VERSIONS
    if set(entry) != {*sizes, "version"} or not is_counted or not all(is_hex(entry[name], size) for name, size in sizes.items()):
        raise Refused(Reason(N_("This ballot did not arrive whole. Load the page again and start over.")))
    issues = []
    if not is_signed(manifest["registrar"]["n"], pass_message(str(vote.poll_id), entry["pass"]), entry["token"]):
        issues.append(Reason(N_("This pass was not signed by the registrar of this vote.")))
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(entry["pass"]))
        key.verify(bytes.fromhex(entry["signature"]), cast_message(str(vote.poll_id), entry["version"], entry["box"]))
    except (InvalidSignature, ValueError):
        issues.append(Reason(N_("The ballot is not signed by its pass.")))
    if issues:
        raise Refused(issues)
