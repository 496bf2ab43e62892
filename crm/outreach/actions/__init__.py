"""Outreach's verbs."""

from crm.outreach.actions.broadcasts import (
    confirm_broadcast,
    drop_draft,
    repair_draft,
    resume_broadcast,
    save_draft,
    start_broadcast,
    stop_broadcast,
)
from crm.outreach.actions.consent import (
    give_consent,
    import_consents,
    rebuild_consent,
    record_consent,
    revoke_consent,
    take_import,
    take_import_back,
)
from crm.outreach.actions.merging import MERGE_RULES
from crm.outreach.actions.texts import SENDER_STATES, ensure_sender, queue_text, queue_to_phone, save_sender

__all__ = [
    "MERGE_RULES",
    "SENDER_STATES",
    "confirm_broadcast",
    "drop_draft",
    "ensure_sender",
    "give_consent",
    "import_consents",
    "queue_text",
    "queue_to_phone",
    "rebuild_consent",
    "record_consent",
    "repair_draft",
    "resume_broadcast",
    "revoke_consent",
    "save_draft",
    "save_sender",
    "start_broadcast",
    "stop_broadcast",
    "take_import",
    "take_import_back",
]
