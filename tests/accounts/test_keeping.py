"""P2: invitations, sign-ins and refused tries go on time, also when nothing ran for weeks."""

import pytest
from sqlalchemy import func, select

from crm.accounts.models import Invitation, SignIn, SignInFailure
from crm.accounts.rules import INVITED_FOR
from crm.infra import db, jobs
from crm.infra.links import Link
from crm.infra.web import Submission
from crm.people import jobs as people_jobs
from crm.people.actions import keeping


def invite(browser, email: str) -> None:
    data = {"name": "Joana Pires", "email": email, "role": "volunteer", "list_id": "0", "task": "", "once": email}
    assert browser.post("/colleagues/invitation", data=data).status_code == 303


def night(run_jobs) -> None:
    people_jobs.privacy._kept_on.clear()
    jobs.tick()
    run_jobs()


def open_addresses() -> set[str]:
    with db.reading() as s:
        return set(s.scalars(select(Invitation.email)))


def count(model) -> int:
    with db.reading() as s:
        return s.scalar(select(func.count()).select_from(model))


@pytest.fixture
def imani(signed_in):
    return signed_in("imani", org="southbank")


def test_an_invitation_goes_when_its_time_is_over_and_not_before(imani, clock, run_jobs, signed_in, as_org):
    invite(imani, "joana@new.example")
    invite(signed_in("dolores"), "mill@new.example")
    days = {name: str(n) for name, n in keeping.times_of(None).items()} | {"invitations": "10"}
    assert imani.post("/people/privacy/times", data=days | {"once": "t"}).status_code == 303
    clock.move(days=INVITED_FOR.days + 10, minutes=-1)
    night(run_jobs)
    assert open_addresses() == {"joana@new.example", "mill@new.example"}
    clock.move(days=1)
    night(run_jobs)
    assert open_addresses() == {"mill@new.example"}, "each organization has its own time"
    with as_org("southbank") as actor:
        assert keeping.removals(actor)[0].after == {"invitations": 1}
    clock.move(days=400)  # nothing ran for more than a year
    night(run_jobs)
    assert open_addresses() == set()


def test_withdrawn_ones_count_from_the_day_they_were_taken_back(imani, clock, run_jobs):
    invite(imani, "joana@new.example")
    with db.reading() as s:
        id = s.scalar(select(Invitation.id))
    assert imani.post(f"/colleagues/invitations/{id}/withdrawal", data={"once": "w"}).status_code == 303
    clock.move(days=30, minutes=1)
    night(run_jobs)
    assert open_addresses() == set()


def test_dead_sign_ins_and_tries_go_and_live_ones_stay(signed_in, client, clock, run_jobs):
    signed_in("imani")
    client.post("/sign-in", data={"email": "imani@imani.example", "password": "not this one"})
    before = count(SignIn)
    assert before and count(SignInFailure)
    clock.move(hours=37)
    signed_in("omar")
    night(run_jobs)
    assert count(SignIn) == 1 and count(SignInFailure) == 0
    assert signed_in("omar").get("/people").status_code == 200


def test_carried_out_forms_are_forgotten_after_a_month(imani, clock, run_jobs):
    invite(imani, "joana@new.example")
    clock.move(days=29)
    night(run_jobs)
    assert count(Submission) > 0
    clock.move(days=2)
    night(run_jobs)
    assert count(Submission) == 0


def test_links_that_open_nothing_are_forgotten_a_month_later(imani, clock, run_jobs):
    invite(imani, "joana@new.example")
    clock.move(days=INVITED_FOR.days + 29)
    night(run_jobs)
    assert count(Link) == 1
    clock.move(days=2)
    night(run_jobs)
    assert count(Link) == 0
