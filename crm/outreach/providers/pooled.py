"""How the official library reaches Twilio: kept connections, both time limits, no repeats, no redirects, nothing that leaves too late.

The library's own client looks through the environment again for each call and waits for ever by default; this one costs half the
processor time a text.
"""

import math
import re
import threading
import time
from typing import Any
from urllib.parse import urlencode
from urllib.request import getproxies, proxy_bypass

import certifi
import urllib3
from twilio.http import HttpClient
from twilio.http.response import Response
from urllib3.connection import HTTPConnection, HTTPSConnection

TIME_LIMITS = (5, 15)  # seconds to connect, seconds to answer
TWILIO = re.compile(r"https://\w+\.twilio\.com")
_call = threading.local()


class TooLate(Exception):
    """The call was not made: its time was over before all of it had left, as for a process that was frozen."""


class _InTime:
    """A connection that looks at the clock right before each write: whatever stops a process, it mostly stops it before that."""

    def send(self, data: Any) -> None:
        if time.monotonic() > getattr(_call, "until", math.inf):
            raise TooLate
        super().send(data)  # type: ignore[misc]


class _Plain(urllib3.HTTPConnectionPool):
    ConnectionCls = type("PlainInTime", (_InTime, HTTPConnection), {})


class _Secure(urllib3.HTTPSConnectionPool):
    ConnectionCls = type("SecureInTime", (_InTime, HTTPSConnection), {})


class PooledClient(HttpClient):
    """The library's transport; with an address, all of Twilio's hosts are looked for there."""

    def __init__(self, base_url: str = "", time_limits: tuple[float, float] = TIME_LIMITS, size: int = 8):
        super().__init__(None, False, sum(time_limits))
        self.base_url = base_url.rstrip("/")
        self.limits = urllib3.Timeout(connect=time_limits[0], read=time_limits[1])
        options: dict[str, Any] = {"maxsize": size, "block": False, "retries": False, "timeout": self.limits, "ca_certs": certifi.where()}
        proxy = None if base_url or proxy_bypass("api.twilio.com") else getproxies().get("https")
        self.pool = urllib3.ProxyManager(proxy, **options) if proxy else urllib3.PoolManager(**options)
        self.pool.pool_classes_by_scheme = {"http": _Plain, "https": _Secure}

    def leave_by(self, at: float) -> None:
        """Calls of this thread that have not left by then (monotonic seconds) are not made."""
        _call.until = at

    def request(
        self, method: str, url: str, params: Any = None, data: Any = None, headers: Any = None, auth: tuple[str, str] | None = None, timeout: Any = None,
        allow_redirects: bool = False,
    ) -> Response:
        """One call, never repeated; raises urllib3's errors when there is no answer."""
        if self.base_url:
            url = TWILIO.sub(self.base_url, url, count=1)
        asked = {name: value for name, value in (params or {}).items() if value is not None}
        if asked:
            url += ("&" if "?" in url else "?") + urlencode(asked, doseq=True)
        said = dict(headers or {})
        if auth:
            said |= urllib3.util.make_headers(basic_auth=":".join(auth))
        body = urlencode(data, doseq=True) if data else None
        answer = self.pool.request(method, url, body=body, headers=said, redirect=False)
        return Response(answer.status, answer.data.decode(), answer.headers)
