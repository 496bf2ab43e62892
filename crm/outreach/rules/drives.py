"""Texting drives: the script with its branches, batches and hours, who holds whom and for how long, and what is off the script.

A script is the first text and a list of questions. Each question has answers; an answer may say something, write down an
outcome or a tag, and lead to a further question, whose words are then said too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from difflib import SequenceMatcher
from typing import Any

from crm.kernel.refusal import N_, Reason
from crm.outreach.rules.lint import Ground, issues_with_body
from crm.outreach.rules.replies.threads import NEEDS
from crm.outreach.rules.templates import body_for, fill

HOLD_FOR = timedelta(minutes=20)
"""A volunteer who does nothing for so long has gone: what she held goes back, and her conversations go to the inbox."""
MOST_QUESTIONS, MOST_ANSWERS, MOST_TEXTERS, MOST_A_MINUTE = 8, 5, 60, 60
LANGUAGES = ("en", "es")
FIRST = "q1"

STATE_WORDS = {
    "draft": N_("Draft"), "filling": N_("Getting ready"), "open": N_("Open"), "stopped": N_("Stopped"), "ended": N_("Ended"),
}
OUTCOMES = {
    "": N_("Only this answer"), "yes": N_("Yes, coming"), "maybe": N_("Maybe"), "no": N_("Not coming"), "opt_out": N_("Wants no more texts"),
    "wrong_number": N_("Wrong number"), **{f"support:{kind}": N_("Needs %(what)s") for kind in NEEDS},
}
OPENING = {
    "en": "Hi {first_name}, it's {organizer} from {organization}. Can we count on you? Reply STOP to opt out.",
    "es": "Hola {first_name}, le escribe {organizer} de {organization}. ¿Contamos con usted? Responda STOP para salir.",
}


@dataclass(frozen=True)
class Branch:
    """One answer to a question: its button, what is said, what is written down, which question follows."""

    key: str
    label: Mapping[str, str] = field(default_factory=dict)
    say: Mapping[str, str] = field(default_factory=dict)
    outcome: str = ""
    tag: str = ""
    then: str = ""


@dataclass(frozen=True)
class Question:
    """One question of a script; the words of the first are the first text itself."""

    key: str
    name: str
    ask: Mapping[str, str] = field(default_factory=dict)
    answers: tuple[Branch, ...] = ()

    def branch(self, key: str) -> Branch | None:
        """The answer of that key."""
        return next((one for one in self.answers if one.key == key), None)


def read_script(kept: Sequence[Mapping[str, Any]]) -> list[Question]:
    """The script as a drive keeps it."""
    return [
        Question(one["key"], one["name"], one.get("ask", {}), tuple(Branch(**branch) for branch in one.get("answers", ())))
        for one in kept
    ]


def kept_script(questions: Sequence[Question]) -> list[dict[str, Any]]:
    """The same as plain values."""
    return [
        {"key": q.key, "name": q.name, "ask": dict(q.ask), "answers": [
            {"key": b.key, "label": dict(b.label), "say": dict(b.say), "outcome": b.outcome, "tag": b.tag, "then": b.then} for b in q.answers]}
        for q in questions
    ]


def usual_script() -> list[Question]:
    """What a new drive begins with: will they come, and what do they need."""
    return [Question(FIRST, "Can we count on them?", {}, (
        Branch("a1", {"en": "Yes", "es": "Sí"}, {"en": "Wonderful, I wrote you down.", "es": "¡Qué bueno! Ya le apunté."}, "yes"),
        Branch("a2", {"en": "Maybe", "es": "Tal vez"},
               {"en": "Thank you. May I ask again before the day?", "es": "Gracias. ¿Le pregunto otra vez antes del día?"}, "maybe"),
        Branch("a3", {"en": "No", "es": "No"},
               {"en": "Thank you for telling me. I will tell you about the next one.", "es": "Gracias por avisarme. Le aviso de la próxima."}, "no"),
    ))]


def question_of(questions: Sequence[Question], key: str) -> Question | None:
    """The question of that key; an empty key is the first."""
    return next((one for one in questions if one.key == (key or FIRST)), None)


def next_key(keys: Sequence[str], letter: str) -> str:
    """A key that no other has: q1, q2, … or a1, a2, …"""
    return f"{letter}{max((int(key[1:]) for key in keys if key[1:].isdecimal()), default=0) + 1}"


def words_after(questions: Sequence[Question], branch: Branch, values: Mapping[str, str], language: str) -> str:
    """What is sent when this answer is pressed: its own words, then the question it leads to; empty when nothing is said."""
    following = question_of(questions, branch.then) if branch.then else None
    parts = [body_for(branch.say, language)[1], body_for(following.ask, language)[1] if following else ""]
    return fill(" ".join(part.strip() for part in parts if part.strip()), values, language)


def issues_in_question(question: Question, questions: Sequence[Question], ground: Ground) -> list[Reason]:
    """Everything wrong with one question, each naming the box it is in."""
    found = [] if question.name.strip() else [Reason(N_("Write the question in a few words, as you will see it in the count."), field="name")]
    if question.key != FIRST:
        found += _in_words(question.ask, ground, "ask")
    for n, branch in enumerate(question.answers):
        if not any(words.strip() for words in branch.label.values()):
            found.append(Reason(N_("Write on the button what they answered."), field=f"answers-{n}-label_en"))
        if branch.say:
            found += _in_words(branch.say, ground, f"answers-{n}-say")
        if branch.then and question_of(questions, branch.then) is None:
            found.append(Reason(N_("Choose a question that is there."), field=f"answers-{n}-then"))
        if branch.then == question.key:
            found.append(Reason(N_("An answer cannot lead to its own question."), field=f"answers-{n}-then"))
    return found


def _in_words(bodies: Mapping[str, str], ground: Ground, box: str) -> list[Reason]:
    """Both languages or neither, and each without fault."""
    found = [Reason(r.text, r.params, f"{box}_{tag}") for tag, body in bodies.items() for r in issues_with_body(body, ground)]
    missing = [tag for tag in LANGUAGES if not bodies.get(tag, "").strip()]
    return found + [Reason(N_("Write this in both languages: whoever answers in one gets the next text in it."), field=f"{box}_{tag}") for tag in missing]


def issues_with_setting(opens: int, closes: int, new: int, vetted: int, most: int) -> list[Reason]:
    """Everything wrong with hours and batches."""
    found = []
    if opens >= closes:
        found.append(Reason(N_("Choose an end that is after the beginning."), field="closes_hour"))
    if new > vetted:
        found.append(Reason(N_("Someone new gets no more at once than someone you know."), field="batch_new"))
    if vetted > most:
        found.append(Reason(N_("A batch cannot be larger than what one volunteer may see in a day."), field="most_a_day"))
    return found


# Who, when, how many ---------------------------------------------------------------------------------------------


def is_open(state: str, opens: int, closes: int, local: datetime) -> bool:
    """Whether first texts may be pressed now, on the organization's own clock."""
    end = time(23, 59, 59, 999999) if closes == 24 else time(closes)
    return state == "open" and time(opens) <= local.time() < end


