"""S6, S7: what people type stays what they typed, on pages, in files, in JSON, in calendars and in texts: nothing runs, nothing breaks."""

import csv
import io
import json
import re
import zipfile
from itertools import cycle

import pytest
from sqlalchemy import select
from werkzeug.datastructures import Headers
from werkzeug.test import TestResponse
from werkzeug.wrappers import Request

from crm.infra import db, jobs
from crm.outreach.models import SimulatedText, Text
from tests import clients
from tests.adversary.conftest import ACTORS, address, forms_of, rules
from tests.records import org

TYPED = (
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<ScRiPt src=//x.example>",
    '"><img src=x onerror=alert(1)>',
    "'><img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg/onload=alert(1)//",
    '" onmouseover="alert(1)',
    "' onfocus='alert(1)' autofocus='",
    "` onclick=alert(1)",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    '<a href="javascript:alert(1)">x</a>',
    "[x](javascript:alert(1))",
    "<iframe src=javascript:alert(1)>",
    "<object data=x>",
    "<embed src=x>",
    "<form action=//x.example><input name=p>",
    "<base href=//x.example>",
    "<meta http-equiv=refresh content=0>",
    "<link rel=stylesheet href=//x.example>",
    "<style>*{display:none}</style>",
    "<textarea>",
    "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "<!--",
    "-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;",
    "{{7*7}}1",
    "{{ config }}",
    "{% raw %}",
    "{# hidden #}",
    "${7*7}",
    "<%= 7*7 %>",
    "%(x)s",
    "%s%d%(given_name)s",
    "100%",
    "{first_name.__class__}",
    "{0.__init__.__globals__}",
    "{first_name!r}",
    "{",
    "}",
    "\u202eevil",
    "=HYPERLINK(1)",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1:A9)",
    "\t=1+1",
    "x\r\nATTACH:https://x.example",
    "\u200f\u202e\u2066أهلا",
    "🏠✊🏾",
    "\ufeff\u200d",
    "q" * 3000,
    "\\u003cscript\\u003e",
    "<details open ontoggle=alert(1)>",
    "<math><mi xlink:href=javascript:alert(1)>",
)
FREE = re.compile(
    r"name|title|text|body|reason|words|note|summary|intro|question|detail|place|street|lead|wording|evidence|tag|moved|supporter|"
    r"scope|section|source|because|next_step"
)
TAGS = {"iframe", "object", "embed", "base", "math", "details"}


def alive(html: str, whole: bool = True) -> list[str]:
    """What a browser would run or obey of what was typed, in place of the careful reader's complaints."""
    reader = clients._Reader()
    reader.feed(html)
    wrong = []
    for tag, a in reader.tags:
        if tag == "script" and (not a.get("src") or not (a["src"] or "").startswith("/")) and a.get("type") != "application/json":
            wrong.append(f"<script {a}>")
        wrong += [f"<{tag} {name}>" for name in a if name.startswith("on") and name != "once"]
        wrong += [
            f"<{tag} {name}={value}>"
            for name, value in a.items()
            if name in ("href", "src", "action", "formaction", "xlink:href") and re.match(r"\s*(javascript|data:text|//)", value or "", re.I)
        ]
        if tag == "img" and a.get("src") == "x" or tag in TAGS and "alert" in str(a) or tag in ("iframe", "object", "embed", "base"):
            wrong.append(f"<{tag} {a}>")
    if "491" in html and "{{7*7}}1" not in html and re.search(r">\s*491\s*<", html):
        wrong.append("a template was read")
    if "<class 'str'>" in html or "&lt;class &#39;str" in html or "<Config" in html:
        wrong.append("a format was read")
    return wrong


FORMULA = ("=", "+", "-", "@", "\t", "\r")


def live_cells(answer) -> list[str]:
    """Cells that a spreadsheet would reckon, lines that a calendar would obey, JSON that is none."""
    kind, found = answer.mimetype, []
    if kind == "text/csv":
        rows = csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff")))
        found = [cell for row in rows for cell in row if cell.startswith(FORMULA)]
    elif kind == "application/json":
        json.loads(answer.text)
    elif kind == "text/calendar":
        found = re.findall(r"^ATTACH.*", answer.text, re.M)
    elif "spreadsheetml" in kind:
        with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
            found = [part for name in book.namelist() if name.startswith("xl/worksheets/") for part in re.findall(r"<f>.*?</f>", book.read(name).decode())]
    return found


