"""Small writes that come at the same moment, in one transaction: whoever comes first writes for everyone who waits meanwhile.

Each caller returns when its own item is written and the commit is durable, so nothing is promised earlier; only the cost of a
commit is shared. After a commit that carried several the next one waits a moment for those who come with it, as a database's own
group commit does: where calls come in a storm each commit carries many, and a call that comes alone never waits. If writing several
fails, each is written alone, so that nobody pays for another's fault.
"""

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

GATHER_SECONDS = 0.001


class _Ticket:
    """One item on its way."""

    def __init__(self, item: Any):
        self.item, self.result, self.error, self.is_done = item, None, None, False


class Together:
    """`write` is given some items and returns the result of each, in order, when they are committed."""

    def __init__(self, write: Callable[[Sequence[Any]], Sequence[Any]]):
        self._write, self._waiting = write, []
        self._door, self._turn = threading.Lock(), threading.Lock()
        self._is_stormy = False

    def do(self, item: Any) -> Any:
        """Writes the item, with others or alone, and returns its result; raises what its own writing raised."""
        ticket = _Ticket(item)
        with self._door:
            self._waiting.append(ticket)
        with self._turn:
            if not ticket.is_done:
                if self._is_stormy:
                    time.sleep(GATHER_SECONDS)
                with self._door:
                    tickets, self._waiting = self._waiting, []
                self._is_stormy = len(tickets) > 1
                self._settle(tickets)
        if ticket.error is not None:
            raise ticket.error
        return ticket.result

    def _settle(self, tickets: list[_Ticket]) -> None:
        try:
            results = self._write([ticket.item for ticket in tickets])
        except Exception as error:
            if len(tickets) > 1:
                for ticket in tickets:
                    self._settle([ticket])
                return
            tickets[0].error, results = error, [None]
        for ticket, result in zip(tickets, results, strict=True):
            ticket.result, ticket.is_done = result, True
