"""From a playbook and a few answers to a whole plan: sessions, agenda, dated tasks, and all that is wrong at once."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from crm.assemblies.playbooks.shape import CommitteeShape, Item, Playbook, Sitting, Words
from crm.assemblies.rules.program import read_words
from crm.assemblies.rules.times import ZONES, moment, wall
from crm.kernel.languages import LANGUAGES
from crm.kernel.names import fold
from crm.kernel.refusal import N_, Reason

LARGEST_GOAL = 1_000_000
LONGEST_NAME = 120


@dataclass(frozen=True)
class Answers:
    """What a person is asked. `starts` moves the main session; earlier sessions keep the playbook's hour."""

    title: Words
    question: Words
    day: date | None
    goal: int | None
    time_zone: str
    today: date
    starts: time | None = None
    place: str = ""
    address: str = ""
    scope: str = ""
    capacity: int | None = None
    languages: tuple[str, ...] = ("en", "es")
    partners: tuple[int, ...] = ()


@dataclass(frozen=True)
class PlannedSession:
    """A session with its clock times and its moments."""

    title: Words
    day: date
    starts: time
    ends: time
    starts_at: datetime
    ends_at: datetime
    agenda: tuple[Item, ...]


@dataclass(frozen=True)
class PlannedTask:
    """A task with its date; what would have been due already is due today, and says so."""

    title: Words
    owner: Words
    days: int
    due_on: date
    is_late: bool


@dataclass(frozen=True)
class PlannedReminder:
    """A text of the series with its moment; sending it stays a person's decision."""

    key: str
    audience: str
    at: datetime
    text: Words


@dataclass(frozen=True)
class AssemblyPlan:
    """Everything that will be made, `problems` that forbid it, `notes` worth reading first."""

    playbook: Playbook
    answers: Answers
    sessions: tuple[PlannedSession, ...] = ()
    tasks: tuple[PlannedTask, ...] = ()
    committees: tuple[CommitteeShape, ...] = ()
    reminders: tuple[PlannedReminder, ...] = ()
    problems: tuple[Reason, ...] = ()
    notes: tuple[Reason, ...] = ()
    copied_from_id: int | None = field(default=None)


def plan_assembly(playbook: Playbook, answers: Answers) -> AssemblyPlan:
    """The plan; with problems it has no dates, because a wrong date would be worse than none."""
    plan = AssemblyPlan(playbook, answers, committees=playbook.committees, problems=tuple(issues_in_answers(answers)))
    if plan.problems:
        return plan
    held = [sitting for sitting in playbook.sittings if _day_of(answers, sitting) >= answers.today]
    sessions, problems = [], []
    for sitting in held:
        found = _plan_session(sitting, answers)
        (problems if isinstance(found, Reason) else sessions).append(found)
    if problems:
        return replace(plan, problems=tuple(problems))
    tasks = tuple(_plan_task(task, answers) for task in playbook.tasks)
    reminders = plan_reminders(playbook, answers.day, answers.time_zone, answers.today)
    notes = tuple(_notes(playbook, answers, len(held), tasks))
    ordered = tuple(sorted(sessions, key=lambda s: s.starts_at))
    return replace(plan, sessions=ordered, tasks=tasks, reminders=reminders, notes=notes)


def plan_reminders(playbook: Playbook, day: date, zone: str, today: date) -> tuple[PlannedReminder, ...]:
    """The texts of the series still to come, each at its hour on the assembly's clock."""
    found = []
    for reminder in playbook.reminders:
        on = day + timedelta(days=reminder.days)
        at = moment(on, reminder.at, zone)
        if at and on >= today:
            found.append(PlannedReminder(reminder.key, reminder.audience, at, reminder.text))
    return tuple(found)


