"""What spreadsheets say of standings: written into the history under the sheet's name, and taken back with the import."""

from datetime import date

import pytest
from sqlalchemy import func, select

from crm.infra.clock import now
from crm.infra.db import session
from crm.people import actions
from crm.people.models import Person, StandingChange
from crm.people.rules import standing

JAN, MAY, TODAY = date(2020, 1, 1), date(2024, 5, 1), date(2026, 11, 23)


@pytest.mark.parametrize(
    ("history", "was", "becomes", "expected"),
    [
        ([], ("contact", None), ("supporter", None), ([(MAY, "contact")], [(TODAY, "supporter")])),
        ([], ("contact", None), ("member", None), ([(MAY, "contact")], [(TODAY, "member")])),
        ([], ("contact", None), ("member", JAN), ([], [(JAN, "member")])),  # a mere contact who joined before we knew them
        ([], ("contact", None), ("lapsed", JAN), ([], [(JAN, "member"), (TODAY, "lapsed")])),
        ([], ("contact", None), ("member", date(2030, 1, 1)), ([(MAY, "contact")], [(TODAY, "member")])),
        ([], ("supporter", None), ("member", JAN), ([(MAY, "supporter")], [(TODAY, "member")])),
        ([], ("member", JAN), ("lapsed", JAN), ([(JAN, "member")], [(TODAY, "lapsed")])),
        ([(JAN, "contact")], ("contact", None), ("member", MAY), ([], [(MAY, "member")])),
        ([(MAY, "lapsed")], ("lapsed", None), ("member", JAN), ([], [(TODAY, "member")])),  # what came later gainsays the sheet's day
        ([(MAY, "member")], ("contact", None), ("member", JAN), ([], [])),
    ],
)
def test_what_a_sheet_adds_to_a_history(history, was, becomes, expected):
    along, new = standing.brought(history, MAY, was, becomes, TODAY)
    assert (along, new) == expected
    assert standing.standing_now([*history, *along, *new])[0] == becomes[0]


def histories() -> dict[str, list[tuple]]:
    told: dict[str, list[tuple]] = {}
    wanted = select(Person.given_name, StandingChange).join(StandingChange, (StandingChange.org_id == Person.org_id) & (StandingChange.person_id == Person.id))
    for name, row in session().execute(wanted.order_by(StandingChange.id)):
        told.setdefault(name, []).append((str(row.on), row.standing, row.author, row.reason.partition(" (#")[0]))
    return told


SHEET = b"""Given name,Family name,Phone,Standing,Member since
Zoe,Ray,4155550195,member,2021-03-01
Yan,Li,4155550196,,
Xi,Wu,4155550197,lapsed,2019-01-01
"""


def undo(import_id, acting, run_jobs):
    with acting("southbank", "imani") as actor:
        actions.undo(actor, import_id, now=now())
    run_jobs()


def count() -> int:
    return session().scalar(select(func.count()).select_from(StandingChange))


def test_new_people_begin_a_history_with_the_standing_of_the_sheet(bring, acting, as_org, run_jobs, omar):
    with as_org("southbank"):
        before = count()
    import_id = bring(SHEET)
    with as_org("southbank"):
        told = histories()
        assert told["Zoe"] == [("2021-03-01", "member", "Imani", "list.csv")]
        assert told["Xi"] == [("2019-01-01", "member", "Imani", "list.csv"), ("2026-11-23", "lapsed", "Imani", "list.csv")]
        assert "Yan" not in told
        zoe = session().scalar(select(Person.id).where(Person.given_name == "Zoe"))
    page = omar.get(f"/people/{zoe}").text
    assert "March 1, 2021" in page and "list.csv" in page and f"(#{import_id})" not in page
    undo(import_id, acting, run_jobs)
    with as_org("southbank"):
        assert count() == before


def test_a_changed_standing_is_one_row_and_undoing_takes_it_back(bring, acting, as_org, run_jobs, ana, others, world):
    """Somebody without a history, somebody with one, and two rows of one sheet about the same person."""
    beatriz, carlos = others[:2]
    with acting("southbank", "omar") as actor:
        actions.change_standing(actor, beatriz, "lapsed", date(2026, 6, 1), "Moved", now=now())
    with as_org("southbank"):
        names = {id: session().scalar(select(Person.given_name).where(Person.id == id)) for id in (ana, beatriz, carlos)}
        was = {id: session().execute(select(Person.standing, Person.member_since).where(Person.id == id)).one() for id in names}
        before = histories()
    lines = [
        f"{names[ana]},{world.phones[ana]},lapsed,", f"{names[beatriz]},{world.phones[beatriz]},member,2026-07-01",
        f"{names[carlos]},{world.phones[carlos]},contact,", f"{names[carlos]},{world.phones[carlos]},supporter,",
    ]  # fmt: skip
    import_id = bring("\n".join(["Given name,Phone,Standing,Member since", *lines]).encode(), existing="replace")
    with as_org("southbank"):
        told = histories()
        assert told[names[ana]][-1] == ("2026-11-23", "lapsed", "Imani", "list.csv") and len(told[names[ana]]) == 2
        assert told[names[beatriz]][:-1] == before[names[beatriz]] and told[names[beatriz]][-1] == ("2026-07-01", "member", "Imani", "list.csv")
        assert told[names[carlos]][-1] == ("2026-11-23", "supporter", "Imani", "list.csv") and len(told[names[carlos]]) == 2
    undo(import_id, acting, run_jobs)
    with as_org("southbank"):
        assert histories() == before
        assert {id: session().execute(select(Person.standing, Person.member_since).where(Person.id == id)).one() for id in names} == was


def test_a_standing_that_was_changed_since_keeps_its_history(bring, acting, as_org, run_jobs, ana, world):
    import_id = bring(f"Given name,Phone,Standing\nAna,{world.phones[ana]},lapsed\n".encode(), existing="replace")
    with acting("southbank", "omar") as actor:
        actions.change_standing(actor, ana, "supporter", now().date(), "Came back", now=now())
    undo(import_id, acting, run_jobs)
    with as_org("southbank"):
        assert [row[1] for row in histories()["Ana"]] == ["member", "lapsed", "supporter"]
        assert session().scalar(select(Person.standing).where(Person.id == ana)) == "supporter"
