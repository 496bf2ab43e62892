"""What an organization decided for its texts: when a second person must agree, its own web addresses, when sending pauses itself."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from crm.kernel.refusal import N_, Reason

_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")


@dataclass(frozen=True)
class TextingOptions:
    """An organization's own choices; what stands here is what holds until somebody chooses otherwise."""

    two_people_above: int = 1000  # texts of one broadcast that one person may send alone
    pause_at_percent: int = 15  # of the latest texts that did not arrive
    hosts: tuple[str, ...] = ()
    signs_up: bool = True  # whether anyone may sign up for texts on the public page

    def as_data(self) -> dict[str, Any]:
        """As the organization keeps it."""
        return asdict(self) | {"hosts": list(self.hosts)}


EXACT = 5000  # people of a list that is planned while someone waits; above, how many texts it makes is known only afterwards


def needs_second(people: int, texts: int, limit: int) -> bool:
    """Whether a second person must agree: by the texts, and by the people where the texts are too many to count first."""
    return (texts if people <= EXACT else people) > limit


def texting_options(options: Mapping[str, Any] | None) -> TextingOptions:
    """The choices in an organization's options."""
    kept = (options or {}).get("texting", {})
    return TextingOptions(**{name: tuple(value) if name == "hosts" else value for name, value in kept.items()})


def read_hosts(typed: str) -> tuple[str, ...]:
    """Web addresses as typed, one a line or with commas, without https:// and path."""
    words = re.split(r"[\s,;]+", typed.casefold())
    return tuple(dict.fromkeys(re.sub(r"^https?://|/.*$", "", word) for word in words if word))


def issues_in_options(chosen: TextingOptions) -> list[Reason]:
    """Everything that is wrong with the choices."""
    wrong = [Reason(N_("%(host)s is not a web address. Write it like southbank.org."), {"host": host}, "hosts")
             for host in chosen.hosts if not _HOST.fullmatch(host)]  # fmt: skip
    if not 1 <= chosen.two_people_above <= 1_000_000:
        wrong.append(Reason(N_("Write a number from 1 to 1,000,000."), field="two_people_above"))
    if not 2 <= chosen.pause_at_percent <= 100:
        wrong.append(Reason(N_("Write a share from 2 to 100 percent."), field="pause_at_percent"))
    return wrong
