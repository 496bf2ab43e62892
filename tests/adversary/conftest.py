"""The whole demonstration as the ground to break into: a copy for each file."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple

import pytest
from sqlalchemy import select

from crm.accounts.models import Account, Grant
from crm.demonstration import DEMO_PASSWORD
from crm.infra import clock as real_clock
from crm.infra import db
from crm.infra.auth import Action, declaration
from crm.organizations.models import Organization
from tests.clients import CheckedClient, _values
from tests.records import arguments_of, make_more

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
ACTORS = ("southbank", "table")


LAST = ("removal", "withdrawal", "undoing", "closing", "state", "sending", "publication", "opening", "certificate", "sign-out", "acting", "sign-in", "rest",
        "stop", "clock")


def last_things_last(rule) -> tuple:
    """Order of trying: what ends or removes a record comes after everything that needs it."""
    return any(word in rule.rule for word in LAST), rule.rule


class Stage(NamedTuple):
    app: object
    arguments: dict
    enter: Callable


def rules(app):
    return [rule for rule in app.url_map.iter_rules() if not rule.endpoint.endswith("static")]


def address(app, rule, arguments: dict, method: str) -> str:
    with app.test_request_context():
        return app.url_map.bind("localhost").build(rule.endpoint, {k: v for k, v in arguments.items() if k in rule.arguments}, method=method)


@pytest.fixture(scope="module")
def stage(pristine, demonstration):
    app, stock, _world = pristine
    url = stock.copy_of(demonstration)
    db.connect(url)
    real_clock.set_source(lambda: NOW)
    make_more(NOW)

    def enter(slug: str, email: str = "imani@southbank.example") -> CheckedClient:
        browser: CheckedClient = app.test_client()
        browser.sign_in(email, DEMO_PASSWORD)
        with db.reading() as s:
            grant = s.scalars(
                select(Grant.id)
                .join(Account, Account.id == Grant.account_id)
                .join(Organization, Organization.id == Grant.org_id)
                .where(Account.email == email, Organization.slug == slug)
            ).one()
        browser.post("/acting", data={"grant_id": grant})
        return browser

    yield Stage(app, arguments_of(app), enter)
    db.disconnect()
    stock.drop(url)


@pytest.fixture(autouse=True)
def clock():
    real_clock.set_source(lambda: NOW)
    yield
    real_clock.set_source()


def forms_of(stage: Stage, browser: CheckedClient) -> dict[str, dict[str, str]]:
    """Address of a POST → the fields of its form with what stands in them, from every page that this browser may open."""
    found: dict[str, dict[str, str]] = {}
    for rule in rules(stage.app):
        if "GET" not in rule.methods or not isinstance(declaration(stage.app.view_functions[rule.endpoint]), Action):
            continue
        if rule.arguments and rule.endpoint not in stage.arguments:
            continue
        url = address(stage.app, rule, stage.arguments.get(rule.endpoint, {}), "GET")
        answer = browser.get(url)
        if answer.mimetype != "text/html" or answer.status_code != 200:
            continue
        for form in re.findall(r"<form\b.*?</form>", answer.text, re.S):
            if re.search(r'<form[^>]*method="post"', form, re.I):
                action = re.search(r'<form[^>]*\saction="([^"#]*)', form)
                values = {k: v for k, v in _values(form).items() if k not in ("csrf_token", "once")}
                names = {n: "" for n in re.findall(r'name="([^"]+)"', form) if n not in ("csrf_token", "once")}
                found.setdefault(action.group(1) if action and action.group(1) else url, {}).update({**names, **values})
    return found
