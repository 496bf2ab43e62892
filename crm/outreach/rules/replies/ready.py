"""Ready replies in both languages: the organization's own first, then the built-in ones."""

from collections.abc import Mapping, Sequence

from crm.kernel.refusal import N_, Reason
from crm.outreach.rules.lint import Ground, issues_with_body
from crm.outreach.rules.templates import fill

MOST_OWN = 12
READY = {
    "en": (
        "Thank you, I wrote it down.", "I will call you today.", "Do you need a ride?", "Childcare is free. How many children, and how old?",
        "Sorry to miss you. I will tell you about the next one.", "Sorry, I have the wrong number. I will not text you again.",
    ),
    "es": (
        "Gracias, ya lo apunté.", "Le llamo hoy.", "¿Necesita transporte?", "El cuidado de niños es gratis. ¿Cuántos son y de qué edad?",
        "Lástima que no pueda venir. Le aviso de la próxima.", "Disculpe, tengo mal el número. Ya no le escribo.",
    ),
}


def ready_replies(language: str, own: Sequence[Mapping[str, str]] = (), values: Mapping[str, str] | None = None) -> list[str]:
    """What can be answered with one tap, in the language of the person, the organization's own first and its fields filled."""
    chosen = language if language in READY else "en"
    return [fill(words, values or {}, chosen) for one in own if (words := one.get(chosen, "").strip())] + list(READY[chosen])


def issues_with_ready(own: Sequence[Mapping[str, str]], ground: Ground) -> list[Reason]:
    """Everything wrong with an organization's own replies, each naming the box it is in."""
    found = []
    for n, one in enumerate(own):
        for tag in ("en", "es"):
            if not one.get(tag, "").strip():
                found.append(Reason(N_("Write it in both languages: people are answered in theirs."), field=f"replies-{n}-{tag}"))
            found += [Reason(reason.text, reason.params, f"replies-{n}-{tag}") for reason in issues_with_body(one.get(tag, ""), ground)]
    return found
