"""What the command `plenary` does for backups and keys."""

import getpass
import sys
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

from flask import Flask

from crm import create_app
from crm.infra import backup, restoring, turning
from crm.infra.clock import now
from crm.kernel.refusal import Refused
from crm.people.jobs import erase_again
from crm.ratification.jobs import hold_after_restore
from crm.settings import read_settings


def add_safekeeping(commands, command: Callable, group: Callable, opened: Callable[[], Flask]) -> None:
    """`backup`, `restore` and `keys rotate`; each begins by opening the instance."""

    def on_open(run: Callable[[Namespace], int]) -> Callable[[Namespace], int]:
        def opens(said: Namespace) -> int:
            opened()
            return run(said)

        return opens

    taken = command("backup", on_open(back_up), "Write the whole database to one sealed file, while it is in use, and check it.")
    brought = command("restore", bring_back, "Put a backup in place; whoever was erased since is erased again, and votes that were open are held.")
    for one in (taken, brought):
        one.add_argument("file", metavar="FILE", type=Path)
        one.add_argument("--passphrase", action="store_true", help="seal with a passphrase, keys inside; without it, with the keys of this folder")
        one.add_argument("--passphrase-stdin", action="store_true", help="read the passphrase from standard input")
    brought.add_argument("--over", action="store_true", help="even if there is data here: it is lost")
    keys = group(commands, "keys", "Keys of what is sealed.")
    command("rotate", on_open(turn_keys), "A new key for everything sealed; stopped in the middle, say it again.", keys)


def _passphrase(said: Namespace, twice: bool) -> str:
    if said.passphrase_stdin:
        return sys.stdin.readline().rstrip("\n")
    if not said.passphrase:
        return ""
    while (typed := getpass.getpass("Passphrase (at least 12 letters): ")) and twice and typed != getpass.getpass("The same once more: "):
        print("They differ. Please type it again.", file=sys.stderr)
    return typed


def _told(act: Callable[[], str]) -> int:
    try:
        print(act())
    except Refused as refused:
        print("\n".join(map(str, refused.reasons)), file=sys.stderr)
        return 1
    except OSError as wrong:
        print(f"{wrong.filename}: {wrong.strerror}", file=sys.stderr)
        return 1
    return 0


def back_up(said: Namespace) -> int:
    """Takes a backup and reads it again."""
    passphrase = _passphrase(said, twice=True)
    if (said.passphrase or said.passphrase_stdin) and len(passphrase) < 12:
        print("The passphrase has at least 12 letters.", file=sys.stderr)
        return 1

    def take() -> str:
        counts = backup.back_up(said.file, passphrase, now=now())
        kept = "Its keys are inside, under the passphrase." if passphrase else "It opens with the folder keys alone: keep a copy of that folder elsewhere."
        return f"{said.file}: {sum(counts.values()):,} rows, read again and whole. {kept}"

    return _told(take)


def bring_back(said: Namespace) -> int:
    """Restores, then erases again whom the journal names."""

    def bring() -> str:
        create_app(read_settings())  # its database may be missing, or of another version
        counts = restoring.restore(said.file, _passphrase(said, twice=False), over=said.over)
        held, again = hold_after_restore(), erase_again()  # held first: erasing runs what is due, and a close may be
        votes = f" Votes that were open then and are held until their organization has looked: {held}." if held else ""
        return f"{sum(counts.values()):,} rows are back, each table counted. Erased again: {again}.{votes}"

    return _told(bring)


def turn_keys(_said: Namespace) -> int:
    """Brings everything sealed under a new key."""
    done = sum(turning.turn())
    print(f"{done:,} sealed values are under the new key. The old one is in keys/retired.ring: it opens older backups; delete it when those are gone.")
    return 0
