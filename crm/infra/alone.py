"""A module in a process of its own, without every room of the house: importing those takes longer than most of what it is asked."""

import sys
from pathlib import Path

_START = """import importlib, sys, types
sys.modules["crm"] = types.ModuleType("crm")
sys.modules["crm"].__path__ = sys.argv[2:]
importlib.import_module(sys.argv[1]).main()"""


def alone(module: str) -> list[str]:
    """The command that runs `main()` of a module of ours; what it imports itself is all that it has."""
    return [sys.executable, "-c", _START, module, str(Path(__file__).parent.parent)]
