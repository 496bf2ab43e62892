"""Settings, read once from the environment and refused at start if they contradict each other."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

WRITE_URL = "starts with sqlite:/// or postgresql://."
SIGNATURES = ("HMAC-SHA1", "HMAC-SHA256")
QUEUES = ("sqlite:///", "postgres", "redis://", "rediss://", "valkey://")


class BadSettings(Exception):
    """The environment does not make sense; the message says which variable and what to write."""


@dataclass(frozen=True)
class Settings:
    """Everything that differs between instances. Nothing is written outside `data_dir`."""

    data_dir: Path
    port: int = 8000
    public_url: str = "http://127.0.0.1:8000"
    database_url: str = ""
    database_owner_url: str = ""
    queue_url: str = ""
    is_demo: bool = False
    is_testing: bool = False
    twilio_account_sid: str = ""
    twilio_auth_token: str = ""
    twilio_messaging_service_sid: str = ""
    twilio_from: str = ""
    twilio_base_url: str = ""
    twilio_signature: str = "HMAC-SHA1"
    twilio_signing_secret: str = ""
    proxy_hops: int = 0
    lease_seconds: int = 60
    sealed_ballots: str = ""

    @property
    def has_twilio(self) -> bool:
        return bool(self.twilio_account_sid)

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https://")

    def but(self, **changes: object) -> "Settings":
        return replace(self, **changes)  # type: ignore[arg-type]


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Settings from the environment; raises BadSettings naming every wrong variable at once."""
    wrong: list[str] = []
    data_dir = Path(environ.get("PLENARY_DATA", "instance")).resolve()
    port = _number(environ, "PORT", 8000, wrong)
    settings = Settings(
        data_dir=data_dir,
        port=port,
        public_url=environ.get("PUBLIC_URL", f"http://127.0.0.1:{port}").rstrip("/"),
        database_url=environ.get("DATABASE_URL") or f"sqlite:///{data_dir / 'plenary.db'}",
        database_owner_url=environ.get("DATABASE_OWNER_URL") or environ.get("DATABASE_URL") or f"sqlite:///{data_dir / 'plenary.db'}",
        queue_url=environ.get("QUEUE_URL") or f"sqlite:///{data_dir / 'queue.db'}",
        is_demo=environ.get("PLENARY_DEMO", "") == "1",
        twilio_account_sid=environ.get("TWILIO_ACCOUNT_SID", ""),
        twilio_auth_token=environ.get("TWILIO_AUTH_TOKEN", ""),
        twilio_messaging_service_sid=environ.get("TWILIO_MESSAGING_SERVICE_SID", ""),
        twilio_from=environ.get("TWILIO_FROM", ""),
        twilio_base_url=environ.get("TWILIO_BASE_URL", ""),
        twilio_signature=environ.get("TWILIO_SIGNATURE") or "HMAC-SHA1",
        twilio_signing_secret=environ.get("TWILIO_SIGNING_SECRET", ""),
        proxy_hops=_number(environ, "PROXY_HOPS", 0, wrong),
        lease_seconds=_number(environ, "LEASE_SECONDS", 60, wrong),
        sealed_ballots=environ.get("PLENARY_SEALED_BALLOTS", ""),
    )
    wrong += _contradictions(settings)
    if wrong:
        raise BadSettings("\n".join(wrong))
    return settings


def _number(environ: Mapping[str, str], name: str, default: int, wrong: list[str]) -> int:
    value = environ.get(name, "")
    if value and not value.isdigit():
        wrong.append(f"{name} is {value!r}: write it as a whole number, like {default}.")
        return default
    return int(value or default)


def _contradictions(s: Settings) -> list[str]:
    wrong = []
    if not s.public_url.startswith(("http://", "https://")):
        wrong.append(f"PUBLIC_URL is {s.public_url!r}: it starts with https:// (or http:// on your own machine).")
    if not s.has_twilio and (s.twilio_auth_token or s.twilio_messaging_service_sid or s.twilio_from):
        wrong.append("TWILIO_ACCOUNT_SID is missing beside the other TWILIO_ settings: no text would leave.")
    if s.has_twilio and not s.twilio_auth_token:
        wrong.append("TWILIO_ACCOUNT_SID is set and TWILIO_AUTH_TOKEN is not: texting needs both.")
    if s.has_twilio and not (s.twilio_messaging_service_sid or s.twilio_from):
        wrong.append("Texting needs TWILIO_MESSAGING_SERVICE_SID (or TWILIO_FROM, one number).")
    if s.twilio_signature not in SIGNATURES:
        wrong.append(f"TWILIO_SIGNATURE is {s.twilio_signature!r}: it is HMAC-SHA1 (Twilio's default) or HMAC-SHA256 (with TWILIO_SIGNING_SECRET).")
    if (s.twilio_signature == "HMAC-SHA256") is not bool(s.twilio_signing_secret):
        wrong.append("TWILIO_SIGNING_SECRET goes with TWILIO_SIGNATURE=HMAC-SHA256, and only with it: it is the secret of Twilio's shared key.")
    if s.has_twilio and s.is_demo:
        wrong.append("The demonstration never sends real texts: unset TWILIO_ACCOUNT_SID or PLENARY_DEMO.")
    if s.sealed_ballots not in ("", "not-reviewed"):
        wrong.append("PLENARY_SEALED_BALLOTS is not-reviewed or not set: no cryptographer has reviewed sealed ballots, and who turns them on says so.")
    for name, url in (("DATABASE_URL", s.database_url), ("DATABASE_OWNER_URL", s.database_owner_url)):
        if not url.startswith(("sqlite:///", "postgresql")) and f"DATABASE_URL {WRITE_URL}" not in wrong:
            wrong.append(f"{name} {WRITE_URL}")
    if not s.queue_url.startswith(QUEUES):
        wrong.append("QUEUE_URL starts with sqlite:///, postgresql:// or redis://.")
    if not 0 < s.port < 65536:
        wrong.append(f"PORT is {s.port}: it lies between 1 and 65535.")
    return wrong
