"""Lists on paper: call sheets and address labels. Each print is written down; the sheet itself is made when it is opened."""

from flask import render_template, request, url_for

from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.web import submit
from crm.kernel.permissions import Action
from crm.people import actions, queries
from crm.people.forms import PrintForm
from crm.people.routes.asked import read_asked
from crm.people.routes.base import blueprint

ON_PAPER = 300  # people at once; the rest follow on the next page


@blueprint.get("/prints/new")
@allow(Action.SEE_PEOPLE)
def print_new_get():
    """What to print of a list."""
    return _ask_page(PrintForm(formdata=None))


@blueprint.post("/prints")
@allow(Action.SEE_PEOPLE)
def print_new_post():
    """Writes down that the list is printed, and opens the sheet."""
    form, asked = PrintForm(), read_asked()
    purpose = "labels" if form.kind.data == "labels" and actor().may(Action.EDIT_PEOPLE) else "calls"
    return submit(
        form,
        lambda: actions.take_snapshot(actor(), asked.segment, asked.definition, asked.text, purpose, now=now()).id,
        then=lambda id: url_for("people.print_get", id=id),
        page=lambda: _ask_page(form),
    )


def _ask_page(form: PrintForm) -> str:
    asked = read_asked()
    if not actor().may(Action.EDIT_PEOPLE):
        form.kind.choices = form.kind.choices[:1]
    found = queries.count_matching(actor(), asked.definition, asked.text, now(), queries.PATIENCE)
    return render_template("people/print_new.html", form=form, asked=asked, found=found)


@blueprint.get("/prints/<int:id>")
@allow(Action.SEE_PEOPLE)
def print_get(id: int):
    """The sheet: one block for each household, or one label."""
    kept = queries.snapshot_for(actor(), id)
    page = queries.people_in(actor(), kept, request.args.get("after"), ON_PAPER)
    homes = queries.homes_of(actor(), page.rows)
    template = "people/labels.html" if kept.purpose == "labels" else "people/call_sheet.html"
    return render_template(template, kept=kept, page=page, homes=homes, rung_names=queries.rung_names(actor()))
