"""A process that answers: its port, its threads, and what its garbage collector leaves alone."""

import gc
import socket
from typing import Any

import waitress
from flask import Flask

from crm.settings import BadSettings

THREADS = 8


def serve(app: Flask, **where: Any) -> None:
    """Answers requests until stopped; `where` is a host and a port, or sockets that are bound."""
    _spare_the_collector()
    waitress.serve(app, threads=THREADS, ident="plenary", **where)


def _spare_the_collector() -> None:
    """What stands for the life of the process is not looked through again for garbage: that was a twentieth of each ballot."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)


def open_port(port: int, *, shared: bool = False) -> socket.socket:
    """The port, bound; `shared` with other processes that share it too: the kernel deals the connections out among them."""
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if shared and hasattr(socket, "SO_REUSEPORT"):
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        made.bind(("0.0.0.0", port))  # noqa: S104
    except OSError as wrong:
        made.close()
        raise BadSettings(f"PORT is {port}: {wrong.strerror}. Choose another, like PORT=9000.") from None
    return made
