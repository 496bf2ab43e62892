#!/usr/bin/env python3
"""Takes a pass and casts a sealed ballot without a browser and without any code of Plenary: for those who would rather read than trust.

    python sealed_client.py pass https://server/sealed/pass/TOKEN            # in the pass phase: writes code.txt, keep it secret
    python sealed_client.py cast https://server/sealed/poll/POLL '{"1": "yes", "2": "abstain"}'     # in the voting phase, from another network

It needs Python 3.11 and the package `cryptography`. Everything secret is derived from the 128-bit code in code.txt; the same code asks for
the same pass and gives the same one. No outside cryptographer has reviewed this protocol; docs/sealed.md says what it does not hide.
"""

import hashlib
import json
import os
import re
import sys
import urllib.request
from pathlib import Path

from cryptography.hazmat.primitives import hashes, hpke
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SALT, OVERHEAD = 48, 48  # of a PSS signature; what HPKE adds to a ballot


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def derive(code, poll_id, purpose, size):
    """`size` octets that only this code gives in this poll."""
    return HKDF(hashes.SHA256(), size, bytes.fromhex(poll_id), b"plenary-sealed/1 " + purpose.encode()).derive(code)


# --- the blind signature: RSABSSA-SHA384-PSS-Deterministic, RFC 9474 -------------------------------------------------------------

def encode(message, bits, salt):
    """EMSA-PSS-ENCODE of RFC 8017 with SHA-384, as a number."""
    length = -(-(bits - 1) // 8)
    digest = hashlib.sha384(bytes(8) + hashlib.sha384(message).digest() + salt).digest()
    block = bytes(length - len(salt) - 50) + b"\x01" + salt
    mask = b"".join(hashlib.sha384(digest + i.to_bytes(4, "big")).digest() for i in range(-(-len(block) // 48)))[: len(block)]
    masked = bytearray(a ^ b for a, b in zip(block, mask, strict=True))
    masked[0] &= 0xFF >> (8 * length - bits + 1)
    return int.from_bytes(bytes(masked) + digest + b"\xbc", "big")


def blind(message, n, e, salt, r):
    """What the registrar gets to see: a number that is equally likely for every message."""
    return encode(message, n.bit_length(), salt) * pow(r, e, n) % n


def finalize(message, n, e, r, answer):
    """The registrar's signature of the message; raises if it is none."""
    signature = (answer * pow(r, -1, n) % n).to_bytes((n.bit_length() + 7) // 8, "big")
    pss = padding.PSS(padding.MGF1(hashes.SHA384()), SALT)
    rsa.RSAPublicNumbers(e, n).public_key().verify(signature, message, pss, hashes.SHA384())
    return signature.hex()


# --- the pass ---------------------------------------------------------------------------------------------------------------------

class Pass:
    """Everything that the code gives in one poll."""

    def __init__(self, code, manifest):
        self.manifest, self.poll_id = manifest, hashlib.sha256(canonical(manifest)).hexdigest()
        self.n, self.e = int(manifest["registrar"]["n"], 16), manifest["registrar"]["e"]
        self.size = (self.n.bit_length() + 7) // 8
        self.key = Ed25519PrivateKey.from_private_bytes(derive(code, self.poll_id, "key", 32))
        self.name = self.key.public_key().public_bytes_raw().hex()
        self.message = f"plenary-sealed-pass/1\n{self.poll_id}\n{self.name}".encode()
        self.salt = derive(code, self.poll_id, "salt", SALT)
        self.r = int.from_bytes(derive(code, self.poll_id, "blind", self.size + 16), "big") % self.n
        self.request = f"{blind(self.message, self.n, self.e, self.salt, self.r):0{2 * self.size}x}"

    def token(self, answer):
        return finalize(self.message, self.n, self.e, self.r, int(answer, 16))

    def entry(self, answer, version, choices):
        """A ballot, sealed and signed: what the board will show of it."""
        size = self.manifest["box_size"] - OVERHEAD
        text = canonical({str(n): choice for n, choice in choices.items()}).ljust(size)
        if len(text) != size:
            raise ValueError("this ballot is longer than a ballot of this vote can be")
        context = f"plenary-sealed-box/1\n{self.poll_id}\n{self.name}\n{version}".encode()
        suite = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
        box = suite.encrypt(text, X25519PublicKey.from_public_bytes(bytes.fromhex(self.manifest["election_key"])), context)
        message = f"plenary-sealed-cast/1\n{self.poll_id}\n{version}\n{hashlib.sha256(box).hexdigest()}".encode()
        return {"pass": self.name, "version": version, "token": self.token(answer), "box": box.hex(), "signature": self.key.sign(message).hex()}


# --- the network --------------------------------------------------------------------------------------------------------------------

def get(address):
    """The answer to a GET, as text. No cookie is kept or sent."""
    with urllib.request.urlopen(address) as answer:  # noqa: S310
        return answer.read().decode()


def post(address, sent):
    """The answer to a POST of JSON; a refusal is raised with the server's reasons."""
    asked = urllib.request.Request(address, canonical(sent), {"Content-Type": "application/json"})  # noqa: S310
    try:
        with urllib.request.urlopen(asked) as answer:  # noqa: S310
            return json.loads(answer.read())
    except urllib.error.HTTPError as error:
        raise SystemExit("\n".join(json.loads(error.read())["reasons"]) if error.code == 409 else str(error)) from None


def take_pass(code, link, get=get, post=post):
    """Asks the registrar behind a member's link for a pass. The poll id is the hash of the manifest, so the page cannot name another."""
    poll = re.search(r"/sealed/poll/[0-9a-f]{64}", get(link)).group(0)
    made = Pass(code, json.loads(get(link.partition("/sealed/pass/")[0] + poll + "/manifest.json")))
    if poll[-64:] != made.poll_id:
        raise SystemExit("The manifest does not have the hash that is its poll id.")
    made.token(post(link, {"blinded": made.request})["answer"])
    return made.poll_id


def cast(code, poll, choices, get=get, post=post):
    """Casts a ballot, or a later one that replaces it. Passes and chain are fetched whole, so that nobody sees which one is looked for."""
    made = Pass(code, json.loads(get(poll + "/manifest.json")))
    if poll[-64:] != made.poll_id:
        raise SystemExit("The manifest does not have the hash that is its poll id.")
    answer = next((given["answer"] for given in json.loads(get(poll + "/passes.json")) if given["blinded"] == made.request), None)
    if answer is None:
        raise SystemExit("No pass was given out for this code.")
    before = [entry["version"] for entry in json.loads(get(poll + "/board.json"))["entries"] if entry["pass"] == made.name]
    return post(poll + "/cast", made.entry(answer, max(before, default=0) + 1, choices))


if __name__ == "__main__":
    file = Path("code.txt")
    if sys.argv[1] == "pass":
        if not file.exists():
            file.write_text(os.urandom(16).hex())
            file.chmod(0o600)
        print("Pass given. Vote later at", take_pass(bytes.fromhex(file.read_text()), sys.argv[2]))
    else:
        print(json.dumps(cast(bytes.fromhex(file.read_text()), sys.argv[2], json.loads(sys.argv[3])), indent=2))
