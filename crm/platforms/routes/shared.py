"""The blueprint, and what all pages of the room need: words in the reader's language, differences, the desk."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import format_date, get_locale, gettext

from crm.infra.auth import actor
from crm.infra.clock import now
from crm.infra.web import submit
from crm.kernel.languages import LANGUAGES
from crm.kernel.permissions import Action
from crm.kernel.refusal import N_, Refusal
from crm.platforms import queries, rules
from crm.platforms.forms import ButtonForm, CommentForm, RecommendationForm
from crm.platforms.models import Platform
from crm.tables.queries import recent_proposals

blueprint = Blueprint("platforms", __name__)

STANCE_MARKS = {
    "endorse": ("yes", None), "reserve": ("yes", "wait"), "stand_aside": ("off", "dash"), "oppose": ("no", None),
    "pending": ("off", None),
}
PLATFORM_STATES = {
    "drafting": ("wait", N_("Being written")), "frozen": ("plum", N_("Frozen")),
    "ratified": ("yes", N_("Ratified")),
}
AMENDMENT_STATES = {
    "proposed": ("wait", N_("Undecided")), "adopted": ("yes", N_("In the text")),
    "refused": ("no", N_("Refused")), "withdrawn": ("off", N_("Withdrawn")), "fallen": ("off", N_("Fell")),
}
PROPOSAL_STATES = {
    "proposed": ("wait", N_("Waits for an answer")), "taken": ("yes", N_("Taken up")), "set_aside": ("off", N_("Set aside")),
}
ADVICE_MARKS = {"adopt": ("yes", None), "change": ("wait", None), "refuse": ("no", None), "none": ("off", "dash")}


@blueprint.app_template_filter("in_page_language")
def in_page_language(words: Mapping[str, str], authentic: str = "en") -> str:
    """Words by language, in the reader's language or else in the authentic one."""
    return rules.in_language(words, get_locale().language, authentic)


@blueprint.app_template_filter("in_the_language")
def in_the_language(words: Mapping[str, str], language: str, authentic: str) -> str:
    """Words by language, in the language that is asked for or else in the authentic one."""
    return rules.in_language(words, language, authentic)


@blueprint.app_template_filter("language_name")
def language_name(tag: str) -> str:
    """A language in its own words."""
    return LANGUAGES.get(tag, tag)


@blueprint.app_template_filter("full_date")
def full_date(moment: datetime) -> str:
    """November 22, 2026: with the year, for what is printed and kept."""
    return format_date(moment, "long")


@blueprint.app_template_filter("as_paragraphs")
def as_paragraphs(text: str) -> list[list[tuple[str, str]]]:
    """A plain text, cut into paragraphs."""
    return rules.paragraphs([(rules.SAME, text or "")])


@blueprint.app_template_filter("changed_from")
def changed_from(new: str | None, old: str | None) -> list[list[tuple[str, str]]]:
    """What a text changes in an older one, cut into paragraphs."""
    return rules.paragraphs(rules.differences(old or "", new or ""))


def is_ahead(moment: datetime) -> bool:
    """Whether a moment is still to come."""
    return moment > now()


@blueprint.context_processor
def words_for_states() -> dict[str, Any]:
    """How states and stances are shown."""
    return {
        "LANGUAGES": LANGUAGES, "STANCES": rules.STANCES, "STANCE_MARKS": STANCE_MARKS,
        "is_ahead": is_ahead, "PLATFORM_STATES": PLATFORM_STATES,
        "AMENDMENT_STATES": AMENDMENT_STATES, "PROPOSAL_STATES": PROPOSAL_STATES, "ADVICE": rules.ADVICE, "ADVICE_MARKS": ADVICE_MARKS,
    }


