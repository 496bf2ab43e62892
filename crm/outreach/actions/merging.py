"""What becomes of texts and consent when two records of a person become one: consent is of a phone, and the ledger never changes."""

from crm.infra.moving import Rule
from crm.kernel.refusal import N_

MERGE_RULES = {
    "consents": Rule(stays="an entry of the ledger says of whom it was given; what counts is the phone, and that is the same"),
    "texts": Rule(N_("Texts")),
    "threads": Rule(N_("Threads")),
    "drive_contacts": Rule(N_("Texted one by one")),
    "drive_answers": Rule(N_("Answers to volunteers")),
    "drive_texts": Rule(N_("Texts of volunteers")),
    "exclusions": Rule(N_("Texts that were not sent")),
}
