"""What outreach holds about a person (see kernel.holdings)."""

from crm.kernel.holdings import LAWFUL, LEDGER, MACHINE, ORGANIZE, PERSON, STAYS, WATCH, Held, keys, nothing
from crm.kernel.refusal import N_
from crm.outreach.rules.consent import SOURCES

TABLES = {
    "consents": N_("Consent to texts, and its end"),
    "consent_states": N_("Consent as it is now"),
    "broadcasts": N_("Texts to many"),
    "texts": N_("Texts"),
    "exclusions": N_("Texts that were held back"),
    "threads": N_("Conversations by text"),
}
_KINDS = {"given": N_("agreed"), "revoked": N_("wants no texts"), "out": N_("to the person"), "in": N_("from the person")}
_OPTED_OUT = N_("The number stays with “wants no texts”, so that nobody texts it again.")
HELD = [
    Held("consents", "kind source at", N_("What was said, how and when"), LAWFUL, LEDGER, STAYS, codes=SOURCES | _KINDS, because=_OPTED_OUT),
    Held("consents", "phone", N_("Number"), LAWFUL, LEDGER, STAYS, because=_OPTED_OUT),
    Held("consents", "wording evidence", N_("What they agreed to, and where it can be seen"), LAWFUL, PERSON),
    Held("consents", "collector", N_("Who of the organization did it"), WATCH, PERSON),
    keys("consents", "person_id purpose"),
    Held("consent_states", "phone state source at", N_("Number and consent"), LAWFUL, LEDGER, STAYS, codes=SOURCES | _KINDS, because=_OPTED_OUT),
    nothing("broadcasts", "name state purpose segment_id subject_kind subject_id audience bodies begins_at frozen_up_to text_count excluded_count job_id"
            " created_by sender_name confirmed_at", N_("What was written to many, and to which list")),
    Held("texts", "direction body queued_at", N_("What was written, which way and when"), ORGANIZE, "texts", codes=_KINDS),
    Held("texts", "phone", N_("Number"), ORGANIZE, "texts"),
    keys("texts", "person_id broadcast_id sender_id language key purpose subject_kind subject_id state not_before_at claimed_at lease_until settled_at"
         " attempts closed_attempts slowdowns probes parts provider_sid provider_status error_code refusal created_by", "texts"),
    Held("exclusions", "reason", N_("Why a text was held back"), LAWFUL, "texts"),
    keys("exclusions", "person_id broadcast_id", "texts"),
    Held("threads", "phone", N_("Number"), ORGANIZE),
    Held("threads", "last_in_body", N_("The last words that came"), ORGANIZE, "replies"),
    Held("threads", "facts reason", N_("What is still to be answered"), MACHINE, is_shown=False),
    keys("threads", "person_id state assigned_id snoozed_until last_at last_in_at"),
]
