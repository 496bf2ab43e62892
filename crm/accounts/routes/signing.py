"""Pages of accounts: sign in and out, act for another organization, language, password."""

from flask import current_app, flash, make_response, redirect, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user

from crm.accounts import actions, queries
from crm.accounts.forms import ActingForm, LanguageForm, PasswordForm, SignInForm, SignOutForm
from crm.accounts.routes.base import blueprint
from crm.infra.auth import actor, allow, own_path, public
from crm.infra.clock import now
from crm.infra.db import transaction
from crm.infra.web import submit
from crm.kernel.languages import PAGE_LANGUAGES
from crm.kernel.permissions import Action
from crm.kernel.refusal import N_, Reason, Refused


@blueprint.get("/sign-in")
@public("where sign-in begins")
def sign_in_get():
    if current_user.is_authenticated and current_user.actor:
        return redirect("/")
    return render_template("accounts/sign_in.html", form=SignInForm(next=request.args.get("next", "")))


@blueprint.post("/sign-in")
@public("where sign-in begins")
def sign_in_post():
    form = SignInForm()
    token = None
    if form.validate_on_submit():
        try:
            with transaction():
                token = actions.sign_in(form.email.data, form.password.data, request.remote_addr or "", now=now())
            if token is None:
                form.refusals.append(Reason(N_("The e-mail address or the password is wrong.")))
        except Refused as refused:
            form.refuse(refused.reasons)
    if token is None:
        return render_template("accounts/sign_in.html", form=form), 422
    cookie.clear()  # nothing of the visitor before sign-in lives on
    login_user(queries.signed_in(token, now()))
    return redirect(own_path(form.next.data), 303)


@blueprint.post("/sign-out")
@public("whoever is signed in may leave")
def sign_out_post():
    if SignOutForm().validate_on_submit() and current_user.is_authenticated:
        with transaction():
            actions.sign_out(current_user.get_id())
        logout_user()
    answer = make_response(redirect(url_for("accounts.sign_in_get"), 303))
    if not current_app.config["TESTING"]:
        answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@blueprint.get("/acting")
@public("an account without a grant must be able to see that it has none")
def acting_get():
    if not current_user.is_authenticated:
        return redirect(url_for("accounts.sign_in_get"))
    grants = queries.grants_of(current_user.account_id, now())
    return render_template("accounts/acting.html", grants=grants, form=ActingForm())


@blueprint.post("/acting")
@public("choosing among one's own grants is checked by the action")
def acting_post():
    if not current_user.is_authenticated:
        return redirect(url_for("accounts.sign_in_get"))
    form = ActingForm()
    who = current_user
    return submit(form, lambda: actions.act_for(who.get_id(), who.account_id, form.grant_id.data, now=now()),
                  then=lambda _result: "/", page=acting_get)


@blueprint.post("/language")
@public("visitors read pages too")
def language_post():
    form = LanguageForm()
    if form.validate_on_submit() and form.language.data in PAGE_LANGUAGES:
        cookie["language"] = form.language.data
        if current_user.is_authenticated:
            with transaction():
                actions.set_language(current_user.account_id, form.language.data)
    return redirect(own_path(form.next.data), 303)


@blueprint.get("/account")
@allow(Action.ACT_FOR_SELF)
def account_get():
    return render_template("accounts/account.html", form=PasswordForm(), actor=actor())


@blueprint.post("/account")
@allow(Action.ACT_FOR_SELF)
def account_post():
    form, who = PasswordForm(), current_user
    answer = submit(
        form, lambda: actions.change_password(who.account_id, form.old.data, form.password.data, who.get_id(), now=now()),
        then=lambda _result: url_for("accounts.account_get"),
        page=lambda: render_template("accounts/account.html", form=form, actor=actor()),
    )
    if not isinstance(answer, tuple):
        flash(_("Your password is changed. Every other browser was signed out."))
    return answer
