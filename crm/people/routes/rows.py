"""Working a list: one row changed in place, the person after this one, which columns the list shows."""

from flask import redirect, render_template, request, url_for

from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.web import Form, submit
from crm.kernel.permissions import Action
from crm.people import actions, queries
from crm.people.forms import RowForm
from crm.people.models import Person
from crm.people.routes.asked import read_asked
from crm.people.routes.base import blueprint


def row_form(person: Person | None) -> RowForm | None:
    """The form of one row of a list, as the person is now."""
    if person is None:
        return None
    return RowForm(formdata=None, standing=person.standing, assessment=str(person.assessment or ""))


@blueprint.post("/<int:id>/row")
@allow(Action.EDIT_PEOPLE)
def row_post(id: int):
    """Changes one person from the row of a list, and comes back to it."""
    form, asked = RowForm(), read_asked()
    queries.person_for(actor(), id)
    after = request.form.get("after") or None
    return submit(
        form,
        lambda: actions.edit_row(actor(), id, form.values(), now=now()),
        then=lambda _n: asked.address(after=after) + f"#person-{id}",
        page=lambda: render_template("people/row.html", form=form, person=queries.person_for(actor(), id), asked=asked, after=after),
    )


@blueprint.get("/<int:id>/neighbor")
@allow(Action.SEE_PEOPLE)
def neighbor_get(id: int):
    """The next person of a list (or the one before), or the list itself when it ends here."""
    asked, person = read_asked(), queries.person_for(actor(), id)
    other = queries.neighbor(actor(), asked.definition, asked.text, asked.order, person, "back" in request.args, now=now())
    return redirect(url_for("people.person_get", id=other, walk=1, **asked.words) if other else asked.address(), 303)


@blueprint.post("/lists/<int:id>/columns")
@allow(Action.EDIT_PEOPLE)
def segment_columns_post(id: int):
    """Remembers which columns a list shows."""
    queries.segment_for(actor(), id)
    chosen = request.form.getlist("column")
    then = lambda id: url_for("people.people_get", list=id)  # noqa: E731
    return submit(Form(), lambda: actions.choose_list_columns(actor(), id, chosen, now=now()), then, lambda: redirect(then(id)))
