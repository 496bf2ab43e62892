"""kill -9 of the worker during a send and of the web process during a vote: nothing lost, nothing twice."""

import http.client
import os
import random
import re
import threading
import time
from collections import Counter
from datetime import datetime, timedelta
from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select

from crm.infra import clock, db, jobs
from crm.infra.links import issue_link_rows, token_of
from crm.infra.queue import make_queue
from crm.kernel.permissions import Role
from crm.outreach import actions as outreach
from crm.outreach.models import ConsentState, Text
from crm.people.actions import save_segment
from crm.platforms import actions as platforms
from crm.ratification import actions as ratification
from crm.ratification.models import Ballot, Electorate, RollBits, RollEntry
from crm.ratification.rules.ballots import count_bits
from tests.factories import make_person
from tests.faults.conftest import victim
from tests.outreach.network import ACCOUNT, TOKEN, Network

SERVICE = "MG" + "1" * 32


def send_while_killing(world, acting, instance, people: int, kills: int) -> tuple[Counter, Counter, int]:
    """A broadcast to `people` through a network that also fails by itself; the worker is killed `kills` times meanwhile."""
    network, dice, org = Network(), random.Random(11), world.orgs["southbank"]
    network.now = clock.now
    network.fails = lambda n, fields: {0: (500, 20500), 1: (429, 20429), 2: "drop"}.get(dice.randrange(60))
    environment = instance | {
        "TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN, "TWILIO_MESSAGING_SERVICE_SID": SERVICE, "TWILIO_BASE_URL": network.url,
    }
    now = clock.now()
    with acting("southbank") as actor:
        phones = [f"+1415555{n:04d}" for n in range(1000, 1000 + people)]
        for n, phone in enumerate(phones):
            make_person(org, f"Ana {n}", "Reyes", phone=phone, now=now, source="kills")
        db.session().add_all(ConsentState(org_id=org, phone=phone, state="given", source="paper", at=now - timedelta(days=9)) for phone in phones)
        outreach.save_sender(actor, number="", messaging_service_sid=SERVICE, state="approved", pace=1000, now=now)
        segment = save_segment(actor, "Kills", {"all": [{"fact": "source", "comparison": "is", "value": "kills"}]}, now=now)
        queue_all(actor, segment, phones, now)
    make_queue(instance["QUEUE_URL"])  # this process pokes the workers, as web processes do
    with victim("worker", environment) as worker:
        worker.kill_until(lambda: is_settled(org), kills, (0.05, 0.4))
        killed = worker.kills
    with db.reading(org) as s:
        states = Counter(s.scalars(select(Text.state).where(Text.broadcast_id.is_not(None) | (Text.purpose == "kills"))))
    network.close()
    return Counter(message["to"] for message in network.messages), states, killed


def queue_all(actor, segment: int, phones: list[str], now: datetime) -> None:
    """Queues one text to each phone, outside of the hours' gate: this test may run at night."""
    sender = outreach.ensure_sender(actor, now=now)
    for phone in phones:
        db.session().add(Text(
            org_id=actor.org_id, direction="out", phone=phone, body=f"Saturday at ten. Reply STOP to opt out. {phone[-4:]}", key=f"kills-{phone}",
            purpose="kills", state="queued", queued_at=now, not_before_at=now, sender_id=sender.id, parts=1))
    jobs.enqueue(actor.org_id, "outreach.send", {}, now=now)


def is_settled(org: int) -> bool:
    """Whether nothing is open; otherwise asks the workers to look again, so that the test need not wait for each minute's tick."""
    if not open_texts(org):
        return True
    with db.transaction(org):
        jobs.enqueue(org, "outreach.send", {}, now=clock.now(), key=f"again-{clock.now():%H%M%S}")
    time.sleep(0.3)
    return False


def open_texts(org: int) -> int:
    with db.reading(org) as s:
        return s.scalar(select(func.count()).select_from(Text).where(Text.purpose == "kills", Text.state.in_(("queued", "claimed", "unknown")))) or 0


def test_a_worker_that_is_killed_while_sending_loses_nothing_and_sends_nothing_twice(world, acting, instance, capsys):
    """A2, A3, A7."""
    sent, states, killed = send_while_killing(world, acting, instance, people=150, kills=30)
    report(capsys, f"{killed} kills while sending: {sum(sent.values())} sent, {states}")
    assert [phone for phone, times in sent.items() if times > 1] == []
    assert len(sent) == 150
    assert killed >= 30


@pytest.mark.long
@pytest.mark.timeout(1500)
def test_hundreds_of_kills_while_sending(world, acting, instance, capsys):
    """A2 at length: ≥ 300 kills."""
    sent, states, killed = send_while_killing(world, acting, instance, people=800, kills=300)
    report(capsys, f"{killed} kills while sending: {sum(sent.values())} sent, {states}")
    assert [phone for phone, times in sent.items() if times > 1] == []
    assert len(sent) == 800


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


def vote_while_killing(world, acting, instance, voters: int, kills: int) -> tuple[Voters, int, int, int]:
    """A vote of `voters` while the web process is killed; returns receipts, ballots, bits and kills."""
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
    with victim("web", instance) as web:
        for thread in threads:
            thread.start()
        web.kill_until(lambda: not any(t.is_alive() for t in threads), kills, (0.3, 1.2))
        killed = web.kills
    with db.reading(org) as s:
        electorate = s.scalars(select(Electorate.id).where(Electorate.ratification_id == vote)).one()
        ballots = s.scalar(select(func.count(func.distinct(Ballot.tracker))).where(Ballot.electorate_id == electorate)) or 0
        bits = count_bits(s.scalars(select(RollBits.bits).where(RollBits.electorate_id == electorate)).one())
    return crowd, ballots, bits, killed


def test_a_web_process_that_is_killed_while_members_vote_loses_no_ballot_and_counts_none_twice(world, acting, instance, capsys):
    """V1, V3."""
    crowd, ballots, bits, killed = vote_while_killing(world, acting, instance, voters=300, kills=25)
    report(capsys, f"{killed} kills while voting: {len(crowd.receipts)} receipts, {ballots} trackers, {bits} bits")
    assert crowd.refused == []
    assert (len(crowd.receipts), ballots, bits) == (300, 300 * 3, 300)
    assert killed >= 25


@pytest.mark.long
@pytest.mark.timeout(1500)
def test_hundreds_of_kills_while_members_vote(world, acting, instance, capsys):
    """V3 at length."""
    crowd, ballots, bits, killed = vote_while_killing(world, acting, instance, voters=2000, kills=150)
    report(capsys, f"{killed} kills while voting: {len(crowd.receipts)} receipts, {ballots} trackers, {bits} bits")
    assert (crowd.refused, len(crowd.receipts), ballots, bits) == ([], 2000, 2000 * 3, 2000)


def report(capsys, words: str) -> None:
    with capsys.disabled():
        print(f"\n{words}")
