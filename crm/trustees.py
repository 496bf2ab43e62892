"""The command `plenary trustees`: makes an election key and splits it among five, on a laptop that is on no network; rebuilds it from three.

Whoever runs `make` deals the shares and could keep the key: this is a dealer, not a key that trustees make together. Do it before
observers, on a laptop that is wiped afterwards. The shares guard against early results only; no share tells whose pass is whose.
"""

import argparse
import os
import secrets
import sys
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from shamir_mnemonic import MnemonicError, combine_mnemonics, generate_mnemonics

from crm.ratification.rules.sealed.states import NEEDED, TRUSTEES


def add_trustees(commands, command, parser_of) -> None:
    """The sub-commands and what they take."""
    group = parser_of(commands, "trustees", "Keys of sealed votes (docs/sealed.md; not reviewed by a cryptographer).")
    made = command("make", make_shares, f"Make an election key, split {NEEDED} of {TRUSTEES}. On an offline laptop, before observers.", group)
    made.add_argument("--out", type=Path, required=True, metavar="DIR", help="a new folder for election.pub and share-1.txt to share-5.txt")
    opened = command("open", open_shares, "Rebuild the election key from three shares, after the close, and print it.", group)
    opened.add_argument("shares", type=Path, nargs=NEEDED, metavar="SHARE", help="files of three trustees")


def make_shares(said: argparse.Namespace) -> int:
    """Writes the public key and five files of 33 words each; the key itself is written nowhere."""
    try:
        said.out.mkdir(parents=True, mode=0o700)
    except FileExistsError:
        print(f"{said.out} is there already. Name a new folder, so that no earlier key is lost.", file=sys.stderr)
        return 2
    secret = secrets.token_bytes(32)
    public = X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw().hex()
    (shares,) = generate_mnemonics(1, [(NEEDED, TRUSTEES)], secret)
    (said.out / "election.pub").write_text(public + "\n")
    for n, words in enumerate(shares, 1):
        path = said.out / f"share-{n}.txt"
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(_sheet(n, words, public))
    print(f"Election key {public}\nGive each trustee one share on paper, check that it can be read, then wipe this laptop.\n"
          "Whoever saw this laptop could have copied all shares: this is a dealer, not a key made together.")
    return 0


def _sheet(n: int, words: str, public: str) -> str:
    listed = words.split()
    rows = ["".join(f"{i + 1:>3} {word:<12}" for i, word in list(enumerate(listed))[at:at + 4]).rstrip() for at in range(0, len(listed), 4)]
    return f"# Share {n} of {TRUSTEES}, {NEEDED} are needed. Election key {public}\n" + "".join(f"# {row}\n" for row in rows) + words + "\n"


def open_shares(said: argparse.Namespace) -> int:
    """Prints the key in hex; shares that do not belong together are refused."""
    lines = [line.strip() for path in said.shares for line in path.read_text().splitlines() if line.strip() and not line.startswith("#")]
    try:
        print(combine_mnemonics(lines).hex())
    except MnemonicError as wrong:
        print(f"These are not {NEEDED} different shares of one key: {wrong}", file=sys.stderr)
        return 1
    return 0
