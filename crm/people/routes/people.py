"""The list of people: search, chips, saved lists as tabs, adding one, tagging several."""

from dataclasses import dataclass

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.web import fragment, submit
from crm.kernel.permissions import Action
from crm.organizations.queries import organization_of
from crm.people import actions, queries, rules
from crm.people.forms import PersonForm, TagForm
from crm.people.models import Segment
from crm.people.routes.base import blueprint
from crm.people.routes.words import say_condition

TABS = 5


@dataclass
class Asked:
    """What the address asks of the list."""

    segment: Segment | None
    conditions: list[rules.Condition]
    text: str
    order: str

    @property
    def definition(self) -> dict:
        """One tree for the list and the chips together."""
        own = [self.segment.definition] if self.segment else []
        return {"all": [*own, *(condition.as_dict() for condition in self.conditions)]}

    def address(self, without: rules.Condition | None = None, **more: object) -> str:
        """The address of this list, changed."""
        chips = [rules.write_filter(c) for c in self.conditions if c != without]
        plain = {
            "list": self.segment.id if self.segment else None,
            "f": chips,
            "q": self.text or None,
            "order": self.order if self.order != "name" else None,
        }
        return url_for("people.people_get", **(plain | more))


def _asked(facts: dict[str, queries.Fact]) -> Asked:
    kinds = {name: fact.kind for name, fact in facts.items()}
    read = filter(None, (rules.read_filter(text) for text in request.args.getlist("f")[:12]))
    chips = [condition for condition in read if not rules.issues_in_definition(condition.as_dict(), kinds)]
    list_id = request.args.get("list", type=int)
    order = request.args.get("order", "name")
    return Asked(
        queries.segment_for(actor(), list_id) if list_id else None,
        list(dict.fromkeys(chips)),
        request.args.get("q", "").strip()[:80],
        order if order in queries.ORDERS else "name",
    )


@blueprint.get("")
@allow(Action.SEE_PEOPLE)
def people_get():
    """Everyone, or those that a list, chips and a search leave."""
    facts = queries.facts_for(actor())
    asked = _asked(facts)
    page = queries.people_page(actor(), asked.definition, asked.text, asked.order, request.args.get("after"), now=now())
    return fragment(
        "people/people.html",
        "people/people_part.html",
        asked=asked,
        page=page,
        form=TagForm(),
        rung_names=queries.rung_names(actor()),
        **_around(asked, facts),
    )


def _around(asked: Asked, facts: dict[str, queries.Fact]) -> dict:
    """What stands around the list: counts, tabs, chips, the filter that is being added."""
    me, saved = actor(), queries.segments(actor())
    shown = saved[:TABS] + [s for s in saved[TABS:] if asked.segment and s.id == asked.segment.id]
    everyone, members = queries.count_everyone(me)
    is_all = not (asked.segment or asked.conditions or asked.text)
    adding = facts.get(request.args.get("add", ""))
    return {
        "everyone": everyone,
        "members": members,
        "tabs": list(zip(shown, queries.count_segments(shown, now()), strict=True)),
        "lists": len(saved),
        "found": everyone if is_all else queries.count_matching(me, asked.definition, asked.text, now()),
        "chips": [(c, say_condition(me, c, facts)) for c in asked.conditions],
        "facts": facts.values(),
        "adding": adding,
        "choices": adding.choices_for(me) if adding else None,
        "comparisons": rules.COMPARISONS[adding.kind] if adding else {},
        "links": [link for link in queries.SEGMENT_LINKS if me.may(link.action)],
        "filters": [rules.write_filter(c) for c in asked.conditions],
    }


@blueprint.get("/filter")
@allow(Action.SEE_PEOPLE)
def filter_get():
    """Turns the small form of one filter into a chip of the list's address."""
    chosen = rules.Condition(*(request.args.get(name, "") for name in ("fact", "comparison", "value")))
    asked = _asked(queries.facts_for(actor()))
    asked.conditions.append(chosen)
    return "", 303, {"Location": asked.address()}


@blueprint.get("/new")
@allow(Action.EDIT_PEOPLE)
def person_new_get():
    """An empty form for a person."""
    return _new_page(PersonForm(formdata=None, language=organization_of(actor()).language[:2]))


@blueprint.post("")
@allow(Action.EDIT_PEOPLE)
def person_new_post():
    """Adds a person; with "add another" the form comes back with one more slot."""
    form, own = PersonForm(), queries.custom_fields(actor())
    if "more" in request.form:
        return _new_page(form, more=True)
    return submit(
        form,
        lambda: actions.add_person(actor(), form.record(own), now=now(), country=organization_of(actor()).country),
        then=lambda id: url_for("people.person_get", id=id),
        page=lambda: _new_page(form),
    )


def _new_page(form: PersonForm, more: bool = False) -> str:
    form.pad(more)
    form.show_own(queries.custom_fields(actor()))
    form.show_zone(None)
    return render_template("people/person_new.html", form=form)


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
