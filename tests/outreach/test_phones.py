"""The phone simulator: there in the demonstration, absent elsewhere; what is written there goes the way of a webhook."""

import pytest

from crm.infra import clock as real_clock
from crm.infra import runtime
from crm.infra.clock import now
from crm.infra.db import reading, session
from crm.outreach.models import RawHook
from tests.clients import form_of
from tests.outreach.test_receive import ana, heard, phones  # noqa: F401 - fixtures


@pytest.fixture
def demo(app, monkeypatch):
    monkeypatch.setattr(runtime, "_settings", runtime.settings().but(is_demo=True))
    real_clock.start_demo(True)
    yield
    real_clock.start_demo(False)


def test_elsewhere_the_page_does_not_exist(signed_in):
    imani = signed_in("imani", org="southbank")
    assert imani.get("/phones").status_code == 404
    assert imani.post("/phones", data={"phone": "4155550100", "body": "yes"}).status_code == 404
    assert imani.post("/phones/clock", data={"to": "day"}).status_code == 404


def test_an_empty_page_says_what_to_do(demo, signed_in):
    assert "No phone has rung yet." in signed_in("imani", org="southbank").get("/phones").text


def test_the_evening_on_a_phone(demo, signed_in, phones, ana, heard, run_jobs):  # noqa: F811
    """A text rings, members answer with each of the sample words, answers and opt-outs follow."""
    imani = signed_in("imani", org="southbank")
    imani.post("/phones", data={"phone": ana[1], "chip": "Sí, somos 3", "body": ""})
    assert heard == [(ana[0], 77, "yes", 2, {})]
    run_jobs()
    page = imani.get("/phones")
    for words in ("Ana Quintero", "Sí, somos 3", "Thank you.", "need childcare for 2", "STOP PLEASE"):
        assert words in page.text
    imani.post("/phones", data={"phone": ana[1], "body": "need childcare for 2"})
    assert heard[-1][2:] == ("supports", None, {"childcare": 2})
    answer = imani.post("/phones", data={"phone": ana[1], "chip": "STOP PLEASE"})
    assert answer.status_code == 303 and answer.location.endswith(f"#p{ana[1][1:]}")
    assert phones.state(ana[1]) == "revoked"
    run_jobs()
    assert "you get no more texts from us" in imani.get("/phones").text
    with reading(phones.org_id):
        assert {hook.handled_at is not None for hook in session().query(RawHook)} == {True}


def test_bad_input_is_refused_in_words(demo, signed_in):
    imani = signed_in("imani", org="southbank")
    empty = imani.post("/phones", data={"phone": "4155550100", "body": ""})
    assert empty.status_code == 422 and "Write something first." in empty.text
    short = imani.post("/phones", data={"phone": "12", "body": "hi"})
    assert short.status_code == 422 and "It needs 10." in short.text


def test_an_unknown_number_may_write(demo, signed_in, phones):  # noqa: F811
    imani = signed_in("imani", org="southbank")
    form = form_of(imani.get("/phones").text, "new-phone")
    assert imani.post("/phones", data=form | {"body": "hello?"}).status_code == 303
    assert phones.thread("+15095550123").reason == "unknown"


def test_links_can_be_opened_and_words_stay_words(demo, signed_in, phones, ana):  # noqa: F811
    imani = signed_in("imani", org="southbank")
    imani.post("/phones", data={"phone": ana[1], "body": "<b>yes</b>"})
    assert "<b>yes" not in imani.get("/phones").text


def test_htmx_gets_only_the_words(demo, signed_in, phones, ana, heard):  # noqa: F811
    imani = signed_in("imani", org="southbank")
    imani.post("/phones", data={"phone": ana[1], "body": "yes"})
    part = imani.get("/phones", headers={"HX-Request": "true"}).text
    assert "hx-swap-oob" in part and "<form" not in part and "<html" not in part


def test_the_clock_moves_to_the_morning_and_by_a_day(demo, signed_in, clock):
    imani = signed_in("imani", org="southbank")
    before = now()
    assert imani.post("/phones/clock", data={"to": "day"}).status_code == 303
    assert (now() - before).days == 1
    imani.post("/phones/clock", data={"to": "morning"})
    assert now().hour == 17 and (now() - before).days == 2, "nine in Los Angeles"
    assert imani.post("/phones/clock", data={"to": "yesterday"}).status_code == 422


def test_one_organization_sees_only_its_own_phones(demo, signed_in, ana, heard, phones):  # noqa: F811
    imani, dolores = signed_in("imani", org="southbank"), signed_in("dolores")
    imani.post("/phones", data={"phone": ana[1], "body": "yes"})
    assert "Ana Quintero" not in dolores.get("/phones").text
    assert signed_in("vera").get("/phones").status_code == 403
