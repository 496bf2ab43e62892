"""Rules of assemblies, as tables: values in, decisions out."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from crm.assemblies import rules
from crm.assemblies.playbooks import playbook_of
from crm.assemblies.rules.next_steps import next_steps
from crm.assemblies.rules.program import move_session, read_item, read_session

pytestmark = pytest.mark.one_database

ZONE = "America/Los_Angeles"
TODAY = date(2026, 11, 23)


def answers(**changes):
    given = {
        "title": {"en": "People's Housing Assembly", "es": "Asamblea de Vivienda"},
        "question": {"en": "What must change?", "es": "¿Qué debe cambiar?"},
        "day": date(2027, 2, 6),
        "goal": 300,
        "time_zone": ZONE,
        "today": TODAY,
        "place": "Carver Street Hall",
    }
    return rules.Answers(**(given | changes))


def plan(kind="A2", **changes):
    return rules.plan_assembly(playbook_of(kind), answers(**changes))


# --- plan -------------------------------------------------------------------------------------------------------------


def test_a_plan_has_all_dates():
    found = plan()
    assert not found.problems
    assert [(s.day.isoformat(), s.starts) for s in found.sessions] == [
        ("2027-01-09", time(18)),
        ("2027-01-23", time(18)),
        ("2027-02-06", time(10)),
    ]
    main = found.sessions[-1]
    assert main.starts_at == datetime(2027, 2, 6, 18, tzinfo=UTC)
    assert main.ends == time(14, 30) and main.ends_at == datetime(2027, 2, 6, 22, 30, tzinfo=UTC)
    assert found.tasks[0].due_on == date(2026, 12, 12) and not any(task.is_late for task in found.tasks)
    assert found.notes == ()


def test_a_plan_refuses_with_all_reasons_at_once():
    found = plan(
        title={}, question={}, day=None, goal=None, time_zone="Mars/Olympus", languages=(), capacity=-1, place=""
    )
    assert {reason.field for reason in found.problems} == {
        "title_en", "question_en", "day", "goal", "time_zone", "languages", "capacity",
    }  # fmt: skip
    assert found.sessions == () and found.tasks == ()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"day": TODAY - timedelta(days=1)}, "day"),
        ({"day": date(2036, 2, 6)}, "day"),
        ({"goal": 0}, "goal"),
        ({"goal": 1_000_001}, "goal"),
        ({"title": {"en": "x" * 121}}, "title_en"),
        ({"languages": ("en", "tlh")}, "languages"),
        ({"capacity": 0}, "capacity"),
        ({"day": date(2027, 3, 14), "starts": time(2, 30)}, "starts"),
    ],
)
def test_each_refusal_names_its_field(changes, field):
    assert [reason.field for reason in plan(**changes).problems] == [field]


@pytest.mark.parametrize(
    ("changes", "note"),
    [
        ({"day": TODAY + timedelta(days=12)}, "Sessions left out"),
        ({"day": TODAY + timedelta(days=40)}, "now due today"),
        ({"capacity": 200}, "fewer than the goal"),
        ({"place": ""}, "No place yet"),
        ({"title": {"en": "Only English"}}, "missing in Spanish"),
    ],
)
def test_notes_are_worth_reading_and_forbid_nothing(changes, note):
    found = plan(**changes)
    assert not found.problems and found.sessions
    assert any(note in reason.text for reason in found.notes)


def test_twelve_days_before_only_the_day_itself_is_planned_and_late_tasks_are_due_today():
    found = plan(day=TODAY + timedelta(days=12))
    assert len(found.sessions) == 1
    late = [task for task in found.tasks if task.is_late]
    assert len(late) == 9 and {task.due_on for task in late} == {TODAY}


def test_the_reminder_series_follows_the_day_and_its_clock():
    found = plan(day=date(2027, 3, 20))
    assert [(r.key, r.at.astimezone(UTC).isoformat()[:16]) for r in found.reminders] == [
        ("invite", "2027-02-21T01:30"),
        ("confirm", "2027-03-14T01:30"),
        ("day_before", "2027-03-19T23:00"),
        ("morning", "2027-03-20T15:30"),
        ("thank_you", "2027-03-21T18:00"),
        ("missed_you", "2027-03-21T18:30"),
    ]
    assert len(plan(day=TODAY + timedelta(days=3)).reminders) == 4


def test_a_square_tonight():
    found = plan("A4", day=TODAY)
    assert not found.problems and found.sessions[0].starts == time(18)


# --- clocks -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "at", "zone", "instant"),
    [
        ("2027-03-13", "10:00", ZONE, "2027-03-13T18:00"),
        ("2027-03-14", "10:00", ZONE, "2027-03-14T17:00"),
        ("2027-03-14", "02:30", ZONE, None),
        ("2027-03-14", "02:30", "America/Phoenix", "2027-03-14T09:30"),
        ("2027-11-07", "01:30", ZONE, "2027-11-07T08:30"),
        ("2027-03-28", "10:00", "Europe/Brussels", "2027-03-28T08:00"),
        ("2027-02-06", "10:00", "America/Puerto_Rico", "2027-02-06T14:00"),
    ],
)
def test_a_clock_time_names_a_moment(day, at, zone, instant):
    found = rules.moment(date.fromisoformat(day), time.fromisoformat(at), zone)
    assert found == (instant and datetime.fromisoformat(instant).replace(tzinfo=UTC))


def test_sessions_on_both_sides_of_a_change_of_clocks_keep_their_hour():
    found = plan("A2", day=date(2027, 3, 20))
    assert [(s.starts, s.starts_at.hour) for s in found.sessions] == [(time(18), 2), (time(18), 2), (time(10), 17)]
    found = plan("A2", day=date(2027, 4, 3))
    assert [s.starts_at.hour for s in found.sessions] == [2, 1, 17]


def test_a_vigil_through_the_change_of_clocks():
    starts_at, ends_at = rules.read_span(date(2027, 3, 13), time(22), time(6), ZONE)
    assert (ends_at - starts_at) == timedelta(hours=7)
    shown = rules.program_times(starts_at, [240, 60], ZONE)
    assert [at.strftime("%H:%M") for at in shown] == ["22:00", "03:00"]


def test_a_session_that_would_last_all_day_is_a_slip_of_the_pen():
    found = rules.read_span(date(2027, 2, 6), time(10), time(9), ZONE)
    assert "would last 23 hours" in str(found[0])


def test_moving_a_session_keeps_its_clock_time_or_says_why_not():
    moved = move_session(date(2027, 3, 6), time(10), time(14), 14, ZONE)
    assert moved["day"] == date(2027, 3, 20) and moved["starts_at"].hour == 17
    assert isinstance(move_session(date(2027, 3, 13), time(2, 30), time(14), 1, ZONE), list)


def test_what_is_typed_for_a_session_and_an_item():
    assert len(read_session({}, ZONE)) == 4
    typed = {"title_en": "Night", "day": date(2027, 2, 6), "starts": time(18), "ends": time(20), "languages": ["es"]}
    assert read_session(typed, ZONE)["title"] == {"en": "Night"}
    assert len(read_item({"minutes": -1, "kind": "nap"})) == 3
    assert read_item({"title_es": "Canto", "minutes": 5, "kind": "action"})["title"] == {"es": "Canto"}


def test_overrun():
    start = datetime(2027, 2, 6, 18, tzinfo=UTC)
    assert rules.overrun([30, 45], start, start + timedelta(hours=1)) == 15
    assert rules.overrun([30], start, start + timedelta(hours=1)) == 0


# --- states -----------------------------------------------------------------------------------------------------------

NOW = datetime(2027, 2, 1, 17, tzinfo=UTC)
BOTH = {"en": "Words", "es": "Palabras"}


def ready(
    state="draft", sessions=((BOTH, NOW + timedelta(days=5), NOW + timedelta(days=5, hours=4), "Hall"),), **changes
):
    return rules.Readiness(
        state, changes.get("title", BOTH), changes.get("question", BOTH), sessions, changes.get("because", "")
    )


@pytest.mark.parametrize(
    ("to", "facts", "now", "issues"),
    [
        ("announced", ready(), NOW, 0),
        ("announced", ready(title={"en": "x"}, question={}, sessions=()), NOW, 4),
        ("announced", ready(sessions=((BOTH, NOW + timedelta(days=5), NOW + timedelta(days=6), ""),)), NOW, 1),
        ("announced", ready(), NOW + timedelta(days=6), 1),
        ("under_way", ready("announced"), NOW, 1),
        ("under_way", ready("announced"), NOW + timedelta(days=4, hours=12), 0),
        ("under_way", ready("announced", sessions=()), NOW, 1),
        ("finished", ready("under_way"), NOW, 1),
        ("finished", ready("under_way"), NOW + timedelta(days=6), 0),
        ("cancelled", ready("announced"), NOW, 1),
        ("cancelled", ready("announced", because="The hall flooded"), NOW, 0),
        ("draft", ready("cancelled"), NOW, 0),
        ("announced", ready("finished"), NOW, 1),
        ("cancelled", ready("finished", because="no"), NOW, 1),
        ("under_way", ready("draft"), NOW, 1),
    ],
)
def test_what_stands_before_the_next_state(to, facts, now, issues):
    assert len(rules.issues_before(to, facts, now)) == issues


def test_every_state_has_words_and_a_way():
    for state, ways in rules.TRANSITIONS.items():
        assert set(ways) <= set(rules.VERBS)
        assert (rules.may_change(state) is None) == (state in rules.LIVE)


@pytest.mark.parametrize(
    ("role", "officials_vote", "by_default", "may"),
    [
        ("participant", False, True, True),
        ("delegate", False, True, True),
        ("alternate", False, False, True),
        ("observer", True, False, False),
        ("staff", False, False, False),
        ("official", False, False, False),
        ("official", True, True, True),
        ("interpreter", False, False, True),
    ],
)
def test_who_votes(role, officials_vote, by_default, may):
    assert rules.votes_by_default(role, officials_vote) is by_default
    assert (rules.may_hold_vote(role, officials_vote) is None) is may


# --- words, addresses, calendar ---------------------------------------------------------------------------------------


def test_words_in_the_language_there_is():
    assert rules.in_language(BOTH, "es") == "Palabras"
    assert rules.in_language({"en": "Words"}, "es") == "Words"
    assert rules.in_language({"en": "", "es": "Sí"}, "en") == "Sí"
    assert rules.in_language(None, "en") == ""


def test_addresses_are_plain_and_never_the_same():
    one = rules.make_address({"es": "Asamblea: ¿qué sigue, Peñón?"}, 912413032073302507)
    assert one.startswith("asamblea-que-sigue-penon-") and one.isascii() and len(one) <= 80
    assert one != rules.make_address({"es": "Asamblea: ¿qué sigue, Peñón?"}, 912413032073302508)
    assert rules.make_address({"en": "会议"}, 7).startswith("assembly-")
    assert len(rules.make_address({"en": "word " * 40}, 2**62)) <= 80


def test_a_calendar_file_is_escaped_and_folded():
    start = datetime(2027, 2, 6, 18, tzinfo=UTC)
    entry = rules.CalendarEntry(
        "1@x", "Ñandú; comida, música\n" * 4, start, start + timedelta(hours=4), "Hall, 40 Carver", "http://x/a"
    )
    text = rules.write_calendar([entry], start)
    assert text.startswith("BEGIN:VCALENDAR\r\n") and text.endswith("END:VCALENDAR\r\n")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    whole = text.replace("\r\n ", "")
    assert "Ñandú\\; comida\\, música\\n" in whole and "LOCATION:Hall\\, 40 Carver" in whole
    assert "DTEND:20270206T220000Z" in whole


def test_seven_considerations():
    assert len(rules.CONSIDERATIONS) == 7


@pytest.mark.parametrize(("kind", "state", "steps"), [
    ("A8", "draft", []), ("A8", "announced", []), ("A8", "under_way", ["door", "tables", "room", "minutes"]),
    ("A6", "announced", ["text", "ballot"]), ("A12", "under_way", ["door", "tables", "ballot", "minutes"]),
    ("A6", "finished", ["minutes", "answers", "thanks"]), ("A6", "cancelled", []),
])
def test_what_comes_next_is_what_the_kind_decides_by(kind, state, steps):
    assert next_steps(state, [decision.as_data() for decision in playbook_of(kind).decisions]) == steps
