"""What becomes of a person's places in assemblies when two records of them become one."""

from collections.abc import Mapping
from typing import Any

from crm.infra.moving import Rule
from crm.kernel.refusal import N_


def unite_places(kept: Mapping[str, Any], gone: Mapping[str, Any]) -> dict[str, Any]:
    """A special role on either record is theirs; whoever may vote by one, may vote."""
    is_plain = kept["role"] == "participant" and gone["role"] not in ("participant", "observer")
    role = gone["role"] if is_plain else kept["role"]
    return {"role": role, "is_voting": role != "observer" and (kept["is_voting"] or gone["is_voting"])}


def unite_credentials(kept: Mapping[str, Any], gone: Mapping[str, Any]) -> dict[str, Any]:
    """A seat that either record holds is theirs, with its place and its state; the other name is one too many."""
    if kept["seat"] is not None or gone["seat"] is None or kept["delegation_id"] != gone["delegation_id"]:
        return {}
    return {name: gone[name] for name in ("kind", "rank", "seat", "gave_seat", "state", "state_before")}


MERGE_RULES = {
    "participants": Rule(N_("Places in assemblies"), unite=unite_places), "credentials": Rule(N_("Credentials of delegates"), unite=unite_credentials),
}
