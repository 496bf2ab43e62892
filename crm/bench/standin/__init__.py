"""A stand-in for Twilio on this machine: its contract from the official OpenAPI description, its own rules, its state, its failures.

Tests and figures talk to it through the official library; nothing else of the program knows that it exists.
"""

from crm.bench.standin.server import ACCOUNT, TOKEN, StandIn
from crm.bench.standin.state import Failing

__all__ = ["ACCOUNT", "TOKEN", "Failing", "StandIn"]
