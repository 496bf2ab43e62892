"""Jobs: claimed once, taken up again after a kill, stopped between steps, failed after five tries."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.infra import db, jobs
from crm.infra.jobs import Job, enqueue, job

seen: list[tuple] = []


@job("test.steps")
def steps(run, *, count):
    with db.reading(run.org_id) as s:
        done = s.scalar(select(Job.done).where(Job.id == run.job_id))
    seen.append((run.job_id, done))
    run.progress(done + 1, count)
    return done + 1 >= count


@job("test.later")
def later(run):
    seen.append(("later", run.now()))
    return run.now() + timedelta(hours=1) if len(seen) == 1 else True


@job("test.breaks")
def breaks(run):
    seen.append(("broken",))
    raise ValueError("Ana's number is +14155550100")


@pytest.fixture(autouse=True)
def nothing_seen():
    seen.clear()


def start(world, kind, clock, **arguments):
    with db.transaction(world.orgs["southbank"]):
        return enqueue(world.orgs["southbank"], kind, arguments, now=clock.now)


def state(id):
    with db.reading():
        return db.session().get(Job, id)


def test_a_job_runs_step_by_step_to_its_end(app, world, clock, run_jobs):
    id = start(world, "test.steps", clock, count=5)
    assert run_jobs() == 5
    assert [done for _, done in seen] == [0, 1, 2, 3, 4]
    assert (state(id).state, state(id).done, state(id).total) == ("done", 5, 5)


def test_nothing_runs_if_the_transaction_rolls_back(app, world, clock, run_jobs):
    with pytest.raises(ZeroDivisionError), db.transaction(world.orgs["southbank"]):
        enqueue(world.orgs["southbank"], "test.steps", {"count": 1}, now=clock.now)
        raise ZeroDivisionError
    assert run_jobs() == 0


def test_the_same_key_is_one_job(app, world, clock):
    with db.transaction(world.orgs["southbank"]):
        first, again = (enqueue(world.orgs["southbank"], "test.steps", {"count": 1}, now=clock.now, key="k") for _ in range(2))
    assert first == again


def test_a_claimed_job_is_nobody_elses_until_its_lease_ends(app, world, clock):
    id = start(world, "test.steps", clock, count=1)
    assert jobs.claim(clock.now)[0] == id
    assert jobs.claim(clock.now) is None
    clock.move(seconds=61)
    assert jobs.claim(clock.now)[0] == id, "the process that held it was killed"


def test_not_before_is_kept(app, world, clock, run_jobs):
    id = start(world, "test.later", clock)
    assert run_jobs() == 1
    clock.move(minutes=59)
    assert run_jobs() == 0
    clock.move(minutes=2)
    assert run_jobs() == 1
    assert state(id).state == "done"


def test_a_broken_step_is_tried_five_times_and_keeps_no_members_words(app, world, clock, run_jobs):
    id = start(world, "test.breaks", clock)
    for _ in range(8):
        run_jobs()
        clock.move(minutes=5)
    assert len(seen) == 5
    assert (state(id).state, state(id).error) == ("failed", "ValueError")


def test_stop_over_http_and_only_by_its_own_organization(app, world, clock, run_jobs, signed_in):
    id = start(world, "test.steps", clock, count=3)
    assert signed_in("dolores").post(f"/jobs/{id}/stop").status_code == 404
    assert signed_in("dolores").get(f"/jobs/{id}").status_code == 404
    browser = signed_in("omar")
    assert browser.post(f"/jobs/{id}/stop").status_code == 303
    assert "Stopping" in browser.get(f"/jobs/{id}").text
    run_jobs()
    assert (state(id).state, seen) == ("stopped", [])
