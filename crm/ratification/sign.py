"""The command `plenary sign`: a teller's key, and what is signed with it, on a computer that needs no network and no database."""

import argparse
import getpass
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from crm.ratification.rules.board import board_message, digest
from crm.ratification.rules.signing import opening_message
from crm.ratification.verify import check_board


def add_signing(command: Callable[..., argparse.ArgumentParser]) -> None:
    """The sub-command and what it takes."""
    made = command("sign", sign, "As a teller, sign what froze at the opening of a vote, or its count.")
    made.add_argument("file", metavar="FILE.json", type=Path, nargs="?", help="manifest-….json or board-….json, as the vote's public page gives it")
    made.add_argument("--key", metavar="KEYFILE", type=Path, help="the teller's key")
    made.add_argument("--new", metavar="KEYFILE", type=Path, help="make a key; what is printed is its public half, to be named before the opening")
    made.add_argument("--passphrase-stdin", action="store_true", help="read the passphrase of the key from standard input")


def sign(said: argparse.Namespace) -> int:
    """Makes a key, or signs; says first what is signed. 0 signed, 1 refused, 2 the question makes no sense."""
    if bool(said.new) == bool(said.file and said.key):
        print("Say --new KEYFILE, or a file and --key KEYFILE.", file=sys.stderr)
        return 2
    try:
        return _make(said) if said.new else _sign(said)
    except OSError as wrong:
        print(f"{wrong.filename}: {wrong.strerror}", file=sys.stderr)
    except ValueError as wrong:
        print(f"{wrong}", file=sys.stderr)
    return 1


def _passphrase(said: argparse.Namespace) -> bytes:
    typed = sys.stdin.readline().rstrip("\n") if said.passphrase_stdin else getpass.getpass("Passphrase of the key: ")
    return typed.encode()


def _make(said: argparse.Namespace) -> int:
    passphrase, key = _passphrase(said), Ed25519PrivateKey.generate()
    if len(passphrase) < 8:
        raise ValueError("The passphrase has at least 8 letters.")
    sealed = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(passphrase))
    with open(os.open(said.new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(sealed)
    print(key.public_key().public_bytes_raw().hex())
    return 0


def _sign(said: argparse.Namespace) -> int:
    try:
        paper = json.loads(said.file.read_text(encoding="utf-8"))
        message, words = _read(paper)
    except (KeyError, TypeError, AttributeError) as missing:
        raise ValueError(f"This is neither what froze at an opening nor a count: {missing}.") from None
    try:
        key: Any = serialization.load_pem_private_key(said.key.read_bytes(), _passphrase(said))
    except ValueError:
        raise ValueError("The key does not open with this passphrase.") from None
    print(words, file=sys.stderr)
    print(key.sign(message).hex())
    return 0


def _read(paper: dict[str, Any]) -> tuple[bytes, str]:
    """What is signed of a paper, and what it says in words; a count that does not hold is refused."""
    if "poll_id" in paper:
        verdict = check_board(paper)
        if not verdict.is_right:
            raise ValueError(f"Not signed. {verdict.words}")
        return board_message(paper), verdict.words
    poll_id, said = digest(paper), next(iter(paper["title"].values()))
    rules = [f"- {e['kind']}, {'secret' if e['secret'] else 'open'}: roll {e['roll_size']}, quorum {e['quorum']}, "
             f"{e['strictness'].replace('_', ' ')} {e['threshold']} of {e['basis'].replace('_', ' ')}" for e in paper["electorates"]]
    hours = f"Open from {paper['opens_at']} to {paper['closes_at']}."
    return opening_message(poll_id), "\n".join([f"{paper['owner']}: {said}", hours, *rules, f"Text {paper['edition']['sha256']}", f"Poll {poll_id}"])
