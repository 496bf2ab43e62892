"""Finds a receipt in a board that was published."""

import hashlib
from typing import Any


def find_receipt(board: dict[str, Any], nonce: str, phrase: str) -> dict[int, str | None]:
    """For each plank: how the ballot of this number and these (English) words was counted.

    None when it is not listed.
    """
    listed = {(b["plank"], b["tracker"]): b["choice"] for e in board["electorates"] for b in e["ballots"]}
    found = {}
    for plank in (p["number"] for p in board["manifest"]["planks"]):
        text = "\n".join((board["poll_id"], str(plank), nonce, phrase))
        found[plank] = listed.get((plank, hashlib.sha256(text.encode()).digest()[:16].hex()))
    return found
