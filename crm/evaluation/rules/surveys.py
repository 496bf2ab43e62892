"""A survey by text: what it must hold before it opens, how a question is said, and how a reply to it is read."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crm.kernel.refusal import N_, Reason, Refusal
from crm.outreach.rules.replies.words import NUMBERS, bare, plain

MOST_QUESTIONS, MOST_CHOICES, LONGEST, LONGEST_ANSWER = 10, 9, 300, 500
STATES = {"draft": N_("Draft"), "open": N_("Open"), "closed": N_("Closed")}
NEXT = {"draft": ("open",), "open": ("closed",), "closed": ("open",)}
SENTENCES = {
    "survey.saved": N_("%(by)s wrote the survey “%(title)s”"),
    "survey.open": N_("%(by)s opened the survey “%(title)s”"),
    "survey.closed": N_("%(by)s closed the survey “%(title)s”"),
    "survey.answered": N_("Answered question %(number)s of the survey “%(title)s”"),
}
WITH_NUMBER = N_("Answer with a number.")
NOT_ONE = N_("Please answer with a number from 1 to %(most)s.")
THANKS = N_("Thank you. That was the last question.")
CLOSED = N_("Thank you. This survey is closed.")


@dataclass(frozen=True)
class Asked:
    """One question: its words by language, and its answers; without answers, people write what they like."""

    words: Mapping[str, str]
    choices: Sequence[Mapping[str, str]] = field(default_factory=tuple)

    def said(self, language: str, number: int, total: int) -> str:
        """The question as it is texted: 2/5 What hurts most? 1 Rent 2 Repairs."""
        choices = " ".join(f"{n} {in_language(each, language)}" for n, each in enumerate(self.choices, 1))
        return f"{number}/{total} {in_language(self.words, language)}{' ' if choices else ''}{choices}"


def in_language(words: Mapping[str, str], language: str) -> str:
    """The words in that language, else in whichever they were written."""
    return words.get(language) or next((each for each in words.values() if each), "")


def issues_in_survey(title: str, questions: Sequence[Asked]) -> list[Reason]:
    """Everything that stands in the way of keeping a survey."""
    issues = [] if title.strip() else [Reason(N_("Give the survey a name."), field="title")]
    for n, question in enumerate(questions, 1):
        issues += [Reason(words, {"n": n, "most": most}, f"questions-{n - 1}") for words, most in _issues_in(question)]
    return issues


def _issues_in(question: Asked) -> Iterator[tuple[str, int]]:
    tags = {tag for tag, words in question.words.items() if words}
    if not tags:
        yield N_("Question %(n)s has answers and no words."), 0
    if any(len(words) > LONGEST for words in question.words.values()):
        yield N_("Question %(n)s is too long for a text. Keep it under %(most)s letters."), LONGEST
    if question.choices and not 2 <= len(question.choices) <= MOST_CHOICES:
        yield N_("Question %(n)s needs 2 to %(most)s answers, or none for free words."), MOST_CHOICES
    if any({tag for tag, words in choice.items() if words} != tags for choice in question.choices):
        yield N_("Question %(n)s: write the same answers in each language that the question is in."), 0


def may_open(state: str, questions: Sequence[Any]) -> Refusal | None:
    """A survey opens with at least one question."""
    reasons = [] if "open" in NEXT[state] else [Reason(N_("This survey is open already."))]
    if not questions:
        reasons.append(Reason(N_("Write at least one question first.")))
    return Refusal(reasons) if reasons else None


def may_change(state: str, has_answers: bool) -> Refusal | None:
    """Once somebody has answered, the questions stay as they were asked."""
    if has_answers:
        return Refusal([Reason(N_("People have answered this survey, so its questions stay as they are. Write a new one."))])
    return None


def read_choice(question: Asked, body: str) -> int | None:
    """Which of the fixed answers a reply names: its number, its words in either language, or their beginning; None when unclear."""
    text = bare(plain(body))
    first = re.match(r"(?:(?:number|numero|opcion|option|answer|la|el|the) )*(\d{1,2}|" + "|".join(NUMBERS) + r")(?: |$)", text)
    if first:
        n = int(first[1]) if first[1].isdecimal() else NUMBERS[first[1]]
        if 1 <= n <= len(question.choices) and (first[1].isdecimal() or len(text.split()) <= 3):
            return n
    named = [
        n for n, choice in enumerate(question.choices, 1)
        for words in {bare(plain(each)) for each in choice.values() if each}
        if text and (text == words or len(text) >= 3 and words.startswith(text) or f" {words} " in f" {text} ")
    ]
    return named[0] if len(set(named)) == 1 else None


def percent(part: int, whole: int) -> int:
    """A share in whole percent."""
    return round(100 * part / whole) if whole else 0


def unite_respondents(kept: Mapping[str, Any], gone: Mapping[str, Any]) -> dict[str, Any]:
    """Two records of a person who were both asked: done, if either was."""
    return {"state": "done", "done_at": gone["done_at"]} if gone["done_at"] and not kept["done_at"] else {}
