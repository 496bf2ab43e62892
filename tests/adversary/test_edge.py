"""S4, S5, S10, S13, T4: the edge of the program, walked: headers, tokens, cookies, ways out, tries, guards that fail, one pool for all."""

import importlib
import re

import pytest
from sqlalchemy import select

from crm import NEED_NO_FORM_TOKEN, create_app
from crm.accounts.models import Account
from crm.accounts.rules import FAILURES_ALLOWED
from crm.demonstration import DEMO_PASSWORD
from crm.infra import auth, db, links, runtime, web
from tests.adversary.conftest import address, rules
from tests.adversary.test_again import counts

EMAIL = "imani@southbank.example"
POLICY = {"default-src": "'self'", "object-src": "'none'", "base-uri": "'none'", "form-action": "'self'", "frame-ancestors": "'none'"}
RUNS_WORDS = ("unsafe-inline", "unsafe-eval", "http:", "https:", "*")


def careless(answer, is_https: bool = False) -> list[str]:
    """What an answer's headers leave open: scripts of others, a frame around it, guessed kinds, an address told on, pages kept."""
    h = answer.headers
    policy = {words[0]: words[1:] for part in h.get("Content-Security-Policy", "").split(";") if (words := part.split())}
    found = [name for name, value in POLICY.items() if policy.get(name) != [value]]
    found += [f"{name}: {word}" for name in ("default-src", "script-src", "script-src-elem") for word in policy.get(name, ()) if word.strip("'") in RUNS_WORDS]
    found += [name for name, value in (("X-Content-Type-Options", "nosniff"), ("Cross-Origin-Opener-Policy", "same-origin")) if h.get(name) != value]
    found += ["Referrer-Policy"] if h.get("Referrer-Policy") not in ("same-origin", "no-referrer") else []
    found += ["Strict-Transport-Security"] if is_https and "max-age=31536000" not in h.get("Strict-Transport-Security", "") else []
    found += ["a cross-origin reader"] if "Access-Control-Allow-Origin" in h else []
    return found


@pytest.fixture
def served(stage):
    """Failures become pages, as they do for people."""
    stage.app.config["PROPAGATE_EXCEPTIONS"] = False
    yield stage
    stage.app.config["PROPAGATE_EXCEPTIONS"] = None


@pytest.fixture
def behind_https(stage):
    """The same program as it stands behind HTTPS, on the same database."""
    old, url = runtime.settings(), db.engine().url.render_as_string(hide_password=False)
    app = create_app(old.but(public_url="https://plenary.example", database_url=url))
    app.test_client_class = stage.app.test_client_class
    yield app
    runtime.start(old)


@pytest.mark.long
def test_every_route_and_every_error_carries_the_headers(served, monkeypatch):
    app, arguments, enter = served
    browser, visitor, wrong, walked = enter("southbank"), app.test_client(), [], 0
    for rule in rules(app):
        url = address(app, rule, arguments.get(rule.endpoint, {}), "GET" if "GET" in rule.methods else "POST")
        for who in (browser, visitor):
            answer = who.get(url) if "GET" in rule.methods else who.post(url, csrf=False)
            wrong += [f"{url} {answer.status_code}: {what}" for what in careless(answer)]
            if answer.mimetype == "text/html" and "no-store" not in answer.headers.get("Cache-Control", ""):
                wrong.append(f"{url}: may be kept")
            if "token" in rule.arguments and answer.headers["Referrer-Policy"] != "no-referrer":
                wrong.append(f"{url}: tells its token on")
            walked += 1
    monkeypatch.setitem(app.view_functions, "people.people_get", auth.public("a test")(lambda: 1 / 0))
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 1000)
    for status, answer in ((404, browser.get("/nowhere")), (405, browser.get("/sign-out")), (500, browser.get("/people")),
                           (413, browser.post("/texts", data={"body_en": "x" * 2000}, csrf=False)), (400, browser.get("/inbox?q=%00"))):
        assert answer.status_code == status
        wrong += [f"{status}: {what}" for what in careless(answer)]
    assert not wrong, "\n".join(wrong)
    assert walked > 200


