"""The figures of large assemblies: the turnout board of fifty organizations, and a roster of ten thousand seats."""

from sqlalchemy import event, insert, select

from crm.assemblies.models import Assembly, AssemblyPartner, Participant
from crm.bench.doors import hall
from crm.bench.lists import _opens, _p95, _signed_in, median_of
from crm.bench.stage import NOON, Stage
from crm.infra import db
from crm.infra.db import new_id, reading, transaction
from crm.infra.web import keyset
from crm.organizations.actions import add_organization
from crm.turnout.models import Pledge, Rsvp
from crm.turnout.queries import turnout_summary
from crm.turnout.rules import code_of

Figure = tuple[float, str, float, int]
ORGANIZATIONS, MOST_QUERIES = 50, 3
STATES = ("yes", "confirmed", "maybe", "invited", "no")
BY_HAND = (
    "select id, org_id, goal from assemblies where id = {id}",
    "select partner_id, sum(case when state in ('yes','confirmed') then guests + 1 else 0 end), sum(case when state = 'confirmed' then guests + 1 else 0 end),"
    " sum(case when state = 'yes' then 1 else 0 end) from rsvps where assembly_id = {id} group by partner_id",
    "select partner_id, sum(promised) from pledges where assembly_id = {id} group by partner_id",
)


def turnout_board(on: Stage, n: int = 1_000_000) -> Figure:
    """Milliseconds (median) of what the turnout board of fifty organizations counts, in at most three queries, beside the bare sums
    written by hand and run as the owner; n RSVPs in all."""
    assembly_id = _crowd(on, n)
    on.settle()
    with on.app.test_request_context(), reading(on.org_id) as s:
        s.scalar(select(Assembly.id).limit(1))  # who is near is asked once in a transaction
        sent: list[str] = []
        note = lambda *told: sent.append(told[2])  # noqa: E731
        event.listen(db.engine(), "before_cursor_execute", note)
        summary = turnout_summary(on.actor, assembly_id, now=NOON)
        event.remove(db.engine(), "before_cursor_execute", note)
        if len(sent) > MOST_QUERIES or len(summary.partners) != ORGANIZATIONS + 1:
            raise RuntimeError(f"{len(sent)} queries for {len(summary.partners)} organizations")
        value = median_of(lambda: turnout_summary(on.actor, assembly_id, now=NOON))
    with on.owner().connect() as connection:
        on.hold(connection)
        raw = median_of(lambda: [connection.exec_driver_sql(sql.format(id=assembly_id)).fetchall() for sql in BY_HAND])
    return value, "ms", raw, n


def _crowd(on: Stage, n: int) -> int:
    """An assembly of fifty partners, so many RSVPs among them, a pledge of each."""
    assembly_id, _session, _none = hall(on, [], NOON)
    with transaction():
        partners = [add_organization(f"Partner {k}", slug=f"partner-{k}", now=NOON) for k in range(ORGANIZATIONS)]
    with transaction(on.org_id) as s:
        side = {"org_id": on.org_id, "assembly_id": assembly_id, "created_at": NOON}
        s.execute(insert(AssemblyPartner), [
            side | {"id": new_id(), "partner_id": id, "state": "accepted", "role": "partner", "lead_name": "Lead", "answered_at": NOON}
            for id in (on.org_id, *partners)])
        s.execute(insert(Pledge), [side | {"id": new_id(), "partner_id": id, "promised": 100, "lead_name": "Lead", "made_at": NOON} for id in partners])
    for start in range(0, n, 10_000):
        with transaction(on.org_id) as s:
            s.execute(insert(Rsvp), [side | {
                "id": new_id(), "partner_id": partners[k % ORGANIZATIONS], "person_id": k, "door_name": "Ana Q.", "door_folded": "ana q", "code": code_of(k),
                "state": STATES[k % 5], "guests": k % 3, "language": "en", "source": "text", "answered_at": None if k % 5 == 3 else NOON,
                "confirmed_at": NOON if k % 5 == 1 else None} for k in range(start, min(n, start + 10_000))])  # fmt: skip
    return assembly_id


def roster_far_down(on: Stage, n: int = 10_000) -> Figure:
    """Milliseconds (95th percentile) of roster pages that begin at the last tenth of n seats, beside the first page: flat is 1."""
    assembly_id, _session, _none = hall(on, [], NOON)
    for start in range(0, n, 5000):
        with transaction(on.org_id) as s:
            s.execute(insert(Participant), [
                {"id": new_id(), "org_id": on.org_id, "partner_id": on.org_id, "assembly_id": assembly_id, "person_id": k, "shown_name": f"Ana {k:06d}",
                 "role": "delegate", "is_voting": True, "created_at": NOON} for k in range(start, min(n, start + 5000))])
    on.settle()
    browser, address = _signed_in(on), f"/assemblies/{assembly_id}/participants"
    with reading(on.org_id):
        seats = select(Participant).where(Participant.assembly_id == assembly_id).offset(n - n // 10)
        mark = keyset(seats, (Participant.shown_name, Participant.id), None, 1).next
    first, far = _opens(browser, address), _opens(browser, f"{address}?after={mark}")
    value = _p95([far], rounds=40)
    return value, "ms", _p95([first], rounds=40), n
