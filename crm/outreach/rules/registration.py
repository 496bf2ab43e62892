"""Registration with the carriers (R18): what an organization must be registered as, and how the registration moves on.

A nonprofit takes the Standard brand, never Low-Volume; its legal form decides the campaign's use case, and a 527 political
organization is also verified by Campaign Verify. Source: Twilio's onboarding pages for nonprofits and for political senders.
"""

from dataclasses import dataclass

from crm.kernel.refusal import N_, Reason

STATES = {
    "unregistered": N_("Not registered yet"),
    "pending": N_("Registration is under review"),
    "approved": N_("Registered and approved"),
    "rejected": N_("Registration was refused"),
    "suspended": N_("Suspended"),
}
MOVES = {
    "unregistered": frozenset({"pending", "approved"}),  # approved: it was registered before it came here
    "pending": frozenset({"approved", "rejected", "unregistered"}),
    "approved": frozenset({"suspended", "pending"}),  # pending: the campaign is changed and reviewed anew
    "rejected": frozenset({"pending"}),
    "suspended": frozenset({"pending", "approved"}),
}
LEGAL_FORMS = {
    "501c3": N_("501(c)(3): charity"),
    "sponsored": N_("Under a fiscal sponsor that is a 501(c)(3)"),
    "501c4": N_("501(c)(4): social welfare"),
    "501c5": N_("501(c)(5): union"),
    "501c6": N_("501(c)(6): association"),
    "527": N_("527: political organization"),
}
USE_CASES = {"501c3": "charity", "sponsored": "charity", "501c4": "political", "501c5": "political", "501c6": "political", "527": "political"}
USE_CASE_NAMES = {"charity": N_("Charity"), "political": N_("Political")}


@dataclass(frozen=True)
class Registration:
    """What the carriers know an organization as."""

    legal_form: str = ""
    brand: str = ""
    campaign: str = ""
    vetting: str = ""

    @property
    def use_case(self) -> str | None:
        return USE_CASES.get(self.legal_form)

    @property
    def needs_vetting(self) -> bool:
        """Whether Campaign Verify must have checked the organization."""
        return self.legal_form == "527"


def may_send_in(state: str | None) -> bool:
    """Whether texts may leave in that state of the registration."""
    return state == "approved"


def issues_before_moving(state: str, then: str, held: Registration) -> list[Reason]:
    """Why a registration may not be in that state next: the way there, and what the state must hold."""
    found = []
    if then not in STATES or then != state and then not in MOVES[state]:
        found.append(Reason(N_("A registration does not go from “%(state)s” to “%(then)s”."), {
            "state": Reason(STATES[state]), "then": Reason(STATES.get(then, then))}, "state"))
    if then in ("unregistered", "rejected", "suspended"):
        return found
    if held.legal_form not in LEGAL_FORMS:
        found.append(Reason(N_("Choose your legal form: the carriers ask for it."), field="legal_form"))
    if then == "approved":
        if not (held.brand.startswith("BN") and len(held.brand) == 34):
            found.append(Reason(N_("Write the brand's number. It begins with BN and has 34 letters and digits."), field="brand"))
        if not held.campaign:
            found.append(Reason(N_("Write the campaign's number, as the Twilio console shows it."), field="campaign"))
    if held.needs_vetting and not held.vetting:
        found.append(Reason(N_("A 527 organization is verified by Campaign Verify first. Write its token."), field="vetting"))
    return found
