"""The password once more, before what matters most: asked in between, and the form that was sent goes on with it."""

from typing import Any

from flask import redirect, render_template, request
from flask_login import current_user

from crm.accounts import actions, rules
from crm.accounts.forms import ConfirmForm
from crm.accounts.routes.base import blueprint
from crm.infra.auth import allow, own_path
from crm.infra.clock import now
from crm.infra.db import transaction
from crm.kernel.permissions import Action
from crm.kernel.refusal import N_, Reason, Refused

WRONG = N_("This is not your password.")


def ask_again() -> Any:
    """None where the password was said lately or came along; else the page that asks for it, holding every field that was sent."""
    if rules.is_fresh(current_user.confirmed_at, now()):
        return None
    form = ConfirmForm()
    if request.method == "POST" and form.password.name in request.form and _is_confirmed(form):
        return None
    return _page(form, 422 if form.problems else 403)


@blueprint.post("/confirmation")
@allow(Action.ACT_FOR_SELF)
def confirmation_post():
    """The password, said before a page that shows what matters most."""
    form = ConfirmForm()
    return redirect(own_path(request.form.get("next")), 303) if _is_confirmed(form) else _page(form, 422)


def _is_confirmed(form: ConfirmForm) -> bool:
    if not form.validate():
        return False
    try:
        with transaction():
            is_right = actions.confirm(current_user.get_id(), form.password.data or "", request.remote_addr or "", now=now())
    except Refused as refused:
        form.refuse(refused.reasons)
        return False
    if not is_right:
        form.refuse([Reason(WRONG, field="password")])
    return is_right


def _page(form: ConfirmForm, status: int) -> tuple[str, int]:
    """A form that was sent is sent again, to the same address; a page is opened afterwards."""
    sent = [pair for pair in request.form.items(multi=True) if pair[0] != form.password.name]
    action = request.full_path.rstrip("?")
    if request.method == "GET":
        sent, action = [("next", action)], ""
    return render_template("accounts/confirm.html", form=form, sent=sent, action=action, back=_before()), status


def _before() -> str:
    """Where the press came from, to go back to without a word."""
    came = request.referrer or ""
    return own_path(came.removeprefix(request.host_url.rstrip("/"))) if came.startswith(request.host_url) else "/"
