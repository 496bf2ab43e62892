"""Checks a published board and counts it again, sharing no code with the rest of Plenary: the board, and votes between options."""

from .board import Verdict, check_board, verify_board
from .receipts import find_receipt

__all__ = ["Verdict", "check_board", "find_receipt", "verify_board"]
