"""A broadcast to many: everyone planned, asked at the gate, written to in their language, and queued, beside the same rows put in bare."""

import time
from datetime import timedelta

from sqlalchemy import insert

from crm.bench.stage import NOON, Stage, add_people, bare_copy
from crm.infra import jobs
from crm.infra.db import Base, transaction
from crm.outreach import actions as outreach
from crm.outreach.models import ConsentState
from crm.outreach.rules.options import TextingOptions
from crm.people.actions import save_segment

BODIES = {
    "en": "Hi {first_name}, Saturday at 10? Reply COUNT ME IN or NO. {organization}. Reply STOP to opt out",
    "es": "Hola {first_name}, ¿el sábado a las 10? Responda VOY o NO. {organization}. Responda STOP para no recibir más",
}


def broadcast_written(on: Stage, n: int = 100_000) -> tuple[float, str, float, int]:
    """Milliseconds from one press on "send" until every text of a broadcast stands, beside INSERT … SELECT of the same rows."""
    draft = _draft(on, n)
    begin = time.perf_counter()
    with transaction(on.org_id):
        outreach.confirm_broadcast(on.actor, draft, now=NOON)
    jobs.run_due(1)  # plans, and writes all of them down
    took = time.perf_counter() - begin
    count, raw = bare_copy(on, Base.metadata.tables["texts"])
    if count != n:
        raise RuntimeError(f"{count} texts stand, not {n}")
    return took * 1000, "ms", raw * 1000, count


def _draft(on: Stage, n: int) -> int:
    add_people(on, n)
    with transaction(on.org_id) as s:
        for start in range(0, n, 5000):
            s.execute(insert(ConsentState), [
                {"org_id": on.org_id, "phone": f"+1415{2000000 + k:07d}", "state": "given", "source": "paper", "at": NOON}
                for k in range(start, min(start + 5000, n))
            ])  # fmt: skip
        segment = save_segment(on.actor, "Members", {"all": [{"fact": "standing", "comparison": "is", "value": "member"}]}, now=NOON)
        outreach.choose_texting(on.actor, TextingOptions(two_people_above=1_000_000), now=NOON)
        sender = outreach.ensure_sender(on.actor, now=NOON)
        if sender is None:
            raise RuntimeError("the simulator makes a number when one is needed")
        sender.pace, sender.held_until = 1000, NOON + timedelta(minutes=1)  # nothing leaves: writing them down is what is measured
        draft = outreach.save_draft(on.actor, None, name="Saturday", audience=f"segment:{segment}", now=NOON, bodies=BODIES)
    on.settle()
    return draft
