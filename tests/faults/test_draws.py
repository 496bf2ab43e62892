"""kill -9 of the worker while seats are drawn by lot: it is drawn again from the same seed, the panel is the same, and there is one."""

import copy
import time

import pytest
from sqlalchemy import select

from crm.assemblies.actions import lots
from crm.assemblies.lottery.record import draw
from crm.assemblies.models import Lot, LotPlace
from crm.infra import clock, db
from tests.assemblies.test_lots import SEED, frozen, the_lot
from tests.faults.conftest import report, victim

PEOPLE = "id;age;place;speaks\n" + "".join(
    f"q{n:03};{('young', 'middle', 'old')[n // 4 % 3]};{'north' if n % 5 < 2 else 'south'};{'es' if n % 7 < 3 else 'en'}\n" for n in range(90))
QUOTAS = "feature,value,min,max\nage,young,3,5\nage,middle,4,6\nage,old,0,12\nplace,north,5,7\nplace,south,5,7\nspeaks,es,5,7\nspeaks,en,5,7\n"


def state_of(org: int) -> tuple[str, list[str]]:
    with db.reading(org) as s:
        return s.scalars(select(Lot.state)).one(), list(s.scalars(select(LotPlace.code).order_by(LotPlace.id)))


@pytest.mark.timeout(300)
def test_a_worker_that_is_killed_while_it_draws_leaves_one_panel_that_the_seed_gives(signed_in, world, instance, capsys):
    omar, org = signed_in("omar"), world.orgs["southbank"]
    path = frozen(omar, world, people=PEOPLE, quotas=QUOTAS, seats="12", method="maximin")
    day = (clock.now().date()).isoformat()[:8] + "30"
    assert omar.post(path + "/seed", data={"seed": SEED, "keep_until": day}).status_code == 303
    with victim("worker", instance) as worker:
        time.sleep(1)
        worker.kill_until(lambda: state_of(org)[0] == "drawn", 4, (0.4, 0.9))
        killed = worker.kills
    state, codes = state_of(org)
    with db.reading(org):
        lot = the_lot()
        record, people, quotas = copy.deepcopy(lot.record), lot.people, lot.quotas
    again = draw(people, quotas, 12, method="maximin", seed=SEED)
    report(capsys, f"{killed} kills while drawing: {len(codes)} seats, one panel")
    assert killed >= 4 and state == "drawn" and len(codes) == len(set(codes)) == 12
    assert codes == record["panel"] == again["panel"]


def test_a_second_answer_to_the_same_draw_changes_nothing(signed_in, world, acting):
    """As when a process that slept over its lease wakes after another has drawn."""
    omar, org = signed_in("omar"), world.orgs["southbank"]
    path = frozen(omar, world)
    assert omar.post(path + "/seed", data={"seed": SEED, "keep_until": "2026-12-07"}).status_code == 303
    with db.reading(org):
        asked, lot_id = lots.question_of(the_lot().id), the_lot().id
    first, other = draw(**asked), draw(**{**asked, "seed": "another"})
    assert first["panel"] != other["panel"]
    for answer in (first, other, first):
        with acting("southbank") as actor:
            lots.keep_answer(actor, lot_id, {"record": answer}, now=clock.now())
    with db.reading(org):
        assert the_lot().record["panel"] == first["panel"] == [place.code for place in db.session().scalars(select(LotPlace).order_by(LotPlace.id))]
