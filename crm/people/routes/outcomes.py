"""What becomes of an import's rows, in words: on the review page and in the file that can be kept."""

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _

from crm.infra.auth import Actor
from crm.infra.look import say
from crm.kernel.refusal import N_
from crm.people import queries, rules
from crm.people.models import Import
from crm.people.routes.words import show, show_value
from crm.people.rules.custom import PREFIX

OUTCOMES = {"create": N_("added"), "update": N_("filled in"), "same": N_("left alone"), "skip": N_("stayed out")}
PLANNED = {"create": N_("will be added"), "update": N_("will be filled in"), "same": N_("left alone"), "skip": N_("stays out")}
FOUND_BY = {
    "id": N_("recognized by ID"),
    "phone": N_("recognized by phone"),
    "email": N_("recognized by e-mail"),
    "address": N_("recognized by name and address"),
    "name": N_("recognized by name"),
    "answer": N_("as you said"),
}
ADDED = {
    "phones": N_("New number"), "emails": N_("New e-mail address"), "addresses": N_("Other addresses"), "tags": N_("Tags"), "notes": N_("Note"),
    "ids": N_("ID"),
}  # fmt: skip


def changes_of(actor: Actor, plan: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(field, was, becomes) of everything that a row changes or adds."""
    told = [
        (name.removeprefix(PREFIX), show_value(pair[0]), show_value(pair[1]))
        if name.startswith(PREFIX)
        else (_(rules.FIELD_NAMES[name]), show(actor, name, pair[0]), show(actor, name, pair[1]))
        for name, pair in plan.get("changes", {}).items()
    ]
    for name, label in ADDED.items():
        if value := plan.get(name):
            words = [f"{system} {key}" for system, key in value] if name == "ids" else value
            told.append((_(label), "", show(actor, name, words) if name in ("phones", "emails", "addresses") else "; ".join(words)))
    return told


def whereabouts_of(actor: Actor, ids: set[int]) -> dict[int, str]:
    """What tells namesakes apart: where they live, since when they are members."""
    told = {}
    for id, person in queries.known_people(ids).items():
        places = [person.values.get(name) for name in ("street", "neighborhood", "city")]
        told[id] = ", ".join([*filter(None, places), *(show(actor, "phones", [number]) for number in sorted(person.phones)[:1])])
    return told


def outcome_lines(actor: Actor, found: Import, shown: str) -> Iterator[list[Any]]:
    """The file: one line for each row, what became of it and why, then the row as it came."""
    headers = found.reading["headers"]
    words = PLANNED if found.state in ("checking", "review") else OUTCOMES
    yield [_("Row"), _("Outcome"), _("Person"), _("How recognized"), _("Changes"), _("To look at"), *headers]
    after = None
    while True:
        page = queries.import_rows_page(actor, found.id, shown, after, size=1000)
        for view in page.rows:
            row, plan = view.row, view.row.plan
            outcome = {"undone": _("taken back"), "kept": _("kept")}.get(row.state) or _(words[row.outcome])
            how = _("same as row %(n)s", n=plan["same_as_row"]) if plan.get("same_as_row") else _(FOUND_BY.get(plan.get("found_by", ""), ""))
            changes = [f"{label}: {was} → {becomes}" if was else f"{label}: {becomes}" for label, was, becomes in changes_of(actor, plan)]
            problems = [f"{headers[place]}: {say(reason)}" if 0 <= place < len(headers) else say(reason) for place, reason in view.problems]
            # A new person's values are the row itself, which follows.
            told = "; ".join(changes) if row.outcome == "update" else ""
            yield [row.number, outcome, plan.get("name", ""), how if row.outcome != "create" else "", told, " | ".join(problems), *row.cells]
        if (after := page.next) is None:
            return
