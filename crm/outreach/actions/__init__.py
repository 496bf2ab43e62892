"""Outreach's verbs."""

from crm.outreach.actions.broadcasts import (
    agree_broadcast,
    confirm_broadcast,
    drop_draft,
    repair_draft,
    resume_broadcast,
    return_draft,
    save_draft,
    start_broadcast,
    stop_broadcast,
)
from crm.outreach.actions.choices import choose_texting
from crm.outreach.actions.consent import give_consent, record_consent, revoke_consent, take_back
from crm.outreach.actions.consent_lists import import_consents, take_import, take_import_back
from crm.outreach.actions.exemptions import end_exemption, set_exemption
from crm.outreach.actions.ledger import rebuild_consent
from crm.outreach.actions.merging import MERGE_RULES
from crm.outreach.actions.opt_outs import close_opt_out, record_opt_out
from crm.outreach.actions.senders import save_sender
from crm.outreach.actions.series import agree_step, end_series, start_series, stop_series, write_step
from crm.outreach.actions.texts import Wanted, ensure_sender, queue_text, queue_texts, queue_to_phone

__all__ = [
    "Wanted",
    "MERGE_RULES",
    "agree_broadcast",
    "agree_step",
    "choose_texting",
    "close_opt_out",
    "confirm_broadcast",
    "drop_draft",
    "end_exemption",
    "end_series",
    "ensure_sender",
    "give_consent",
    "import_consents",
    "queue_text",
    "queue_texts",
    "queue_to_phone",
    "rebuild_consent",
    "record_consent",
    "record_opt_out",
    "repair_draft",
    "resume_broadcast",
    "return_draft",
    "revoke_consent",
    "save_draft",
    "save_sender",
    "set_exemption",
    "start_broadcast",
    "start_series",
    "stop_broadcast",
    "stop_series",
    "take_back",
    "take_import",
    "take_import_back",
    "write_step",
]
