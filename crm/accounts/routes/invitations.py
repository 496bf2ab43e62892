"""The page behind the link of an invitation: a password is set, or an account is confirmed."""

from flask import redirect, render_template, request
from flask import session as cookie
from flask_babel import get_locale
from flask_login import current_user, login_user

from crm.accounts import actions, queries
from crm.accounts.forms import AcceptForm
from crm.accounts.models import Invitation
from crm.accounts.routes.base import blueprint
from crm.infra.auth import Actor, public
from crm.infra.clock import now
from crm.infra.db import scope_to, transaction
from crm.kernel.refusal import N_, Reason, Refused
from crm.organizations.queries import organization_of


def _holder() -> tuple[int, str] | None:
    return (current_user.account_id, current_user.get_id()) if current_user.is_authenticated else None


@blueprint.get("/invitation/<token>")
@public("the invited holds this link; reading it changes nothing")
def invitation_get(token: str):
    return _page(queries.invitation_by_link(token, now()), AcceptForm())


def _page(row: Invitation, form: AcceptForm) -> str:
    account, who = queries.account_by_email(row.email), _holder()
    is_me = account is not None and who is not None and who[0] == account.id
    return render_template("accounts/invitation.html", row=row, form=form, is_known=account is not None, is_me=is_me,
                           organization=organization_of(Actor(org_id=row.org_id)))


@blueprint.post("/invitation/<token>")
@public("the invited holds this link; only this button takes the invitation")
def invitation_post(token: str):
    form, signed_in = AcceptForm(), None
    row = queries.invitation_by_link(token, now())
    scope_to(row.org_id)
    if form.validate_on_submit():
        try:
            signed_in = _accept(token, form)
            if signed_in is None:
                form.refuse([Reason(N_("This is not the password of your account."), field="password")])
        except Refused as refused:
            form.refuse(refused.reasons)
    if signed_in is None:
        return _page(queries.invitation_by_link(token, now()), form), 422
    cookie.clear()
    login_user(queries.signed_in(signed_in, now()))
    return redirect("/", 303)


def _accept(token: str, form: AcceptForm) -> str | None:
    with transaction():
        row = queries.invitation_by_link(token, now(), lock=True)
        return actions.accept(row, form.password.data or "", _holder(), request.remote_addr or "", language=str(get_locale()), now=now())