@pytest.mark.parametrize(("name", "value"), [
    ("Content-Security-Policy", "default-src 'self'"), ("Content-Security-Policy", web._POLICY + "; script-src 'unsafe-inline'"),
    ("X-Content-Type-Options", ""), ("Referrer-Policy", "unsafe-url"), ("Access-Control-Allow-Origin", "*"), ("Cross-Origin-Opener-Policy", ""),
])
def test_a_careless_header_is_noticed(stage, name, value):
    with stage.app.test_request_context():
        whole = web.add_headers(stage.app.response_class(""))
        assert careless(whole) == []
        whole.headers[name] = value
        assert careless(whole)


def test_every_post_without_the_token_is_refused(served):
    """Those that need none bring a proof of their own, and are these."""
    app, arguments, enter = served
    browser, taken = enter("southbank"), []
    for rule in (r for r in rules(app) if "POST" in r.methods and r.endpoint not in NEED_NO_FORM_TOKEN):
        answer = browser.post(address(app, rule, arguments.get(rule.endpoint, {}), "POST"), data={"once": rule.endpoint}, csrf=False)
        if answer.status_code != 400:
            taken.append(f"{rule.rule}: {answer.status_code}")
    assert not taken, "\n".join(taken)
    for endpoint in NEED_NO_FORM_TOKEN:
        assert endpoint.startswith(("hooks.", "ballots.", "sealed_booth.", "turnout_door.sync", "texting.", "signing_up.framed_")), endpoint
    visitor = app.test_client()
    for rule in (r for r in rules(app) if r.endpoint in NEED_NO_FORM_TOKEN and "POST" in r.methods):
        answer = visitor.post(address(app, rule, arguments[rule.endpoint], "POST"), data={"once": "x"}, csrf=False)
        assert answer.status_code in (400, 403, 404, 410, 422), f"{rule.rule}: {answer.status_code}"


@pytest.mark.long
def test_no_page_changes_anything_by_being_opened(stage):
    """3.5.3: previewers open every link; GET and HEAD leave the rows as they were, whoever asks."""
    app, arguments, enter = stage
    before = counts()
    for browser in (enter("southbank"), app.test_client()):
        for rule in (r for r in rules(app) if "GET" in r.methods):
            browser.head(address(app, rule, arguments.get(rule.endpoint, {}), "GET"))
    assert counts() == before


def test_the_cookie_is_locked(behind_https, stage):
    browser = behind_https.test_client()
    answer = browser.post("/sign-in", data={"email": EMAIL, "password": DEMO_PASSWORD}, base_url="https://plenary.example", csrf=False)
    assert answer.status_code == 400, "without the token nobody is signed in, by HTTPS either"
    behind_https.config["WTF_CSRF_ENABLED"] = False
    answer = browser.post("/sign-in", data={"email": EMAIL, "password": DEMO_PASSWORD}, base_url="https://plenary.example", csrf=False)
    assert answer.status_code == 303
    (cookie,) = [c for c in answer.headers.getlist("Set-Cookie") if c.startswith("__Host-plenary=") and "Max-Age=0" not in c]
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")} and "Domain" not in cookie
    assert careless(answer, is_https=True) == []
    plain = stage.app.test_client().get("/sign-in").headers.getlist("Set-Cookie")
    assert plain and all("HttpOnly" in c and "SameSite=Lax" in c for c in plain)


def test_a_cookie_from_before_signing_in_signs_nobody_in(stage):
    """Session fixation: whoever planted the cookie holds nothing afterwards, and what was in it is gone."""
    victim, thief = stage.app.test_client(), stage.app.test_client()
    thief.post("/language", data={"language": "es", "next": "/"})
    planted = thief.get_cookie("plenary").value
    victim.set_cookie("plenary", planted)
    victim.sign_in(EMAIL, DEMO_PASSWORD)
    assert victim.get_cookie("plenary").value != planted
    assert '<html lang="en"' in victim.get("/account").text
    for copy in (planted, thief.get_cookie("plenary").value):
        thief.set_cookie("plenary", copy)
        assert thief.get("/account").status_code == 302


AWAY = ("//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example", "/\n/evil.example", "/\r\n//evil.example",
        "\t//evil.example", " //evil.example", "/\t\\evil.example",
        "javascript:alert(1)", "data:text/html,x", "evil.example", "/\x0b/evil.example", "///evil.example")


