"""Two people edit one record at once: what goes together, and what somebody has to decide."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

LISTS = ("phones", "emails", "addresses", "tags")
"""Fields of which both versions can be kept."""


def mark(value: Any) -> str:
    """A short mark of a value: a page carries it to say which version its reader saw."""
    plain = json.dumps(_simple(value), sort_keys=True, default=str)
    return hashlib.sha256(plain.encode()).hexdigest()[:12]


def _simple(value: Any) -> Any:
    return None if value in ("", [], (), {}) else value


def marks(record: Mapping[str, Any]) -> dict[str, str]:
    """The marks of a whole record."""
    return {name: mark(value) for name, value in record.items()}


def bring_together(seen: Mapping[str, str], mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """(what I changed and they did not, fields that both changed differently); `seen` are the marks of what I began from."""
    changed = {name: value for name, value in mine.items() if mark(value) != mark(theirs.get(name))}
    own, both = {}, []
    for name, value in changed.items():
        was = seen.get(name)
        if was is None or was not in (mark(value), mark(theirs.get(name))):
            both.append(name)
        elif was == mark(theirs.get(name)):
            own[name] = value
    return own, both


def choose(chosen: Mapping[str, str], mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, Any]:
    """My version after I decided field by field: "theirs" leaves a field alone, "both" joins two lists, anything else is mine."""
    decided = {}
    for name, value in mine.items():
        choice = chosen.get(name)
        if choice == "both" and name in LISTS:
            decided[name] = joined(theirs.get(name) or [], value or [])
        elif choice != "theirs":
            decided[name] = value
    return decided


def joined(first: list, second: list) -> list:
    """Both lists, each entry once; a number or an address that stands in both is said as in the first."""
    keys: dict[Any, Any] = {}
    for entry in [*first, *second]:
        keys.setdefault(_key(entry), entry)
    return list(keys.values())


def _key(entry: Any) -> Any:
    if isinstance(entry, str):
        return entry.casefold()
    return tuple(entry) if len(entry) > 3 else entry[0]
