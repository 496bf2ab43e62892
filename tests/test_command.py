"""The command `plenary` as somebody types it: what it makes, what it says when it cannot, and its exit status."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from crm.cli import main
from crm.settings import BadSettings, read_settings

ROOT = Path(__file__).parent.parent
MANY = {"PORT": "70000", "PUBLIC_URL": "plenary.example", "DATABASE_URL": "mysql://x", "QUEUE_URL": "amqp://x", "PROXY_HOPS": "two"}


@pytest.fixture
def plenary(tmp_path):
    """Runs the command in a process and a folder of its own; returns its exit status and everything it said."""

    def run(*words: str, typed: str = "") -> tuple[int, str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("TWILIO", "DATABASE", "QUEUE", "PUBLIC"))}
        done = subprocess.run(
            [sys.executable, "-m", "crm.cli", *words], cwd=ROOT, input=typed, capture_output=True, text=True, timeout=120,
            env=clean | {"PLENARY_DATA": str(tmp_path / "data")},
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done.returncode, done.stdout + done.stderr

    return run


@pytest.mark.one_database
@pytest.mark.timeout(300)
def test_an_instance_is_set_up_by_hand(plenary):
    status, said = plenary("org", "create", "Mill District")
    assert status == 2 and "Run: plenary db upgrade" in said
    assert plenary("db", "upgrade")[0] == 0
    assert "short name is mill-district" in plenary("org", "create", "Mill District")[1]
    who = ("user", "create", "ana@example.org", "--password-stdin", "--org")
    assert plenary(*who, "nowhere", typed="four words remembered well") == (1, "There is no organization with the short name nowhere.\n")
    assert plenary(*who, "mill-district", typed="four words remembered well")[0] == 0
    assert plenary("user", "password", "ana@example.org", "--password-stdin", typed="short")[0] == 1
    assert plenary("user", "password", "ana@example.org", "--password-stdin", typed="four other words, as well")[0] == 0
    status, said = plenary("people", "import", "crm/people/sample.csv", "--org", "mill-district", "--dry-run", "--json")
    assert status == 0 and json.loads(said)["counts"]["create"] > 10


def test_what_cannot_be_is_said_in_words(monkeypatch, tmp_path, capsys):
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "QUEUE_URL", "PUBLIC_URL"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("PLENARY_DATA", str(tmp_path / "file"))
    assert main(["run"]) == 2 and "cannot be written" in capsys.readouterr().err
    monkeypatch.setenv("PLENARY_DATA", str(tmp_path))
    with socket.socket() as taken:
        taken.bind(("0.0.0.0", 0))  # noqa: S104
        taken.listen()
        monkeypatch.setenv("PORT", str(taken.getsockname()[1]))
        assert main(["run"]) == 2 and "Choose another" in capsys.readouterr().err
    for name, role in (("DATABASE_OWNER_URL", "owner"), ("DATABASE_URL", "serving")):
        monkeypatch.setenv(name, f"postgresql://{role}:hidden-word@127.0.0.1:1/plenary")
    assert main(["db", "upgrade"]) == 2
    said = capsys.readouterr().err
    assert "does not answer" in said and "hidden-word" not in said


def test_every_wrong_setting_is_named_at_once():
    with pytest.raises(BadSettings) as wrong:
        read_settings(MANY | {"TWILIO_AUTH_TOKEN": "x"})
    assert all(name in str(wrong.value) for name in (*MANY, "TWILIO_ACCOUNT_SID"))
