"""Checks a board of sealed ballots (docs/sealed.md) and counts it again, sharing no code with the application.

Stdlib and `cryptography` only. What it cannot see: entries left off the end of the chain by a server that signs again. Whoever holds a
receipt can: `plenary verify --receipt` looks for it in the chain.
"""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, hpke
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from .board import Verdict, _differences, _facts
from .contests import problems_of_contests, read_content
from .planks import count_again
from .signatures import digest

BOARD, MANIFEST = "plenary-sealed-board/1", "plenary-sealed-manifest/1"
SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
PARTS = {"pass", "version", "token", "box", "signature", "hash"}


def check_sealed(board: dict[str, Any], receipts: tuple[str, ...] = ()) -> Verdict:
    """Says whether a board of sealed ballots holds: the chain is checked, the boxes are opened and the same count is made again."""
    try:
        problems, counted = list(_problems(board, receipts)), _as_counted(board)
        problems += problems_of_contests(counted)
        if (again := count_again(counted)) != board["result"]:
            problems += _differences(again, board["result"])
        facts = () if problems else (*_facts(counted), *_own_facts(board))
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, ZeroDivisionError) as error:
        return Verdict(False, False, (), (f"The board is not complete: {type(error).__name__} {error}.",))
    return Verdict(not problems, False, facts, tuple(problems))


def _problems(board: dict[str, Any], receipts: tuple[str, ...]) -> Iterator[str]:
    manifest, poll_id = board["manifest"], board["poll_id"]
    if board["format"] != BOARD or manifest["format"] != MANIFEST:
        yield "This is not a board of a format that this verifier knows."
    if digest(manifest) != poll_id:
        yield "The manifest does not have the hash that is its poll id: text, roll, rule, hours or keys were changed."
    yield from _signature_problems(board)
    yield from _chain_problems(board)
    yield from _pass_problems(board)
    key = X25519PrivateKey.from_private_bytes(bytes.fromhex(board["election_secret"]))
    if key.public_key().public_bytes_raw().hex() != manifest["election_key"]:
        yield "The published key does not open this vote's boxes: it is not the election key of the manifest."
    found = [{"pass": name, "reason": why} for name, why in sorted(_read(board).items()) if isinstance(why, str)]
    if found != board["invalid"]:
        yield f"Invalid ballots, opened again: {len(found)}; the board lists {len(board['invalid'])}, or gives other reasons."
    hashes_ = {entry["hash"] for entry in board["entries"]}
    yield from (f"The receipt {receipt} is not in the chain: its ballot was left out." for receipt in receipts if receipt not in hashes_)


def _signature_problems(board: dict[str, Any]) -> Iterator[str]:
    message = f"{BOARD}\n{digest({k: v for k, v in board.items() if k != 'signatures'})}".encode()
    if board["manifest"]["server_key"] not in [s["public_key"] for s in board["signatures"]]:
        yield "The key that was frozen in the manifest has not signed the board."
    for signature in board["signatures"]:
        if not _is_signed(signature["public_key"], signature["signature"], message):
            yield f"The signature of the {signature['role']} does not fit: the board was changed after it was signed."


