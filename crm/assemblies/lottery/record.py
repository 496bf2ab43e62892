"""The record of a draw, from which anyone can run it again, and the check of such a record."""

from collections.abc import Callable
from fractions import Fraction
from hashlib import sha256
from typing import Any

import numpy as np

from crm.assemblies.lottery import METHODS
from crm.assemblies.lottery.chance import Chance
from crm.assemblies.lottery.exact import draw_exact
from crm.assemblies.lottery.files import read_pool
from crm.assemblies.lottery.maximin import TICKETS, Lottery, maximin
from crm.assemblies.lottery.pool import Pool
from crm.assemblies.lottery.programme import NEAR, Programme, nearest
from crm.assemblies.lottery.replacing import replacement
from crm.kernel.refusal import N_, Reason, Refused

FORM = "plenary-lottery-1"


def draw(people: str, quotas: str, seats: int, *, method: str, seed: str, progress: Callable[[float, float], None] = lambda *_: None) -> dict[str, Any]:
    """Draws, and returns the record: `panel` (ids, sorted), `min_probability` and `bound` (null for an exact draw, whose chances nobody has
    reckoned), `seed`, `method`, `seats`, hashes of both texts, the texts themselves, and for maximin every panel of the lottery with its
    tickets of `tickets`. Refuses bad files with all reasons, and quotas that cannot be met with the nearest that can."""
    pool = read_pool(people, quotas, seats)
    found = draw_exact(pool, seed) if method == "exact" else maximin(pool, progress)
    if found is None:
        raise Refused(why_not(pool))
    lottery, panel = (found, drawn(pool, found, seed)) if isinstance(found, Lottery) else (None, found)
    return {
        "form": FORM, "method": method, "seed": seed, "seats": seats, "people": len(pool.people),
        "panel": sorted(pool.people[n].id for n in panel),
        "min_probability": float(lottery.lowest(pool)) if lottery else None, "bound": lottery.bound if lottery else None,
        "people_sha256": _hash(people), "quotas_sha256": _hash(quotas), "inputs": {"people": people, "quotas": quotas},
        **(_lottery_as_dict(pool, lottery) if lottery else {}),
    }


def drawn(pool: Pool, lottery: Lottery, seed: str) -> list[int]:
    """The panel that the seed takes out of a lottery. First a ticket: `below(TICKETS)`, counted through the panels in their order. Then, for
    each group in its order, its seats go to the first of its people in random order (by id before) whose households have no seat yet."""
    chance = Chance(seed)
    ticket, at = chance.below(TICKETS), 0
    while ticket >= lottery.tickets[at]:
        ticket -= lottery.tickets[at]
        at += 1
    home_of = {n: at for at, home in enumerate(pool.homes) for n in home}
    used: set[int] = set()
    panel: list[int] = []
    for group, seats in zip(pool.groups, lottery.panels[at], strict=True):
        order = chance.shuffled(sorted(group.people, key=lambda n: pool.people[n].id))
        for n in order:
            if seats and home_of[n] not in used:
                used.add(home_of[n])
                panel.append(n)
                seats -= 1
    return panel


def why_not(pool: Pool) -> list[Reason]:
    """Why no panel keeps these quotas: the least change of them that would do, in words."""
    changes = nearest(pool)
    if changes is None:
        said = {"homes": len(pool.homes), "seats": pool.seats}
        return [Reason(N_("The list has only %(homes)s households, and at most one person of each is drawn: not enough for %(seats)s seats."), said)]
    reasons = [Reason(N_("No panel of %(seats)s can keep all quotas at once. It could, if these gave way, the least that is enough:"), {"seats": pool.seats})]
    for limit, least, most in changes:
        quota = limit.quota
        said = {"feature": quota.feature, "value": quota.value, "least": least, "most": most, "before": quota.least, "until": quota.most}
        if least < quota.least:
            reasons.append(Reason(N_("%(feature)s %(value)s: at least %(least)s instead of %(before)s."), said))
        if most > quota.most:
            reasons.append(Reason(N_("%(feature)s %(value)s: at most %(most)s instead of %(until)s."), said))
    return reasons


