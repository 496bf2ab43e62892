"""Bad and odd files, each with its expectation: refused with these words, or imported as these people.

The files lie in files/, each beside a .json that says what must come of it; those that Python says better are in odd_files.py.
"people" are the new people in the file's order; "outcomes" the rows by outcome; "problems" what is said, by row and column.
"""

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from crm.infra.db import session
from crm.kernel.refusal import Refused
from crm.people import actions, queries
from crm.people.models import CustomField, Email, Identifier, ImportRow, Person, Phone
from tests.people.odd_files import ODD

FILES = Path(__file__).parent / "files"
NAMES = sorted([path.name for path in FILES.iterdir() if path.suffix != ".json"])


def expected_of(name: str) -> tuple[bytes, dict]:
    if name in ODD:
        return ODD[name][0](), ODD[name][1]
    return (FILES / name).read_bytes(), json.loads((FILES / f"{name}.json").read_text())


@pytest.mark.parametrize("name", [pytest.param(name, marks=() if n % 4 == 0 else pytest.mark.long) for n, name in enumerate([*NAMES, *ODD])])
def test_a_file_is_refused_or_imported_as_expected(bring, as_org, name, monkeypatch):
    content, expected = expected_of(name)
    given: dict[int, str] = {}
    monkeypatch.setattr(
        actions.applying, "CONSENT_HOOKS", [lambda actor, rows, now: given.update(said_by(rows))]
    )
    if "refused" in expected:
        with pytest.raises(Refused) as refused:
            bring(content, name=name)
        assert expected["refused"] in " ".join(str(reason) for reason in refused.value.reasons)
        return
    import_id = bring(content, name=name)
    with as_org("southbank") as actor:
        told = what_came(actor, import_id, given)
    assert told["people"] == expected["people"]
    assert told["outcomes"] == expected.get("outcomes", {"create": len(expected["people"])})
    assert told["problems"] == expected.get("problems", [])


def said_by(rows: list[dict]) -> dict[int, str]:
    return {r["person_id"]: f"{r['at']:%Y-%m-%d} {r['source']}" if r["kind"] == "given" else f"no:{r['source']}" for r in rows}


def what_came(actor, import_id: int, given: dict[int, str]) -> dict:
    """What an import did, in the words of the expectations."""
    counts = queries.count_outcomes(actor, import_id)
    found = queries.import_for(actor, import_id)
    rows = queries.import_rows_page(actor, import_id, "all", None, size=1000).rows
    headers = found.reading["headers"]
    return {
        "people": [describe(view.row, given) for view in rows if view.row.outcome == "create"],
        "outcomes": {name: counts[name] for name in queries.OUTCOMES if counts[name]},
        "problems": [f"{view.row.number} {headers[place] if place >= 0 else '-'}: {reason}" for view in rows for place, reason in view.problems],
    }


def describe(row: ImportRow, given: dict[int, str]) -> str:
    person = session().scalars(select(Person).where(Person.id == row.person_id)).one()
    phones = session().scalars(select(Phone.e164).where(Phone.person_id == person.id).order_by(Phone.id))
    emails = session().scalars(select(Email.address).where(Email.person_id == person.id).order_by(Email.id))
    ids = session().execute(select(Identifier.system, Identifier.value).where(Identifier.person_id == person.id).order_by(Identifier.id))
    labels = dict(session().execute(select(CustomField.key, CustomField.label)).all())
    tags = row.plan.get("tags", [])
    more = {
        "since": person.member_since, "standing": person.standing if person.standing != "contact" else "", "at": person.neighborhood,
        "street": person.street, "city": person.city, "region": person.region, "zip": person.postal_code,
        "language": f"{person.language} {person.other_languages}".strip() if person.language != "en" or person.other_languages else "",
        "pronouns": person.pronouns, "tags": ",".join(tags), "consent": given.get(person.id), "note": "/".join(row.plan.get("notes", [])),
        **{f"id_{system}": value for system, value in ids}, **{labels[key]: value for key, value in person.custom.items()},
    }  # fmt: skip
    return " ".join([person.name, *phones, *emails, *(f"{name}={value}" for name, value in more.items() if value)])
