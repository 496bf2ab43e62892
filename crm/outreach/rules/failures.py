"""Why a text did not arrive, in words, and what can be done: by the network's code, or by the gate's own word."""

from crm.kernel.refusal import N_
from crm.outreach.rules.errors import words_of
from crm.outreach.rules.gate import FIXES, SENTENCES

FAILED_STATES = {
    "failed": N_("Did not arrive"), "refused": N_("Held back"), "unknown": N_("Not clear yet"), "queued": N_("Waiting to leave"),
}
STOPPED = (N_("The drive was stopped before it left."), N_("Go on with the drive"))


def why_failed(code: int | None, refusal: str | None) -> tuple[str, str]:
    """(what happened, what to do) about a text that did not arrive."""
    if refusal == "drive_stopped":
        return STOPPED
    if refusal in SENTENCES:
        return SENTENCES[refusal], FIXES[refusal]
    return words_of(code)
