"""Notice: how long before voting begins every seat of a roll must have been told, and what the ledgers of sending prove. Pure.

Whoever was texted was told when the text was queued; whoever gets a letter, when it was printed; nobody else was told.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from crm.kernel.refusal import N_, Reason

COUNTS = ("texts_in_time", "texts_late", "letters_in_time", "letters_late", "untold")


@dataclass(frozen=True)
class NoticeReport:
    """All organizations together: seats, and how many of them were told, in time or late, by which way."""

    days: int
    binds: bool
    seats: int
    counts: Mapping[str, int]

    @property
    def in_time(self) -> int:
        """Seats that were told in time."""
        return self.counts["texts_in_time"] + self.counts["letters_in_time"]

    @property
    def is_met(self) -> bool:
        """Whether every seat was."""
        return self.in_time == self.seats

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The rule and what was done, in words."""
        late = self.counts["texts_late"] + self.counts["letters_late"]
        untold = self.seats - self.in_time - late
        words = {"in_time": self.in_time, "seats": self.seats, "texts": self.counts["texts_in_time"], "letters": self.counts["letters_in_time"]}
        return (
            Reason(N_("The rule asks that every seat is told at least %(days)s days before voting begins."), {"days": self.days}),
            Reason(N_("Told in time: %(in_time)s of %(seats)s, %(texts)s by text and %(letters)s by letter."), words),
            *([Reason(N_("Told later: %(n)s."), {"n": late})] if late else []),
            *([Reason(N_("Not told: %(n)s."), {"n": untold})] if untold else []),
            Reason(N_("Notice was given as the rule asks.") if self.is_met else N_("Notice was short.")),
        )


def deadline(opens_at: datetime, days: int) -> datetime:
    """The last moment at which a seat is told in time."""
    return opens_at - timedelta(days=days)


def counted(rows: Iterable[tuple[str, datetime | None]], until: datetime) -> dict[str, Any]:
    """What an organization's ledger of (channel, told at) comes to: how many by each way in time and late, and when the first and the last."""
    found: dict[str, Any] = dict.fromkeys(COUNTS, 0)
    moments = []
    for channel, told_at in rows:
        if told_at is None:
            found["untold"] += 1
            continue
        found[f"{channel}s_{'in_time' if told_at <= until else 'late'}"] += 1
        moments.append(told_at)
    return found | ({"first": min(moments).isoformat(), "last": max(moments).isoformat()} if moments else {})


def report_of(rule: Mapping[str, Any], seats: int, told: Iterable[Mapping[str, Any]]) -> NoticeReport:
    """All ledgers of a vote together."""
    rows = list(told)
    return NoticeReport(rule["days"], rule["binds"], seats, {name: sum(row.get(name, 0) for row in rows) for name in COUNTS})


def issues_in_notice(days: int | None) -> list[Reason]:
    """What is wrong with the days asked."""
    return [] if days is None or 1 <= days <= 365 else [Reason(N_("Notice is given so many days before: from 1 to 365."), field="notice_days")]


def issues_before_notice(days: int | None, opens_at: datetime, now: datetime) -> list[Reason]:
    """Whether there is still time to tell everyone as the rule asks."""
    if days is None or now <= deadline(opens_at, days):
        return []
    return [Reason(N_("The rule asks for %(days)s days of notice, and voting would begin sooner. Choose a later hour."), {"days": days}, "opens_at")]
