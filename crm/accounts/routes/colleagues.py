"""Who may do what: everyone with a role here, what they may see, until when; invitations; what was changed lately."""

from datetime import datetime, timedelta

from flask import flash, render_template, url_for
from flask import session as cookie
from flask_babel import gettext as _

from crm.accounts import actions, queries
from crm.accounts.actions.granting import terms_of
from crm.accounts.forms import InvitationForm, TermsForm
from crm.accounts.routes.base import blueprint
from crm.infra.audit import SENTENCES, Event
from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.links import token_of, url_of
from crm.infra.look import day
from crm.infra.web import Form, submit
from crm.kernel.permissions import TASK_NAMES, Action, Task


@blueprint.app_template_filter("task_name")
def task_name(task: str) -> str:
    """A volunteer's one task, in words."""
    return _(TASK_NAMES[Task(task)])


@blueprint.app_template_filter("last_day")
def last_day(until: datetime) -> str:
    """The last day on which something holds that ends at an instant."""
    return day(until - timedelta(seconds=1))


@blueprint.get("/colleagues")
@allow(Action.ADMINISTER)
def colleagues_get():
    return colleagues_page(Form(formdata=None))


def colleagues_page(form: Form) -> str:
    """The whole list; a link made a moment ago is on it once."""
    me, fresh = actor(), cookie.pop("fresh_link", None)
    return render_template(
        "accounts/colleagues.html",
        form=form,
        rows=queries.grants_here(me),
        invitations=queries.invitations_here(me),
        lists=queries.saved_lists(me),
        changes=[(event, say_change(event), event.verb in queries.UNDONE) for event in queries.changes_here(me)],
        link=url_of("invitation", token_of(fresh)) if fresh else "",
        now=now(),
    )


def say_change(event: Event) -> str:
    """A change of who may do what, as a sentence."""
    return _(SENTENCES[event.verb]) % {"by": event.actor_name, "name": (event.after or {}).get("name", "…")}


def _shown_once(link_id: int) -> str:
    # Only the id is kept, in the signed cookie of this browser; the address is made from it when the page is drawn, once.
    cookie["fresh_link"] = link_id
    return url_for("accounts.colleagues_get")


@blueprint.get("/colleagues/invitation")
@allow(Action.ADMINISTER)
def invitation_new_get():
    return _invitation_page(InvitationForm())


def _invitation_page(form: InvitationForm) -> str:
    return render_template("accounts/invitation_new.html", form=form.offer(queries.saved_lists(actor())))


@blueprint.post("/colleagues/invitation")
@allow(Action.ADMINISTER)
def invitation_new_post():
    form, me = InvitationForm(), actor()
    form.offer(queries.saved_lists(me))
    return submit(
        form, lambda: actions.invite(me, form.name.data, form.email.data, form.terms(me.time_zone), now=now()), _shown_once,
        page=lambda: _invitation_page(form),
    )


@blueprint.post("/colleagues/invitations/<int:id>/link")
@allow(Action.ADMINISTER)
def invitation_link_post(id: int):
    form = Form()
    return submit(form, lambda: actions.renew_link(actor(), id, now=now()), _shown_once, page=lambda: colleagues_page(form))


@blueprint.post("/colleagues/invitations/<int:id>/withdrawal")
@allow(Action.ADMINISTER)
def invitation_withdrawal_post(id: int):
    form = Form()
    return submit(form, lambda: actions.withdraw(actor(), id, now=now()), _done(_("The invitation is taken back. Its link opens nothing any more.")),
                  page=lambda: colleagues_page(form))


def _done(words: str):
    def then(_result: object) -> str:
        flash(words, "yes")
        return url_for("accounts.colleagues_get")

    return then


@blueprint.get("/colleagues/<int:id>")
@allow(Action.ADMINISTER)
def colleague_get(id: int):
    return _colleague_page(id, TermsForm())


def _colleague_page(id: int, form: TermsForm) -> str:
    grant, account = queries.grant_for(actor(), id)
    form.offer(queries.saved_lists(actor()), terms_of(grant), actor().time_zone)
    return render_template("accounts/colleague.html", form=form, grant=grant, account=account, is_over=_is_over(grant.expires_at))


def _is_over(until: datetime | None) -> bool:
    return until is not None and until <= now()


@blueprint.post("/colleagues/<int:id>")
@allow(Action.ADMINISTER)
def colleague_post(id: int):
    form, me = TermsForm(), actor()
    form.offer(queries.saved_lists(me), terms_of(queries.grant_for(me, id)[0]), me.time_zone)
    return submit(form, lambda: actions.change_grant(me, id, form.terms(me.time_zone), now=now()), _done(_("Saved. It holds from now on.")),
                  page=lambda: _colleague_page(id, form))


@blueprint.post("/colleagues/<int:id>/removal")
@allow(Action.ADMINISTER)
def colleague_removal_post(id: int):
    form = Form()
    return submit(form, lambda: actions.remove_grant(actor(), id, now=now()), _done(_("Removed and signed out. You can take this back below.")),
                  page=lambda: colleagues_page(form))


@blueprint.post("/colleagues/changes/<int:id>/undo")
@allow(Action.ADMINISTER)
def change_undo_post(id: int):
    form = Form()
    return submit(form, lambda: actions.undo_change(actor(), id, now=now()), _done(_("It is as it was before.")), page=lambda: colleagues_page(form))
