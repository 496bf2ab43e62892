"""Checks a published board and counts it again, sharing no code with the rest of Plenary: the board, and votes between options."""

from .board import Verdict, check_board
from .files import verify_board
from .receipts import find_receipt
from .sealed import check_sealed

__all__ = ["Verdict", "check_board", "check_sealed", "find_receipt", "verify_board"]
