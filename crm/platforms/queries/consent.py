"""The set of amendments that nobody contests: what it would make of each plank, and why the others stay out of it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from crm.kernel.refusal import N_, Reason, Refusal
from crm.platforms import rules
from crm.platforms.models import Platform
from crm.platforms.queries.reads import AmendmentRow, amendments_of
from crm.platforms.queries.standing import recommendations_of, standings, voices_of


@dataclass(frozen=True)
class ConsentSet:
    """Open amendments: those that may be adopted together, those that need a decision of their own with why, and those chosen.

    `plans` says what each plank would say, by its id; `mark` changes when the text or any open amendment does.
    """

    free: list[AmendmentRow]
    contested: list[tuple[AmendmentRow, list[Reason]]]
    chosen: list[AmendmentRow]
    plans: dict[int, rules.Adoption]
    current: dict[int, rules.Wording]
    conflicts: list[tuple[AmendmentRow, AmendmentRow, list[rules.Conflict]]]
    reasons: list[Reason]
    mark: str


def consent_set(platform: Platform, ids: Sequence[int] | None = None) -> ConsentSet:
    """The open amendments of a platform, sorted; `ids` are those that are chosen, None all that nobody contests."""
    rows, (_, advice) = amendments_of(platform), recommendations_of(platform)
    stand = standings(platform, rows, voices_of(platform), advice)
    letters, by_id = {row.amendment.id: row.letter for row in rows}, {row.amendment.id: row for row in rows}
    met = rules.meetings(stand.values())
    free, contested = [], []
    for id, one in stand.items():
        others = [b if a == id else a for a, b in met if id in (a, b)]
        reasons = rules.why_contested(one, letters, others, platform.least_supporters)
        (contested.append((by_id[id], reasons)) if reasons else free.append(by_id[id]))
    wanted = {row.amendment.id for row in free} if ids is None else set(ids)
    chosen = [row for row in free if row.amendment.id in wanted]
    left = [reason for row, reasons in contested if row.amendment.id in wanted for reason in (_named(row), *reasons)]
    plans, clashes = _joined([stand[row.amendment.id] for row in chosen])
    pairs = [(by_id[a], by_id[b], found) for (a, b), found in met.items()]
    mark = hashlib.sha256(repr([(one, row.amendment.decided_at) for one, row in zip(stand.values(), map(by_id.get, stand), strict=True)]).encode())
    current = {one.plank_id: one.current for one in stand.values() if one.plank_id and one.current}
    return ConsentSet(free, contested, chosen, plans, current, pairs, left + clashes, mark.hexdigest()[:16])


def _named(row: AmendmentRow) -> Reason:
    return Reason(N_("Amendment %(letter)s needs a decision of its own:"), {"letter": row.letter})


def _joined(chosen: Sequence[rules.Open]) -> tuple[dict[int, rules.Adoption], list[Reason]]:
    plans, reasons = {}, []
    for plank_id in dict.fromkeys(one.plank_id for one in chosen if one.kind == "change" and one.plank_id):
        of = [one for one in chosen if one.plank_id == plank_id and one.reads and one.current]
        plan = rules.join(of[0].current, [one.reads for one in of if one.reads])  # type: ignore[arg-type]
        if isinstance(plan, Refusal):
            reasons += plan.reasons
        else:
            plans[plank_id] = plan
    return plans, reasons
