"""V6: whoever gets the database, or its files after the close, cannot join a voter to a choice better than by chance.

A linker is let loose on everything the database holds: every table in stored order, every order that a row of a voter
could have, and on PostgreSQL xmin and ctid. It is scored against permutations. The same linker on a deliberately naive
table must find nearly everybody, or it would prove nothing.
"""

import itertools
import random
import sqlite3
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from crm.infra.audit import AuditEntry, Event
from crm.infra.db import engine, is_sqlite, reading, session
from crm.outreach.models import Text
from crm.ratification import models
from tests import databases
from tests.ratification.halls import ballot_fields, close, links, make_members, open_vote, seats

VOTERS = 120
BY_CHANCE = 12
"""What guessing reaches: the hits of one order laid beside another are Poisson(1) (the rencontres problem), so that of ten
thousand guesses the best has more than twelve once in a million runs. Whoever knows an order hits nearly all."""


def vote_in_random_order(client, world, vote):
    """Everybody votes in an order of their own; returns {seat: tracker of plank 1} and the order in which seats voted."""
    tokens, entries = links(world, vote), seats(world, vote)
    order = random.Random(20261123).sample(range(len(tokens)), len(tokens))
    truth = {}
    for n in order:
        answer = client.post(
            f"/v/{tokens[n]}/cast", data=ballot_fields(n, {1: "yes" if n % 2 else "no", 2: "yes"}), csrf=False
        )
        assert answer.status_code == 200
        truth[entries[n].seat] = answer.text.split("Trackers ")[1].split()[0].strip()
    return truth, [entries[n].seat for n in order]


def score(voters, ballots, truth):
    """How many are right when the first voter in one order is given the first ballot in the other."""
    return sum(truth.get(voter) == ballot for voter, ballot in zip(voters, ballots, strict=False))


def linker(dump, truth, cast_order):
    """The best score over every order of voters and every order of ballots that the dump (or the access log) offers."""
    voters, ballots = set(truth), set(truth.values())
    voter_orders, ballot_orders = (
        [cast_order, sorted(truth), sorted(truth, reverse=True)],
        [sorted(ballots), sorted(ballots, reverse=True)],
    )
    for rows in dump.values():
        for column in range(max(map(len, rows), default=0)):
            values = [v if isinstance(v, (str, int)) else repr(v) for v in (row[column] for row in rows)]
            for orders, wanted in ((voter_orders, voters), (ballot_orders, ballots)):
                found = [v for v in dict.fromkeys(values) if v in wanted]
                if len(found) > len(wanted) // 2:
                    orders += [found, found[::-1]]
                    for other in range(len(rows[0])):
                        keyed = sorted(
                            (r for r in rows if isinstance(r[column], (str, int)) and r[column] in wanted),
                            key=lambda r: (str(type(r[other])), str(r[other])),
                        )  # noqa: B023
                        orders.append(list(dict.fromkeys(r[column] for r in keyed)))
    return max(score(v, b, truth) for v, b in itertools.product(voter_orders, ballot_orders))


def dumped():
    """Every table, every column, rows as stored; on PostgreSQL with xmin and ctid, which a copy of the files would show."""
    with engine().connect() as raw:
        hidden = "" if is_sqlite() else ", xmin::text, ctid::text"
        found = {}
        for table in inspect(raw).get_table_names():
            found[table] = [tuple(row) for row in raw.execute(text(f'select *{hidden} from "{table}"'))]
        return found


def owner_dump(world):
    """The dump as a superuser takes it: no policy in the way."""
    if databases.KIND == "sqlite":
        return dumped()
    with reading(world.orgs["table"]):
        raw = session().connection()
        return {
            t: [tuple(r) for r in raw.execute(text(f'select *, xmin::text, ctid::text from "{t}"'))]
            for t in inspect(raw).get_table_names()
        }


@pytest.fixture
def voted(client, world):
    make_members(world, "southbank", VOTERS - 18)
    vote = open_vote(world)
    truth, order = vote_in_random_order(client, world, vote)
    return vote, truth, order


@pytest.mark.long
def test_the_linker_finds_nearly_everybody_in_a_naive_table(voted):
    """The positive control: rows that arrive together, in an order, are linked."""
    _vote, truth, order = voted
    naive = {
        "voted": [(n, seat) for n, seat in enumerate(order)],
        "ballots": [(n, truth[seat]) for n, seat in enumerate(order)],
    }
    assert linker(naive, truth, order) == VOTERS
    assert linker({"ballots": naive["ballots"]}, truth, order) == VOTERS, "with the order of an access log"
    keyed = {
        "voted": [(str(len(order) - n), seat) for n, seat in enumerate(order)],
        "ballots": [(f"{n:03d}", truth[s]) for n, s in enumerate(order)],
    }
    assert linker(keyed, truth, order) == VOTERS


def test_a_dump_while_the_vote_is_open_links_nobody(voted, world):
    _vote, truth, order = voted
    dump = owner_dump(world)
    assert len(dump["ballots"]) == 3 * VOTERS
    if is_sqlite():
        assert linker(dump, truth, order) <= BY_CHANCE
    else:
        # A heap keeps arrival order until the close: the roll holds no order to match it with, an access log would.
        assert linker(dump, truth, sorted(truth)) <= BY_CHANCE


def test_a_dump_after_the_close_links_nobody_even_with_an_access_log(voted, world, clock):
    vote, truth, order = voted
    close(world, vote, clock.move(hours=49))
    dump = owner_dump(world)
    assert dump["ballots"] == [] and len(dump["final_ballots"]) == 3 * VOTERS
    assert linker(dump, truth, order) <= BY_CHANCE