def why_closed(state: str, opens: int, local: datetime) -> Reason:
    """Why nothing can be sent now."""
    if state == "ended":
        return Reason(N_("This drive has ended. Thank you."))
    if state != "open":
        return Reason(N_("The organizer stopped this drive for now. Nothing goes out."))
    return Reason(N_("Texting is closed at this hour. It opens at %(hour)s."), {"hour": f"{opens}:00"})


def may_take(shown: int, batch: int, most: int) -> int:
    """How many people a volunteer may be shown now: a batch, and never more than a day's number."""
    return max(0, min(batch, most - shown))


TOO_FAST = N_("That was a lot of texts within a minute. Take a breath, then go on.")
TOO_MANY = N_("You have seen as many people as one volunteer may in a day. Thank you. Tomorrow there are more.")
NOT_YOURS = N_("You no longer hold this one: too much time passed. Take new people, nobody is texted twice.")
GIVEN_AWAY = N_("An organizer has this conversation now.")


# Off the script --------------------------------------------------------------------------------------------------


def differs(script: str, body: str) -> bool:
    """Whether a text is another one than the script's: spaces and the case of letters do not count."""
    return " ".join(script.split()).casefold() != " ".join(body.split()).casefold()


def changes(script: str, body: str) -> list[tuple[str, str]]:
    """The text beside the script, as (same, added, struck) pieces of whole words."""
    old, new = script.split(), body.split()
    pieces: list[tuple[str, str]] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(("same", " ".join(new[c:d])))
            continue
        pieces += [(which, " ".join(words)) for which, words in (("struck", old[a:b]), ("added", new[c:d])) if words]
    return pieces
