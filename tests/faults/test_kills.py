"""kill -9 of the web process during a vote: nothing lost, nothing twice."""

import http.client
import os
import random
import re
import threading
import time
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select

from crm.infra import clock, db, jobs
from crm.infra.links import issue_link_rows, token_of
from crm.kernel.permissions import Role
from crm.platforms import actions as platforms
from crm.ratification import actions as ratification
from crm.ratification.models import Ballot, Electorate, RollBits, RollEntry
from crm.ratification.rules.ballots import count_bits
from tests.factories import make_person
from tests.faults.conftest import kill_database, patiently, report, victim


class Voters:
    """Clients that press Cast until they hold a receipt, each always with the same ballot."""

    def __init__(self, port: int, tokens: list[str], planks: int):
        self.port, self.planks = port, planks
        self.left, self.lock = list(tokens), threading.Lock()
        self.receipts: list[str] = []
        self.refused: list[str] = []

    def run(self) -> None:
        while True:
            with self.lock:
                if not self.left:
                    return
                token = self.left.pop()
            nonce = os.urandom(16).hex()
            fields = {"nonce": nonce, "words": "1.2", "first": "3", "second": "4", "language": "en"} | {f"p{k}": "yes" for k in range(1, self.planks + 1)}
            while not self.try_once(token, urlencode(fields)):
                time.sleep(0.05)

    def try_once(self, token: str, body: str) -> bool:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            connection.request("POST", f"/v/{token}/cast", body, {"Content-Type": "application/x-www-form-urlencoded"})
            answer = connection.getresponse()
            page = answer.read().decode()
        except (OSError, http.client.HTTPException):
            return False
        if answer.status == 200 and re.search(r"receipt", page, re.I):
            self.receipts.append(token)
        elif answer.status == 503:
            return False
        else:
            self.refused.append(page[-400:])
        return True


class Storms:
    """PostgreSQL's own processes killed now and then for as long as the block lasts; on SQLite there are none."""

    def __init__(self, every: tuple[float, float]):
        self.kills, self.over, self.every = 0, threading.Event(), every
        self.thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "Storms":
        if not db.is_sqlite():
            self.thread.start()
        return self

    def __exit__(self, *_wrong: object) -> None:
        self.over.set()
        if self.thread.is_alive():
            self.thread.join(60)

    def _run(self) -> None:
        dice = random.Random(11)
        while not self.over.wait(dice.uniform(*self.every)):
            self.kills += kill_database(dice)
        db.close_session()


def vote_while_killing(world, acting, instance, voters: int, kills: int) -> tuple[Voters, int, int, int]:
    """A vote of `voters` while the web process and the database are killed; returns receipts, ballots, bits and kills."""
    org, now = world.orgs["elsewhere"], clock.now()
    with acting("elsewhere", role=Role.ADMINISTRATOR) as actor:
        for n in range(voters - 6):
            make_person(org, f"Ana {n}", "Reyes", now=now)
        platform = platforms.create_platform(actor, {"titles": {"en": "Text"}, "languages": ["en"], "authentic_language": "en"}, now=now)
        for n in range(3):
            platforms.add_plank(actor, platform, {"titles": {"en": f"Plank {n}"}, "texts": {"en": "Words."}}, now=now)
        edition = platforms.freeze_edition(actor, platform, now=now).id
        vote = ratification.draft_ratification(actor, edition_id=edition, title={"en": "Vote"}, opens_at=now + timedelta(seconds=2),
                                               closes_at=now + timedelta(days=1), electorates={"members": {}}, now=now)
        ratification.begin_opening(actor, vote, now=now)
    jobs.run_due()
    with db.transaction(org) as s:
        entries = s.scalars(select(RollEntry.id)).all()
        links = issue_link_rows([
            {"org_id": org, "purpose": "ballot", "subject_id": e, "partner_id": org, "expires_at": now + timedelta(days=1), "created_at": now}
            for e in entries])
    crowd = Voters(int(instance["PORT"]), [token_of(link) for link in links], 3)
    threads = [threading.Thread(target=crowd.run, daemon=True) for _ in range(4)]
    time.sleep(max(0, (now + timedelta(seconds=2) - clock.now()).total_seconds()))  # until the vote is open
    with victim("web", instance) as web, Storms(every=(4, 9)) as storms:
        for thread in threads:
            thread.start()
        few = max(1, voters // kills // 2)  # ballots between two kills, so that the kills last as long as the vote, on any machine
        web.kill_until(lambda: not any(t.is_alive() for t in threads), kills, (0.0, 0.02), done=lambda: len(crowd.receipts) // few)
        killed = web.kills
    killed += storms.kills
    patiently(lambda: db.session().execute(select(1)))
    db.close_session()
    with db.reading(org) as s:
        electorate = s.scalars(select(Electorate.id).where(Electorate.ratification_id == vote)).one()
        ballots = s.scalar(select(func.count(func.distinct(Ballot.tracker))).where(Ballot.electorate_id == electorate)) or 0
        bits = sum(map(count_bits, s.scalars(select(RollBits.bits).where(RollBits.electorate_id == electorate))))
    return crowd, ballots, bits, killed


def test_a_web_process_that_is_killed_while_members_vote_loses_no_ballot_and_counts_none_twice(world, acting, instance, capsys):
    """V1, V3."""
    crowd, ballots, bits, killed = vote_while_killing(world, acting, instance, voters=150, kills=15)
    report(capsys, f"{killed} kills while voting: {len(crowd.receipts)} receipts, {ballots} trackers, {bits} bits")
    assert crowd.refused == []
    assert (len(crowd.receipts), ballots, bits) == (150, 150 * 3, 150)
    assert killed >= 15


@pytest.mark.long
@pytest.mark.timeout(5400)
def test_hundreds_of_kills_while_members_vote(world, acting, instance, capsys):
    """V3 at length; KILLS=500 VOTERS=8000 takes it as far as the figure in docs/figures.md."""
    voters, kills = (int(os.environ.get(name, least)) for name, least in (("VOTERS", 2000), ("KILLS", 150)))
    crowd, ballots, bits, killed = vote_while_killing(world, acting, instance, voters, kills)
    report(capsys, f"{killed} kills while voting: {len(crowd.receipts)} receipts, {ballots} trackers, {bits} bits")
    assert (crowd.refused, len(crowd.receipts), ballots, bits) == ([], voters, voters * 3, voters)
    assert killed >= kills
