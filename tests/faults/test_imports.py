"""kill -9 of the worker while a spreadsheet is checked, brought in and taken back: no row lost, none twice, nobody left behind."""

from collections import Counter

import pytest
from sqlalchemy import func, select

from crm.infra import clock, db
from crm.infra.queue import make_queue
from crm.people import actions, queries
from crm.people.models import Email, Import, ImportRow, Person, Phone
from crm.people.providers import read_sheet
from tests.faults.conftest import victim

ROWS = 12_000


def sheet() -> bytes:
    rows = (f"Ana{n},Reyes,+1415{2000000 + n},ana{n}@example.org\n" for n in range(ROWS))
    return ("First name,Last name,Phone,Email\n" + "".join(rows)).encode()


def state_of(org: int, import_id: int) -> str:
    with db.reading(org) as s:
        return s.scalars(select(Import.state).where(Import.id == import_id)).one()


def counted(org: int) -> list[int]:
    with db.reading(org) as s:
        return [s.scalar(select(func.count()).select_from(model)) for model in (Person, Phone, Email)]


@pytest.mark.long
@pytest.mark.timeout(1500)
def test_an_import_survives_a_worker_that_is_killed_again_and_again(world, acting, instance, capsys):
    """Every stage is killed in the middle of its work; each row is in once, and undoing leaves the organization as it was."""
    org, content = world.orgs["southbank"], sheet()
    make_queue(instance["QUEUE_URL"])
    before = counted(org)
    with acting("southbank") as actor:
        found = read_sheet(content)
        import_id = actions.start_import(actor, "list.csv", content, found, now=clock.now())
        actions.choose_columns(actor, import_id, actions.describe(found)[1], {"existing": "fill"}, now=clock.now())
    kills = []
    with victim("worker", instance) as worker:
        for act, over in ((None, "review"), (actions.apply, "applied"), (actions.undo, "undone")):
            if act:
                with acting("southbank") as actor:
                    act(actor, import_id, now=clock.now())
            worker.kill_until(lambda wanted=over: state_of(org, import_id) == wanted, worker.kills + 3, (0.2, 1.2))
            kills.append(worker.kills)
            if over == "applied":
                assert counted(org) == [number + ROWS for number in before]
                with acting("southbank") as actor:
                    assert queries.count_outcomes(actor, import_id)["create"] == ROWS
                with db.reading(org) as s:
                    times = Counter(s.scalars(select(Phone.e164).where(Phone.e164.startswith("+14152"))))
                assert len(times) == ROWS and set(times.values()) == {1}
    with db.reading(org) as s:
        states = Counter(s.scalars(select(ImportRow.state).where(ImportRow.import_id == import_id)))
    with capsys.disabled():
        print(f"\nkills while importing: {kills}; rows {states}")
    assert counted(org) == before and states == {"undone": ROWS}
