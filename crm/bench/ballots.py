"""Casting over HTTP: a server process of its own, two clients that keep their connections, every member votes once."""

import http.client
import os
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from sqlalchemy import select

from crm.bench.serving import serving
from crm.bench.stage import Stage
from crm.infra import clock, jobs
from crm.infra.db import transaction
from crm.infra.links import issue_link_rows, token_of
from crm.platforms import actions as platforms
from crm.ratification import actions as ratification
from crm.ratification.models import RollEntry

PLANKS = 3


def open_vote(on: Stage, voters: int) -> tuple[list[str], int]:
    """A vote of members on three planks, open now; a link for each voter."""
    clock.set_source()  # the server process keeps the real time
    now, actor = datetime.now(UTC), on.actor
    with transaction(on.org_id):
        platform = platforms.create_platform(actor, {"titles": {"en": "Bench"}, "languages": ["en"], "authentic_language": "en"}, now=now)
        for k in range(PLANKS):
            platforms.add_plank(actor, platform, {"titles": {"en": f"Plank {k}"}, "texts": {"en": "A text to vote on."}}, now=now)
        edition = platforms.freeze_edition(actor, platform, now=now).id
        vote = ratification.draft_ratification(actor, edition_id=edition, title={"en": "Bench"}, opens_at=now + timedelta(seconds=1),
                                               closes_at=now + timedelta(days=1), electorates={"members": {}}, now=now)
        ratification.begin_opening(actor, vote, now=now)
    jobs.run_due()
    with transaction(on.org_id) as s:
        entries = s.scalars(select(RollEntry.id).order_by(RollEntry.seat).limit(voters)).all()
        links = issue_link_rows([
            {"org_id": on.org_id, "purpose": "ballot", "subject_id": id, "partner_id": on.org_id, "expires_at": now + timedelta(days=1), "created_at": now}
            for id in entries])
    time.sleep(1.2)
    return [token_of(link) for link in links], PLANKS


def cast_over_http(on: Stage, tokens: list[str], planks: int) -> float:
    """Ballots per second that were answered with a receipt."""
    with serving(on) as port:
        halves = [tokens[::2], tokens[1::2]]
        begin = time.perf_counter()
        with ThreadPoolExecutor(2) as pool:
            acknowledged = sum(pool.map(lambda half: _cast_all(port, half, planks), halves))
        seconds = time.perf_counter() - begin
    if acknowledged != len(tokens):
        raise RuntimeError(f"only {acknowledged} of {len(tokens)} ballots were acknowledged")
    return acknowledged / seconds


def _cast_all(port: int, tokens: list[str], planks: int) -> int:
    connection, good = http.client.HTTPConnection("127.0.0.1", port, timeout=30), 0
    for n, token in enumerate(tokens):
        fields = {"nonce": os.urandom(16).hex(), "words": "1.2", "first": "3", "second": "4", "language": "en"}
        fields |= {f"p{k}": ("yes", "no", "abstain")[(n + k) % 3] for k in range(1, planks + 1)}
        connection.request("POST", f"/v/{token}/cast", urlencode(fields), {"Content-Type": "application/x-www-form-urlencoded"})
        answer = connection.getresponse()
        good += answer.status == 200 and b"receipt" in answer.read().lower()
    return good


def durable_commits(on: Stage, n: int) -> float:
    """Bare durable commits per second of one connection: one small row each."""
    engine = on.owner()
    with engine.connect() as connection:
        connection.exec_driver_sql("create table bench_commits (id integer primary key, choice text)")
        connection.commit()
        begin = time.perf_counter()
        for k in range(n):
            connection.execution_options(immediate=True)
            connection.exec_driver_sql(f"insert into bench_commits values ({k}, 'yes')")
            connection.commit()
        seconds = time.perf_counter() - begin
    engine.dispose()
    return n / seconds
