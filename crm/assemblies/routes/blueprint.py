"""The blueprint and what its pages share: the assembly behind its door, on its own clock."""

from typing import Any

from flask import Blueprint, g, url_for
from flask_babel import get_locale

from crm.assemblies import queries, rules
from crm.assemblies.models import Assembly
from crm.assemblies.rules import kinds, words
from crm.infra.auth import actor
from crm.kernel.languages import LANGUAGES
from crm.kernel.permissions import Action

blueprint = Blueprint("assemblies", __name__)


@blueprint.app_template_filter("spoken")
def spoken(both: dict[str, str] | None) -> str:
    """Words that we keep in several languages, in the page's."""
    return rules.in_language(both, language())


@blueprint.record_once
def lend_words(state: Any) -> None:
    """The names of things, for every template that shows an assembly, macros included."""
    state.app.jinja_env.globals.update(
        assembly_words=words, assembly_kinds=kinds, assembly_tabs=queries.TABS, assembly_own_tabs=queries.OWN_TABS, language_names=LANGUAGES)


def language() -> str:
    """The page's language."""
    return str(get_locale() or "en")[:2]


def opened(id: int) -> Assembly:
    """The assembly, if the actor may see it; times on the page follow its clock."""
    assembly = queries.assembly_for(actor(), id)
    g.time_zone = assembly.time_zone
    return assembly


def opened_to_run(id: int) -> Assembly:
    """The assembly, if the actor's organization convenes it."""
    assembly = queries.assembly_to_run(actor(), id)
    g.time_zone = assembly.time_zone
    return assembly


def frame(assembly: Assembly) -> dict[str, Any]:
    """What the head and the tabs of an assembly's pages need."""
    is_ours = assembly.org_id == actor().org_id
    return {
        "assembly": assembly,
        "is_ours": is_ours,
        "may_run": is_ours and actor().may(Action.RUN_ASSEMBLIES),
        "may_change": rules.may_change(assembly.state) is None,
    }


def page_of(id: int, endpoint: str = "assembly_get", at: str | None = None) -> str:
    """The address of one of an assembly's pages, and the place on it that has just changed."""
    return url_for(f"assemblies.{endpoint}", id=id, _anchor=at)