def issues_in_answers(answers: Answers) -> list[Reason]:
    """Everything that is wrong or missing in the answers themselves."""
    checks = (
        (not any(answers.title.values()), N_("Write the name of the assembly."), "title_en"),
        (
            any(len(text) > LONGEST_NAME for text in answers.title.values()),
            N_("Make the name shorter: at most 120 letters."),
            "title_en",
        ),
        (not any(answers.question.values()), N_("Write the question that people come to answer."), "question_en"),
        (answers.day is None, N_("Choose the day of the assembly."), "day"),
        (
            answers.day is not None and (answers.day < answers.today or answers.day.year < 2000),
            N_("This day has passed. Choose a day to come."),
            "day",
        ),
        (
            answers.day is not None and answers.day > answers.today + timedelta(days=1100),
            N_("This day is more than three years away. Check the year."),
            "day",
        ),
        (not 1 <= (answers.goal or 0) <= LARGEST_GOAL, N_("Write the goal as a number, like 300."), "goal"),
        (
            answers.capacity is not None and not 1 <= answers.capacity <= LARGEST_GOAL,
            N_("Write how many people the room holds, like 350."),
            "capacity",
        ),
        (answers.time_zone not in ZONES, N_("Choose a time zone from the list."), "time_zone"),
        (
            not answers.languages or not set(answers.languages) <= set(LANGUAGES),
            N_("Choose at least one language."),
            "languages",
        ),
    )
    return [Reason(text, {}, field) for wrong, text, field in checks if wrong]


def read_facts(typed: dict[str, Any], today: date) -> dict[str, Any] | list[Reason]:
    """An assembly's facts as typed, or all problems: the rules of a plan, except that its day may have passed."""
    title, question, day = read_words(typed, "title"), read_words(typed, "question"), typed["day"]
    past = min(day or today, today)
    answers = Answers(title, question, day, typed["goal"], typed["time_zone"], past)
    if problems := issues_in_answers(answers):
        return problems
    names = ("scope", "selection", "governing_power_now", "governing_power_aim", "policy_stage")
    plain = {name: (typed[name] or "").strip() for name in names}
    same = {name: typed[name] for name in ("day", "goal", "time_zone")}
    return {"title": title, "question": question, "controls": list(typed["controls"] or ()), **plain, **same}


def _day_of(answers: Answers, sitting: Sitting) -> date:
    return answers.day + timedelta(days=sitting.days)


def _plan_session(sitting: Sitting, answers: Answers) -> PlannedSession | Reason:
    day = _day_of(answers, sitting)
    starts = answers.starts if sitting.days == 0 and answers.starts else sitting.starts
    starts_at = moment(day, starts, answers.time_zone)
    if starts_at is None:
        return Reason(
            N_("On %(day)s clocks skip %(time)s. Choose a time before or after."),
            {"day": day.isoformat(), "time": starts.strftime("%H:%M")},
            "starts",
        )
    ends_at = starts_at + timedelta(minutes=sum(item.minutes for item in sitting.agenda) or 120)
    ends = wall(ends_at, answers.time_zone).time()
    return PlannedSession(sitting.title, day, starts, ends, starts_at, ends_at, sitting.agenda)


def _plan_task(task, answers: Answers) -> PlannedTask:
    due = answers.day + timedelta(days=task.days)
    return PlannedTask(task.title, task.owner, task.days, max(due, answers.today), due < answers.today)


def _notes(playbook: Playbook, answers: Answers, held: int, tasks: tuple[PlannedTask, ...]) -> list[Reason]:
    left_out = len(playbook.sittings) - held
    late = sum(task.is_late for task in tasks)
    checks = (
        (left_out, N_("Sessions left out because their day has passed: %(n)s."), left_out),
        (late, N_("Tasks that should have begun before today, now due today: %(n)s."), late),
        (
            answers.capacity and answers.capacity < answers.goal,
            N_("The room holds %(n)s, fewer than the goal."),
            answers.capacity,
        ),
        (not answers.place, N_("No place yet. It is needed before the assembly is announced."), 0),
        (
            not (answers.title.get("es") and answers.question.get("es")),
            N_("The name or the question is missing in Spanish. It is needed before the assembly is announced."),
            0,
        ),
    )
    return [Reason(text, {"n": n}) for note, text, n in checks if note]


def make_address(title: Words, number: int) -> str:
    """The public address: the name, then enough of the id to be alone in the world."""
    plain = fold(title.get("en") or title.get("es") or "").replace("'", "").replace("\u2019", "")
    words = "".join(c if c.isascii() and c.isalnum() else "-" for c in plain)
    name = "-".join(filter(None, words.split("-")))[:60].strip("-") or "assembly"
    digits, tail = "23456789bcdfghjkmnpqrstvwxyz", ""
    while number and len(tail) < 12:
        number, rest = divmod(number, len(digits))
        tail += digits[rest]
    return f"{name}-{tail[::-1]}"