def from_tables(form: Any) -> dict[str, Any]:
    """What tables of the actor's assemblies proposed, to choose from; ?proposal= puts one's words into the form."""
    chosen, found = request.args.get("proposal", type=int), recent_proposals(actor())
    for row, title in found:
        if row.id == chosen:
            form.fill("title", row.titles)
            form.fill("text", {**row.titles, **row.texts})
            form.reason.data = gettext("From the tables of %(assembly)s", assembly=in_page_language(title))
    return {"tabled": found, "chosen": chosen}


def rights(platform: Platform) -> dict[str, bool]:
    """What the actor may do here, for the page to offer."""
    mine, drafts = platform.org_id == actor().org_id, actor().may(Action.DRAFT_PLATFORMS) and queries.is_partner(actor(), platform)
    is_open = platform.state == "drafting"
    return {
        "is_owner": mine,
        "may_write": mine and is_open and actor().may(Action.DRAFT_PLATFORMS),
        "may_decide": mine and actor().may(Action.DECIDE_AMENDMENTS),
        "may_propose": drafts
        and not rules.may_propose(platform.state, platform.deadline_at, now()),
        "may_comment": drafts,
        "may_send": drafts and not rules.may_send_proposal(platform.state, platform.proposals_until, now()),
        "may_state": actor().may(Action.VOTE_FOR_ORGANIZATION) and queries.is_partner(actor(), platform),
    }


def chosen(rows: list[queries.PlankRow], plank_id: int | None) -> queries.PlankRow | None:
    """The plank that the address names, or the first."""
    return next((row for row in rows if row.plank.id == plank_id or plank_id is None), None)


def pressed(form: ButtonForm, act: Callable[[], Any], then: Callable[[Any], str]) -> Any:
    """One press of a button; what stands against it is said on a page of its own."""
    return submit(form, act, then=then, page=lambda: render_template("errors/422.html", reasons=form.refusals))


def desk_page(platform_id: int, plank_id: int | None, comment: CommentForm | None = None, advising: RecommendationForm | None = None) -> str:
    """The desk: all planks, one of them with its text, amendments, advice, positions, history and comments."""
    platform = queries.platform_for(actor(), platform_id)
    rows = queries.planks_of(platform)
    row = chosen(rows, queries.plank_for(actor(), platform_id, plank_id).id if plank_id else None)
    amendments, voices, (advice, of_amendments) = queries.amendments_of(platform), queries.voices_of(platform), queries.recommendations_of(platform)
    stand = queries.standings(platform, amendments, voices, of_amendments)
    versions = {version.number: version for version in queries.versions_of(row.plank.id)} if row else {}
    return render_template(
        "platforms/desk.html", platform=platform, rows=rows, row=row, **rights(platform), **_flags(stand),
        amendments=_in_order([found for found in amendments if row and found.amendment.plank_id == row.plank.id]),
        proposals=_in_order([found for found in amendments if found.amendment.plank_id is None]),
        versions=versions, advice=advice.get(row.plank.id, []) if row else [], advising=advising or RecommendationForm(formdata=None),
        of_amendments=of_amendments, comments=queries.comments_of(row.plank.id) if row else [], unanswered=queries.proposals_waiting(actor(), platform),
        organizations=queries.organizations_of(platform), positions=queries.positions_of(platform),
        editions=queries.editions_of(platform), form=comment or CommentForm(formdata=None),
        button=ButtonForm(formdata=None),
    )


def _in_order(rows: list[queries.AmendmentRow]) -> list[queries.AmendmentRow]:
    """Those to an amendment stand under it."""
    return [one for top in rows if top.amendment.parent_id is None for one in (top, *(row for row in rows if row.amendment.parent_id == top.amendment.id))]


def _flags(stand: dict[int, rules.Open]) -> dict[str, Any]:
    """What the desk marks on open amendments: those that meet another, those that no longer apply, and how many stand behind each."""
    met = {id for pair in rules.meetings(stand.values()) for id in pair}
    return {"met": met, "stuck": {id for id, one in stand.items() if isinstance(one.plan, Refusal)}, "stand": stand}
