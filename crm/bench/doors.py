"""The figures of the door: check-ins by link over HTTP, alone and while organizers edit and a broadcast runs. Nothing is lost or double,
or there is no figure; a second scan of each pass is refused."""

import json
import os
import re
import secrets
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import requests
from sqlalchemy import func, insert, select

from crm.accounts.actions import add_account, give_grant
from crm.assemblies.models import Assembly, AssemblySession
from crm.bench.ballots import durable_commits
from crm.bench.lists import PASSWORD
from crm.bench.serving import Press, paced, posted, serving, working
from crm.bench.stage import Stage
from crm.bench.texting import numbers, real_time
from crm.infra.db import new_id, reading, transaction
from crm.infra.links import token_of
from crm.outreach import actions as outreach
from crm.outreach.models import Sender
from crm.outreach.rules.options import TextingOptions
from crm.people.actions import save_segment
from crm.turnout.actions import open_door
from crm.turnout.models import Attendance, Door, Rsvp, new_code

Figure = tuple[float, str, float, int]
CLIENTS, ORGANIZERS, A_SECOND = 8, 5, 30
PROCESSES = {"sqlite": 1, "postgresql": os.cpu_count() or 1}
GOOD = frozenset({200})


def hall(on: Stage, people: list[int], now: datetime, state: str = "yes") -> tuple[int, int, list[tuple[int, str]]]:
    """An assembly that has begun, its session, and an RSVP with a code for each of these people: (assembly, session, [(rsvp, code)])."""
    assembly_id, session_id = new_id(), new_id()
    starts = now - timedelta(minutes=5)
    with transaction(on.org_id) as s:
        s.add(Assembly(id=assembly_id, org_id=on.org_id, title={"en": "Bench"}, question={"en": "?"}, kind="A2", time_zone="UTC", day=now.date(),
                       goal=len(people) or 1, state="announced", slug=f"bench-{assembly_id}", announced_at=now))
        s.flush()
        s.add(AssemblySession(id=session_id, org_id=on.org_id, assembly_id=assembly_id, title={"en": "Bench"}, day=now.date(), starts=starts.time(),
                              ends=starts.time(), starts_at=starts, ends_at=now + timedelta(hours=8), place="Hall"))
    side = {"org_id": on.org_id, "partner_id": on.org_id, "assembly_id": assembly_id}
    rows = [side | {
        "id": new_id(), "person_id": id, "door_name": f"Ana {n}", "door_folded": f"ana {n}", "code": new_code(), "state": state, "guests": 0,
        "language": "en", "source": "staff", "answered_at": now, "created_at": now,
    } for n, id in enumerate(people)]  # fmt: skip
    for start in range(0, len(rows), 5000):
        with transaction(on.org_id) as s:
            s.execute(insert(Rsvp), rows[start : start + 5000])
    return assembly_id, session_id, [(row["id"], row["code"]) for row in rows]


def _door(on: Stage, assembly_id: int, session_id: int, now: datetime) -> str:
    with transaction(on.org_id) as s:
        door_id = open_door(on.actor, assembly_id, session_id, name="Bench", hours=24, now=now)
        link = s.scalar(select(Door.link_id).where(Door.id == door_id))
    return f"/door/{token_of(link or 0)}/sync"


def _taps(path: str, codes: list[str]) -> list[Press]:
    """One tap each, under a key of its own, as a tablet sends it."""
    return [(path, json.dumps({"taps": [{"key": secrets.token_hex(16), "code": code}]}).encode(), {}) for code in codes]


def _all_in_once(on: Stage, session_id: int, n: int) -> None:
    with reading(on.org_id) as s:
        rows, people = s.execute(select(func.count(), func.count(Attendance.rsvp_id.distinct())).where(
            Attendance.session_id == session_id, Attendance.undone_at.is_(None))).one()
    if not rows == people == n:
        raise RuntimeError(f"{n} were checked in; {rows} rows of {people} people are there")


def check_ins_alone(on: Stage, n: int = 3_000) -> Figure:
    """Check-ins answered per second from eight tablets, each its own transaction, beside bare durable commits; then every tenth pass is
    scanned again and refused."""
    with real_time(on) as now:
        people = [id for id, _number in numbers(on, n, now)]
        assembly_id, session_id, rsvps = hall(on, people, now)
        path, codes = _door(on, assembly_id, session_id, now), [code for _id, code in rsvps]
        on.settle()
        with serving(on, processes=PROCESSES[on.kind]) as port:
            seconds, _took = posted(port, _taps(path, codes), CLIENTS, GOOD)
            _all_in_once(on, session_id, n)
            _refused_again(port, path, codes[::10])
    _all_in_once(on, session_id, n)
    return n / seconds, "check-ins/s", durable_commits(on, 2000), n


