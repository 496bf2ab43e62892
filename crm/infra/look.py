"""How things look: the shapes and filters that every template may use. `register(app)` installs them."""

import math
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import segno
from babel.dates import format_datetime, format_time, format_timedelta
from babel.numbers import format_decimal
from flask import Flask, current_app, g, has_app_context, url_for
from flask_babel import force_locale, get_locale, gettext
from markupsafe import Markup

from crm.infra import words
from crm.infra.clock import now
from crm.kernel.languages import LANGUAGES, PAGE_LANGUAGES
from crm.kernel.names import initials
from crm.kernel.permissions import Action
from crm.kernel.phone import show_phone
from crm.kernel.refusal import N_, Reason

# Spanish is written as organizations in the United States write it: 1,281 people, 10:00 am (without points, which would
# stand double at the end of a sentence).
REGIONS = {"es": "es_US"}
COMMAS = ("en", "es_US")  # where thousands are set off by commas
DAY = {"en": "EEEE, MMMM d", "es": "EEEE d 'de' MMMM"}
SHORT_DAY = {"en": "MMMM d", "es": "d 'de' MMMM"}
YEAR = {"en": ", y", "es": " 'de' y"}
# What was written once is not written anew. Keyed by what the clock shows there, without its zone: the same moment is another hour elsewhere.
_decimal, _dated, _timed = (lru_cache(4096, typed=True)(each) for each in (format_decimal, format_datetime, format_time))

# (name of the page in `{% block nav %}`, icon, label, endpoint, what one must be allowed to do); None is a gap.
NAV = (
    ("week", "week", N_("This week"), "home.week_get", Action.SEE_WEEK),
    ("inbox", "inbox", N_("Inbox"), "inbox.inbox_get", Action.SEE_INBOX),
    None,
    ("people", "people", N_("People"), "people.people_get", Action.SEE_PEOPLE),
    ("partners", "partners", N_("Partners"), "assemblies.partners_get", Action.SEE_ASSEMBLIES),
    ("assemblies", "assembly", N_("Assemblies"), "assemblies.assemblies_get", Action.SEE_ASSEMBLIES),
    ("texts", "send", N_("Texts"), "broadcasts.broadcasts_get", Action.SEND_TEXTS),
    None,
    ("platforms", "platform", N_("Platforms"), "platforms.platforms_get", Action.SEE_PLATFORMS),
    ("votes", "check", N_("Votes"), "ratifications.ratifications_get", Action.SEE_VOTES),
    ("responses", "follow", N_("Responses"), "accountability.board_get", Action.SEE_ASSEMBLIES),
    None,
    ("colleagues", "lock", N_("Who may do what"), "accounts.colleagues_get", Action.ADMINISTER),
)
TABS = ("week", "inbox", "people", "assemblies")
SCORES = {
    0: N_("not assessed yet"), 1: N_("1, leads others"), 2: N_("2, supports"),
    3: N_("3, undecided"), 4: N_("4, leans against"), 5: N_("5, opposed"),
}  # fmt: skip


