"""The commands `plenary lottery draw` and `plenary lottery verify`."""

import argparse
import json
import secrets
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from crm.assemblies.lottery import METHODS
from crm.kernel.refusal import N_, Reason, Refused

EPILOG = """
files (CSV, commas, semicolons or tabs between; UTF-8):
  PEOPLE.csv  a column id, a column for each feature of the quotas; a column household, if there is one, lets at most one person of
              each be drawn. Everyone needs a value of every feature. Other columns are not read.
  QUOTAS.csv  the columns feature,value,min,max: one row for each value that people have

methods:
  exact    the list in random order; each person sits whose seat leaves the quotas within reach
  maximin  the fairest draw: whoever has the least chance has the most that any lottery could give them, with proof

A public draw: publish both files first, then let a seed come about that nobody could choose (dice before all eyes, a state lottery's
numbers), then draw. docs/lottery.md says how to run it again. Exit status: 0 drawn, 2 the files or the quotas make no sense.
"""


def add_lottery(commands, command, parser_of: Callable) -> None:
    """The sub-commands and what they take."""
    group = parser_of(commands, "lottery", "Draw the seats of an assembly under quotas, and check a draw.")
    made = command("draw", run_draw, "Draw a panel by a public seed.", group)
    made.epilog, made.formatter_class = EPILOG, argparse.RawDescriptionHelpFormatter
    made.add_argument("people", metavar="PEOPLE.csv", type=Path)
    made.add_argument("quotas", metavar="QUOTAS.csv", type=Path)
    made.add_argument("--seats", type=int, required=True, help="how many are drawn")
    made.add_argument("--method", choices=METHODS, default="exact", help="exact or maximin (exact)")
    made.add_argument("--seed", help="words or numbers, the same draw for the same seed; made by chance without it, and printed")
    made.add_argument("--without-people", action="store_true", help="leave the list of people out of the record; its hash stays")
    made.add_argument("--json", action="store_true", help="the whole record, for publishing and for plenary lottery verify")
    made = command("verify", run_verify, "Check the record of a draw and run it again: prints yes or no, exits 0 or 1.", group)
    made.add_argument("file", metavar="FILE", type=Path, help="the record, as draw --json wrote it")
    made.add_argument("--people", type=Path, metavar="PEOPLE.csv", help="where the record holds no list of people")
    made.add_argument("--quotas", type=Path, metavar="QUOTAS.csv", help="the same for the quotas")
    made.add_argument("--json", action="store_true", help="for another program")


def run_draw(said: argparse.Namespace) -> int:
    """Draws; bad files and quotas that cannot be met give all their problems."""
    try:
        people, quotas = _texts(said.people, said.quotas)
        record = _records().draw(people, quotas, said.seats, method=said.method, seed=secrets.token_hex(16) if said.seed is None else said.seed)
    except Refused as refused:
        if said.json:
            print(json.dumps({"problems": list(map(str, refused.reasons))}, ensure_ascii=False, indent=2))
        print("Nobody was drawn:", *(f"- {reason}" for reason in refused.reasons), sep="\n", file=sys.stderr)
        return 2
    if said.without_people:
        del record["inputs"]
    print(json.dumps(record, ensure_ascii=False) if said.json else _in_words(record))
    return 0


def run_verify(said: argparse.Namespace) -> int:
    """Checks a record from its own files, or from those given."""
    try:
        text, *given = _texts(said.file, *(path for path in (said.people, said.quotas) if path))
        given = dict(zip([name for name in ("people", "quotas") if getattr(said, name)], given, strict=True))
        wrong, status = _checked(text, given), 1
    except Refused as refused:
        wrong, status = list(refused.reasons), 2
    if said.json:
        print(json.dumps({"right": not wrong, "problems": list(map(str, wrong))}, ensure_ascii=False, indent=2))
    else:
        print("\n".join(["No.", *(f"- {reason}" for reason in wrong)]) if wrong else "Yes: this panel is what the seed draws, under these quotas.")
    return status if wrong else 0


def _records() -> ModuleType:
    # It brings a solver along, for which no other command should wait.
    return import_module("crm.assemblies.lottery.record")


def _checked(text: str, given: dict[str, str]) -> list[Reason]:
    try:
        record = json.loads(text)
        return _records().verify(record, **given)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):  # not JSON, or not of this form
        raise Refused(N_("This is not the record of a draw.")) from None


def _texts(*paths: Path) -> list[str]:
    texts, problems = [], []
    for path in paths:
        try:
            texts.append(path.read_bytes().decode("utf-8-sig"))
        except OSError as wrong:
            problems.append(Reason(N_("%(file)s cannot be read: %(why)s."), {"file": path.name, "why": wrong.strerror}))
        except UnicodeDecodeError:
            problems.append(Reason(N_("%(file)s is not written in UTF-8."), {"file": path.name}))
    if problems:
        raise Refused(problems)
    return texts


def _in_words(record: dict[str, Any]) -> str:
    lines = [f"{record['seats']} of {record['people']} people, drawn by {record['method']} with the seed {record['seed']}"]
    if record["method"] == "maximin":
        lines.append(f"Nobody's chance was below {record['min_probability']:.4%}; no lottery could do better than {record['bound']:.4%}.")
        if out := record["cannot_be_seated"]:
            lines.append(f"No panel under these quotas can seat: {', '.join(out)}.")
    return "\n".join([*lines, *(f"  {id}" for id in record["panel"])])
