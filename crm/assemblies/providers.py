"""The solver as a process of its own: a draw may take minutes, and pages and texts go on beside it.

Standard input: one JSON object with people, quotas, seats, method and seed; without a seed the quotas are only tried. Standard output: lines of
JSON, a pair [lowest chance, its bound] now and then, and an object at the end: the record, or problems as [words, what fills them].
"""

import json
import os
import sys
from typing import Any

import numpy as np

from crm.assemblies.lottery.files import read_pool
from crm.assemblies.lottery.programme import Programme, nearest
from crm.assemblies.lottery.record import draw, why_not
from crm.kernel.refusal import Reason, Refused


def main() -> None:
    """Reads one question and answers it, behind everything else that the machine has to do."""
    os.nice(10)
    print(json.dumps(_answer(json.load(sys.stdin))), flush=True)


def _answer(asked: dict[str, Any]) -> dict[str, Any]:
    try:
        if asked["seed"] is None:
            return _tried(asked["people"], asked["quotas"], asked["seats"])
        return {"record": draw(**asked, progress=lambda lowest, bound: print(json.dumps([lowest, bound]), flush=True))}
    except Refused as refused:
        return {"problems": _told(refused.reasons)}


def _tried(people: str, quotas: str, seats: int) -> dict[str, Any]:
    """Nothing where a panel can be seated; else why not, and the quotas nearest to these that can be kept."""
    pool = read_pool(people, quotas, seats)
    if Programme(pool).best(np.zeros(len(pool.groups))) is not None:
        return {}
    changes = nearest(pool) or []
    return {
        "problems": _told(why_not(pool)),
        "nearest": [[limit.quota.feature, limit.quota.value, least, most] for limit, least, most in changes if limit.quota],
    }


def _told(reasons: tuple[Reason, ...] | list[Reason]) -> list[tuple[str, dict[str, Any]]]:
    return [(reason.text, dict(reason.params)) for reason in reasons]
