"""A storm of webhooks on a real web process: repeated, shuffled, forged; answered in time, and right in the end."""

import random
import threading
import time
from collections import Counter

import pytest
import requests
from sqlalchemy import func, select
from twilio.request_validator import RequestValidator

from crm.infra import clock, db
from crm.outreach import actions as outreach
from crm.outreach.models import RawHook, Text
from crm.outreach.providers import status_key
from tests.factories import REGISTERED
from tests.faults.conftest import report, victim
from tests.faults.test_sending import network, through, until_open  # noqa: F401 - a fixture
from tests.outreach.network import ACCOUNT, SERVICE, TOKEN

WAYS = (("queued", "sending", "sent", "delivered", "read"), ("queued", "sent", "undelivered"), ("sent", "delivered"))


def storm(world, acting, instance, network, capsys, texts: int) -> None:  # noqa: F811
    """R22, R23, R24: every text's statuses in any order, one in five twice, one in a hundred forged, from eight clients at once."""
    org, now, dice = world.orgs["southbank"], clock.now(), random.Random(9)
    with acting("southbank") as actor:
        sender = outreach.save_sender(actor, number="", messaging_service_sid=SERVICE, state="approved", pace=1000, **REGISTERED, now=now)
        rows = [Text(org_id=org, direction="out", phone=f"+1415555{n:04d}", body="x", key=f"storm-{n}", purpose="kills", state="accepted", queued_at=now,
                     not_before_at=now, claimed_at=now, attempts=1, sender_id=sender, provider_sid=f"SM{n:032x}", provider_status="accepted")
                for n in range(texts)]
        db.session().add_all(rows)
        db.session().flush()
        wanted = {row.id: ("failed" if "undelivered" in WAYS[n % 3] else "delivered") for n, row in enumerate(rows)}
        calls = [(row.id, row.provider_sid, status) for n, row in enumerate(rows) for status in WAYS[n % 3]]
    calls += dice.sample(calls, len(calls) // 5)
    dice.shuffle(calls)
    forged = set(dice.sample(range(len(calls)), max(len(calls) // 100, 5)))
    answers, took, left = Counter(), [], list(enumerate(calls))
    environment = through(instance, network) | {"PUBLIC_URL": "https://plenary.example"}

    def client() -> None:
        session = requests.Session()
        while left:
            n, (text_id, sid, status) = left.pop()
            path = f"/hooks/twilio/status/{status_key(org, text_id, 1)}"
            fields = {"AccountSid": ACCOUNT, "MessageSid": sid, "MessageStatus": status, "To": "+14155550100"} | (
                {"ErrorCode": "30005"} if status == "undelivered" else {})
            signature = RequestValidator("guessed" if n in forged else TOKEN).compute_signature(f"https://plenary.example{path}", fields)
            if n in forged:
                fields["MessageStatus"] = "failed"
            begin = time.monotonic()
            answer = session.post(f"http://127.0.0.1:{instance['PORT']}{path}", fields, headers={"X-Twilio-Signature": signature}, timeout=20)
            took.append(time.monotonic() - begin)
            answers[answer.status_code, n in forged] += 1

    with victim("web", environment), victim("worker", environment):
        until_open(f"http://127.0.0.1:{instance['PORT']}")
        begin = time.monotonic()
        threads = [threading.Thread(target=client) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        seconds = time.monotonic() - begin
        while _unhandled(org) and time.monotonic() < begin + seconds + 120:
            time.sleep(0.2)
        settled = time.monotonic() - begin
    took.sort()
    report(capsys, f"{len(calls)} calls in {seconds:.1f} s ({len(calls) / seconds:.0f} a second), p99 {took[int(len(took) * 0.99)] * 1000:.0f} ms, "
                   f"{len(forged)} forged; all acted on after {settled:.1f} s")
    assert answers == {(200, False): len(calls) - len(forged), (403, True): len(forged)}
    assert took[-1] < 15  # Twilio gives up then; how fast it is beside other work is a figure (plenary bench texting)
    with db.reading(org) as s:
        found = dict(s.execute(select(Text.id, Text.state).where(Text.id.in_(wanted))).all())
    # a text whose only final word was forged away says nothing final
    told = {text_id for n, (text_id, _sid, status) in enumerate(calls) if n not in forged and status in ("delivered", "read", "undelivered")}
    assert {id: state for id, state in found.items() if id in told and state != wanted[id]} == {}
    assert {state for id, state in found.items() if id not in told} <= {"accepted"}


def _unhandled(org: int) -> int:
    with db.reading() as s:
        return s.scalar(select(func.count()).select_from(RawHook).where(RawHook.org_id == org, RawHook.handled_at.is_(None))) or 0


@pytest.mark.long
def test_a_storm_of_statuses(world, acting, instance, network, capsys):  # noqa: F811
    storm(world, acting, instance, network, capsys, texts=150)


@pytest.mark.long
@pytest.mark.timeout(1500)
def test_a_long_storm_of_statuses(world, acting, instance, network, capsys):  # noqa: F811
    storm(world, acting, instance, network, capsys, texts=4000)
