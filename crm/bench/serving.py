"""Server processes of their own, and clients that keep their connections: what a figure over HTTP is measured with."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from urllib.parse import urlencode

from crm.bench.stage import Stage

Press = tuple[str, Mapping[str, str] | bytes, Mapping[str, str]]
"""A path, the fields of a form or a body of JSON, and headers."""


def _environment(on: Stage, port: int) -> dict[str, str]:
    return os.environ | {
        "PORT": str(port), "PLENARY_DATA": str(on.settings.data_dir), "DATABASE_URL": on.settings.database_url,
        "DATABASE_OWNER_URL": on.settings.database_owner_url, "QUEUE_URL": on.settings.queue_url, "PUBLIC_URL": f"http://127.0.0.1:{port}",
    }


@contextmanager
def working(on: Stage) -> Iterator[None]:
    """`plenary worker` on the stage's database."""
    worker = subprocess.Popen([sys.executable, "-m", "crm.cli", "worker"], env=_environment(on, 1), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        worker.terminate()
        worker.wait()


@contextmanager
def serving(on: Stage, more: Mapping[str, str] | None = None, processes: int = 1) -> Iterator[int]:
    """`plenary web` on the stage's database, or several that share one port: the port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = _environment(on, port) | dict(more or {})
    command = [sys.executable, "-m", "crm.cli", "web"]
    servers = [subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) for _ in range(processes)]
    try:
        for server in servers:
            server.stdout.readline()  # it says that it is open
        _until_open(port)
        yield port
    finally:
        for server in servers:
            server.terminate()
            server.wait()
            server.stdout.close()


def _until_open(port: int) -> None:
    for _ in range(900):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", "/health")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not open")


def posted(port: int, presses: Sequence[Press], clients: int, good: frozenset[int]) -> tuple[float, list[float]]:
    """Posts them all from so many clients at once: (seconds, milliseconds of each, sorted). Every answer must be a good one."""
    written = [_written(port, *press) for press in presses]
    begin = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        took = [ms for some in pool.map(lambda k: _post_all(port, written[k::clients], good), range(clients)) for ms in some]
    return time.perf_counter() - begin, sorted(took)


def _written(port: int, path: str, fields: Mapping[str, str] | bytes, headers: Mapping[str, str]) -> bytes:
    body, kind = (fields, "application/json") if isinstance(fields, bytes) else (urlencode(fields).encode(), "application/x-www-form-urlencoded")
    lines = [f"POST {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", f"Content-Type: {kind}", f"Content-Length: {len(body)}",
             *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def paced(port: int, presses: Sequence[Press], clients: int, a_second: float, good: frozenset[int]) -> list[float]:
    """Posts them at so many a second, from so many clients in turn: milliseconds from the moment each was due, sorted.

    What comes late because an earlier one took long counts as waiting: people at a door stand in line.
    """
    written, begin = [_written(port, *press) for press in presses], time.perf_counter() + 0.2
    with ThreadPoolExecutor(clients) as pool:
        some = pool.map(lambda k: _post_on_time(port, written, range(k, len(written), clients), begin, a_second, good), range(clients))
        return sorted(ms for part in some for ms in part)


def _post_on_time(port: int, written: Sequence[bytes], mine: range, begin: float, a_second: float, good: frozenset[int]) -> list[float]:
    took, held = [], socket.create_connection(("127.0.0.1", port), timeout=60)
    held.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for n in mine:
        due = begin + n / a_second
        time.sleep(max(0.0, due - time.perf_counter()))
        held.sendall(written[n])
        status = _answer(held)
        took.append(1000 * (time.perf_counter() - due))
        if status not in good:
            raise RuntimeError(f"answered {status}: {written[n][:200]!r}")
    held.close()
    return took


def _post_all(port: int, written: Sequence[bytes], good: frozenset[int]) -> list[float]:
    """A client costs the machine as little as it can: it shares the cores with what it measures."""
    took, held = [], socket.create_connection(("127.0.0.1", port), timeout=30)
    held.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for request in written:
        begin = time.perf_counter()
        held.sendall(request)
        status = _answer(held)
        took.append(1000 * (time.perf_counter() - begin))
        if status not in good:
            raise RuntimeError(f"answered {status}: {request[:200]!r}")
    held.close()
    return took


def _answer(held: socket.socket) -> int:
    data = b""
    while b"\r\n\r\n" not in data:
        data += held.recv(65536)
    head, _, rest = data.partition(b"\r\n\r\n")
    length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length"))
    while len(rest) < length:
        rest += held.recv(65536)
    return int(head.split(b" ", 2)[1])
