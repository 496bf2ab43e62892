"""Opening: three trustees' shares make the election key, which is published; the boxes are opened, counted and published with it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from shamir_mnemonic import MnemonicError, combine_mnemonics
from sqlalchemy import select

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.refusal import N_, Reason, Refused
from crm.ratification import providers
from crm.ratification.models.sealed import SealedVote
from crm.ratification.queries.sealed import entries_of, hours_of, passes_of, poll_at, sealed_for
from crm.ratification.rules.board import canonical
from crm.ratification.rules.sealed.ballots import read_ballot
from crm.ratification.rules.sealed.formats import BOARD_FORMAT, board_message, box_context, is_hex
from crm.ratification.rules.sealed.states import NEEDED, may_open, phase_of
from crm.ratification.rules.tally import Votes, tally

SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)


def open_sealed(actor: Actor, vote_id: int, lines: Sequence[str], *, now: datetime) -> int:
    """Opens every box with the shares (one a line) or the rebuilt key, counts, signs and publishes the board. Nothing is kept of refused shares."""
    row = sealed_for(actor, vote_id, lock=True)
    if refusal := may_open(phase_of(row.state, hours_of(row), now), hours_of(row)):
        raise Refused(refusal)
    manifest = row.manifest or {}
    if providers.public_key() != manifest["server_key"]:
        raise Refused(Reason(N_("The ballot key of this server is not the one that was frozen. Put keys/ballots.key back from the backup.")))
    key = _rebuilt([line.strip() for line in lines if line.strip() and not line.startswith("#")], manifest["election_key"])
    board = _board(row, key)
    board["signatures"] = [{"role": "server", "public_key": manifest["server_key"], "signature": providers.sign(board_message(board))}]
    row.state = "opened"
    poll_at(str(row.poll_id)).board = canonical(board).decode()
    audit.record(actor, "sealed.opened", now=now, subject=("sealed_vote", row.id), after={"ratified": board["result"]["ratified"]})
    session().flush()
    return row.id


def _rebuilt(lines: list[str], public: str) -> X25519PrivateKey:
    secret = bytes.fromhex(lines[0]) if len(lines) == 1 and is_hex(lines[0], 32) else _combined(lines)
    key = X25519PrivateKey.from_private_bytes(secret)
    if key.public_key().public_bytes_raw().hex() != public:
        raise Refused(Reason(N_("These shares are of another election key than this vote's."), field="shares"))
    return key


def _combined(lines: list[str]) -> bytes:
    words = N_("These are not %(n)s shares of one election key, one a line. Check each word; the same share twice is one.")
    if len(set(lines)) < NEEDED:
        raise Refused(Reason(N_("Only %(had)s different shares. It takes %(n)s."), {"had": len(set(lines)), "n": NEEDED}, "shares"))
    try:
        secret = combine_mnemonics(sorted(set(lines))[:NEEDED])
    except MnemonicError:
        raise Refused(Reason(words, {"n": NEEDED}, "shares")) from None
    if len(secret) != 32:
        raise Refused(Reason(words, {"n": NEEDED}, "shares"))
    return secret


def _board(row: SealedVote, key: X25519PrivateKey) -> dict[str, Any]:
    """All of the board but the signatures."""
    manifest, entries = row.manifest or {}, entries_of(row.id)
    electorate, planks = manifest["electorates"][0], [plank["number"] for plank in manifest["planks"]]
    last = {entry["pass"]: entry for entry in entries}
    read = {name: read_ballot(_opened(key, str(row.poll_id), entry), electorate, planks) for name, entry in last.items()}
    valid = [ballot for ballot in read.values() if isinstance(ballot, dict)]
    votes = Votes(len(valid), electorate["roll_size"], {n: [ballot[n] for ballot in valid] for n in planks})
    return {
        "format": BOARD_FORMAT, "poll_id": row.poll_id, "manifest": manifest, "passes": [given.seat for given in passes_of(row.id)],
        "entries": entries, "election_secret": key.private_bytes_raw().hex(),
        "invalid": [{"pass": name, "reason": why} for name, why in sorted(read.items()) if isinstance(why, str)],
        "result": tally(manifest, {"members": votes}),
    }


def _opened(key: X25519PrivateKey, poll_id: str, entry: dict[str, Any]) -> bytes | None:
    try:
        return SUITE.decrypt(bytes.fromhex(entry["box"]), key, box_context(poll_id, entry["pass"], entry["version"]))
    except (InvalidTag, ValueError):
        return None


def end_after_restore(actor: Actor, *, now: datetime) -> int:
    """Ends every sealed vote that gave out a pass before a backup was put back; returns how many. A seat could take a second pass otherwise."""
    rows = session().scalars(select(SealedVote).where(SealedVote.org_id == actor.org_id, SealedVote.state == "frozen").with_for_update()).all()
    ended = [row for row in rows if phase_of(row.state, hours_of(row), now) != "before"]
    for row in ended:
        row.state = "void"
        audit.record(actor, "sealed.ended", now=now, subject=("sealed_vote", row.id))
    session().flush()
    return len(ended)
