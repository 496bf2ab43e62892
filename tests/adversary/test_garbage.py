"""Bad input everywhere: nothing, and garbage in every field, to every POST; never a 500."""

import os
import traceback
from itertools import cycle
from zlib import crc32

import pytest

from crm.infra.web import Form
from tests.adversary.conftest import ACTORS, address, forms_of, last_things_last, rules

pytestmark = pytest.mark.long

GARBAGE = (
    "",
    " ",
    "x" * 10_000,
    "🏠" * 300,
    "-1",
    "-99999999999999999999999",
    "9" * 30,
    "9223372036854775808",
    "1e400",
    "NaN",
    "0001-01-01",
    "9999-12-31",
    "0001-01-01T00:00",
    "9999-12-31T23:59",
    "2027-03-14T02:30",
    "02:30",
    "25:61",
    "\u202e\ufeff",
    "%s %",
    "{0.__class__}",
    "[]",
    '{"a": 1}',
    "null",
    "segment:1",
    "assembly:1:coming",
    "a:b:c:d",
    "١٢٣",
    "²",
    "<script>alert(1)</script>",
    "administrator",
    "0",
    "1",
    "true",
    "+14155550100",
)
EACH = int(os.environ.get("GARBAGE_EACH", "1"))


def all_field_names() -> list[str]:
    found, waiting = set(), [Form]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        found |= {name for name in dir(kind) if hasattr(getattr(kind, name, None), "field_class")}
    return sorted(found - {"once", "csrf_token"})


def knock(browser, url: str, data: dict, wrong: list[str]) -> None:
    try:
        answer = browser.post(url, data=data)
    except Exception as error:
        place = [f"{f.filename.split('/main/')[-1]}:{f.lineno}" for f in traceback.extract_tb(error.__traceback__) if "/crm/" in f.filename]
        wrong.append(f"{url} { ({k: v[:40] for k, v in data.items()}) }: {type(error).__name__} {str(error)[:150]} at {place[-3:]}")
        print(wrong[-1], flush=True)
        return
    if answer.status_code >= 500:
        wrong.append(f"{url} {str(data)[:300]}: {answer.status_code}")


@pytest.mark.parametrize("slug", ACTORS)
def test_no_garbage_breaks_a_form(stage, slug):
    app, arguments, enter = stage
    browser, wrong = enter(slug), []
    forms = forms_of(stage, browser)
    names = all_field_names()
    for rule in sorted((r for r in rules(app) if "POST" in r.methods), key=last_things_last):
        if rule.endpoint in ("accounts.sign_out_post", "accounts.sign_in_post", "accounts.acting_post", "turnout_door.sync_post") or rule.rule.startswith(
            "/hooks"
        ):
            continue
        if (rule.endpoint.split(".")[0] in ("platforms", "ratifications")) != (slug == "table"):
            continue
        url = address(app, rule, arguments.get(rule.endpoint, {}), "POST")
        form, before, garbage = forms.get(url, {}), len(wrong), cycle(GARBAGE[crc32(url.encode()) % len(GARBAGE) :] + GARBAGE)
        knock(browser, url, {}, wrong)
        for bad in (next(garbage), next(garbage)):
            knock(browser, url, dict.fromkeys(form or names, bad), wrong)
        for name in form:
            for bad in [next(garbage) for _ in range(EACH)]:
                if len(wrong) - before < 4:
                    knock(browser, url, {**form, name: bad}, wrong)
    assert not wrong, f"{len(wrong)}\n" + "\n".join(wrong)
