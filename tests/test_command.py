"""The command `plenary` as somebody types it: what it makes, what it says when it cannot, and its exit status."""

import json
import multiprocessing
import os
import socket
import sys
from io import StringIO

import pytest

from crm.cli import main
from crm.infra.serving import open_port
from crm.settings import BadSettings, read_settings

MANY = {"PORT": "70000", "PUBLIC_URL": "plenary.example", "DATABASE_URL": "mysql://x", "QUEUE_URL": "amqp://x", "PROXY_HOPS": "two"}


@pytest.fixture
def plenary(tmp_path):
    """Runs the command in a process and a folder of its own; returns its exit status and everything it said."""
    starts = multiprocessing.get_context("forkserver")  # what the command imports is imported once
    starts.set_forkserver_preload(["crm.cli"])

    def run(*words: str, typed: str = "") -> tuple[int, str]:
        said = tmp_path / "said"
        process = starts.Process(target=_typed, args=(words, typed, str(said), str(tmp_path / "data")))
        process.start()
        process.join(120)
        assert "Traceback" not in said.read_text(), said.read_text()
        return process.exitcode, said.read_text()

    return run


def _typed(words: tuple[str, ...], typed: str, said: str, folder: str) -> None:
    for name in [name for name in os.environ if name.startswith(("TWILIO", "DATABASE", "QUEUE", "PUBLIC"))]:
        del os.environ[name]
    os.environ["PLENARY_DATA"] = folder
    sys.stdin = StringIO(typed)
    with open(said, "w") as out:
        sys.stdout = sys.stderr = out
        status = main(list(words))
    os._exit(status or 0)


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


def test_web_processes_share_a_port_among_themselves_alone():
    """As many `plenary web` as there are cores; another program keeps its port."""
    with open_port(0, shared=True) as one:
        one.listen()
        port = one.getsockname()[1]
        open_port(port, shared=True).close()
        with pytest.raises(BadSettings, match="Choose another"):
            open_port(port)
    with open_port(0) as alone:
        alone.listen()
        with pytest.raises(BadSettings, match="Choose another"):
            open_port(alone.getsockname()[1], shared=True)