def register(app: Flask) -> None:
    """Installs the shapes as globals and the ways of writing dates, numbers and reasons as filters."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        icon=icon, mark=mark, status=status, rungs=rungs, score=score, avatar=avatar, spark=spark, seats=seats, qr=qr, pct=pct,
        has_endpoint=has_endpoint, nav_items=nav_items, nav_tabs=TABS, page_languages={tag: LANGUAGES[tag] for tag in PAGE_LANGUAGES},
    )  # fmt: skip
    app.jinja_env.filters.update(
        day=day, clock_time=clock_time, ago=ago, waited=waited, when=when, when_inside=when_inside, number=number, phone=show_phone, say=say
    )


def has_endpoint(name: str) -> bool:
    """Whether this instance has the page."""
    return name in current_app.view_functions


def nav_items(current: Any) -> list[tuple[str, str, str, str] | None]:
    """The navigation of this person: pages that exist and that the role may see."""
    seen = [item if item is None else item[:4] for item in NAV if item is None or (has_endpoint(item[3]) and current and current.may(item[4]))]
    return [item for item, before in zip(seen, [None, *seen], strict=False) if item or before]


# Shapes ---------------------------------------------------------------------------------------------------------


def _use(kind: str, name: str) -> Markup:
    return Markup('<use href="{}#{}-{}"/>').format(url_for("static", filename="icons.svg"), kind, name)


def icon(name: str, cls: str = "") -> Markup:
    """A line icon; it says nothing by itself, so a word stands beside it."""
    return Markup('<svg class="pl-i {}" aria-hidden="true">{}</svg>').format(cls, _use("i", name))


def mark(name: str, cls: str = "") -> Markup:
    """A status mark: yes, no, wait, off, dash, late or plum, told apart by shape."""
    drawn = _use("m", name)
    return Markup('<svg class="pl-mark {}" viewBox="0 0 24 24" aria-hidden="true">{}</svg>').format(cls, drawn)


def status(s: str, word: str, shape: str | None = None) -> Markup:
    """A mark and its word, never the mark alone."""
    return Markup('<span class="pl-status" data-s="{}">{}{}</span>').format(s, mark(shape or s), word)


def rungs(n: int | None, label: str | None = None) -> Markup:
    """Five rungs, `n` of them reached."""
    dots = Markup("").join(Markup('<i class="on"></i>' if i < (n or 0) else "<i></i>") for i in range(5))
    label = label or gettext("Rung %(n)s of 5", n=n or 0)
    return Markup('<span class="pl-rungs" role="img" aria-label="{}">{}</span>').format(label, dots)


def score(v: int | None) -> Markup:
    """An assessment from 1 (leads others) to 5 (opposed); none is dashed."""
    words = gettext(SCORES[v or 0])
    label = gettext("Assessment: %(words)s", words=words)
    drawn = '<span class="pl-score" data-v="{}" role="img" aria-label="{}" title="{}">{}</span>'
    return Markup(drawn).format(v or 0, label, words, v or "?")


def avatar(name: str, t: int | None = None, cls: str = "") -> Markup:
    """Initials in a circle whose tint follows from the name."""
    tint = t or sum(map(ord, name)) % 5 + 1
    drawn = '<span class="pl-avatar {}" data-t="{}" aria-hidden="true">{}</span>'
    return Markup(drawn).format(cls, tint, initials(name))


def spark(vals: Sequence[float], top: float | None = None, w: int = 84, h: int = 24) -> Markup:
    """A small line of a few weeks; the dotted line is `top` (the pledge)."""
    vals = list(vals) or [0]
    top = top or max(vals) or 1
    step = w / max(len(vals) - 1, 1)
    points = [(round(i * step, 1), round(h - 2 - min(v / top, 1) * (h - 4), 1)) for i, v in enumerate(vals)]
    drawn = (
        '<svg class="pl-spark" viewBox="0 0 {} {}" role="img" aria-label="{}"><line x1="0" x2="{}" y1="2" y2="2"/>'
        '<polyline points="{}"/><circle cx="{}" cy="{}" r="3"/></svg>'
    )
    label = gettext("From %(first)s to %(last)s", first=vals[0], last=vals[-1])
    return Markup(drawn).format(w, h, label, w, " ".join(f"{x},{y}" for x, y in points), *points[-1])


def _seat_places(total: int, rows: int, r0: float, gap: float) -> tuple[list[float], list[tuple[float, float]]]:
    """Radii of the rows, and (radius, angle) of each seat, leftmost first."""
    radii = [r0 + i * gap for i in range(rows)]
    counts = [round(total * radius / sum(radii)) for radius in radii]
    counts[-1] = max(counts[-1] + total - sum(counts), 0)
    rows_of = zip(radii, counts, strict=True)
    places = [(radius, math.pi * (1 - (k + 0.5) / n)) for radius, n in rows_of for k in range(n)]
    return radii, sorted(places, key=lambda place: (-place[1], place[0]))


def seats(total: int, on: int, rows: int = 6, quorum: float | None = None, label: str = "", qlabel: str = "",
          r0: float = 150, gap: float = 31, r: float = 10.5) -> Markup:  # fmt: skip
    """A half circle of seats, filled from the left; the line is quorum (a share of the arc)."""
    radii, places = _seat_places(total, rows, r0, gap)
    wide, high = 2 * (radii[-1] + r + 6), radii[-1] + r + 18
    cx, cy, above = wide / 2, high - 6, 32 if qlabel else 0

    def at(radius: float, angle: float) -> tuple[str, str]:
        return f"{cx + radius * math.cos(angle):.1f}", f"{cy - radius * math.sin(angle):.1f}"

    empty, taken = Markup('<circle cx="{}" cy="{}" r="{}"/>'), Markup('<circle cx="{}" cy="{}" r="{}" class="on"/>')
    drawn = [(taken if i < on else empty).format(*at(*place), r) for i, place in enumerate(places)]
    if quorum is not None:
        angle, end = math.pi * (1 - quorum), radii[-1] + 18
        drawn.append(Markup('<line x1="{}" y1="{}" x2="{}" y2="{}"/>').format(*at(radii[0] - 24, angle), *at(end, angle)))
        x, y = at(end, angle)
        x, anchor = ("0", "start") if quorum < 0.15 else (f"{wide:.0f}", "end") if quorum > 0.85 else (x, "middle")  # no word is cut off at an end
        drawn.append(Markup('<text x="{}" y="{}" text-anchor="{}">{}</text>').format(x, float(y) - 7, anchor, qlabel))
    box = f"0 {-above} {wide:.0f} {high + above:.0f}"
    shell = Markup('<svg class="pl-seats w-100" viewBox="{}" role="img" aria-label="{}">{}</svg>')
    return shell.format(box, label, Markup("").join(drawn))


def qr(text: str, cls: str = "pl-qr", label: str | None = None) -> Markup:
    """A QR code, dark on white in both themes so that every camera reads it."""
    rows = [list(row) for row in segno.make(text, error="m", micro=False).matrix]
    size = len(rows) + 4
    dots = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    drawn = (
        '<svg class="{}" viewBox="-2 -2 {} {}" shape-rendering="crispEdges" role="img" aria-label="{}">'
        '<rect x="-2" y="-2" width="{}" height="{}" fill="#fff"/><path d="{}" fill="#22162A"/></svg>'
    )
    return Markup(drawn).format(cls, size, size, label or gettext("QR code"), size, size, dots)


def pct(a: float, b: float) -> str:
    """`a` of `b` as a CSS width, between nothing and all."""
    return f"{100 * min(max(a / b, 0), 1):.4g}%" if b else "0%"


# Words ----------------------------------------------------------------------------------------------------------


def _region() -> str:
    language = get_locale().language
    return REGIONS.get(language, language)


def _local(moment: date) -> datetime:
    """The moment on the organization's clock; a bare date is that day there."""
    zone = ZoneInfo(g.get("time_zone") or "UTC")
    if not isinstance(moment, datetime):
        return datetime(moment.year, moment.month, moment.day, tzinfo=zone)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(zone)


