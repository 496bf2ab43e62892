"""Reads a board file and hands it to the check of its format."""

import json
from pathlib import Path
from typing import Any

from .board import Verdict, check_board
from .sealed import BOARD, check_sealed


def verify_board(path: str | Path, lists: str | Path | None = None, receipts: tuple[str, ...] = ()) -> Verdict:
    """Reads a board file and says whether it holds.

    `lists` are those that somebody kept while the vote was open; `receipts` are hashes that a board of sealed ballots must hold.
    """
    try:
        board, kept = (_read(each) if each is not None else [] for each in (path, lists))
    except OSError as error:
        return Verdict(False, False, (), (f"The file cannot be read: {error.strerror}.",))
    except ValueError as error:
        return Verdict(False, False, (), (f"The file is not a board: {error}.",))
    return check_sealed(board, receipts) if isinstance(board, dict) and board.get("format") == BOARD else check_board(board, kept)


def _read(path: str | Path) -> Any:
    return json.loads(Path(path).read_text(encoding="utf-8"), object_pairs_hook=_no_twins)


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name appears twice in one object")
    return found