@pytest.mark.parametrize("away", AWAY)
def test_no_next_leads_away(stage, away):
    for url, data in (("/sign-in", {"email": EMAIL, "password": DEMO_PASSWORD}), ("/language", {"language": "en"})):
        answer = stage.app.test_client().post(url, data=data | {"next": away})
        assert answer.status_code == 303
        assert re.match(r"/(?![/\\])[^\s\\]*$", answer.location), f"{url}: {answer.location!r}"


def test_the_way_back_leads_back(stage):
    """The control: a path of ours is kept."""
    answer = stage.app.test_client().post("/sign-in", data={"email": EMAIL, "password": DEMO_PASSWORD, "next": "/people?q=Ana&list=3"})
    assert answer.location == "/people?q=Ana&list=3"


def test_nobody_learns_who_has_an_account(stage):
    """S4: wrong password, unknown address and closed account are one page, byte for byte."""
    pages = set()
    for email in (EMAIL, "nobody@southbank.example", "zz@zz.example"):
        page = stage.app.test_client().post("/sign-in", data={"email": email, "password": "not the one at all"})
        pages.add((page.status_code, re.sub(r'value="[^"]{20,}"', "", page.text.replace(email, "WHO"))))
    assert len(pages) == 1


def test_tries_from_one_place_are_limited_whatever_it_claims_to_be(stage):
    """S10: no header names another place where no proxy is trusted; many addresses from one place are limited too."""
    said = []
    for n in range(10 * FAILURES_ALLOWED + 1):
        forged = {"X-Forwarded-For": f"10.0.0.{n}", "X-Real-IP": f"10.0.1.{n}", "Forwarded": f"for=10.0.2.{n}"}
        page = stage.app.test_client().post("/sign-in", data={"email": f"a{n}@b.example", "password": "not the one at all"}, headers=forged,
                                            environ_overrides={"REMOTE_ADDR": "203.0.113.9"})
        said.append("Too many tries" in page.text)
    assert said == [False] * (10 * FAILURES_ALLOWED) + [True]


def test_links_cannot_be_guessed():
    """6.5.2: at least 128 bits of what nobody knows, and only a hash of it is kept."""
    tokens = {links.token_of(id) for id in range(1, 300)}
    assert len(tokens) == 299 and min(map(len, tokens)) * 6 >= 128
    assert all(len(links._hash(token)) == 64 and token not in links._hash(token) for token in tokens)


@pytest.mark.parametrize(("module", "guard"), [
    ("crm.infra.auth", "scope_to"), ("crm.infra.auth", "Actor.may"), ("crm.accounts.queries", "signed_in"), ("crm.infra.db", "near_of"),
])
def test_a_guard_that_fails_lets_nobody_in(served, monkeypatch, module, guard):
    """S13."""
    url = f"/people/{served.arguments['people.person_get']['id']}"
    browser, visitor = served.enter("southbank"), served.app.test_client()
    name_of = re.search(r"<h1[^>]*>\s*([^<]+?)\s*<", browser.get(url).text)
    assert name_of, "the control"
    *holder, name = guard.split(".")
    place = importlib.import_module(module)
    monkeypatch.setattr(getattr(place, holder[0]) if holder else place, name, lambda *_a, **_k: 1 / 0)
    for who in (browser, visitor):
        try:
            answer = who.get(url)
        except ZeroDivisionError:
            continue  # the page of failures asks the same guard; the server answers for it
        assert answer.status_code >= 500 or who is visitor and answer.status_code == 302
        assert name_of[1] not in answer.text


def test_one_pool_serves_many_and_keeps_nothing(stage):
    """T4: requests of two organizations and of nobody by turns; each sees its own, and a connection from the pool sees nobody's."""
    with db.reading() as s:
        email = s.scalars(select(Account.email).where(Account.email.like("%@mill.example"))).first()
    ours, theirs, nobody = stage.enter("southbank"), stage.enter("mill", email), stage.app.test_client()
    for n in range(20):
        for who in (ours, theirs, nobody):
            assert (">Rosalba Quintero<" in who.get("/people?q=Rosalba").text) == (who is ours), f"round {n}"
    if not db.is_sqlite():
        with db.engine().connect() as raw:
            assert raw.exec_driver_sql("select count(*) from people").scalar() == 0
