"""The job's part in freezing: it plans a long list while others read and write, then writes it down slice by slice."""

from sqlalchemy import select

from crm.infra.bulk import uncollected
from crm.infra.db import reading, transaction
from crm.infra.jobs import Run
from crm.outreach.actions import broadcasts, freezing
from crm.outreach.actions.freezing import Texts
from crm.outreach.models import Broadcast
from crm.outreach.queries.plans import composer_of, finish_of, plan_of
from crm.outreach.rules.audience import Plan
from crm.outreach.rules.carriers import issues_with_finish


def freeze(run: Run, broadcast_id: int) -> bool:
    """Who gets what is written down, if that is still to be done; True when it stands."""
    with uncollected(), reading(run.org_id) as s:
        broadcast = s.scalar(select(Broadcast).where(Broadcast.id == broadcast_id, Broadcast.state == "freezing"))
        if broadcast is None:
            return True
        plan = freezing.without_texted(broadcast, plan_of(run.actor, broadcast, run.now()))
        composer = composer_of(run.actor, broadcast)
        texts = [(one, composer.write(one)) for one in plan.recipients]
        issues = issues_with_finish(finish_of(run.actor, broadcast, texts, run.now()), broadcast.is_split)
        is_new = not broadcast.frozen_up_to
    if issues and is_new:
        with transaction(run.org_id):
            broadcasts.give_back(run.actor, broadcast_id, "late")
        return True
    with uncollected():
        return _write(run, broadcast_id, plan, texts)


def _write(run: Run, broadcast_id: int, plan: Plan, texts: Texts) -> bool:
    excluded, slices = False, 0
    while not run.stopped:
        with transaction(run.org_id):
            excluded = excluded or freezing.write_exclusions(broadcast_id, plan, now=run.now(), most=freezing.SLICE)
            if excluded and freezing.freeze_slice(run.actor, broadcast_id, texts, now=run.now()):
                return True
        slices += 1
        if slices % 5 == 0:
            run.progress(0, plan.count)  # renews the lease too; a short list of slices does without
    return False
