"""Spreadsheets that say who wants no texts: read, shown, obeyed, taken back alone."""

import pytest
from sqlalchemy import select

from crm.infra.clock import now
from crm.infra.db import session
from crm.outreach import actions as outreach
from crm.outreach.models import Consent, ConsentState
from crm.people import actions, queries, rules

A, B, C = "+14155550195", "+14155550196", "+14155550197"


@pytest.mark.parametrize(
    "heading",
    ["Opt out", "opted_out", "optOut", "SMS Opt-Out", "Do not text", "DoNotText", "Don't text", "DNC", "Do not contact", "unsubscribed", "Unsubscribe",
     "No enviar textos", "NO ENVIAR MENSAJES DE TEXTO", "sms opt out date", "STOP", "No contactar"],
)  # fmt: skip
def test_headings_that_say_no(heading):
    assert rules.guess_columns([heading], [["yes"]]) == ["no_texts"]


@pytest.mark.parametrize(
    "heading", ["SMS status", "mobile subscription status", "mobile_subscription_status", "can2_sms_status", "Text permission", "Estado SMS"]
)
def test_headings_that_say_whether(heading):
    assert rules.guess_columns([heading], [["subscribed"]]) == ["consent"]


@pytest.mark.parametrize(
    "heading",
    ["email opt out", "Email unsubscribed", "can2_subscription_status", "email_subscription_status", "Notes", "First name", "No de telefono", "Mobile"],
)
def test_headings_about_something_else(heading):
    assert rules.guess_columns([heading], [["yes"]])[0] not in ("no_texts", "consent")


def said(field: str, cell: str) -> tuple[bool, int]:
    row = rules.read_row(2, ["Zoe", "4155550195", cell], rules.Mapping(("Name", "Phone", "X"), ("full_name", "phone", field)))
    return "no" in row.consent, len(row.problems)


@pytest.mark.parametrize(
    ("field", "cell", "is_no", "problems"),
    [
        *[
            ("consent", cell, True, 0)
            for cell in ("Unsubscribed", "opted-out", "STOP", "do not text", "Don't text", "no", "FALSE", "dada de baja", "no enviar textos")
        ],
        *[("consent", cell, False, 0) for cell in ("bouncing", "Previous bounce", "", "pending")],
        ("consent", "subscribed", False, 1),  # a yes without its date
        ("consent", "ask Tobias", True, 1),
        ("consent", "#REF!", True, 1),
        *[("no_texts", cell, True, 0) for cell in ("yes", "Sí", "x", "TRUE", "1", "stop", "2026-01-18", "unsubscribed")],
        *[("no_texts", cell, False, 0) for cell in ("no", "FALSE", "0", "", "subscribed", "bouncing")],
        *[("no_texts", cell, True, 1) for cell in ("perhaps", "ok", "=A2")],
    ],
)
def test_what_a_cell_says(field, cell, is_no, problems):
    assert said(field, cell) == (is_no, problems)


@pytest.mark.parametrize(
    ("cell", "is_no", "is_not_agreed"),
    [
        *[(cell, False, True) for cell in ("no", "N", "FALSE", "falso", "0", "0.0", "Not opted in", "not subscribed", "no suscrita")],
        *[(cell, True, False) for cell in ("Unsubscribed", "opted out", "STOP", "do not text", "declined", "dada de baja", "perhaps", "#REF!")],
        *[(cell, False, False) for cell in ("", "pending", "bouncing", "yes")],
    ],
)
def test_a_plain_no_in_a_column_of_boxes_is_no_more_than_no_consent(cell, is_no, is_not_agreed):
    row = rules.read_row(2, ["Zoe", "4155550195", cell], rules.Mapping(("Name", "Phone", "X"), ("full_name", "phone", "opt_in")))
    assert ("no" in row.consent, bool(row.not_agreed)) == (is_no, is_not_agreed)


def test_two_columns_about_texts_and_the_stronger_no_wins():
    headers, fields = ("Name", "Phone", "A", "B", "At", "How"), ("full_name", "phone", "opt_in", "consent", "consent_at", "consent_source")
    read = [rules.read_row(2, ["Zoe", "4155550195", a, b, "2026-01-18", "card"], rules.Mapping(headers, fields)) for a, b in (("no", "yes"), ("no", "no"))]
    assert [(row.consent, row.not_agreed) for row in read] == [({}, "no"), ({"no": "no"}, "")]


def states() -> dict[str, tuple[str, str]]:
    return {state.phone: (state.state, state.source) for state in session().scalars(select(ConsentState))}


def undo(import_id, acting, run_jobs):
    with acting("southbank", "imani") as actor:
        actions.undo(actor, import_id, now=now())
    run_jobs()


