"""Opening a masked person, and what was opened."""

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _

from crm.infra.auth import actor, allow, own_path
from crm.infra.clock import now
from crm.infra.web import Form, submit
from crm.kernel.permissions import Action
from crm.people import actions
from crm.people.queries.reveals import revealings, reveals_page
from crm.people.routes.base import blueprint
from crm.people.routes.person import person_page


@blueprint.post("/<int:id>/opening")
@allow(Action.SEE_PEOPLE)
def reveal_post(id: int):
    """Shows a person's name and numbers until midnight; the press is counted."""
    form, back = Form(), own_path(request.form.get("back"))
    page = lambda: person_page(id, button=form)  # noqa: E731

    def then(id: int) -> str:
        flash(_("You see the whole name and the numbers until midnight. This was written down."), "yes")
        return back if back != "/" else url_for("people.person_get", id=id)

    return submit(form, lambda: actions.reveal(actor(), id, now=now()), then, page)


@blueprint.get("/opened")
@allow(Action.ADMINISTER)
def reveals_get():
    """Which people were opened, by whom; of one colleague when asked."""
    of = request.args.get("of", type=int)
    page = reveals_page(actor(), of, request.args.get("after"))
    return render_template("people/reveals.html", page=page, openers=revealings(actor(), now()), of=of)
