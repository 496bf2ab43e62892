"""Pure rules of organizations."""

import re
import zoneinfo

from crm.kernel.names import fold, initials
from crm.kernel.refusal import N_, Reason

KINDS = ("base_building", "union", "faith", "coalition", "network", "government", "funder")
SENTENCES = {"organization.added": N_("Organization added by %(by)s"), "coalition.joined": N_("Joined a coalition")}


def slug_of(name: str) -> str:
    """A name as it stands in an address: mill-district-workers-center."""
    return re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")[:60]


def mark_of(name: str) -> str:
    """Two letters that stand for the organization."""
    return initials(name)


def issues_before_adding(name: str, slug: str, time_zone: str) -> list[Reason]:
    """Everything that is wrong with a new organization's facts."""
    wrong = []
    if not name.strip():
        wrong.append(Reason(N_("An organization needs a name.")))
    if not re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?", slug):
        wrong.append(Reason(N_("Write the short name in small letters, digits and hyphens, like mill-district.")))
    if time_zone not in zoneinfo.available_timezones():
        wrong.append(Reason(N_("%(zone)s is not a time zone. Write one like America/Chicago."), {"zone": time_zone}))
    return wrong
