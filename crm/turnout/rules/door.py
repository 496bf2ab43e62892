"""What a door may accept, and what its forms must hold."""

from datetime import datetime, timedelta

from crm.kernel.refusal import N_, Reason, Refusal

CONSENT_WORDING = N_(
    "I agree to get texts from the organization that I chose here about its work: meetings, assemblies and votes, a few a month. Message and data rates "
    "may apply. Text STOP to end them, HELP for help. Its first text says where its terms and privacy can be read."
)
NOT_ON_THE_LIST = N_("Not on the list of this assembly. Search by name, or sign in a walk-in.")
NOT_A_PARTNER = N_("Choose one of the organizations of this assembly.")
CHECKED_IN = N_("Welcome, %(name)s. You are checked in at %(title)s.")
ALREADY_IN = N_("You are already checked in at %(title)s, %(name)s.")
DOOR_KINDS = {
    "door": N_("A door: volunteers check people in"),
    "kiosk": N_("A kiosk: people check themselves in, on their own phone by its QR code too, with the code of their pass or just their name"),
    "hall": N_("The wall of the hall: a projector shows how many came, the program and the vote"),
}
NO_SUCH_CODE = N_("We did not find this code. Please go to a volunteer at the door.")
WELCOME = N_("You are checked in. Welcome, %(name)s!")
IN_ALREADY = N_("You were checked in already. Welcome back, %(name)s!")
OPEN_BEFORE = timedelta(hours=2)  # from then on somebody may say by text that they are here
TIME_TO_UNDO = timedelta(seconds=15)

LATE = timedelta(hours=24)
FAST_CLOCK = timedelta(minutes=5)


def arrival_time(said: datetime | None, now: datetime) -> datetime:
    """When somebody came: the tablet's word, unless its clock runs ahead of ours or it was not said."""
    return now if said is None or said > now else said


def may_check_in(arrived_at: datetime, expires_at: datetime, now: datetime) -> Refusal | None:
    """A door link takes check-ins until it expires, and for a day after that those made before it expired."""
    if arrived_at > expires_at or now > expires_at + LATE:
        return Refusal([Reason(N_("This door link has ended. Ask the organizer for a new one."))])
    if arrived_at < expires_at - timedelta(days=60):
        return Refusal([Reason(N_("The clock of this tablet is wrong. Set it, then check in again."))])
    return None


def issues_before_walk_in(name: str, phone: str, has_consented: bool) -> list[Reason]:
    """A walk-in needs a name; a phone number is kept only with the person's word that we may text it."""
    issues = []
    if not name.strip():
        issues.append(Reason(N_("Write a first name."), {}, "name"))
    if has_consented and not phone.strip():
        issues.append(Reason(N_("Write the phone number that we may text."), {}, "phone"))
    return issues


def issues_before_pledge(promised: int | None, lead_name: str) -> list[Reason]:
    """Every reason why a pledge cannot be taken down."""
    issues = []
    if promised is None or not 0 <= promised <= 100_000:
        issues.append(Reason(N_("Write the pledge as a number, like 40."), {}, "promised"))
    if not lead_name.strip():
        issues.append(Reason(N_("Write who leads the turnout, so that we know whom to ask."), {}, "lead_name"))
    return issues


def issues_before_door(hours: int | None, kind: str = "door") -> list[Reason]:
    """A link is of one of three kinds, and lives from one hour to two weeks."""
    issues = []
    if kind not in DOOR_KINDS:
        issues.append(Reason(N_("Choose what the link opens."), {}, "kind"))
    if hours is None or not 1 <= hours <= 336:
        issues.append(Reason(N_("Choose when the link ends: from 1 hour to 14 days from now."), {}, "hours"))
    return issues