def test_a_no_wins_and_is_taken_back_alone(bring, acting, as_org, run_jobs):
    with acting("southbank", "imani") as actor:
        outreach.give_consent(actor, A, source="paper", now=now(), wording="x", evidence="y")
        outreach.revoke_consent(actor, B, source="text", now=now())
    sheet = (
        b"First name,Phone,SMS consent,Consent date,Consent source,Do not text\nZoe,4155550195,,,,yes\nYan,4155550196,,,,yes\n"
        b"Xi,4155550197,yes,2026-01-18,card,\nXi,4155550197,,,,x\n"
    )
    first, second = bring(sheet), bring(sheet)
    no = ("revoked", "import")
    with as_org("southbank") as actor:
        assert states() == {A: no, B: ("revoked", "text"), C: no}
        line = session().scalars(select(Consent).where(Consent.phone == A, Consent.source == "import").order_by(Consent.id)).first()
        assert (line.kind, line.said, line.evidence) == ("revoked", "yes", f"list.csv, 2 (#{first})")
    with acting("southbank", "imani") as actor:
        assert outreach.rebuild_consent(actor) == 0
    undo(first, acting, run_jobs)
    with as_org("southbank"):
        assert states() == {A: no, B: ("revoked", "text"), C: no}
    undo(second, acting, run_jobs)
    with acting("southbank", "imani") as actor:
        assert states() == {A: ("given", "paper"), B: ("revoked", "text")}
        assert outreach.rebuild_consent(actor) == 0


def test_a_no_counts_where_the_row_stays_out_or_changes_nothing(bring, as_org):
    bring(b"Given name,Family name,Phone,City\nZoe,Ray,4155550195,Oakland\nZoe,Ray,4155550195,Berkeley\nYan,Li,4155550196,\n")
    with as_org("southbank"):
        ana = dict(states())
    import_id = bring(b"Given name,Family name,Phone,Email,SMS status\nYan,Li,4155550196,,stop\n", existing="leave")
    with as_org("southbank") as actor:
        assert states() == ana | {B: ("revoked", "import")}
        assert queries.count_outcomes(actor, import_id)["same"] == 1


def test_an_asked_row_s_number_gets_no_texts(bring, acting, as_org, run_jobs):
    bring(b"Given name,Family name,Phone,VANID\nZoe,Ray,4155550195,1\nZoe,Ray,4155550195,2\n")
    import_id = bring(b"Given name,Family name,Phone,Opt out\nZoe,Ray,4155550195,yes\n")
    with as_org("southbank") as actor:
        assert queries.count_outcomes(actor, import_id)["asked"] == 1
        assert states() == {A: ("revoked", "import")}
    undo(import_id, acting, run_jobs)
    with as_org("southbank"):
        assert states() == {}


def test_a_row_without_a_number_means_the_numbers_we_have(bring, as_org):
    bring(b"Given name,Phone,Email\nZoe,4155550195,zoe@example.org\n")
    bring(b"Given name,Email,Unsubscribed\nZoe,zoe@example.org,yes\n")
    with as_org("southbank"):
        assert states() == {A: ("revoked", "import")}


def test_the_dry_run_says_how_many_and_who(signed_in, bring, as_org):
    import_id = bring(b"Name,Phone,Opted out\nZoe Ray,4155550195,TRUE\nYan Li,4155550196,maybe\nXi Wu,4155550197,\n", apply=False)
    browser = signed_in("omar")
    page = browser.get(f"/people/imports/{import_id}").text
    assert "2 people asked not to be texted" in page
    page = browser.get(f"/people/imports/{import_id}?show=no_texts").text
    assert "Zoe Ray" in page and "Yan Li" in page and "Xi Wu" not in page and "does not say whether" in page
    with as_org("southbank"):
        assert states() == {}


def test_the_organizer_chooses_what_a_plain_no_means(signed_in, bring, acting, as_org, run_jobs):
    """The cautious reading is the usual one; the other leaves a consent that was given elsewhere, and STOP stays STOP."""
    with acting("southbank", "imani") as actor:
        outreach.give_consent(actor, A, source="paper", now=now(), wording="x", evidence="y")
    sheet = b"Name,Phone,SMS opt in\nZoe Ray,4155550195,no\nYan Li,4155550196,unsubscribed\nXi Wu,4155550197,no\n"
    import_id = bring(sheet, apply=False)
    browser = signed_in("omar")
    page = browser.get(f"/people/imports/{import_id}").text
    assert "3 people asked not to be texted" in page and "A plain “no” counts among them" in page
    assert "What does a plain “no” mean" in browser.get(f"/people/imports/{import_id}/columns").text
    fields = {"fields-0": "full_name", "fields-1": "phone", "fields-2": "opt_in", "existing": "fill", "country": "US"}
    assert browser.post(f"/people/imports/{import_id}/columns", data=fields | {"once": "a"}).status_code == 303
    run_jobs()
    page = browser.get(f"/people/imports/{import_id}").text
    assert "1 person asked not to be texted" in page and "2 people did not agree to texts" in page
    page = browser.get(f"/people/imports/{import_id}?show=not_agreed").text
    assert "Zoe Ray" in page and "Xi Wu" in page and "Yan Li" not in page and "Did not agree to texts: the file says “no”." in page
    assert browser.post(f"/people/imports/{import_id}/application", data={"once": "b"}).status_code == 303
    run_jobs()
    with as_org("southbank") as actor:
        assert states() == {A: ("given", "paper"), B: ("revoked", "import")}
    undo(import_id, acting, run_jobs)
    with as_org("southbank"):
        assert states() == {A: ("given", "paper")}
    again = bring(sheet, apply=False)
    with as_org("southbank") as actor:
        assert queries.import_for(actor, again).mapping[2] == "opt_in", "the choice is remembered"
