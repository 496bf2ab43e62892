"""Casting over HTTP: server processes of their own, eight clients that keep their connections, every member votes once."""

import os
import time
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from crm.bench.serving import posted, serving
from crm.bench.stage import Stage, add_people
from crm.infra import clock, jobs
from crm.infra.db import reading, session, transaction
from crm.infra.links import issue_link_rows, token_of
from crm.platforms import actions as platforms
from crm.ratification import actions as ratification
from crm.ratification.models import Ballot, Electorate, RollEntry
from crm.ratification.rules import ballots

PLANKS, CLIENTS = 3, 8


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
        mine = select(Electorate.id).where(Electorate.ratification_id == vote)
        entries = s.scalars(select(RollEntry.id).where(RollEntry.electorate_id.in_(mine)).order_by(RollEntry.seat).limit(voters)).all()
        links = issue_link_rows([
            {"org_id": on.org_id, "purpose": "ballot", "subject_id": id, "partner_id": on.org_id, "expires_at": now + timedelta(days=1), "created_at": now}
            for id in entries])
    time.sleep(1.2)
    return [token_of(link) for link in links], PLANKS


def cast_over_http(on: Stage, tokens: list[str], planks: int) -> float:
    """Ballots per second that were answered with a receipt: the final POST, from clients that keep their connections."""
    presses, before = [(f"/v/{token}/cast", _ballot(n, planks), {}) for n, token in enumerate(tokens)], _in_the_box(on)
    with serving(on, processes=1 if on.kind == "sqlite" else os.cpu_count() or 1) as port:
        seconds, _took = posted(port, presses, CLIENTS, frozenset({200}))
    there = _in_the_box(on) - before
    if there != len(tokens) * planks:
        raise RuntimeError(f"{len(tokens)} ballots were acknowledged, {there} rows are there")
    return len(tokens) / seconds


def _in_the_box(on: Stage) -> int:
    with reading(on.org_id):
        return session().scalar(select(func.count()).select_from(Ballot)) or 0


def shards_beside_one(on: Stage, n: int = 4_000) -> tuple[float, str, float, int]:
    """Ballots acknowledged per second where the roll's bits stand in shards, beside the same where they are one row: half the members each."""
    add_people(on, n)
    on.settle()
    figures = []
    for most in (1, ballots.SHARDS):
        kept, ballots.SHARDS = ballots.SHARDS, most
        try:
            tokens, planks = open_vote(on, n // 2)
        finally:
            ballots.SHARDS = kept
        figures.append(cast_over_http(on, tokens, planks))
    return figures[1], "ballots/s", figures[0], n


def _ballot(n: int, planks: int) -> dict[str, str]:
    fields = {"nonce": os.urandom(16).hex(), "words": "1.2", "first": "3", "second": "4", "language": "en"}
    return fields | {f"p{k}": ("yes", "no", "abstain")[(n + k) % 3] for k in range(1, planks + 1)}


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