def verify(record: dict[str, Any], people: str | None = None, quotas: str | None = None) -> list[Reason]:
    """What is wrong with a record, nothing if it is right. The files are those within it, or given. An exact draw is run again whole. Of a
    maximin draw every panel is checked against the quotas, the chances are added up as whole tickets, the bound is proved
    again by one integer programme, and the panel is drawn again; how the lottery was found need not be believed."""
    inputs = record.get("inputs") or {}
    people, quotas = people if people is not None else inputs.get("people"), quotas if quotas is not None else inputs.get("quotas")
    if record.get("form") != FORM or record.get("method") not in METHODS:
        return [Reason(N_("This is not the record of a draw."))]
    if people is None or quotas is None:
        return [Reason(N_("The record holds no list of people: give both files with --people and --quotas."))]
    wrong = [
        Reason(N_("The hash of %(file)s is another than the record says."), {"file": name})
        for name, text in (("people", people), ("quotas", quotas)) if _hash(text) != record[f"{name}_sha256"]
    ]
    try:
        pool = read_pool(people, quotas, record["seats"])
    except Refused as refused:
        return [*wrong, *refused.reasons]
    if record["method"] == "exact":
        panel = draw_exact(pool, record["seed"])
    else:
        lottery = _lottery_of(record)
        wrong += _wrong_with(pool, lottery, record)
        panel = drawn(pool, lottery, record["seed"]) if not wrong else None
    if panel is not None and not pool.is_panel(panel) or panel is None and not wrong:
        wrong.append(Reason(N_("The panel does not keep the quotas.")))
    if panel is not None and sorted(pool.people[n].id for n in panel) != record["panel"]:
        wrong.append(Reason(N_("The seed draws another panel.")))
    return wrong or _wrong_replacements(pool, record, panel or [])


def _wrong_replacements(pool: Pool, record: dict[str, Any], panel: list[int]) -> list[Reason]:
    """Replacements that the rule does not make, of those that a record goes on to tell."""
    at, seated, gone = {person.id: n for n, person in enumerate(pool.people)}, set(panel), set()
    for step in record.get("replacements", ()):
        out, new = at.get(step["out"]), replacement(pool, record["seed"], seated, at[step["out"]], gone) if step["out"] in at else None
        if out not in seated or (new is None) != (step["in"] is None) or new is not None and pool.people[new].id != step["in"]:
            return [Reason(N_("The replacement of %(id)s is another than the rule makes."), {"id": step["out"]})]
        seated, gone = seated - {out} | ({new} if new is not None else set()), gone | {out}
    return []


def _wrong_with(pool: Pool, lottery: Lottery, record: dict[str, Any]) -> list[Reason]:
    """What is wrong with a lottery itself."""
    n = len(pool.groups)
    if any(len(panel) != n for panel in lottery.panels) or len(lottery.weights) != n:
        return [Reason(N_("The lottery is of other groups than the people."))]
    wrong = []
    if not all(map(pool.keeps_limits, lottery.panels)):
        wrong.append(Reason(N_("A panel of the lottery does not keep the quotas.")))
    if sum(lottery.tickets) != TICKETS or min(lottery.tickets) <= 0:
        wrong.append(Reason(N_("The tickets of the lottery do not add up.")))
    if float(lottery.lowest(pool)) != record["min_probability"]:
        wrong.append(Reason(N_("The lowest chance is another than the record says.")))
    weights = np.array(lottery.weights)
    weights[list(lottery.left_out)] = 0
    per_person = float(weights @ np.array([group.size for group in pool.groups]))
    whole = Programme(pool)
    bound = whole.best(weights / per_person).bound if weights.min() >= 0 < per_person else 1.0
    if bound > record["bound"] + NEAR or Fraction(record["bound"]) - lottery.lowest(pool) > NEAR:
        wrong.append(Reason(N_("The bound is not proved: a fairer lottery is possible.")))
    out = np.zeros(n)
    out[list(lottery.left_out)] = 1
    if lottery.left_out and whole.best(out).worth > 0:
        wrong.append(Reason(N_("Somebody is left out who can be seated.")))
    return wrong


def _lottery_as_dict(pool: Pool, lottery: Lottery) -> dict[str, Any]:
    return {
        "cannot_be_seated": sorted(pool.people[n].id for g in lottery.left_out for n in pool.groups[g].people),
        "tickets": TICKETS, "groups": len(pool.groups), "left_out": sorted(lottery.left_out), "weights": list(lottery.weights),
        "lottery": [{"tickets": t, "seats": {g: seats for g, seats in enumerate(panel) if seats}}
                    for t, panel in zip(lottery.tickets, lottery.panels, strict=True)],
    }


def _lottery_of(record: dict[str, Any]) -> Lottery:
    def whole(seats: dict[str, int]) -> tuple[int, ...]:
        panel = [0] * record["groups"]
        for g, n in seats.items():
            panel[int(g)] = n
        return tuple(panel)

    return Lottery(
        tuple(whole(each["seats"]) for each in record["lottery"]), tuple(each["tickets"] for each in record["lottery"]),
        record["bound"], tuple(record["weights"]), frozenset(record["left_out"]))


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()
