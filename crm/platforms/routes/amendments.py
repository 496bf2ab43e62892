"""Amendments: proposed by partners to the text or to an amendment, read as differences, supported, contested, decided or withdrawn."""

from typing import Any

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _

from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.web import Form, submit
from crm.kernel.permissions import Action
from crm.kernel.refusal import Missing, Refusal
from crm.platforms import actions, queries, rules
from crm.platforms.forms import ButtonForm, DecisionForm, RecommendationForm, amendment_form
from crm.platforms.models import Amendment, Plank, Platform
from crm.platforms.routes.shared import blueprint, from_tables, pressed, rights

KINDS = ("change", "add", "strike")


def _proposal(form: Form) -> dict:
    return {
        "kind": form.kind.data, "plank_id": form.plank_id.data, "parent_id": form.parent_id.data, "base_version": form.base_version.data,
        "titles": form.by_language("title"), "texts": form.by_language("text"), "sections": form.by_language("section"),
        "reason": form.reason.data, "moved_by": form.moved_by.data, "supporters": form.supporters.data,
    }


def _form_page(id: int, form: Form, **more: Any) -> str:
    """The form, beside what it changes: a plank, or an amendment."""
    platform, plank, parent, words = queries.platform_as_partner(actor(), id), None, None, None
    if form.parent_id.data:
        parent = queries.amendment_row(actor(), platform, form.parent_id.data)
        words = queries.words_of(parent.amendment)
    elif form.plank_id.data:
        plank = queries.plank_for(actor(), id, form.plank_id.data)
        words = queries.version_of(plank, plank.version)
    return render_template(
        "platforms/amendment_new.html", platform=platform, form=form, kind=form.kind.data, plank=plank, parent=parent, words=words, **more
    )


def _checked(kind: str | None, plank_id: int | None, parent_id: int | None) -> None:
    needs_plank = kind != "add" and not parent_id
    if kind not in KINDS or parent_id and (kind != "change" or plank_id) or needs_plank != (plank_id is not None):
        raise Missing()


@blueprint.get("/platforms/<int:id>/amendments/new")
@allow(Action.DRAFT_PLATFORMS)
def amendment_new_get(id: int):
    platform, kind = queries.platform_as_partner(actor(), id), request.args.get("kind", "change")
    plank_id, parent_id = request.args.get("plank", type=int), request.args.get("to", type=int)
    _checked(kind, plank_id, parent_id)
    form = amendment_form(platform.languages, kind=kind, plank_id=plank_id, parent_id=parent_id, moved_by=actor().name)
    words: Any = None
    if parent_id:
        parent = queries.amendment_for(actor(), id, parent_id)
        words, form.base_version.data = queries.words_of(parent), queries.adopted_below(parent)
    elif plank_id:
        plank = queries.plank_for(actor(), id, plank_id)
        words, form.base_version.data = queries.version_of(plank, plank.version), plank.version
    if words:
        form.fill("title", words.titles)
        form.fill("text", words.texts)
    return _form_page(id, form, **(from_tables(form) if kind == "add" else {}))


@blueprint.post("/platforms/<int:id>/amendments")
@allow(Action.DRAFT_PLATFORMS)
def amendment_new_post(id: int):
    form = amendment_form(queries.platform_as_partner(actor(), id).languages)
    _checked(form.kind.data, form.plank_id.data, form.parent_id.data)
    return submit(
        form, lambda: actions.propose_amendment(actor(), id, _proposal(form), now=now()),
        then=lambda amendment_id: _to(id, amendment_id, _("The amendment is proposed. All partners can read it.")),
        page=lambda: _form_again(id, form),
    )


def _form_again(id: int, form: Form) -> str:
    """What was typed; to an amendment that has changed meanwhile, the next press is to what it says now, which is shown beside."""
    if form.parent_id.data:
        form.base_version.data = queries.adopted_below(queries.amendment_for(actor(), id, form.parent_id.data))
        form.base_version.raw_data = None
    return _form_page(id, form)


def _to(id: int, amendment_id: int, said: str) -> str:
    flash(said, "yes")
    return url_for("platforms.amendment_get", id=id, amendment_id=amendment_id)


