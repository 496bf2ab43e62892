"""What the tests of sealed ballots set up: a key split among five, a frozen vote, members who act through docs/sealed_client.py."""

import importlib.util
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from crm.cli import main
from crm.infra.db import reading, session
from crm.ratification.models.sealed import SealedVote
from tests.clients import CheckedClient
from tests.factories import MONDAY, World

DOCS = Path(__file__).parent.parent.parent / "docs"
OPTIONS = "Ana\nBea\nCarla"


def the_client():
    """docs/sealed_client.py, as a sceptic would have it."""
    spec = importlib.util.spec_from_file_location("sealed_client", DOCS / "sealed_client.py")
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


SCEPTIC = the_client()


def words_of(path: Path) -> str:
    """The line of a share file that a trustee types."""
    return path.read_text().splitlines()[-1]


def fields_of(election_key: str, **more) -> dict:
    """The form of a new sealed vote: an hour of passes, an hour between, an hour of ballots."""
    wall = lambda hours: (MONDAY + timedelta(hours=hours - 8)).strftime("%Y-%m-%dT%H:%M")  # noqa: E731
    return {
        "edition_id": "0", "title_en": "Who speaks for us", "title_es": "Quién habla por nosotros", "passes_at": wall(0), "passes_end_at": wall(1),
        "opens_at": wall(2), "closes_at": wall(3), "members_method": "irv", "members_options_en": OPTIONS, "members_seats": "1",
        "members_quorum": "1/4", "members_threshold": "2/3", "election_key": election_key, "trustees": "Pia\nQuin\nRosa\nSol\nTeo", **more,
    }


@dataclass
class Hall:
    """A frozen sealed vote of Southbank with its members' links, and the four hours of it on the clock."""

    enter: Callable[[], CheckedClient]
    desk: CheckedClient
    web: CheckedClient
    clock: object
    vote: int
    poll: str
    links: list[str]
    shares: list[str]
    codes: list[bytes] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"/sealed/poll/{self.poll}"

    def get(self, address: str) -> str:
        """For the sceptic's client: a GET by this test's browser."""
        answer = self.web.get(address)
        assert answer.status_code == 200, answer.text
        return answer.text

    def post(self, address: str, sent: dict) -> dict:
        answer = self.web.post(address, json=sent)
        if answer.status_code != 200:
            raise SystemExit("\n".join(answer.json["reasons"]))
        return answer.json

    def take(self, n: int) -> bytes:
        """Member n fetches a pass with a code of its own."""
        code = (n + 1).to_bytes(16, "big")
        assert SCEPTIC.take_pass(code, self.links[n], self.get, self.post) == self.poll
        return code

    def give_passes(self, count: int) -> list[bytes]:
        self.codes = [self.take(n) for n in range(count)]
        return self.codes

    def to_voting(self) -> None:
        self.clock.set(MONDAY + timedelta(hours=2, minutes=1))

    def to_close(self) -> None:
        """After hours nobody is signed in any more."""
        self.clock.set(MONDAY + timedelta(hours=3))
        self.desk = self.enter()

    def cast(self, code: bytes, choice: str) -> dict:
        return SCEPTIC.cast(code, self.address, {1: choice}, self.get, self.post)

    def made(self, code: bytes):
        """The pass behind a code, for tests that write entries by hand."""
        made = SCEPTIC.Pass(code, json.loads(self.get(self.address + "/manifest.json")))
        given = json.loads(self.get(self.address + "/passes.json"))
        return made, next((p["answer"] for p in given if p["blinded"] == made.request), None)

    def open(self, *shares: str):
        return self.desk.post(f"/sealed/{self.vote}/opening", data={"shares": "\n".join(shares)})

    def board(self) -> dict:
        return json.loads(self.get(self.address + "/board.json"))


def make_shares(tmp_path: Path) -> tuple[str, list[str]]:
    """`plenary trustees make`, as on the laptop."""
    folder = tmp_path / "trustees"
    assert main(["trustees", "make", "--out", str(folder)]) == 0
    return (folder / "election.pub").read_text().strip(), [words_of(folder / f"share-{n}.txt") for n in range(1, 6)]


def open_hall(app, signed_in: Callable[..., CheckedClient], world: World, clock, tmp_path: Path, **more) -> Hall:
    """Drafted and frozen through the pages, letters printed."""
    desk = signed_in("imani", "southbank")
    key, shares = make_shares(tmp_path)
    answer = desk.post("/sealed/new", data=fields_of(key, **more))
    assert answer.status_code == 303, answer.text
    vote = int(answer.location.rsplit("/", 1)[1])
    assert desk.post(f"/sealed/{vote}/freeze").status_code == 303
    with reading(world.orgs["southbank"]):
        poll = session().get_one(SealedVote, vote).poll_id
    letters = desk.post(f"/sealed/{vote}/letters")
    links = re.findall(r"http://localhost(/sealed/pass/[\w-]{22})<", letters.text)
    web = app.test_client()
    return Hall(lambda: signed_in("imani", "southbank"), desk, web, clock, vote, poll, links, shares)
