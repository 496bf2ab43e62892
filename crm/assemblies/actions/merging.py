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


MERGE_RULES = {"participants": Rule(N_("Places in assemblies"), unite=unite_places)}
