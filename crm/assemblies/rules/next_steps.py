"""What comes next at an assembly, in the order in which a newcomer needs it: before the day, in the room, afterwards."""

from collections.abc import Iterable, Mapping
from typing import Any

from crm.kernel.refusal import N_

STEPS = {
    "door": N_("Let people in: whoever holds the link of the door checks them in, without an account."),
    "tables": N_("Divide the room into tables."),
    "room": N_("Put a question to the room, count the hands and write down the result."),
    "text": N_("Write the text that is voted on, and freeze it."),
    "ballot": N_("Draft the vote by the rules of this assembly. Everyone on its roll gets a ballot of their own."),
    "minutes": N_("Read the minutes, print them or keep them as a file."),
    "answers": N_("Hand over what was decided to those who must answer, and follow it up."),
    "thanks": N_("Thank those who came, and call those who were missed."),
}
BY_PLANK = "yes_no_abstain"


def next_steps(state: str, decisions: Iterable[Mapping[str, Any]]) -> list[str]:
    """Keys of STEPS. A vote of its kind is offered from the announcement on, for its text and its roll take time; one in the room on the day."""
    decided = list(decisions)
    balloted = [d for d in decided if d["secrecy"] != "open"]
    ballot = [*(["text"] if any(d["method"] == BY_PLANK for d in balloted) else []), *(["ballot"] if balloted else [])]
    if state == "announced":
        return ballot
    if state == "under_way":
        return ["door", "tables", *(["room"] if any(d["secrecy"] == "open" for d in decided) else []), *ballot, "minutes"]
    return ["minutes", "answers", "thanks"] if state == "finished" else []
