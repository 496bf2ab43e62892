"""What outreach holds about a person (see kernel.holdings)."""

from crm.kernel.holdings import LAWFUL, LEDGER, MACHINE, ORGANIZE, PERSON, REACH, STAYS, WATCH, Held, keys, nothing
from crm.kernel.refusal import N_
from crm.outreach.rules.consent import SOURCES

TABLES = {
    "consents": N_("Consent to texts, and its end"),
    "wordings": N_("What people agree to"),
    "consent_states": N_("Consent as it is now"),
    "sign_ups": N_("What was typed into the sign-up form"),
    "exemptions": N_("Rules that do not bind the organization"),
    "opt_out_requests": N_("Opt-outs whose number is not known yet"),
    "broadcasts": N_("Texts to many"),
    "series": N_("Series of texts"),
    "series_steps": N_("Texts of a series"),
    "texts": N_("Texts"),
    "exclusions": N_("Texts that were held back"),
    "keywords": N_("Keywords"),
    "threads": N_("Conversations by text"),
    "drives": N_("Texting drives"),
    "drive_texters": N_("Volunteers who text"),
    "drive_contacts": N_("Who was texted one by one"),
    "drive_answers": N_("Answers to volunteers"),
    "drive_texts": N_("What volunteers wrote"),
}
_KINDS = {"given": N_("agreed"), "revoked": N_("wants no texts"), "out": N_("to the person"), "in": N_("from the person")}
_OPTED_OUT = N_("The number stays with “wants no texts”, so that nobody texts it again.")
HELD = [
    Held("consents", "kind source at", N_("What was said, how and when"), LAWFUL, LEDGER, STAYS, codes=SOURCES | _KINDS, because=_OPTED_OUT),
    Held("consents", "phone", N_("Number"), LAWFUL, LEDGER, STAYS, because=_OPTED_OUT),
    Held("consents", "said evidence received_on", N_("What they wrote, where it can be seen, and when it reached us"), LAWFUL, PERSON),
    Held("consents", "collector account_id", N_("Who of the organization did it"), WATCH, PERSON),
    keys("consents", "person_id purpose wording_id undoes_id"),
    nothing("wordings", "number words mark", N_("What people agree to, in its exact words"), LAWFUL),
    Held("sign_ups", "name phone language", N_("Name, number and language"), REACH, N_("Until it is taken over"), is_shown=False),
    keys("sign_ups", "wording_id money_wording_id phone_mark address_mark outcome taken_at"),
    nothing("exemptions", "rule reason set_by account_id ended_at ended_by", N_("Which rule, why it does not bind, and who said so"), LAWFUL),
    Held("opt_out_requests", "name source evidence received_on", N_("Who wants no more texts, how they said it and when"), LAWFUL,
         N_("Until it is honored"), is_shown=False),
    keys("opt_out_requests", "collector account_id outcome consent_id closed_at"),
    Held("consent_states", "phone purpose state source at", N_("Number and consent"), LAWFUL, LEDGER, STAYS, codes=SOURCES | _KINDS, because=_OPTED_OUT),
    nothing("broadcasts", "name state purpose segment_id subject_kind subject_id audience step_id bodies begins_on begins_clock time_zone expires_at is_split"
            " frozen_up_to text_count excluded_count job_id created_by sender_name confirmed_at seen asked_by asked_name asked_at agreed_by agreed_name"
            " stopped_because watched_from", N_("What was written to many, and to which list")),
    nothing("series", "subject_kind subject_id state started_at started_by sender_name", N_("Which series of texts goes out")),
    nothing("series_steps", "series_id key audience days at bodies is_on written_by agreed_by agreed_name agreed_mark",
            N_("What the texts of a series say, and when they go")),
    Held("texts", "direction body queued_at", N_("What was written, which way and when"), ORGANIZE, "texts", codes=_KINDS),
    Held("texts", "phone", N_("Number"), ORGANIZE, "texts"),
    keys("texts", "person_id broadcast_id sender_id language key purpose subject_kind subject_id state not_before_at expires_at claimed_at lease_until"
         " settled_at attempts closed_attempts slowdowns busy_answers probes conflicts parts provider_sid provider_status error_code refusal"
         " created_by", "texts"),
    Held("exclusions", "reason", N_("Why a text was held back"), LAWFUL, "texts"),
    keys("exclusions", "person_id broadcast_id", "texts"),
    nothing("keywords", "word folded language subject_kind subject_id joined ended_at", N_("A word to join by, and how many did")),
    Held("threads", "phone", N_("Number"), ORGANIZE),
    Held("threads", "last_in_body", N_("The last words that came"), ORGANIZE, "replies"),
    Held("threads", "facts reason", N_("What is still to be answered"), MACHINE, is_shown=False),
    keys("threads", "person_id state assigned_id writing_id writing_at snoozed_until last_at last_in_at may_end_since"),
    nothing("drives", "name state purpose segment_id subject_kind subject_id audience bodies questions begins_at ends_at opens_hour closes_hour"
            " batch_new batch_vetted most_a_day frozen_up_to contact_count left_out job_id created_by sender_name opened_at",
            N_("What volunteers text, and to which list")),
    nothing("drive_texters", "drive_id name account_id link_id is_vetted shown_on shown_count minute_at minute_count seen_at ended_at",
            N_("Who texted for the organization, and how many people they saw"), WATCH),
    Held("drive_contacts", "phone", N_("Number"), ORGANIZE),
    Held("drive_contacts", "texted_at refusal", N_("When a volunteer texted them, or why not"), ORGANIZE),
    keys("drive_contacts", "drive_id person_id language is_first state texter_id not_before_at question text_id handed_at"),
    Held("drive_answers", "question answer at", N_("Which answer of the script they gave, and when"), ORGANIZE),
    keys("drive_answers", "drive_id contact_id person_id texter_id"),
    Held("drive_texts", "script", N_("What the script would have said, where a volunteer wrote something else"), WATCH, "texts"),
    keys("drive_texts", "drive_id contact_id person_id texter_id text_id is_off_script"),
]
