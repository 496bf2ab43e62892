"""Spreadsheets for the people room's tests."""

import pytest

from crm.people import actions
from crm.people.providers import read_sheet
from crm.people.queries import import_for

MESSY = """Tenant list spring 2026,,,,,,
,,,,,,
Name,Cell,E-mail,Idioma,Status,Tags,Joined
"GARCIA LOPEZ, MARIA JOSE",(415) 555-0191,Maria@Example.org,español,member,"steward, building captain",3/21/2025
José Peña,415.555.0192 / 415-555-0193 (home),jose@example.org; pepe@example.org,es,socio,,2025-02-01
,,,,,,
Bo Li,555-01,bo at example,Klingon,purple,,soon
,,,es,member,,
Jose Pena,4155550192,,,,"steward",
"""


@pytest.fixture
def messy() -> bytes:
    return MESSY.encode()


@pytest.fixture
def bring(acting, run_jobs):
    """bring(content, …) → import id: uploaded, checked and applied, as pages would do it."""

    def through(content: bytes, org: str = "southbank", apply: bool = True, fields=None, name: str = "list.csv", **choices) -> int:
        sheet = read_sheet(content)
        with acting(org, "imani") as actor:
            import_id = actions.start_import(actor, name, content, sheet, now=actor_now())
            guesses = import_for(actor, import_id).mapping
            actions.choose_columns(actor, import_id, fields or guesses, {"existing": "fill", **choices}, now=actor_now())
        run_jobs()
        if apply:
            with acting(org, "imani") as actor:
                actions.apply(actor, import_id, now=actor_now())
            run_jobs()
        return import_id

    return through


def actor_now():
    from crm.infra.clock import now  # noqa: PLC0415

    return now()


@pytest.fixture
def ana(world) -> int:
    return world.people["southbank"][0]


@pytest.fixture
def others(world) -> list[int]:
    return world.people["southbank"][1:4]


@pytest.fixture
def omar(signed_in):
    return signed_in("omar")
