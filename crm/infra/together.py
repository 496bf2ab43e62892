"""Small writes that come at the same moment, in one transaction: whoever comes first writes for everyone who waits meanwhile.

Each caller returns when its own item is written and the commit is durable, so nothing is promised earlier; only the cost of a
commit is shared. If writing several fails, each is written alone, so that nobody pays for another's fault.
"""

import threading
from collections.abc import Callable, Sequence
from typing import Any


class _Ticket:
    """One item on its way."""

    def __init__(self, item: Any):
        self.item, self.result, self.error, self.is_done = item, None, None, False


class Together:
    """`write` is given some items and returns the result of each, in order, when they are committed."""

    def __init__(self, write: Callable[[Sequence[Any]], Sequence[Any]]):
        self._write, self._waiting = write, []
        self._door, self._turn = threading.Lock(), threading.Lock()

    def do(self, item: Any) -> Any:
        """Writes the item, with others or alone, and returns its result; raises what its own writing raised."""
        ticket = _Ticket(item)
        with self._door:
            self._waiting.append(ticket)
        with self._turn:
            if not ticket.is_done:
                with self._door:
                    tickets, self._waiting = self._waiting, []
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
