"""Who signed a board, and whether everything that was listed while the vote was open is in it."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def digest(value: Any) -> str:
    """SHA-256 of JSON with sorted keys and no spaces."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()


def _fits(public_key: str, signature: str, message: str) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(bytes.fromhex(signature), message.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def signature_problems(board: dict[str, Any]) -> Iterator[str]:
    """What is wrong with the signatures under the board, and with those that tellers gave at the opening."""
    message = f"plenary-board/1\n{digest({k: v for k, v in board.items() if k != 'signatures'})}"
    tellers = {one["public_key"]: one["name"] for one in board["manifest"].get("tellers", [])}
    if board["manifest"]["server_key"] not in [s["public_key"] for s in board["signatures"]]:
        yield "The key that was frozen in the manifest has not signed the board."
    for signature in board["signatures"]:
        if signature["role"] == "teller" and signature["public_key"] not in tellers:
            yield "A teller who was not named in the manifest has signed the board."
        if not _fits(signature["public_key"], signature["signature"], message):
            yield f"The signature of the {signature['role']} does not fit: the board was changed after it was signed."
    for one in board.get("opening_signatures", []):
        if one["public_key"] not in tellers or not _fits(one["public_key"], one["signature"], f"plenary-teller/1\n{board['poll_id']}"):
            yield "A teller's signature of the opening does not fit this manifest."


def signature_facts(board: dict[str, Any]) -> Iterator[str]:
    """Who of the tellers signed what, where tellers were named."""
    tellers = board["manifest"].get("tellers", [])
    if tellers:
        opening = {one["public_key"] for one in board.get("opening_signatures", [])}
        count = {s["public_key"] for s in board["signatures"]}
        for words, keys in (("opening", opening), ("count", count)):
            names = [one["name"] for one in tellers if one["public_key"] in keys]
            yield f"The {words} is countersigned by {len(names)} of {len(tellers)} tellers: {', '.join(names) or 'nobody'}."


def list_problems(board: dict[str, Any], lists: list[dict[str, Any]]) -> Iterator[str]:
    """What is wrong with the lists that somebody kept: each signed, chained, sorted, and every entry in the board."""
    board_hashes = {hashlib.sha256(f"plenary-list/1\n{b['tracker']}".encode()).hexdigest()[:32] for e in board["electorates"] for b in e["ballots"]}
    before, is_sealed = "", any(e["sealed"] for e in board["electorates"])
    for number, listed in enumerate(lists, 1):
        parts = ("plenary-list/1", listed["poll_id"], str(listed["number"]), listed["at"], listed["before"], *listed["hashes"])
        if (listed["format"], listed["poll_id"], listed["number"]) != ("plenary-list/1", board["poll_id"], number):
            yield f"List {number} is not list {number} of this vote."
        if not _fits(board["manifest"]["server_key"], listed["signature"], "\n".join(parts)):
            yield f"List {number} was not signed by the key that was frozen, or changed afterwards."
        if listed["before"] != before:
            yield f"List {number} does not follow on the one before it: a list is missing or was exchanged."
        if listed["hashes"] != sorted(set(listed["hashes"])):
            yield f"List {number} is not sorted."
        gone = set(listed["hashes"]) - board_hashes
        if gone and not is_sealed:
            yield f"On list {number} and not in the board: {len(gone)} ballots that were in the box have vanished."
        before = digest(listed)
    published = board.get("lists", {"number": 0, "last": ""})
    if len(lists) > published["number"] or len(lists) == published["number"] and before != published["last"]:
        yield "The board does not know these lists as they are."
