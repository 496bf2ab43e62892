"""Threads: why one needs a person, who of a shared phone answers, how often we may answer by ourselves."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from crm.kernel.refusal import N_, Reason
from crm.outreach.rules.replies.answers import is_wrong_number
from crm.outreach.rules.replies.endings import may_end
from crm.outreach.rules.replies.reading import Reading
from crm.outreach.rules.replies.stops import is_help, is_start, is_stop
from crm.outreach.rules.replies.words import bare, clauses, plain

STATES = ("needs_answer", "waiting", "done")
MOST_AUTOMATIC = 3  # per phone and hour: two machines must not talk all night
ASKED_LATELY = timedelta(days=14)
ANSWERS = frozenset({"yes", "no", "maybe", "late", "supports"})

REASONS = {
    "question": N_("Asks something"), "other": N_("Not understood"), "unsure": N_("We are not sure what this means"),
    "wrong_number": N_("Wrong number"), "moved": N_("New address"), "here": N_("Says they are here"),
    "unknown": N_("A number we do not know"), "stop_in_doubt": N_("Stopped, please check"),
    "may_end": N_("May want no more texts"),
    "wrote_after_stop": N_("Wrote after opting out"), "start_without_consent": N_("Never agreed to texts"), "loop": N_("Many texts at once"),
    "shared": N_("Shares the phone"), "nothing_asked": N_("Answers, but nothing was asked"), "person": N_("Set aside for a person"),
    "volunteer": N_("Answers a volunteer"), "handed": N_("Given to you by a volunteer"),
}
SAY_MORE = frozenset({"volunteer", "wrong_number", "stop_in_doubt"})  # stay why it waits where it may ask for no texts as well
INTENTS = {
    "yes": N_("yes"), "no": N_("no"), "maybe": N_("maybe"), "late": N_("yes, but late"), "supports": N_("a need"), "stop": N_("stop"),
    "wrong_number": N_("a wrong number"), "moved": N_("a new address"), "here": N_("here already"),
    "question": N_("a question"), "help": N_("help"), "start": N_("start"),
}
NEEDS = {
    "childcare": N_("childcare"), "ride": N_("a ride"), "interpretation": N_("interpretation"), "access": N_("access"),
    "meal": N_("a meal"), "stipend": N_("lost wages"),
}
OUTCOME_WORDS = {
    "as_read": N_("as we read it"), "yes": N_("yes"), "no": N_("no"), "maybe": N_("maybe"), "opt_out": N_("no more texts"),
    "wrong_number": N_("a wrong number"), "no_end": N_("something else than no more texts"), **{f"support:{kind}": words for kind, words in NEEDS.items()},
}
THREAD_SENTENCES = {
    "thread.answered": N_("%(by)s answered by text"),
    "thread.done": N_("Conversation by text closed by %(by)s"),
    "thread.assigned": N_("Conversation by text given to %(to)s"),
    "thread.snoozed": N_("Conversation by text put off by %(by)s"),
    "thread.linked": N_("%(by)s linked a phone number to this person"),
    "reply.outcome": N_("%(by)s wrote down the answer from a text: %(outcome)s"),
    "thread.undone": N_("%(by)s took back what was written down from a text"),
    "thread.handed": N_("%(by)s gave the conversation by text to an organizer"),
    "number.wrong": N_("This phone number belongs to someone else"),
}
# What we say by ourselves; said in the language of the person.
STOP_ANSWER = N_("%(organization)s: you get no more texts from us. Text START if you change your mind.")
HELP_ANSWER = N_("%(organization)s. Questions: %(contact)s. Message and data rates may apply. Text STOP for no more texts.")
HELP_WITHOUT_CONTACT = N_("%(organization)s. A person reads your texts and answers. Message and data rates may apply. Text STOP for no more texts.")
START_ANSWER = N_("%(organization)s: you get our texts again. Text HELP for help, STOP for no more texts.")
WHO_ANSWERS = N_("Thank you. Several of you share this phone. Who is answering: %(names)s?")

# Words that the provider answers by itself; we then stay silent (R9).
PROVIDER_STOPS = frozenset({"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"})


class Sharer(NamedTuple):
    """One of the people who have a phone."""

    id: int
    given: str
    name: str


def acts_at_once(body: str) -> bool:
    """Whether a text ends texts, or may, begins them or asks for help: then it is acted on before its webhook is answered."""
    text = plain(body[:1600])
    pieces = clauses(body[:1600])
    return is_stop(text, pieces)[0] or is_help(text) or is_start(text) or is_wrong_number(text) or may_end(body[:1600], text, pieces)


def may_answer_alone(recent: int) -> bool:
    """Whether one more automatic answer is allowed after `recent` ones within the hour."""
    return recent < MOST_AUTOMATIC


def provider_answers(body: str) -> bool:
    """Whether the provider itself confirms this opt-out: only exact single keywords."""
    return body.strip().strip(".!").casefold() in PROVIDER_STOPS


def who_answers(body: str, reading: Reading, people: Sequence[Sharer]) -> tuple[int, ...]:
    """Whose answer it is, among those who share the phone; nobody when that must be asked."""
    if len(people) == 1:
        return (people[0].id,)
    words = bare(plain(body)).split()
    named = [one.id for one in people if plain(one.given) and plain(one.given).split()[0] in words]
    if named:
        return tuple(named)
    together = {"both", "ambos", "ambas", "todos", "todas", "dos"} & set(words) or reading.party == len(people)
    return tuple(one.id for one in people) if together and reading.intent in ANSWERS else ()


def who_was_named(body: str, people: Sequence[Sharer]) -> tuple[int, ...]:
    """The answer to WHO_ANSWERS: names, a place in the list, or both."""
    words = bare(plain(body)).split()
    if {"both", "ambos", "ambas", "todos", "todas", "all", "dos"} & set(words):
        return tuple(one.id for one in people)
    if len(words) == 1 and words[0].isdecimal() and len(words[0]) < 3 and 1 <= int(words[0]) <= len(people):
        return (people[int(words[0]) - 1].id,)
    return tuple(one.id for one in people if plain(one.given) and plain(one.given).split()[0] in words)


def names_in_words(people: Sequence[Sharer], language: str) -> str:
    """Ana or Luis; Ana, Luis o Marta."""
    names = [one.given for one in people]
    return f"{', '.join(names[:-1])} {'o' if language == 'es' else 'or'} {names[-1]}"


def snooze_until(choice: str, now: datetime, local: datetime) -> datetime | Reason:
    """When a conversation put off comes back: in an hour, tomorrow or next week at nine where the organization is."""
    if choice == "hour":
        return now + timedelta(hours=1)
    days = {"tomorrow": 1, "week": 7}.get(choice)
    if days is None:
        return Reason(N_("Choose for how long."), field="until")
    return (local + timedelta(days=days)).replace(hour=9, minute=0, second=0, microsecond=0)


def kept(reading: Reading, text_id: int) -> dict[str, object]:
    """The reading as the thread keeps it for its page."""
    return {
        "text_id": text_id, "intent": reading.intent, "guests": reading.guests, "supports": [list(one) for one in reading.supports],
        "language": reading.language, "is_sure": reading.is_sure, "details": dict(reading.details),
    }


def remembered(facts: Mapping[str, object]) -> Reading | None:
    """The reading that a thread keeps, as sure as the person who confirms it."""
    held = facts.get("reading")
    if not isinstance(held, Mapping):
        return None
    supports = tuple((str(kind), int(count)) for kind, count in held["supports"])
    details = tuple((str(kind), str(words)) for kind, words in held.get("details", {}).items())
    return Reading(str(held["intent"]), held["guests"], supports, str(held["language"]), 1.0, details=details)
