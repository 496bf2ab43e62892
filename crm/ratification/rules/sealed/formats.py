"""What of a sealed vote is hashed and signed. `verify/sealed.py` states the same a second time on purpose."""

import hashlib
from typing import Any

from crm.ratification.rules.board import digest

MANIFEST_FORMAT = "plenary-sealed-manifest/1"
BOARD_FORMAT = "plenary-sealed-board/1"
NOT_REVIEWED = "No outside cryptographer has reviewed this kind of vote."


def pass_message(poll_id: str, pass_key: str) -> bytes:
    """What the registrar signs without seeing it: this key may cast in this poll."""
    return f"plenary-sealed-pass/1\n{poll_id}\n{pass_key}".encode()


def box_context(poll_id: str, pass_key: str, version: int) -> bytes:
    """What a box is sealed for: taken to another poll, pass or version it does not open."""
    return f"plenary-sealed-box/1\n{poll_id}\n{pass_key}\n{version}".encode()


def cast_message(poll_id: str, version: int, box: str) -> bytes:
    """What the pass signs. The version counts up, so that nobody can send an earlier ballot again and make it the last."""
    return f"plenary-sealed-cast/1\n{poll_id}\n{version}\n{hashlib.sha256(bytes.fromhex(box)).hexdigest()}".encode()


def entry_hash(previous: str, entry: dict[str, Any]) -> str:
    """The receipt of an entry: it holds everything before it. The first one's `previous` is the poll id."""
    parts = ("plenary-sealed-entry/1", previous, entry["pass"], str(entry["version"]), entry["token"], entry["box"], entry["signature"])
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def receipt_message(poll_id: str, position: int, hash: str) -> bytes:
    """What the server signs for a receipt: an entry that vanishes later can be proved."""
    return f"plenary-sealed-receipt/1\n{poll_id}\n{position}\n{hash}".encode()


def board_message(board: dict[str, Any]) -> bytes:
    """What is signed of a board: the hash of all of it but the signatures."""
    return f"{BOARD_FORMAT}\n{digest({k: v for k, v in board.items() if k != 'signatures'})}".encode()


def is_hex(text: Any, octets: int) -> bool:
    """Whether this is so many octets in lower-case hex, which is the one way to write them."""
    return isinstance(text, str) and len(text) == 2 * octets and not set(text) - set("0123456789abcdef")
