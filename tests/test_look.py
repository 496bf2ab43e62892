"""The look: shapes say in words what they show, dates follow the organization's clock and the reader's language."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import g, get_template_attribute, render_template, render_template_string
from flask_babel import force_locale
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, IntegerField, RadioField, TextAreaField
from wtforms.validators import InputRequired

from crm.infra import look
from crm.infra.web import Form
from crm.kernel.refusal import Reason
from tests.clients import complaints
from tests.factories import MONDAY

STATIC = Path(look.__file__).parent.parent / "static"
EVENING = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)  # half past five on Monday in Los Angeles


@pytest.fixture
def on_page(app):
    with app.test_request_context():
        g.time_zone = "America/Los_Angeles"
        yield


class AskForm(Form):
    goal = IntegerField("Goal", [InputRequired("Write the goal as a number, like 300.")], description="How many")
    note = TextAreaField("Note")
    kind = RadioField("Kind", choices=[("a", "One"), ("b", "Two")])
    agree = BooleanField("May we text?")


@pytest.mark.parametrize(
    ("filter_", "value", "english", "spanish"),
    [
        (look.day, EVENING, "Monday, November 23", "lunes 23 de noviembre"),
        (look.day, date(2027, 3, 21), "Sunday, March 21, 2027", "domingo 21 de marzo de 2027"),
        (look.clock_time, EVENING, "5:30 pm", "5:30 pm"),
        (look.when, EVENING, "Today, 5:30 pm", "Hoy, 5:30 pm"),
        (look.when, date(2026, 11, 25), "Wednesday", "Miércoles"),
        (look.when, date(2026, 12, 25), "December 25", "25 de diciembre"),
        (look.when_inside, EVENING, "today, 5:30 pm", "hoy, 5:30 pm"),
        (look.when_inside, date(2026, 11, 25), "Wednesday", "miércoles"),
        (look.ago, MONDAY - timedelta(hours=2), "2 hours ago", "hace 2 horas"),
        (look.waited, MONDAY - timedelta(days=2), "2 days", "2 días"),
        (look.number, 1281, "1,281", "1,281"),
        (look.say, Reason("%(n)s", {"n": 1281}), "1,281", "1,281"),
    ],
)
def test_words_follow_the_clock_and_the_language(on_page, filter_, value, english, spanish) -> None:
    assert filter_(value) == english
    with force_locale("es"):
        assert filter_(value) == spanish


@pytest.mark.parametrize("filter_", [look.day, look.clock_time, look.when, look.when_inside, look.ago, look.waited, look.number])
def test_what_is_not_there_is_blank(on_page, filter_) -> None:
    assert filter_(None) == ""


@pytest.mark.parametrize(
    "shape",
    [
        lambda name: look.status("yes", name), lambda name: look.avatar(name), lambda name: look.rungs(3, name),
        lambda name: look.seats(10, 5, label=name, quorum=0.5, qlabel=name), lambda name: look.qr("x", label=name),
    ],
)  # fmt: skip
def test_no_shape_lets_markup_in(on_page, shape) -> None:
    drawn = shape("<b>\"&'")
    assert isinstance(drawn, Markup) and "<b>" not in drawn


def test_every_icon_and_mark_that_is_used_is_drawn() -> None:
    drawn = set(re.findall(r'id="([im]-[\w-]+)"', (STATIC / "icons.svg").read_text()))
    pages = "\n".join(path.read_text() for path in (STATIC.parent.parent / "templates").rglob("*.html"))
    used = {f"i-{name}" for name in re.findall(r'\bicon\("([\w-]+)"', pages)}
    used |= {f"m-{name}" for name in re.findall(r'\bmark\("([\w-]+)"', pages)}
    used |= {f"i-{item[1]}" for item in look.NAV if item}
    assert used <= drawn, f"not drawn: {sorted(used - drawn)}"


def test_shapes_hold_when_there_is_nothing(on_page) -> None:
    assert look.pct(1, 0) == "0%" and look.pct(5, 4) == "100%" and look.pct(-1, 4) == "0%"
    assert "pl-spark" in look.spark([]) and "circle" not in look.seats(0, 0)
    thermo = get_template_attribute("_parts/shapes.html", "thermo")
    assert "pl-thermo" in thermo(0, 0, 0, 0, 0, 0, 0)
    assert "0 percent yes" in get_template_attribute("_parts/shapes.html", "tally")(0, 0)


def test_seats_are_filled_from_the_left() -> None:
    drawn = look.seats(300, 187, rows=8)
    assert drawn.count("<circle") == 300 and drawn.count('class="on"') == 187
    lit = [float(x) for x in re.findall(r'cx="([\d.]+)"[^/]*class="on"', drawn)]
    assert max(lit) < 0.75 * float(re.search(r'viewBox="0 0 (\d+)', drawn)[1])


def test_a_field_says_its_hint_and_its_error(on_page) -> None:
    form = AskForm(MultiDict({"kind": "a"}))
    form.validate()
    html = render_template_string('{% from "_parts/forms.html" import field %}{{ field(form.goal) }}', form=form)
    assert 'aria-describedby="goal-hint goal-error"' in html and 'aria-invalid="true"' in html
    assert 'id="goal-hint">How many<' in html and "Write the goal as a number, like 300." in html


def test_what_a_rule_refuses_is_marked_at_its_field_and_said_once_above(on_page) -> None:
    form = AskForm(MultiDict({"kind": "a", "goal": "3"}))
    form.validate()
    form.refuse([Reason("Fewer than %(n)s.", {"n": 3}, "goal"), Reason("Not today."), Reason("No such field.", {}, "day")])
    html = render_template_string(
        '{% from "_parts/forms.html" import field, problems %}{{ problems(form) }}{{ field(form.goal) }}{{ form.note() }}', form=form)
    assert html.count("Fewer than 3.") == 2 and '<a href="#goal">Fewer than 3.</a>' in html and 'id="goal-error"' in html
    assert html.count('aria-invalid="true"') == 1 and 'aria-describedby="goal-hint goal-error"' in html
    assert "<li>Not today.</li>" in html and "<li>No such field.</li>" in html


def test_a_field_drawn_by_hand_is_marked_too(on_page) -> None:
    form = AskForm(MultiDict({"kind": "a"}))
    form.validate()
    assert 'aria-invalid="true"' in str(form.goal()) and "aria-invalid" not in str(form.note()) + str(form.once())


def test_a_forecast_of_nobody_draws_no_range(on_page) -> None:
    html = render_template_string('{% from "_parts/shapes.html" import thermo %}{{ thermo(0, 0, 40, 300, 0, 0, 0) }}')
    assert "Goal 300" in html and "pl-thermo-cast" not in html and "likely 0 to 0" not in html.split("aria-label")[1].split(">", 1)[1]


def test_all_problems_stand_in_one_box_with_links(on_page) -> None:
    form = AskForm(MultiDict({"kind": "a"}))
    form.validate()
    form.refusals.append(Reason("Two of %(n)s.", {"n": 3}, "note"))
    html = render_template_string('{% from "_parts/forms.html" import problems %}{{ problems(form) }}', form=form)
    assert 'role="alert"' in html and 'href="#goal"' in html and '<a href="#note">Two of 3.</a>' in html


def test_a_page_of_fields_is_whole(on_page) -> None:
    fields = "{{ field(form.goal) }}{{ field(form.note, rows=3) }}{{ field(form.kind) }}{{ field(form.agree) }}"
    html = render_template_string('{% from "_parts/forms.html" import field %}' + fields, form=AskForm())
    assert complaints(html, whole=False) == []
    assert 'rows="3"' in html and "checked" not in html


@pytest.mark.parametrize(
    ("state", "asked", "words", "can_stop"),
    [
        ("due", False, "Working on it", True), ("running", False, "40 of 100", True), ("running", True, "Stopping", False),
        ("done", False, "Done", False), ("stopped", False, "Stopped", False), ("failed", False, "could not be", False),
    ],
)  # fmt: skip
def test_progress_says_how_far_it_is_and_can_be_stopped(on_page, state, asked, words, can_stop) -> None:
    job = SimpleNamespace(id=5, state=state, is_stop_asked=asked, done=40, total=100)
    html = render_template_string('{% from "_parts/progress.html" import progress %}{{ progress(job) }}', job=job)
    assert words in html and ("/jobs/5/stop" in html) is can_stop
    assert ("hx-get" in html) is (state in ("due", "running"))


@pytest.mark.parametrize("code", [403, 404, 409, 422, 429, 500, 503])
@pytest.mark.parametrize("language", ["en", "es"])
def test_error_pages_need_no_database(on_page, count_queries, code, language) -> None:
    with force_locale(language), count_queries() as seen:
        html = render_template(f"errors/{code}.html", reasons=[Reason("Why.")], current=None)
    assert seen == [] and complaints(html) == []


def test_dark_is_only_for_screens() -> None:
    base = (STATIC.parent.parent / "templates/_base.html").read_text()
    assert 'media="screen and (prefers-color-scheme: dark)"' in base
    light = set(re.findall(r"(--pl-[\w-]+): #", (STATIC / "theme.css").read_text().split("2. Bootstrap")[0]))
    dark = set(re.findall(r"(--pl-[\w-]+): #", (STATIC / "dark.css").read_text()))
    assert light <= dark, f"light colours without a dark one: {sorted(light - dark)}"


def test_navigation_shows_what_the_role_may_see(signed_in) -> None:
    for name, sees, sees_not in (("imani", "Inbox", None), ("rita", "People", "Inbox"), ("vera", "People", "Texts")):
        html = signed_in(name, org="southbank").get("/").text
        rail = re.search(r'<nav class="pl-rail".*?</nav>', html, re.S)[0]
        assert f">{sees}<" in rail.replace("\n", "")
        assert sees_not is None or f">{sees_not}<" not in rail


def test_the_page_speaks_spanish_when_asked(signed_in) -> None:
    html = signed_in("imani", org="southbank").get("/?lang=es").text
    assert '<html lang="es">' in html and "Esta semana" in html


def test_the_same_moment_is_another_hour_and_day_elsewhere(on_page):
    for zone, hour, weekday in (("America/Los_Angeles", "5:30 pm", "Monday"), ("UTC", "1:30 am", "Tuesday"), ("America/Los_Angeles", "5:30 pm", "Monday")):
        g.time_zone = zone
        assert look.clock_time(EVENING) == hour and look.day(EVENING).startswith(weekday)
