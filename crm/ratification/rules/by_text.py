"""Voting by text: how a vote is said plank by plank, how an answer is read, and how the whole is read back before it counts."""

from collections.abc import Mapping, Sequence
from typing import Any

from crm.kernel.refusal import N_, Reason
from crm.outreach.rules.replies.words import bare, plain

WISH = frozenset("vote voto votar voting votare quiero i want to yes si ok start empezar comenzar ready lista listo 1".split())
_FOR = frozenset("1 yes si for favor aye a y in sure claro apoyo support".split())
_AGAINST = frozenset("2 no against contra en nay oppose opongo".split())
_ABSTAIN = frozenset("3 abstain abstention abstencion abstengo abstenerme me pass paso skip i".split())
CAST = frozenset("vote voto votar cast confirm confirmo confirmar send enviar emitir".split())
CHANGE = frozenset("change cambiar cambio again otra vez back redo".split())
SAID = {"yes": N_("for"), "no": N_("against"), "abstain": N_("abstain")}
OPEN = N_("This is an open vote on %(title)s: your organization sees how you voted, and the published count lists your seat, %(seat)s, with your vote.")
PLANK = N_("%(n)s/%(all)s %(title)s. Answer 1 for, 2 against, 3 abstain.")
NOT_ONE = N_("Please answer 1 for, 2 against, 3 abstain.")
REVIEW = N_("Your vote: %(votes)s. Answer VOTE and it counts, or CHANGE to begin again.")
NOT_CAST = N_("It does not count yet. Answer VOTE and it counts, or CHANGE to begin again.")
IS_IN = N_("Your vote is in: %(votes)s. Your seat is %(seat)s.")
MAY_CHANGE = N_("You can change it until the close: answer VOTE.")
SECRET = N_("This vote is secret, so it is never taken by text. Your own ballot: %(link)s")
SHARED = N_("Several voters share this phone, so a vote by text could be another's. Your own ballot: %(link)s")


def wishes_to_vote(body: str) -> bool:
    """Whether a reply to the notice of a vote asks to vote here: VOTE, voto, yes."""
    words = bare(plain(body)).split()
    return bool(words) and len(words) <= 4 and set(words) <= WISH and words != ["i"]


def choice_in(body: str) -> str | None:
    """yes, no or abstain out of an answer to a plank; None when it is none of them, or more than one."""
    words = [word for word in bare(plain(body)).split() if word not in ("please", "por", "the", "la", "el", "thanks", "gracias", "vote", "voto")]
    if not words or len(words) > 3:
        return None
    found = [name for name, said in (("yes", _FOR), ("no", _AGAINST), ("abstain", _ABSTAIN)) if set(words) <= said]
    return found[0] if len(found) == 1 else None


def is_cast(body: str) -> bool:
    """Whether the reading back was confirmed: VOTE and its kin, nothing else; never a plain yes."""
    words = set(bare(plain(body)).split())
    return bool(words) and words <= CAST


def wants_change(body: str) -> bool:
    """Whether they want to begin again."""
    words = set(bare(plain(body)).split())
    return bool(words) and words <= CHANGE


def read_back(planks: Sequence[Mapping[str, Any]], choices: Mapping[int, str]) -> list[Reason]:
    """1 for, 2 against, 3 abstain."""
    return [Reason(N_("%(n)s %(choice)s"), {"n": plank["number"], "choice": Reason(SAID[choices[plank["number"]]])}) for plank in planks]