@pytest.mark.skipif(databases.KIND != "sqlite", reason="reads the file of SQLite")
def test_the_raw_file_after_the_close_links_nobody(voted, world, clock):
    """Bytes of the database, its log and its shared memory: trackers stand where their order puts them, and nowhere else."""
    vote, truth, order = voted
    path = Path(engine().url.database)
    close(world, vote, clock.move(hours=49))
    raw = b"".join(p.read_bytes() for p in sorted(path.parent.glob(path.name + "*")))
    places = {tracker: list(_all(raw, tracker.encode())) for tracker in truth.values()}
    assert all(places.values())
    orders = [o for pick in (0, -1) for o in file_orders({t: p[pick] for t, p in places.items()})]
    seen_once = sum(len(p) <= 2 for p in places.values())
    assert seen_once == VOTERS, "once as a ballot, once in the published board; no third copy"
    guess = max(score(v, b, truth) for v in (order, sorted(truth)) for b in orders)
    assert guess <= BY_CHANCE
    log = Path(f"{path}-wal")
    assert not log.exists() or not any(tracker.encode() in log.read_bytes() for tracker in truth.values())


def file_orders(place):
    """Orders in which a file may have got its rows: by place, and page by page (a page fills from its end)."""
    plain, paged = sorted(place, key=lambda t: place[t]), sorted(place, key=lambda t: (place[t] // 4096, -place[t]))
    return [plain, plain[::-1], paged, paged[::-1]]


@pytest.mark.skipif(databases.KIND != "sqlite", reason="the naive file is one of SQLite")
def test_the_raw_file_linker_finds_everybody_in_a_naive_file(tmp_path):
    """The positive control of the test above."""
    order = random.Random(3).sample(range(VOTERS), VOTERS)
    truth = {seat: f"{random.Random(seat).getrandbits(128):032x}" for seat in order}
    raw = sqlite3.connect(tmp_path / "naive.db")
    raw.execute("create table ballots (id integer primary key, tracker text)")
    raw.executemany("insert into ballots (tracker) values (?)", [(truth[seat],) for seat in order])
    raw.commit()
    data = (tmp_path / "naive.db").read_bytes()
    orders = file_orders({tracker: data.index(tracker.encode()) for tracker in truth.values()})
    assert max(score(order, found, truth) for found in orders) == VOTERS


def _all(raw, needle):
    at = raw.find(needle)
    while at >= 0:
        yield at
        at = raw.find(needle, at + 1)


def test_no_column_could_hold_a_voter_or_a_time():
    """The schema itself: a ballot is organization, electorate, plank, tracker, choice; a seat has no mark of having voted."""
    for table in (models.Ballot, models.FinalBallot):
        assert {c.name for c in inspect(table).columns} == {"org_id", "electorate_id", "plank", "tracker", "choice"}
        assert "id" not in {c.name for c in inspect(table).primary_key}
        assert table.__table__.dialect_options["sqlite"]["with_rowid"] is False
    assert {c.name for c in inspect(models.RollEntry).columns} == {
        "org_id",
        "partner_id",
        "id",
        "created_at",
        "electorate_id",
        "seat",
        "person_id",
        "participant_id",
    }
    assert {c.name for c in inspect(models.RollBits).columns} == {
        "org_id",
        "id",
        "created_at",
        "electorate_id",
        "shard",
        "bits",
    }


def test_a_cast_writes_the_bit_and_the_ballot_and_nothing_else(client, world, caplog, app, signed_in):
    """No event, audit entry, text, link, job, sign-in or session is touched; no log line holds token, choice or ballot number."""
    vote = open_vote(world)
    token = links(world, vote, 1)[0]
    fields = ballot_fields(77, {1: "yes", 2: "no", 3: "abstain"})
    before = owner_dump(world)
    browser = signed_in("imani", org="table")
    with reading(world.orgs["table"]):
        counts = {t: session().query(t).count() for t in (Event, AuditEntry, Text)}
    before = owner_dump(world)
    with caplog.at_level("DEBUG"):
        answer = browser.post(f"/v/{token}/cast", data=fields, csrf=False)
    assert answer.status_code == 200
    cookie = answer.headers.getlist("Set-Cookie")
    after = owner_dump(world)
    changed = {t for t in after if Counter(map(repr, after[t])) != Counter(map(repr, before[t]))}
    assert changed == {"ballots", "roll_bits"}
    with reading(world.orgs["table"]):
        assert counts == {t: session().query(t).count() for t in (Event, AuditEntry, Text)}
    logged = " ".join(
        record.getMessage() for record in caplog.records if not record.name.startswith(("sqlalchemy", "werkzeug"))
    )
    assert token not in logged and fields["nonce"] not in logged and "abstain" not in logged
    assert not cookie or all(fields["nonce"] not in c and token not in c for c in cookie)


def test_unsent_choices_are_nowhere_but_in_the_page(client, world):
    vote = open_vote(world)
    token = links(world, vote, 1)[0]
    before = owner_dump(world)
    fields = ballot_fields(5, {1: "yes"})
    answer = client.post(f"/v/{token}/ballot", data=fields | {"to": "2"}, csrf=False)
    assert 'name="p1" value="yes"' in answer.text and fields["nonce"] in answer.text
    assert not answer.headers.getlist("Set-Cookie") and fields["nonce"] not in str(answer.headers)
    assert owner_dump(world) == before
    assert 'method="get"' not in answer.text.lower(), "no form puts a choice into an address"


def test_the_page_says_what_is_trusted_and_what_is_not_proven(client, world):
    """V9."""
    token = links(world, open_vote(world), 1)[0]
    page = client.get(f"/v/{token}").text
    for said in (
        "You trust whoever runs this server",
        "could watch ballots come in",
        "who holds the phone",
        "What is proven",
        "Do not pass it on",
    ):
        assert said in page
