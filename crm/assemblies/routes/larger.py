"""Invitations to a larger assembly by link: given out by its convener, answered by whoever brings a local one."""

from typing import Any

from flask import flash, render_template, url_for
from flask_babel import gettext as _

from crm.assemblies.actions import larger as actions
from crm.assemblies.forms.federation import InviteForm, TakeUpForm
from crm.assemblies.queries import federation as queries
from crm.assemblies.queries.federation import ParentFacts
from crm.assemblies.routes.blueprint import blueprint, page_of, spoken
from crm.assemblies.routes.federation import change
from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.db import reading
from crm.infra.web import Form, options, submit
from crm.kernel.permissions import Action


@blueprint.post("/assemblies/<int:id>/federation/links")
@allow(Action.RUN_ASSEMBLIES)
def larger_links_post(id: int) -> Any:
    """Makes a link for an organization that is to bring its local assembly."""
    form = InviteForm()
    return change(id, form, lambda who, at: actions.invite_by_link(who, id, form.label.data or "", now=at),
                  lambda new: url_for("assemblies.federation_get", id=id, made=new) + "#links")


@blueprint.post("/assemblies/<int:id>/federation/links/<int:invitation_id>/removal")
@allow(Action.RUN_ASSEMBLIES)
def larger_link_removal_post(id: int, invitation_id: int) -> Any:
    """Takes a link back."""
    return change(id, Form(), lambda who, at: actions.revoke_invitation(who, id, invitation_id, now=at))


@blueprint.get("/larger/<token>")
@allow(Action.RUN_ASSEMBLIES)
def larger_get(token: str) -> str:
    """Which assembly invites, and with which of our own we would come."""
    return _page(token, TakeUpForm(formdata=None))


@blueprint.post("/larger/<token>")
@allow(Action.RUN_ASSEMBLIES)
def larger_post(token: str) -> Any:
    """Brings an assembly of ours into the larger one."""
    form, who, at = TakeUpForm(), actor(), now()
    id, parent = _behind(token)

    def done(child_id: int) -> str:
        flash(_("This assembly is part of the larger one now."), "yes")
        return page_of(child_id, "federation_get")

    return submit(form, lambda: actions.take_up_invitation(who, id, form.child_id.data, parent, now=at), then=done, page=lambda: _page(token, form))


@blueprint.post("/larger/<token>/declined")
@allow(Action.RUN_ASSEMBLIES)
def larger_declined_post(token: str) -> Any:
    """Says no; the link is used up."""
    form, who, at = TakeUpForm(), actor(), now()
    id, _convener = queries.invitation_behind(token, at)

    def done(_nothing: None) -> str:
        flash(_("You declined. The convener sees it."), "yes")
        return url_for("assemblies.assemblies_get")

    return submit(form, lambda: actions.decline_invitation(who, id, now=at), then=done, page=lambda: _page(token, form))


def _behind(token: str) -> tuple[int, ParentFacts]:
    id, convener = queries.invitation_behind(token, now())
    with reading(convener):
        return id, queries.parent_facts(id)


def _page(token: str, form: TakeUpForm) -> str:
    _id, parent = _behind(token)
    form.child_id.choices = options((one.id, f"{spoken(one.title)} ({one.day.year})") for one in queries.assemblies_to_bring(actor()))
    return render_template("assemblies/larger.html", parent=parent, form=form, token=token)
