"""Taking a merge back: every record as it was, but for what somebody changed since, which is named."""

from collections import defaultdict
from datetime import datetime

from sqlalchemy import func, select

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.infra.moving import Stayed, take_back
from crm.kernel.refusal import N_, Reason, Refused
from crm.people import rules
from crm.people.actions.merging import MERGE_RULES
from crm.people.actions.searching import index_people
from crm.people.models import Merge
from crm.people.queries.doors import person_for
from crm.people.queries.duplicates import merge_for
from crm.people.rules.custom import PREFIX
from crm.people.rules.merging import CHOSEN

UNTOLD = ("name_folded", "rung", "assessment", "household_id", "other_languages", "member_since")
OTHER = N_("Other records")


def undo_merge(actor: Actor, merge_id: int, *, now: datetime) -> list[Reason]:
    """Brings back what went in this merge, with all that belonged to it; returns what stays as it is, in words."""
    row = merge_for(actor, merge_id, lock=True)
    kept = person_for(actor, row.kept_id, lock=True)
    mates = session().scalars(select(Merge).where(Merge.kept_id == row.kept_id, Merge.undone_at.is_(None)).with_for_update()).all()
    mates = [mate for mate in mates if mate.journal["main"] == row.journal["main"]]
    if row.undone_at is not None or not mates:
        raise Refused(N_("This merge was taken back already."))
    later = select(func.count()).select_from(Merge).where(Merge.kept_id == row.kept_id, Merge.undone_at.is_(None))
    if session().scalar(later.where(Merge.id > max(mate.id for mate in mates))):
        raise Refused(N_("This record was merged once more since. Take the later merge back first."))
    steps = next(mate.journal["steps"] for mate in mates if "steps" in mate.journal)
    stayed = take_back(steps)
    session().expire_all()
    for mate in mates:
        mate.undone_at = now
    kept.version, kept.updated_at = kept.version + 1, now
    gone_ids = [mate.gone_id for mate in mates]
    index_people([kept.id, *gone_ids])
    for id in (kept.id, *gone_ids):
        audit.record(actor, "person.unmerged", now=now, person_id=id, subject=("merge", row.journal["main"]))
    session().flush()
    return in_words(stayed, kept.custom)


def in_words(stayed: list[Stayed], _custom: dict) -> list[Reason]:
    """What stays as it is: the fields of the record by name, other rows by what they are and how many."""
    reasons, rows = [], defaultdict(set)
    for one in stayed:
        if one.table == "people" and one.columns:
            fields = {field for field, columns in CHOSEN.items() for name in one.columns if name in columns and name not in UNTOLD}
            reasons += [Reason(N_("%(field)s stays as it is, because it was edited since."), {"field": _field(field)}) for field in CHOSEN if field in fields]
            if "custom" in one.columns:
                reasons.append(Reason(N_("%(field)s stays as it is, because it was edited since."), {"field": Reason(rules.FIELD_NAMES["custom"])}))
        else:
            rows[MERGE_RULES[one.table].words if one.table in MERGE_RULES else OTHER].add(one.id)
    return reasons + [Reason(N_("%(what)s: %(n)s changed since, left as they are."), {"what": Reason(what), "n": len(ids)}) for what, ids in rows.items()]


def _field(name: str) -> Reason | str:
    return name.removeprefix(PREFIX) if name.startswith(PREFIX) else Reason(rules.FIELD_NAMES[name])