@pytest.mark.parametrize("html", [
    "<p><script>alert(1)</script>", "<img src=x onerror=alert(1)>", '<a href="javascript:alert(1)">', '<a href="//x.example">', "<iframe src=/>", "<p>491</p>",
    "<base href=/>",
])
def test_a_page_that_runs_words_is_noticed(html):
    assert alive(html)


@pytest.mark.parametrize(("kind", "text", "is_live"), [
    ("text/csv", 'name\n"=1+1"\n', True), ("text/calendar", "BEGIN:VEVENT\r\nATTACH:https://x.example\r\n", True), ("text/csv", "name\n'=1+1\nAna\n", False),
])
def test_a_file_that_reckons_words_is_noticed(kind, text, is_live):
    assert bool(live_cells(TestResponse([text.encode()], "200 OK", Headers({"Content-Type": kind}), Request({})))) == is_live


def say(browser, forms: dict, wrong: list[str]) -> int:
    """Types the words into every field that takes words, of every form; how many forms were taken."""
    typed, kept = cycle(TYPED), 0
    for url, form in sorted(forms.items()):
        if any(word in url for word in ("removal", "sign-out", "acting", "state/", "closing", "withdrawal", "/language", "/undoing")):
            continue
        said = {name: next(typed) if FREE.search(name) and not value.isdigit() and not name.startswith(("version", "base_")) else value
                for name, value in form.items()}
        try:
            answer = browser.post(url, data=said)
            with_nul = browser.post(url, data=said | {"zz": "A\x00na"})
        except Exception as error:  # a page that breaks names itself, and the rest is still tried
            wrong.append(f"{url}: {type(error).__name__} {str(error)[:200]}")
            continue
        kept += answer.status_code == 303
        if answer.status_code >= 500 or with_nul.status_code != 400:
            wrong.append(f"{url}: {answer.status_code}, with NUL {with_nul.status_code}")
    return kept


def look(app, arguments: dict, browsers, wrong: list[str]) -> set[str]:
    """Opens every page and file as everyone; the kinds of what was seen."""
    kinds = set()
    for rule in (r for r in rules(app) if "GET" in r.methods and r.rule != "/health"):
        url = address(app, rule, arguments.get(rule.endpoint, {}), "GET")
        for browser in browsers:
            try:
                answer = browser.get(url)
                kinds.add(answer.mimetype)
                wrong += [f"GET {url}: {answer.status_code}"] if answer.status_code >= 500 else []
                wrong += [f"GET {url}: {cell!r}" for cell in live_cells(answer)]
            except Exception as error:
                wrong.append(f"GET {url}: {type(error).__name__} {str(error)[:200]}")
    return kinds


@pytest.mark.long
def test_typed_words_stay_words(stage, monkeypatch):
    app, arguments, enter = stage
    monkeypatch.setattr(clients, "complaints", alive)
    browsers, wrong = {slug: enter(slug) for slug in ACTORS}, []
    kept = {slug: say(browser, forms_of(stage, browser), wrong) for slug, browser in browsers.items()}
    jobs.run_due()
    kinds = look(app, arguments, browsers.values(), wrong)
    assert not wrong, "\n".join(wrong)
    assert kept["southbank"] > 10 and kept["table"] > 3, f"the control: much of it was taken, {kept}"
    assert kinds >= {"text/html", "application/json", "text/calendar"}


@pytest.mark.long
def test_no_text_is_a_template_of_the_program(stage):
    """After everything above: what left, or waits to leave, holds no inside of the program."""
    with db.reading(org("southbank")) as s:
        bodies = [*s.scalars(select(Text.body)), *s.scalars(select(SimulatedText.body))]
    assert len(bodies) > 10
    assert [body for body in bodies if body and re.search(r"<class|<Config|\b491\b|<bound method", body)] == []
