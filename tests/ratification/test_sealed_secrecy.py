"""Whoever gets the database cannot join a pass to a seat better than by chance, and without the setting there is nothing to find."""

import random

import pytest

from crm import create_app
from crm.infra import db, runtime
from tests.ratification.halls import make_members
from tests.ratification.sealed import SCEPTIC, open_hall
from tests.ratification.test_secrecy import BY_CHANCE, linker, owner_dump

VOTERS = 40


@pytest.mark.long
def test_a_dump_links_no_pass_to_a_seat(app, signed_in, world, clock, tmp_path):
    """Members fetch passes in one random order and vote in another; the linker has every table, in every order it can be put in."""
    make_members(world, "southbank", VOTERS - 6)
    hall = open_hall(app, signed_in, world, clock, tmp_path)
    dice = random.Random(20261123)
    codes = {n: hall.take(n) for n in dice.sample(range(VOTERS), VOTERS)}
    made = {n: hall.made(code) for n, code in codes.items()}
    seats = {given["blinded"]: given["seat"] for given in SCEPTIC.json.loads(hall.get(hall.address + "/passes.json"))}
    hall.to_voting()
    order = dice.sample(range(VOTERS), VOTERS)
    for n in order:
        hall.cast(codes[n], "1:1")
    truth = {seats[made[n][0].request]: made[n][0].name for n in codes}
    cast_order = sorted(truth)  # when each seat voted nobody has written down
    dump = {name: rows for name, rows in owner_dump_of(world).items() if rows}
    assert len(dump["sealed_entries"]) == VOTERS == len(dump["sealed_passes"])
    assert linker(dump, truth, cast_order) <= BY_CHANCE
    naive = {"joined": list(truth.items())}
    assert linker(naive, truth, cast_order) == VOTERS, "a table that says it is found"


def owner_dump_of(world):
    """Everything, as a superuser would take it; Southbank owns the vote."""

    class Southbank:
        orgs = {"table": world.orgs["southbank"]}

    return owner_dump(Southbank)


def test_the_pass_the_seat_and_the_code_stand_in_no_common_row(app, signed_in, world, clock, tmp_path):
    make_members(world, "southbank", 10)
    hall = open_hall(app, signed_in, world, clock, tmp_path)
    codes = hall.give_passes(3)
    made = [hall.made(code)[0] for code in codes]
    hall.to_voting()
    entries = [hall.cast(code, "1:1") for code in codes] and hall.board()["entries"]
    dump = owner_dump_of(world)
    text = repr(dump["sealed_passes"])
    assert all(one.request in text for one in made)
    assert not any(entry[part] in text for entry in entries for part in ("pass", "token", "signature"))
    for table, rows in dump.items():
        for code in codes:
            assert code.hex() not in repr(rows), table
        if table not in ("sealed_entries",):
            assert not any(one.name in repr(rows) for one in made), table
    assert not any(part in repr(dump["events"]) + repr(dump["audit_entries"]) for one in made for part in (one.name, one.request))


def test_casting_writes_one_row_and_nothing_else(app, signed_in, world, clock, tmp_path):
    make_members(world, "southbank", 10)
    hall = open_hall(app, signed_in, world, clock, tmp_path)
    (code,) = hall.give_passes(1)
    hall.to_voting()
    before = owner_dump_of(world)
    hall.cast(code, "2:1")
    after = owner_dump_of(world)
    changed = {table: len(after[table]) - len(before[table]) for table in after if after[table] != before[table]}
    assert changed == {"sealed_entries": 1}


def test_without_the_setting_there_is_no_such_page(pristine):
    """Off is the default: the routes are not even registered."""
    was = runtime.settings()
    try:
        app = create_app(was.but(sealed_ballots=""))
        web = app.test_client()
        for path in ("/sealed", "/sealed/new", "/sealed/1", "/sealed/pass/" + "t" * 22, "/sealed/poll/" + "0" * 64, "/sealed/poll/" + "0" * 64 + "/cast"):
            assert web.get(path).status_code == 404, path
            assert web.post(path).status_code in (400, 404), path
        assert not [rule for rule in app.url_map.iter_rules() if "sealed" in rule.endpoint]
    finally:
        runtime.start(was)
        db.disconnect()
