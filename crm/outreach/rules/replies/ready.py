"""Ready replies in both languages; an organization may keep its own in their place."""

from collections.abc import Mapping, Sequence

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


def ready_replies(language: str, own: Mapping[str, Sequence[str]] | None = None) -> Sequence[str]:
    """What can be answered with one tap, in the language of the person."""
    chosen = language if language in READY else "en"
    return (own or {}).get(chosen) or READY[chosen]