def _refused_again(port: int, path: str, codes: list[str]) -> None:
    for code in codes:
        answer = requests.post(f"http://127.0.0.1:{port}{path}", json={"taps": [{"key": secrets.token_hex(16), "code": code}]}, timeout=30).json()
        if answer["results"][0]["result"] != "already":
            raise RuntimeError(f"a second scan was answered {answer['results'][0]}")


def check_ins_in_a_full_house(on: Stage, n: int = 1_800) -> Figure:
    """Milliseconds (95th percentile, standing in line included) of 30 check-ins a second at one assembly while five organizers write
    answers down and a broadcast is made and sent, beside the same 30 a second alone just before."""
    alone = max(60, n // 3)
    with real_time(on) as now:
        people = [id for id, _number in numbers(on, n + alone + 500, now)]
        assembly_id, session_id, rsvps = hall(on, people, now)
        path, codes = _door(on, assembly_id, session_id, now), [code for _id, code in rsvps]
        broadcast = _broadcast(on, now)
        on.settle()
        with serving(on, processes=PROCESSES[on.kind]) as port:
            paced(port, [(path, b"{}", {})] * 40, CLIENTS, A_SECOND, GOOD)  # the server's first requests are not anybody's at a door
            raw = statistics.quantiles(paced(port, _taps(path, codes[:alone]), CLIENTS, A_SECOND, GOOD), n=20)[-1]
            with working(on), _editing(on, port, assembly_id, [id for id, _code in rsvps[n + alone :]], now) as edits:
                with transaction(on.org_id):
                    outreach.confirm_broadcast(on.actor, broadcast, now=now)
                value = statistics.quantiles(paced(port, _taps(path, codes[alone : n + alone]), CLIENTS, A_SECOND, GOOD), n=20)[-1]
            if len(edits) < n // A_SECOND:
                raise RuntimeError(f"the organizers wrote only {len(edits)} answers down")
    _all_in_once(on, session_id, n + alone)
    return value, "ms", raw, n


def _broadcast(on: Stage, now: datetime) -> int:
    with transaction(on.org_id) as s:
        outreach.choose_texting(on.actor, TextingOptions(two_people_above=1_000_000), now=now)
        s.add(Sender(id=new_id(), org_id=on.org_id, number="+15105550100", state="approved", pace=100))
        s.flush()
        listed = save_segment(on.actor, "All", {"all": []}, now=now)
        words = "Hi {first_name}, doors are open. {organization}. Reply STOP to opt out"
        return outreach.save_draft(on.actor, None, name="Doors", audience=f"segment:{listed}", now=now, bodies={"en": words, "es": words})


@contextmanager
def _editing(on: Stage, port: int, assembly_id: int, rsvp_ids: list[int], now: datetime) -> Iterator[list[int]]:
    """Five organizers write calls down, one after the other, until the check-ins are over."""
    email, is_over, done = f"{new_id()}@bench.example", threading.Event(), []
    with transaction():
        give_grant(add_account(email, "Omar", PASSWORD, now=now), on.org_id, "organizer", now=now)

    def work(k: int) -> None:
        browser, base = requests.Session(), f"http://127.0.0.1:{port}"
        token = _token(browser.get(f"{base}/sign-in", timeout=30).text)
        browser.post(f"{base}/sign-in", data={"email": email, "password": PASSWORD, "csrf_token": token}, timeout=30)
        calls = browser.get(f"{base}/assemblies/{assembly_id}/calls", timeout=30)
        token, turn = _token(calls.text), 0
        while not is_over.is_set():
            rsvp_id = rsvp_ids[(k + ORGANIZERS * turn) % len(rsvp_ids)]
            address = f"{base}/assemblies/{assembly_id}/calls/{rsvp_id}/answer"
            answer = browser.post(address, data={"csrf_token": token, "word": ("confirmed", "maybe")[turn % 2]}, allow_redirects=False, timeout=30)
            if answer.status_code == 303:
                done.append(rsvp_id)
            turn += 1
            time.sleep(0.3)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(ORGANIZERS)]
    for thread in threads:
        thread.start()
    try:
        yield done
    finally:
        is_over.set()
        for thread in threads:
            thread.join()


def _token(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page) or re.search(r'value="([^"]+)"[^>]*name="csrf_token"', page)
    if found is None:
        raise RuntimeError("a page without a form")
    return found.group(1)
