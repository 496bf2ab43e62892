"""How an organization texts: who must agree, when sending pauses itself, which web addresses are its own."""

from flask import Blueprint, render_template, url_for
from flask_babel import gettext
from markupsafe import Markup

from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.runtime import settings
from crm.infra.web import submit
from crm.kernel.permissions import Action
from crm.organizations.queries import organization_of
from crm.outreach import actions
from crm.outreach.forms import ChoicesForm
from crm.outreach.queries.plans import options_of
from crm.outreach.rules.options import TextingOptions, read_hosts

SNIPPET = Markup('<iframe src="{}" title="{}" width="100%" height="820" style="border:0"></iframe>')
blueprint = Blueprint("choices", __name__, url_prefix="/texts")


@blueprint.get("/choices")
@allow(Action.ADMINISTER)
def choices_get():
    """What holds now."""
    chosen = options_of(actor())
    return _page(ChoicesForm(**chosen.as_data() | {"hosts": "\n".join(chosen.hosts)}))


@blueprint.post("/choices")
@allow(Action.ADMINISTER)
def choices_post():
    """Changes it."""
    form = ChoicesForm()
    return submit(
        form,
        lambda: actions.choose_texting(actor(), _chosen(form), now=now()),
        then=lambda _: url_for("choices.choices_get"),
        page=lambda: _page(form),
    )


def _chosen(form: ChoicesForm) -> TextingOptions:
    return TextingOptions(form.two_people_above.data or 0, form.pause_at_percent.data or 0, read_hosts(form.hosts.data or ""), form.signs_up.data)


def _page(form: ChoicesForm) -> str:
    organization = organization_of(actor())
    sign_up, framed = (settings().public_url + url_for(f"signing_up.{name}_get", slug=organization.slug) for name in ("sign_up", "framed"))
    snippet = str(SNIPPET.format(framed, gettext("Get texts from %(name)s", name=organization.name)))
    return render_template("outreach/choices.html", form=form, chosen=options_of(actor()), sign_up=sign_up, snippet=snippet)
