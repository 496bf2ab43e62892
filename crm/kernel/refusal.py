"""Refusals: why something may not be done, in words a member understands, all reasons at once."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any


def N_(text: str) -> str:
    """Marks a message for the translation catalog and returns it unchanged; the page translates it."""
    return text


@dataclass(frozen=True)
class Reason:
    """One reason: an English message with %(name)s places, and what fills them. `field` names the form field it is about."""

    text: str
    params: dict[str, Any] = field(default_factory=dict)
    field: str | None = None

    def __str__(self) -> str:
        return self.text % self.params if self.params else self.text


@dataclass(frozen=True)
class Refusal:
    """All reasons why not. An empty one is false, so a rule may return it or None alike."""

    reasons: tuple[Reason, ...] = ()

    def __init__(self, reasons: Iterable[Reason] = ()):
        object.__setattr__(self, "reasons", tuple(reasons))

    def __bool__(self) -> bool:
        return bool(self.reasons)

    def __str__(self) -> str:
        return " ".join(map(str, self.reasons))


class Refused(Exception):
    """Raised by an action that a rule refuses; carries every reason and never a half-done change."""

    def __init__(self, why: "Refusal | Reason | str | Iterable[Reason]", **params: Any):
        if isinstance(why, str):
            why = Reason(why, params)
        if isinstance(why, Reason):
            why = (why,)
        self.reasons: tuple[Reason, ...] = why.reasons if isinstance(why, Refusal) else tuple(why)
        super().__init__(" ".join(map(str, self.reasons)))


class Missing(Exception):
    """A record that is not there, or not for this actor: the two look alike on purpose."""


class Conflict(Exception):
    """Someone else changed the record meanwhile; `theirs` is what is saved now, `mine` what was about to be saved."""

    def __init__(self, mine: Any = None, theirs: Any = None):
        super().__init__("changed meanwhile")
        self.mine, self.theirs = mine, theirs
