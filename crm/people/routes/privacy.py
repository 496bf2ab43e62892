"""Privacy: what is held and how long, everything about one person for that person, erasing, and the proof of it."""

from types import SimpleNamespace
from typing import Any

from flask import Blueprint, Response, g, json, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from crm.infra import audit, links
from crm.infra.auth import Actor, actor, allow, fresh, public
from crm.infra.clock import now
from crm.infra.db import scope_to, session
from crm.infra.web import Form, submit
from crm.kernel import holdings
from crm.kernel.languages import PAGE_LANGUAGES
from crm.kernel.permissions import Action
from crm.kernel.refusal import N_, Missing
from crm.organizations.queries import organization_of
from crm.people import queries
from crm.people.actions import erasing, keeping, telling
from crm.people.forms.privacy import ErasureForm, TimesForm
from crm.people.models import CustomField, Person
from crm.people.queries.everything import everything_about, happened_to
from crm.people.queries.inventory import erasure_for, erasures_page, inventory
from crm.people.routes.base import blueprint
from crm.people.routes.words import show_value
from crm.people.rules.held import NAME
from crm.people.rules.retention import TIMES, times_of

mine = Blueprint("privacy", __name__)


class _Places(dict):
    """What fills a sentence; what was erased since is left out."""

    def __missing__(self, key: str) -> str:
        return "…"


@blueprint.get("/privacy")
@allow(Action.ADMINISTER)
def privacy_get():
    """What is held about people, what for, and how long; to be printed and hung up."""
    return render_template("people/privacy.html", tables=inventory(actor()), names=holdings.TABLES)


@blueprint.get("/privacy/times")
@allow(Action.ADMINISTER)
def times_get():
    """How long things are kept."""
    return _times_page(TimesForm(formdata=None, **times_of(organization_of(actor()).options)))


@blueprint.post("/privacy/times")
@allow(Action.ADMINISTER)
@fresh
def times_post():
    """Chooses how long things are kept."""
    form = TimesForm()
    return submit(
        form, lambda: keeping.choose_times(actor(), form.values(), now=now()), then=lambda _n: url_for("people.times_get"), page=lambda: _times_page(form)
    )


def _times_page(form: TimesForm) -> str:
    return render_template("people/privacy_times.html", form=form, times=TIMES, tables=holdings.TABLES, removals=keeping.removals(actor()))


@blueprint.get("/privacy/erasures")
@allow(Action.ADMINISTER)
def erasures_get():
    """Every erasure, as numbers."""
    return render_template("people/privacy_erasures.html", page=erasures_page(actor(), request.args.get("after")))


@blueprint.get("/privacy/erasures/<int:erasure_id>")
@allow(Action.ADMINISTER)
def erasure_get(erasure_id: int):
    """The proof of one erasure, to be printed: it says nothing about who it was."""
    return render_template("people/privacy_proof.html", erasure=erasure_for(actor(), erasure_id), names=holdings.TABLES)


@blueprint.get("/<int:id>/erasure")
@allow(Action.ADMINISTER)
def erasing_get(id: int):
    """What erasing a person would take out, and what stays and why."""
    return _erasing_page(id, ErasureForm(formdata=None))


@blueprint.post("/<int:id>/erasure")
@allow(Action.ADMINISTER)
@fresh
def erasing_post(id: int):
    """Erases a person."""
    form = ErasureForm()
    return submit(
        form,
        lambda: erasing.erase_person(actor(), id, now=now()),
        then=lambda erasure_id: url_for("people.erasure_get", erasure_id=erasure_id),
        page=lambda: _erasing_page(id, form),
    )


def _erasing_page(id: int, form: ErasureForm) -> str:
    person, parts = queries.person_for(actor(), id), erasing.preview_erasure(actor(), id)
    issues = erasing.issues_before_erasing(actor(), erasing.who_is(actor(), id))
    return render_template("people/privacy_erasing.html", person=person, parts=parts, issues=issues, form=form, names=holdings.TABLES)


