"""`plenary people import`: what it says, what it does, what it leaves alone."""

import json

from sqlalchemy import func, select

from crm.infra.db import session
from crm.infra.jobs import Job
from crm.people.jobs import import_from_command
from crm.people.models import Person
from crm.people.queries.duplicates import JOB


def people() -> int:
    return session().scalar(select(func.count()).select_from(Person))


def test_a_dry_run_changes_nothing(world, as_org, tmp_path, messy, capsys):
    file = tmp_path / "list.csv"
    file.write_bytes(messy)
    assert import_from_command(str(file), "southbank", dry_run=True, json=True) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["counts"] == {"create": 3, "update": 1, "same": 0, "skip": 1} and said["is_dry_run"]
    assert said["columns"]["Name"] == "full_name"
    told = {row["row"]: [p["column"] for p in row["problems"]] for row in said["rows"]}
    assert sorted(told[7]) == ["Cell", "E-mail", "Idioma", "Joined", "Status"]
    with as_org("southbank"):
        assert people() == 12


def test_the_command_imports_once(world, as_org, tmp_path, messy, capsys):
    file = tmp_path / "list.csv"
    file.write_bytes(messy)
    assert import_from_command(str(file), "southbank") == 0
    assert "3 added, 1 changed, 0 already here, 1 left out" in capsys.readouterr().out
    assert import_from_command(str(file), "southbank") == 0
    assert "0 added, 0 changed, 4 already here" in capsys.readouterr().out
    with as_org("southbank"):
        assert people() == 15
    with as_org("mill"):
        assert people() == 12


def test_what_an_import_leaves_to_do_waits_for_a_worker(world, as_org, tmp_path, messy, capsys):
    """The search for duplicates among a million takes minutes; neither this command nor the next one makes its person wait for it."""
    for name in ("first.csv", "second.csv"):
        (tmp_path / name).write_bytes(messy.replace(b"Bo Li,555-01", b"Bo Li,4155550177" if name > "g" else b"Bo Li,4155550188"))
        assert import_from_command(str(tmp_path / name), "southbank") == 0
    with as_org("southbank"):
        assert set(session().scalars(select(Job.state).where(Job.kind == JOB))) == {"due"}


def test_bad_input_is_said_in_words(world, tmp_path, capsys):
    empty, hollow = tmp_path / "empty.csv", tmp_path / "hollow.csv"
    empty.write_bytes(b"")
    hollow.write_bytes(b"Shoe size,Colour\n7,red\n")
    assert import_from_command(str(tmp_path / "none.csv"), "southbank") == 1
    assert import_from_command(str(empty), "southbank") == 1
    assert import_from_command(str(hollow), "southbank", json=True) == 1
    hollow.write_bytes(b"Name,Phone\nAna,4155550101\n")
    assert import_from_command(str(hollow), "nowhere") == 1
    said = capsys.readouterr()
    assert "No such file" in said.err and "This file is empty." in said.err and "nowhere: there is no" in said.err
    assert "nobody can be found again" in json.loads(said.out)["problems"][0]