def _is_signed(key: str, signature: str, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _chain_problems(board: dict[str, Any]) -> Iterator[str]:
    """Every entry in its place, signed by its pass, its pass signed by the registrar, its version higher than the one before."""
    poll_id, previous, versions = board["poll_id"], board["poll_id"], {}
    registrar = board["manifest"]["registrar"]
    key = rsa.RSAPublicNumbers(registrar["e"], int(registrar["n"], 16)).public_key()
    pss, tokens = padding.PSS(padding.MGF1(hashes.SHA384()), 48), {}
    for place, entry in enumerate(board["entries"], 1):
        name, version, box = entry["pass"], entry["version"], entry["box"]
        parts = ("plenary-sealed-entry/1", previous, name, str(version), entry["token"], box, entry["signature"])
        if set(entry) != PARTS or type(version) is not int or any(part != part.lower() for part in parts):
            yield f"Entry {place} is not written as it must be."
        if hashlib.sha256("\n".join(parts).encode()).hexdigest() != entry["hash"]:
            yield f"Entry {place} does not follow from the one before: one was left out, added, exchanged or changed."
        previous = entry["hash"]
        if len(box) != 2 * board["manifest"]["box_size"]:
            yield f"Entry {place}: the box has another length than all boxes of this vote."
        message = f"plenary-sealed-cast/1\n{poll_id}\n{version}\n{hashlib.sha256(bytes.fromhex(box)).hexdigest()}".encode()
        if not _is_signed(name, entry["signature"], message):
            yield f"Entry {place} is not signed by its pass."
        if tokens.setdefault(name, entry["token"]) != entry["token"] or name not in versions:
            try:
                key.verify(bytes.fromhex(entry["token"]), f"plenary-sealed-pass/1\n{poll_id}\n{name}".encode(), pss, hashes.SHA384())
            except (InvalidSignature, ValueError):
                yield f"Entry {place}: its pass was not signed by the registrar."
        if version <= versions.get(name, 0):
            yield f"Entry {place}: an earlier ballot of the same pass was put in again."
        versions[name] = version


def _pass_problems(board: dict[str, Any]) -> Iterator[str]:
    seats, roll = board["passes"], board["manifest"]["electorates"][0]["roll_size"]
    if seats != sorted(set(seats)) or not all(isinstance(seat, int) and 1 <= seat <= roll for seat in seats):
        yield "The list of seats with a pass names a seat twice, out of order, or one that is not on the roll."
    used = len({entry["pass"] for entry in board["entries"]})
    if used > len(seats):
        yield f"Passes that cast: {used}, and passes that were given out: {len(seats)}."


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a name appears twice")
    return dict(pairs)


def _read(board: dict[str, Any]) -> dict[str, dict[str, str] | str]:
    """The last ballot of each pass, or why it is invalid."""
    key = X25519PrivateKey.from_private_bytes(bytes.fromhex(board["election_secret"]))
    return {name: _opened(board, key, entry) for name, entry in {entry["pass"]: entry for entry in board["entries"]}.items()}


def _opened(board: dict[str, Any], key: X25519PrivateKey, entry: dict[str, Any]) -> dict[str, str] | str:
    rule = board["manifest"]["electorates"][0]
    context = f"plenary-sealed-box/1\n{board['poll_id']}\n{entry['pass']}\n{entry['version']}".encode()
    try:
        said = json.loads(SUITE.decrypt(bytes.fromhex(entry["box"]), key, context).decode(), object_pairs_hook=_no_twins)
    except InvalidTag:
        return "box"
    except (ValueError, RecursionError):
        return "form"
    if not isinstance(said, dict) or not all(isinstance(choice, str) for choice in said.values()):
        return "form"
    if set(said) != {str(plank["number"]) for plank in board["manifest"]["planks"]}:
        return "planks"
    fits = (lambda choice: read_content(rule, choice) is not None) if "contest" in rule else (lambda choice: choice in rule["choices"])
    return said if all(map(fits, said.values())) else "choice"


def _as_counted(board: dict[str, Any]) -> dict[str, Any]:
    """The opened ballots in the form in which this verifier counts every secret vote; a pass stands where a tracker would."""
    valid = {name: said for name, said in _read(board).items() if isinstance(said, dict)}
    rows = [{"plank": int(n), "tracker": name, "choice": choice} for name, said in valid.items() for n, choice in said.items()]
    part = {"kind": "members", "sealed": False, "bits": len(valid), "roll_call": [], "roll": [], "counts": None,
            "ballots": sorted(rows, key=lambda row: (row["plank"], row["tracker"]))}
    return board | {"electorates": [part], "corrections": []}


def _own_facts(board: dict[str, Any]) -> Iterator[str]:
    """What was checked, in words."""
    used = {entry["pass"] for entry in board["entries"]}
    replaced = len(board["entries"]) - len(used)
    yield "Sealed ballots: no outside cryptographer has reviewed this kind of vote."
    yield f"Passes given out: {len(board['passes'])}. Passes that cast: {len(used)}. Replaced by a later ballot: {replaced}. Invalid: {len(board['invalid'])}."
    yield f"The chain has {len(board['entries'])} entries and ends with {board['entries'][-1]['hash'] if board['entries'] else board['poll_id']}."
    yield "Whether each pass was given to a member who asked for it, this board cannot show: the list of seats with a pass is there to be looked at."