@blueprint.get("/<int:id>/everything")
@allow(Action.ADMINISTER)
@fresh
def everything_get(id: int):
    """Everything held about a person, as they would read it, and the link that lets them."""
    person = queries.person_for(actor(), id)
    link = session().scalar(
        select(links.Link)
        .where(links.Link.org_id == actor().org_id, links.Link.purpose == telling.PURPOSE, links.Link.subject_id == id)
        .where(links.Link.revoked_at.is_(None), links.Link.expires_at > now())
    )
    address = links.url_of(telling.PURPOSE, links.token_of(link.id)) if link else ""
    return render_template("people/privacy_everything.html", person=person, link=link, address=address, form=Form(formdata=None), **_told(actor(), id))


@blueprint.post("/<int:id>/everything/link")
@allow(Action.ADMINISTER)
@fresh
def everything_link_post(id: int):
    """Makes the person's own link; earlier ones end."""
    back = url_for("people.everything_get", id=id)
    return submit(Form(), lambda: telling.give_link(actor(), id, now=now()), then=lambda _address: back, page=lambda: everything_get(id))


@blueprint.get("/<int:id>/everything.json")
@allow(Action.ADMINISTER)
@fresh
def everything_json_get(id: int):
    """Everything held about a person, for a machine."""
    queries.person_for(actor(), id)
    return _file(actor(), id)


@mine.get("/mine/<token>")
@public("a person holds this link to what is held about them; reading it changes nothing")
def mine_get(token: str):
    who, person = _holder(token)
    g.language = g.get("language") or (person.language if person.language in PAGE_LANGUAGES else None)
    own = organization_of(who)
    return render_template("people/privacy_mine.html", token=token, person=person, organization=own, slip_name=own.name, **_told(who, person.id))


@mine.get("/mine/<token>/file")
@public("a person holds this link to what is held about them; reading it changes nothing")
def mine_file_get(token: str):
    who, person = _holder(token)
    return _file(who, person.id)


def _holder(token: str) -> tuple[Actor, Person]:
    found = links.read_link(token, telling.PURPOSE, now())
    link = SimpleNamespace(org_id=found.org_id, subject_id=found.subject_id)  # the session forgets what it read before the organization
    g.actor = None  # whoever is signed in on this phone, this page is the person's
    scope_to(link.org_id)
    person = session().scalar(select(Person).where(Person.id == link.subject_id))
    if person is None:
        raise Missing
    return Actor.by_link(link), person


def _told(who: Actor, id: int) -> dict[str, Any]:
    held = everything_about(who, id)
    labels = dict(session().execute(select(CustomField.key, CustomField.label)).all())
    for row in held.get("people", []):
        row["custom"] = {labels.get(key, key): value for key, value in row["custom"].items() if value not in (None, "", [])}
    events = [(event.at, _sentence(event)) for event in happened_to(who, id)]
    return {"tables": [(table, _said(table, rows)) for table, rows in held.items() if table != "events"], "events": events, "names": holdings.TABLES}


def _said(table: str, rows: list[dict[str, Any]]) -> list[list[tuple[str, str]]]:
    """Each row as (what it is, its words), what is empty left out."""
    shown = [one for one in holdings.HELD if one.table == table]
    lines = []
    for row in rows:
        told = [(one.what, [_word(row[name], one) for name in one.names if row.get(name) not in (None, "", {}, [])]) for one in shown]
        lines.append([(_(what), (" " if what == NAME else ", ").join(words)) for what, words in told if words])
    return [line for line in lines if line]


def _word(value: Any, one: holdings.Held) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        return "; ".join(f"{key}: {show_value(part)}" for key, part in value.items())
    if isinstance(value, str) and len(value) > 18 and value[10:11] == "T" and value[:4].isdigit():
        return f"{value[:10]} {value[11:16]}"
    return _(one.codes[value]) if value in one.codes else str(value)


def _sentence(event: audit.Event) -> str:
    places = _Places({"by": event.actor_name or "?", **(event.after or {})})
    return _(audit.SENTENCES.get(event.verb, N_("Something was recorded"))) % places


def _file(who: Actor, id: int) -> Response:
    held = everything_about(who, id)
    return Response(
        json.dumps({"organization": organization_of(who).name, "read_at": now().isoformat(), "held": held}, ensure_ascii=False, indent=2),
        mimetype="application/json", headers={"Content-Disposition": "attachment; filename=everything.json"},
    )
