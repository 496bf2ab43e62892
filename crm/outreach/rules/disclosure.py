"""What people must be told when they agree to texts (R3): who texts, about what, how often, what it costs, STOP, HELP, terms and privacy.

CTIA Messaging Principles 5.1; the same elements stand in the words beside the box, which is never ticked beforehand, and in
the first text.
"""

import re

from crm.kernel.names import fold
from crm.kernel.refusal import N_

OPT_IN = N_(
    "I agree to get texts from %(organization)s about its work: meetings, assemblies and votes, a few a month. Message and data rates may apply. "
    "Text STOP to end them, HELP for help. Terms and privacy: %(url)s"
)
OPT_IN_MONEY = N_(
    "%(organization)s may also ask me for money by text, a few times a year. Message and data rates may apply. Text STOP to end all texts, HELP for help. "
    "Terms and privacy: %(url)s"
)
ELEMENTS = {
    "frequency": r"\ba (?:month|week|year)\b|\b(?:un|al|por) (?:mes|semana|ano)\b|\bal mes\b",
    "rates": r"(?:msg|message)s?(?: (?:&|and) data)? rates|tarifas de mensajes",
    "stop": r"\bstop\b",
    "help": r"\bhelp\b",
    "terms": r"\bterms\b|\bterminos\b|\bcondiciones\b",
    "privacy": r"\bprivacy\b|\bprivacidad\b",
    "link": r"https?://\S+/\S+",
    "program": r"\bwork\b|\btrabajo\b|\bmeetings\b|\breuniones\b|\bmoney\b|\bdinero\b|\bdonativos?\b",
}


def missing_elements(words: str, organization: str) -> list[str]:
    """Which elements of the disclosure the words do not hold, by name."""
    text = fold(words)
    found = [name for name, pattern in ELEMENTS.items() if not re.search(pattern, text)]
    return found if fold(organization) in text else ["sender", *found]
