"""What is sealed is read by nobody without a key; keys turn without loss; a backup comes back whole, and not over data unasked."""

import shutil

import pytest
from sqlalchemy import make_url, select

from crm.infra import backup, db, jobs, restoring, runtime, sealing, turning
from crm.infra.audit import Event
from crm.kernel.refusal import Refused
from crm.leadership.actions import log_conversation
from crm.leadership.models import Conversation
from crm.leadership.rules import Talk
from crm.people.actions import erasing
from crm.people.jobs import erase_again
from crm.people.models import Person
from tests import databases
from tests.factories import MONDAY

WORDS = "the landlord shut off her heating"


@pytest.fixture
def own_folder(app, tmp_path):
    """A folder and a ring of keys of this test's own."""
    before = runtime.settings()
    runtime.start(before.but(data_dir=tmp_path / "data", database_url=str(db.engine().url.render_as_string(hide_password=False))))
    yield tmp_path / "data"
    runtime.start(before)


def talk(acting, world, words: str = WORDS) -> int:
    with acting("southbank", account="imani") as actor:
        return log_conversation(actor, world.people["southbank"][0], Talk(MONDAY, words), now=MONDAY, rung=3)


def stored() -> str:
    with db.engine().connect() as connection:
        connection.exec_driver_sql("select 1")
        return "" if not db.is_sqlite() else str(connection.exec_driver_sql("select summary from conversations").all()) + str(
            connection.exec_driver_sql("select after from events").all()) + str(connection.exec_driver_sql("select reason from rung_moves").all())


def raw_conversations(world) -> list[str]:
    table = backup.raw_tables()["conversations"]
    with db.reading(world.orgs["southbank"]) as s:
        return list(s.execute(select(table.c.summary)).scalars())


def test_words_of_a_conversation_lie_sealed_and_are_read_plain(own_folder, acting, world):
    talk(acting, world)
    assert WORDS not in stored() and all(held.startswith("sealed:") for held in raw_conversations(world))
    with db.reading(world.orgs["southbank"]) as s:
        assert s.scalars(select(Conversation.summary)).one() == WORDS
        assert WORDS in {(event.after or {}).get("summary") for event in s.scalars(select(Event))}
    shutil.rmtree(own_folder / "keys")
    with db.reading(world.orgs["southbank"]) as s:
        assert s.scalars(select(Conversation.summary)).one() == sealing.SHUT


def test_turning_the_keys_loses_nothing_and_goes_on_after_a_kill(own_folder, acting, world):
    for n in range(5):
        talk(acting, world, f"{WORDS} {n}")
    old = sealing.keys()[0]
    steps = turning._pass
    sealing.rotate()  # the new key is on the ring, and the process dies after the first step
    next(steps())
    assert len(sealing.keys()) == 2
    assert sum(turning.turn()) >= 5
    assert sealing.keys() != [old] and len(sealing.keys()) == 1
    assert all(sealing.is_under_newest(held.removeprefix("sealed:").encode()) for held in raw_conversations(world))
    with db.reading(world.orgs["southbank"]) as s:
        assert set(s.scalars(select(Conversation.summary))) == {f"{WORDS} {n}" for n in range(5)}
        assert sum(WORDS in str(event.after) for event in s.scalars(select(Event))) >= 5


def elsewhere(stock, tmp_path):
    """Settings of another, empty database in another folder; the keys go along where `with_keys` says so."""
    if isinstance(stock, databases.SqliteDatabases):
        url = owner = f"sqlite:///{tmp_path / 'there' / 'plenary.db'}"
    else:
        url = stock.bare()
        owner = stock.owner_of(url)
    return runtime.settings().but(data_dir=tmp_path / "there", database_url=url, database_owner_url=owner)


@pytest.mark.parametrize("passphrase", [pytest.param("", marks=pytest.mark.long), "seven quiet horses"])
def test_a_backup_comes_back_whole_elsewhere_and_only_with_its_key(own_folder, acting, world, pristine, tmp_path, passphrase):
    talk(acting, world)
    file = tmp_path / "plenary.backup"
    counts = backup.back_up(file, passphrase, now=MONDAY)
    assert counts["people"] >= 48 and counts["conversations"] == 1
    assert b"Quintero" not in file.read_bytes() and WORDS.encode() not in file.read_bytes()
    here, keys = runtime.settings(), own_folder / "keys"
    there = elsewhere(pristine[1], tmp_path)
    runtime.start(there)
    db.connect(there.database_url)
    try:
        with pytest.raises(Refused, match="does not open"):
            restoring.restore(file, "", over=True)
        if not passphrase:
            shutil.copytree(keys, there.data_dir / "keys", dirs_exist_ok=True)
        assert restoring.restore(file, passphrase) == counts
        with db.reading(world.orgs["southbank"]) as s:
            assert s.scalars(select(Conversation.summary)).one() == WORDS
            assert len(s.scalars(select(Person.id)).all()) == 12
        with pytest.raises(Refused, match="data here already"):
            restoring.restore(file, passphrase)
        assert restoring.restore(file, passphrase, over=True) == counts
    finally:
        db.close_session()
        db.disconnect()
        if not make_url(there.database_url).drivername.startswith("sqlite"):
            pristine[1].drop(there.database_url)
        runtime.start(here)


def test_a_damaged_or_cut_backup_is_refused_before_anything_is_touched(own_folder, world, tmp_path):
    file = tmp_path / "plenary.backup"
    backup.back_up(file, now=MONDAY)
    whole = file.read_bytes()
    middle = len(whole) // 2
    for broken in (whole[:-50], whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1:], b"PK\x03\x04", b""):
        file.write_bytes(broken)
        with pytest.raises(Refused):
            restoring.restore(file, over=True)
    with db.reading(world.orgs["southbank"]) as s:
        assert len(s.scalars(select(Person.id)).all()) == 12


@pytest.mark.skipif(databases.KIND == "postgresql", reason="it would drop the tables that the other tests share; the journal is the same")
def test_whoever_was_erased_since_does_not_come_back_with_a_backup(own_folder, acting, world, tmp_path, run_jobs):
    file, id = tmp_path / "plenary.backup", world.people["southbank"][3]
    backup.back_up(file, now=MONDAY)
    with acting("southbank", account="imani") as actor:
        erasing.erase_person(actor, id, now=MONDAY)
    jobs.run_due()
    assert restoring.erased_before() == [(world.orgs["southbank"], [id])]
    restoring.restore(file, over=True)
    with db.reading(world.orgs["southbank"]) as s:
        assert s.scalar(select(Person.id).where(Person.id == id))
    assert erase_again() == 1
    with db.reading(world.orgs["southbank"]) as s:
        assert s.scalar(select(Person.id).where(Person.id == id)) is None
