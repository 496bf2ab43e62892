"""Sending over HTTP to the stand-in for Twilio, callbacks held back, beside the official library alone against the same stand-in."""

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

from requests.adapters import HTTPAdapter
from sqlalchemy import func, insert, select, update
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from crm.bench.stage import NOON, Stage, add_people
from crm.bench.standin import ACCOUNT, TOKEN
from crm.infra import clock, jobs, runtime
from crm.infra.db import reading, transaction
from crm.outreach import actions as outreach
from crm.outreach.models import ConsentState, Sender, Text
from crm.outreach.rules.options import TextingOptions
from crm.people.actions import save_segment

SERVICE = "MG" + "1" * 32
WORDS = {
    "en": "Hi {first_name}, Saturday at 10? Reply COUNT ME IN or NO. {organization}. Reply STOP to opt out",
    "es": "Hola {first_name}, ¿el sábado a las 10? Responda VOY o NO. {organization}. Responda STOP para no recibir más",
}


@contextmanager
def standin(*arguments: str) -> Iterator[str]:
    """The stand-in in a process of its own; its address."""
    process = subprocess.Popen([sys.executable, "-m", "crm.bench.standin", *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin and process.stdout
    try:
        yield process.stdout.readline().strip()
    finally:
        process.stdin.close()
        process.wait(20)


class _Library(TwilioHttpClient):
    """The library's own client, its pool mounted for the stand-in's scheme too."""

    def __init__(self, url: str):
        super().__init__(timeout=20)
        self.url = url
        self.session.mount("http://", HTTPAdapter(pool_maxsize=16))

    def request(self, method: str, url: str, *args, **kwargs):
        return super().request(method, url.replace("https://api.twilio.com", self.url, 1), *args, **kwargs)


class Library:
    """The official library alone, with pooled connections: texts per second, in the better of one thread and eight."""

    def __init__(self, url: str):
        self.client = Client(ACCOUNT, TOKEN, http_client=_Library(url))
        self.sent, self.seconds = {1: 0, 8: 0}, {1: 0.0, 8: 0.0}

    def send(self, k: int) -> None:
        self.client.messages.create(to=f"+1415{2000000 + k:07d}", body=f"{WORDS['en']} {k}", messaging_service_sid=SERVICE, validity_period=3600,
                                    status_callback="https://plenary.example/hooks/twilio/status/1-2-3")

    def run(self, n: int) -> None:
        """Sends n texts in each way."""
        for threads in self.sent:
            begin = time.perf_counter()
            with ThreadPoolExecutor(threads) as pool:
                list(pool.map(self.send, range(n)))
            self.sent[threads] += n
            self.seconds[threads] += time.perf_counter() - begin

    def rate(self) -> float:
        """The better way's texts per second."""
        return max(self.sent[threads] / self.seconds[threads] for threads in self.sent)


def texts_sent(on: Stage, n: int = 6_000) -> tuple[float, str, float, int]:
    """Texts per second from the first claim to the last recorded answer, a step at a time in turn with the library alone."""
    queue_texts(on, n)
    seconds, steps = 0.0, 1
    with standin() as url, through(on, url):
        library = Library(url)
        while steps:
            library.run(400)
            begin = time.perf_counter()
            steps = jobs.run_due(1)
            seconds += time.perf_counter() - begin
    with reading(on.org_id) as s:
        sent = s.scalar(select(func.count()).select_from(Text).where(Text.state == "accepted"))
    if sent != n:
        raise RuntimeError(f"only {sent} of {n} texts were taken")
    return n / seconds, "texts/s", library.rate(), n


@contextmanager
def through(on: Stage, url: str) -> Iterator[None]:
    """This process texts through the stand-in at `url`."""
    runtime.start(on.settings.but(twilio_account_sid=ACCOUNT, twilio_auth_token=TOKEN, twilio_messaging_service_sid=SERVICE, twilio_base_url=url))
    try:
        yield
    finally:
        runtime.start(on.settings)


def queue_texts(on: Stage, n: int) -> int:
    """A broadcast to n members who agreed, confirmed and queued to the last text."""
    add_people(on, n)
    with transaction(on.org_id) as s:
        s.execute(insert(ConsentState), [
            {"org_id": on.org_id, "phone": f"+1415{2000000 + k:07d}", "state": "given", "source": "paper", "at": NOON} for k in range(n)])
        segment = save_segment(on.actor, "Members", {"all": [{"fact": "standing", "comparison": "is", "value": "member"}]}, now=NOON)
        outreach.choose_texting(on.actor, TextingOptions(two_people_above=1_000_000), now=NOON)
        registered = {"legal_form": "501c3", "brand": "BN" + "a" * 32, "campaign": "QE1"}
        outreach.save_sender(on.actor, number="", messaging_service_sid=SERVICE, state="approved", pace=100_000, now=NOON, **registered)
        s.execute(update(Sender).values(held_until=NOON + timedelta(seconds=1)))  # nothing leaves while the last are being queued
        draft = outreach.save_draft(on.actor, None, name="Saturday", audience=f"segment:{segment}", now=NOON, bodies=WORDS)
    on.settle()
    with transaction(on.org_id):
        outreach.confirm_broadcast(on.actor, draft, now=NOON)
    while _queued(on) < n:
        jobs.run_due(1)
    clock.set_source(lambda: NOON + timedelta(seconds=2))
    return draft


def _queued(on: Stage) -> int:
    with reading(on.org_id) as s:
        return s.scalar(select(func.count()).select_from(Text)) or 0
