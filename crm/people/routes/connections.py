"""With whom a person lives, how they stand to others, and their standing with its history."""

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _

from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.web import Form, submit
from crm.kernel.numbers import read_id
from crm.kernel.permissions import Action
from crm.kernel.refusal import Conflict
from crm.people import actions, queries
from crm.people.forms import ConnectForm, HouseholdForm, StandingForm
from crm.people.routes.base import blueprint
from crm.people.routes.person import around
from crm.people.rules import versions

FOUND = 20


def _to_person(id: int) -> str:
    return url_for("people.person_get", id=id)


@blueprint.get("/<int:id>/connections/new")
@allow(Action.EDIT_PEOPLE)
def connection_new_get(id: int):
    """A search for the other person, and how they stand to each other."""
    return _connect_page(id, ConnectForm(formdata=None, kind=request.args.get("kind", "")))


def _connect_page(id: int, form: ConnectForm) -> str:
    me, text = actor(), request.args.get("q", "").strip()[:80]
    person = queries.person_for(me, id)
    page = queries.people_page(me, {}, text, "name", None, now=now(), size=FOUND + 1) if text else None
    found = [other for other in page.people if other.id != id][:FOUND] if page else []
    return render_template("people/connect.html", form=form, person=person, text=text, found=found, phones=page.phones if page else {}, more=page and page.next)


@blueprint.post("/<int:id>/connections")
@allow(Action.EDIT_PEOPLE)
def connections_post(id: int):
    """Says how two people stand to each other."""
    form = ConnectForm()
    queries.person_for(actor(), id)
    return submit(
        form,
        lambda: actions.connect(actor(), id, form.kind.data or "", read_id(form.other.data), now=now()),
        then=_to_person,
        page=lambda: _connect_page(id, form),
    )


@blueprint.post("/<int:id>/relationships/removal")
@allow(Action.EDIT_PEOPLE)
def relationship_removal_post(id: int):
    """Takes a relationship back."""
    queries.person_for(actor(), id)
    return submit(
        Form(),
        lambda: actions.unrelate(actor(), id, read_id(request.form.get("relationship")) or 0, now=now()),
        then=_to_person,
        page=lambda: _household_page(id, HouseholdForm(formdata=None)),
    )


@blueprint.get("/<int:id>/household")
@allow(Action.EDIT_PEOPLE)
def household_get(id: int):
    """The household: its name, who lives there, leaving it."""
    form, home = HouseholdForm(formdata=None), queries.household_of(actor(), queries.person_for(actor(), id))
    form.show(home.name if home else "")
    return _household_page(id, form)


@blueprint.post("/<int:id>/household")
@allow(Action.EDIT_PEOPLE)
def household_post(id: int):
    """Names the household; if someone else named it meanwhile, shows both."""
    form = HouseholdForm()
    try:
        return submit(
            form,
            lambda: actions.name_household(actor(), id, form.name.data or "", form.seen.data or "", now=now()),
            then=_to_person,
            page=lambda: _household_page(id, form),
        )
    except Conflict as conflict:
        form.seen.data = versions.mark(conflict.theirs)
        return _household_page(id, form, conflict.theirs), 409


def _household_page(id: int, form: HouseholdForm, theirs: str = "") -> str:
    me, person = actor(), queries.person_for(actor(), id)
    home, others = queries.household_of(me, person), queries.living_with(me, person)
    return render_template("people/household.html", form=form, person=person, home=home, others=others, theirs=theirs)


@blueprint.post("/<int:id>/household/leaving")
@allow(Action.EDIT_PEOPLE)
def household_leaving_post(id: int):
    """Takes a person out of the household."""
    queries.person_for(actor(), id)
    return submit(
        Form(),
        lambda: actions.leave_household(actor(), id, now=now()),
        then=_to_person,
        page=lambda: _household_page(id, HouseholdForm(formdata=None)),
    )


@blueprint.get("/<int:id>/standing")
@allow(Action.EDIT_PEOPLE)
def standing_get(id: int):
    """The history of a person's standing, and a change of it."""
    return _standing_page(id, StandingForm(formdata=None, on=now().date()))


@blueprint.post("/<int:id>/standing")
@allow(Action.EDIT_PEOPLE)
def standing_post(id: int):
    """Changes a person's standing from a day on, because of something."""
    form = StandingForm()
    queries.person_for(actor(), id)

    def then(id: int) -> str:
        flash(_("Written down."), "yes")
        return _to_person(id)

    return submit(
        form,
        lambda: actions.change_standing(actor(), id, form.standing.data or "", form.on.data, form.reason.data or "", now=now()),
        then,
        page=lambda: _standing_page(id, form),
    )


def _standing_page(id: int, form: StandingForm) -> str:
    card = queries.card_for(actor(), id)
    return render_template("people/standing.html", form=form, **around(card))
