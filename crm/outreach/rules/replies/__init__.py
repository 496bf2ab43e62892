"""Reading replies: what a person meant, how many come, what they need; pure, English and Spanish.

Order of judgement: opting out first and in doubt too (R4, R5), then HELP and START, then a wrong number, then the answer
to what was asked. A reading that is not sure is never acted upon: it waits in the inbox with what we made of it.
"""

from crm.outreach.rules.replies.reading import INTENTS, Asked, Reading, read_reply

__all__ = ["INTENTS", "Asked", "Reading", "read_reply"]
