"""Outreach's doors and reads."""

from crm.outreach.queries.broadcasts import broadcast_for, texting_summary
from crm.outreach.queries.consent import COLUMNS, FACTS, consent_history, consent_of, list_uses, phones_with_consent
from crm.outreach.queries.inbox import count_needing_answer, needing_answer
from crm.outreach.queries.phones import may_send, sender_of
from crm.outreach.queries.subjects import SUBJECTS, Subject

__all__ = [
    "COLUMNS", "FACTS", "SUBJECTS", "Subject", "broadcast_for", "consent_history", "consent_of", "list_uses", "count_needing_answer", "may_send",
    "needing_answer", "phones_with_consent",
    "sender_of", "texting_summary",
]