def amendment_page(id: int, amendment_id: int, form: DecisionForm | None = None, advising: RecommendationForm | None = None) -> str:
    """One amendment against what it amends, with those to it, those that meet it, voices, advice and the decision."""
    platform = queries.platform_for(actor(), id)
    rows, voices, (_planks, advice) = queries.amendments_of(platform), queries.voices_of(platform), queries.recommendations_of(platform)
    queries.amendment_for(actor(), id, amendment_id)
    by_id = {row.amendment.id: row for row in rows}
    found = by_id[amendment_id]
    amendment = found.amendment
    parent = by_id.get(amendment.parent_id)
    stand = queries.standings(platform, rows, voices, advice)
    met = {b if a == amendment_id else a: clash for (a, b), clash in rules.meetings(stand.values()).items() if amendment_id in (a, b)}
    mine = next((voice for voice, _name in voices.get(amendment_id, ()) if voice.partner_id == actor().org_id), None)
    others = [one for one in voices.get(amendment_id, ()) if one[0].partner_id != amendment.partner_id]
    return render_template(
        "platforms/amendment.html", platform=platform, found=found, amendment=amendment, parent=parent,
        **_compared(platform, amendment, parent and parent.amendment), met=[(by_id[other], clash) for other, clash in met.items()],
        below=[row for row in rows if row.amendment.parent_id == amendment_id], voices=others, mine=mine, advice=advice.get(amendment_id, []),
        support=sum(voice.says == "support" for voice, _name in others), form=form or DecisionForm(formdata=None),
        advising=advising or RecommendationForm(formdata=None), show=request.args.get("show", "changes"), button=ButtonForm(formdata=None),
        organizations=queries.organizations_of(platform), positions=queries.positions_of(platform), **rights(platform),
    )


def _compared(platform: Platform, amendment: Amendment, parent: Amendment | None) -> dict[str, Any]:
    """What the amendment was written to (`base`), and while it is open what would come of it (`plan`), or why it no longer applies (`clashes`)."""
    plank: Plank | None = None
    base: Any = None
    plan: Any = None
    is_open = amendment.state == "proposed" and amendment.kind == "change"
    if amendment.plank_id and amendment.kind != "add":
        plank = queries.plank_for(actor(), platform.id, amendment.plank_id)
        base = queries.version_of(plank, amendment.base_version)
    if parent:
        base = rules.Wording(amendment.amended["titles"], amendment.amended["texts"])
        plan = actions.adoption_within(platform, parent, amendment) if is_open and parent.state == "proposed" else None
    elif is_open and plank:
        plan = actions.adoption_of(platform, plank, amendment)
    return {"plank": plank, "base": base, "plan": plan, "clashes": plan.reasons if isinstance(plan, Refusal) else ()}


@blueprint.get("/platforms/<int:id>/amendments/<int:amendment_id>")
@allow(Action.SEE_PLATFORMS)
def amendment_get(id: int, amendment_id: int):
    return amendment_page(id, amendment_id)


@blueprint.post("/platforms/<int:id>/amendments/<int:amendment_id>/decision")
@allow(Action.DECIDE_AMENDMENTS)
def decision_post(id: int, amendment_id: int):
    queries.platform_of_owner(actor(), id)
    form = DecisionForm()

    def decide() -> int:
        return actions.decide_amendment(actor(), id, amendment_id, form.verb.data, form.reason.data, now=now())

    return submit(
        form, decide, then=lambda _id: _to(id, amendment_id, _decided(id, amendment_id)),
        page=lambda: amendment_page(id, amendment_id, form),
    )


def _decided(id: int, amendment_id: int) -> str:
    amendment = queries.amendment_for(actor(), id, amendment_id)
    if amendment.state == "refused":
        return _("The amendment is refused, with the reason.")
    return _("It is adopted. The amendment has its words.") if amendment.parent_id else _("The amendment is adopted. The plank has its words.")


@blueprint.post("/platforms/<int:id>/amendments/<int:amendment_id>/voice")
@allow(Action.DRAFT_PLATFORMS)
def voice_post(id: int, amendment_id: int):
    form = ButtonForm()
    said = {
        "support": _("Your organization supports this amendment."), "contest": _("Your organization contests this amendment. It needs a decision of its own."),
    }.get(form.verb.data or "", _("Your organization has taken its word back."))
    return pressed(
        form, lambda: actions.give_voice(actor(), id, amendment_id, form.verb.data or "", now=now()), then=lambda _id: _to(id, amendment_id, said)
    )


@blueprint.post("/platforms/<int:id>/amendments/<int:amendment_id>/recommendation")
@allow(Action.DRAFT_PLATFORMS)
def amendment_advice_post(id: int, amendment_id: int):
    queries.platform_of_owner(actor(), id)
    form = RecommendationForm()
    return submit(
        form, lambda: actions.recommend(actor(), id, form.data, amendment_id=amendment_id, now=now()),
        then=lambda _id: _to(id, amendment_id, _("The recommendation stands beside the amendment.")),
        page=lambda: amendment_page(id, amendment_id, advising=form),
    )


@blueprint.post("/platforms/<int:id>/amendments/<int:amendment_id>/withdrawal")
@allow(Action.DRAFT_PLATFORMS)
def withdrawal_post(id: int, amendment_id: int):
    form = ButtonForm()
    return pressed(
        form, lambda: actions.withdraw_amendment(actor(), id, amendment_id, now=now()),
        then=lambda _id: _to(id, amendment_id, _("The amendment is withdrawn.")),
    )