def _written(local: datetime, patterns: dict[str, str]) -> str:
    language = get_locale().language
    pattern = patterns.get(language, patterns["es"])
    if local.year != _local(now()).year:
        pattern += YEAR.get(language, YEAR["es"])
    return _dated(local.replace(tzinfo=None), pattern, locale=_region())


def day(moment: date | None) -> str:
    """Saturday, March 21; with the year when it is another one."""
    return _written(_local(moment), DAY) if moment else ""


def clock_time(moment: datetime | None) -> str:
    """10:00 am."""
    text = _timed(_local(moment).time(), "short", locale=_region()).replace("\u202f", " ") if moment else ""
    return text.replace("AM", "am").replace("PM", "pm").replace("a.m.", "am").replace("p.m.", "pm")


def ago(moment: datetime | None) -> str:
    """2 hours ago."""
    return _distance(moment, True)


def waited(moment: datetime | None) -> str:
    """2 hours."""
    return _distance(moment, False)


def _distance(moment: datetime | None, add_direction: bool) -> str:
    if not moment:
        return ""
    distance = _local(moment) - _local(now())
    if abs(distance) < timedelta(minutes=1):
        return gettext("just now")
    return format_timedelta(distance, threshold=1, add_direction=add_direction, locale=_region())


def when(moment: date | None) -> str:
    """Today, 5:30 pm; Wednesday, 5:30 pm within the week; March 21, 5:30 pm beyond. A bare date has no time."""
    words = when_inside(moment)
    return words[:1].upper() + words[1:]


def when_inside(moment: date | None) -> str:
    """The same inside a sentence: confirmed today, 5:30 pm; and in Spanish miércoles, 5:30 pm."""
    if not moment:
        return ""
    local = _local(moment)
    words = _near_day(local, (local.date() - _local(now()).date()).days)
    return f"{words}, {clock_time(moment)}" if isinstance(moment, datetime) else words


def _near_day(local: datetime, days: int) -> str:
    if days in (-1, 0, 1):
        return (gettext("Today"), gettext("Tomorrow"), gettext("Yesterday"))[days].lower()
    if 1 < days < 7:
        return format_datetime(local, "EEEE", locale=_region())
    return _written(local, SHORT_DAY)


def number(value: float | None) -> str:
    """1,281."""
    region = _region()
    if type(value) is int and region in COMMAS:  # a count that grows with each ballot is written anew each time
        return f"{value:,}"
    return "" if value is None else _decimal(value, locale=region)


def say(reason: Reason | str) -> str:
    """A reason in the reader's language; what is already written passes through."""
    if isinstance(reason, Reason):
        return gettext(reason.text, **{name: _param(value) for name, value in reason.params.items()})
    return str(reason)


def say_in(reason: Reason, language: str) -> str:
    """A reason in that language, also where there is no reader: in a job the page's own translations are silent."""
    if has_app_context():
        with force_locale(language):
            return str(say(reason))
    text = words.catalog(language).ugettext(reason.text)
    return text % {name: say_in(value, language) if isinstance(value, Reason) else str(value) for name, value in reason.params.items()}


def _param(value: Any) -> str:
    if isinstance(value, (Reason, list)):
        return say(value) if isinstance(value, Reason) else ", ".join(map(_param, value))
    if isinstance(value, datetime):
        return when_inside(value)
    if isinstance(value, date):
        return day(value)
    return number(value) if isinstance(value, int) and not isinstance(value, bool) else str(value)
