"""How the comparisons of facts become SQL: each helper returns what a Fact's `clause` is."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Date, Exists, and_, false, func, not_, or_

from crm.people.rules import read_number

Clause = Callable[[str, str, datetime], ColumnElement[bool]]


def compare(column: ColumnElement, comparison: str, value: object) -> ColumnElement[bool]:
    """The usual comparisons on a column; "is not" includes people for whom nothing is known."""
    if comparison == "is_not":
        return or_(column != value, column.is_(None))
    return {
        "is": column == value,
        "at_least": column >= value,
        "at_most": column <= value,
        "since": column >= value,
        "before": column < value,
    }[comparison]


def holds(condition: ColumnElement[bool], comparison: str) -> ColumnElement[bool]:
    """A yes-or-no condition, turned round by "is not"."""
    return negated(condition) if comparison == "is_not" else condition


def span(column: ColumnElement, comparison: str, value: str, now: datetime) -> list[ColumnElement[bool]]:
    """That a day or an instant lies in the time that a comparison names; "ever" asks nothing."""
    if comparison in ("ever", "never", "known", "unknown"):
        return []
    if comparison in ("since", "before"):
        edge: date = datetime.combine(datetime.fromisoformat(value), time(), UTC)
    else:
        edge = now + timedelta(days=int(value) * (1 if comparison == "next" else -1))
    today: date = now
    if isinstance(column.type, Date):
        edge, today = edge.date(), now.date()  # type: ignore[attr-defined]
    if comparison == "next":
        return [column >= today, column <= edge]
    return [column < edge if comparison == "before" else column >= edge]


def happened(found: Callable[..., ColumnElement[bool]], column: ColumnElement) -> Clause:
    """For facts of kind date: `found(*more)` is an EXISTS, `column` says when it was."""

    def clause(comparison: str, value: str, now: datetime) -> ColumnElement[bool]:
        there = found(*span(column, comparison, value, now))
        return ~there if comparison in ("not_within", "never") else there

    return clause


def on_day(column: ColumnElement) -> Clause:
    """For facts of kind day: a day or an instant that the person's own row holds, or that is not known."""

    def clause(comparison: str, value: str, now: datetime) -> ColumnElement[bool]:
        if comparison in ("known", "unknown"):
            return column.is_not(None) if comparison == "known" else column.is_(None)
        here = and_(*span(column, comparison, value, now))
        return or_(column.is_(None), not_(here)) if comparison == "not_within" else here

    return clause


def plain(column: ColumnElement, read: Callable = str) -> Clause:
    """For facts of kind choice, level and score: a column of the person's own row."""

    def clause(comparison: str, value: str, now: datetime) -> ColumnElement[bool]:
        if comparison in ("known", "unknown"):
            return column.is_not(None) if comparison == "known" else column.is_(None)
        return compare(column, comparison, read(value))

    return clause


def texts(column: ColumnElement) -> Clause:
    """For facts of kind text: part of it, all of it, or whether there is any."""

    def clause(comparison: str, value: str, now: datetime) -> ColumnElement[bool]:
        if comparison in ("known", "unknown"):
            return column > "" if comparison == "known" else or_(column == "", column.is_(None))
        return column.icontains(value, autoescape=True) if comparison == "contains" else compare(column, comparison, value)

    return clause


def times(counted: ColumnElement) -> Clause:
    """For facts of kind times: `counted` is a scalar subquery that counts something of a person's."""
    return lambda comparison, value, now: compare(counted, comparison, int(read_number(value) or 0))


def flag(condition: ColumnElement[bool]) -> Clause:
    """For facts of kind flag: a condition that holds or does not."""
    return lambda comparison, value, now: holds(condition, comparison)


def negated(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """The opposite, where "not known" counts as no. EXISTS is never unknown, and bare it stays an anti-join."""
    inner = getattr(condition, "element", condition)
    return ~condition if isinstance(condition, Exists) or isinstance(inner, Exists) else not_(func.coalesce(condition, false()))
