"""The list of people: search, chips, saved lists as tabs, adding one, tagging several."""

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.web import fragment, submit
from crm.kernel.permissions import Action
from crm.people import actions, queries, rules
from crm.people.forms import RowForm, TagForm
from crm.people.routes.asked import Asked, read_asked
from crm.people.routes.base import blueprint
from crm.people.routes.rows import row_form
from crm.people.routes.sentences import Sayer

TABS = 5


@blueprint.get("")
@allow(Action.SEE_PEOPLE)
def people_get():
    """Everyone, or those that a list, chips and a search leave; `edit` opens one row for changes in place."""
    facts = queries.facts_for(actor())
    return list_page(read_asked(facts), facts, TagForm())


def list_page(asked: Asked, facts: dict[str, queries.Fact], form: TagForm, row: RowForm | None = None) -> str:
    """The list of people that is asked for, with one row perhaps being edited."""
    me = actor()
    page = queries.people_page(me, asked.definition, asked.text, asked.order, request.args.get("after"), now=now())
    known = queries.columns_for(me)
    columns = queries.chosen_columns(known, asked.segment.columns if asked.segment else ())
    editing = request.args.get("edit", type=int) if me.may(Action.EDIT_PEOPLE) else None
    return fragment(
        "people/people.html",
        "people/people_part.html",
        asked=asked,
        page=page,
        form=form,
        columns=columns,
        cells=queries.column_cells(me, columns, page.people),
        known_columns=known,
        editing=editing,
        row=row or row_form(next((p for p in page.people if p.id == editing), None)),
        **_around(asked, facts),
    )


def _around(asked: Asked, facts: dict[str, queries.Fact]) -> dict:
    """What stands around the list: counts, tabs, chips, the filter that is being added."""
    me, saved, sayer = actor(), queries.segments(actor()), Sayer(actor(), facts)
    shown = saved[:TABS] + [s for s in saved[TABS:] if asked.segment and s.id == asked.segment.id]
    everyone, members = queries.count_everyone(me)
    adding = facts.get(request.args.get("add", ""))
    counts = queries.count_segments([s.definition for s in shown], now())
    return {
        "everyone": everyone,
        "members": members,
        "tabs": list(zip(shown, counts, strict=True)),
        "lists": len(saved),
        "duplicates": queries.count_duplicates(me) if me.may(Action.EDIT_PEOPLE) else 0,
        "found": everyone if asked.is_everyone else queries.count_matching(me, asked.definition, asked.text, now(), queries.PATIENCE),
        "chips": [(c, sayer.chip(c)) for c in asked.conditions],
        "facts": facts,
        "adding": adding,
        "choices": adding.choices_for(me) if adding else None,
        "comparisons": rules.COMPARISONS[adding.kind] if adding else {},
        "orders": queries.ORDER_WORDS,
        "links": [link for link in queries.SEGMENT_LINKS if me.may(link.action)],
    }


@blueprint.get("/filter")
@allow(Action.SEE_PEOPLE)
def filter_get():
    """Turns the small form of one filter into a chip of the list's address."""
    fact, comparison, value, more = (request.args.get(name, "") for name in ("fact", "comparison", "value", "more"))
    chosen = rules.Condition(fact, comparison, f"{value}:{more}" if more else value)
    asked = read_asked()
    asked.conditions.append(chosen)
    return "", 303, {"Location": asked.address()}


@blueprint.post("/tags")
@allow(Action.EDIT_PEOPLE)
def tags_post():
    """Tags the people that are picked in the list."""
    form = TagForm()
    back = request.form.get("back", "")

    def then(n: int) -> str:
        flash(
            ngettext("%(num)s person got the tag.", "%(num)s people got the tag.", n) if n else _("They had the tag already."),
            "yes",
        )
        return back if back.startswith(url_for("people.people_get")) else url_for("people.people_get")

    return submit(
        form,
        lambda: actions.tag_people(actor(), form.person.data or [], form.tag.data or "", now=now()),
        then,
        page=lambda: render_template("people/tag.html", form=form, back=back),
    )
