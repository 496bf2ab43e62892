"""How open amendments stand against today's text and against each other, in a fixed number of questions."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select, tuple_

from crm.infra.db import session
from crm.organizations.models import Organization
from crm.platforms import rules
from crm.platforms.models import Advice, Amendment, Plank, PlankVersion, Platform, Voice
from crm.platforms.queries.reads import AmendmentRow

Voices = dict[int, list[Any]]


def voices_of(platform: Platform) -> Voices:
    """Who supports or contests each amendment: (voice, name of the organization), in the order in which they spoke."""
    query = select(Voice, Organization.name).join(Organization, Organization.id == Voice.partner_id)
    found = defaultdict(list)
    for voice, name in session().execute(query.where(Voice.platform_id == platform.id).order_by(Voice.at, Voice.id)):
        found[voice.amendment_id].append((voice, name))
    return found


def recommendations_of(platform: Platform) -> tuple[dict[int, list[Advice]], dict[int, list[Advice]]]:
    """What committees advise, by plank and by amendment, the newest first."""
    planks, amendments = defaultdict(list), defaultdict(list)
    query = select(Advice).where(Advice.platform_id == platform.id).order_by(Advice.at.desc(), Advice.id.desc())
    for one in session().scalars(query):
        (planks if one.plank_id else amendments)[one.plank_id or one.amendment_id].append(one)
    return planks, amendments


def standings(
    platform: Platform, rows: Sequence[AmendmentRow], voices: Voices, advice: dict[int, list[Advice]]
) -> dict[int, rules.Open]:
    """Each open amendment to the text itself among the rows, as it stands today."""
    own = [row.amendment for row in rows if row.amendment.state == "proposed" and row.amendment.parent_id is None]
    versions = _versions(own)
    found = {}
    for one in own:
        now = versions.get((one.plank_id, 0)) if one.kind != "add" else None
        newest = advice.get(one.id)
        found[one.id] = rules.Open(
            one.id, one.kind, one.plank_id if one.kind != "add" else None, _plan(platform, one, versions), now and wording(now),
            supporters=sum(voice.says == "support" and voice.partner_id != one.partner_id for voice, _ in voices.get(one.id, ())),
            contesters=[name for voice, name in voices.get(one.id, ()) if voice.says == "contest"],
            waiting_below=sum(row.amendment.parent_id == one.id and row.amendment.state == "proposed" for row in rows),
            advice=newest[0].advice if newest else "none",
        )
    return found


def wording(version: PlankVersion) -> rules.Wording:
    """A version as the rules read it."""
    return rules.Wording(version.titles, version.texts, version.lagging)


def words_of(amendment: Amendment) -> rules.Wording:
    """What the plank would say by this amendment, in all languages, on the text for which it was written."""
    if amendment.kind == "add":
        return rules.Wording(amendment.titles, amendment.texts)
    base = session().scalars(
        select(PlankVersion).where(PlankVersion.plank_id == amendment.plank_id, PlankVersion.number == amendment.base_version)
    ).one()
    return rules.Wording(base.titles | amendment.titles, base.texts | amendment.texts)


def _plan(platform: Platform, amendment: Amendment, versions: dict[tuple[int | None, int], PlankVersion]) -> Any:
    if amendment.kind != "change":
        return None
    base, now = versions[amendment.plank_id, amendment.base_version], versions[amendment.plank_id, 0]
    proposed = rules.Wording(amendment.titles, amendment.texts)
    return rules.plan_adoption(rules.Wording(base.titles, base.texts), wording(now), proposed, platform.languages)


def _versions(amendments: Iterable[Amendment]) -> dict[tuple[int | None, int], PlankVersion]:
    """The versions for which these amendments were written, and under 0 the one that stands now."""
    wanted = {(one.plank_id, one.base_version) for one in amendments if one.kind != "add"}
    if not wanted:
        return {}
    rows = session().execute(
        select(PlankVersion, Plank.version).join(Plank, Plank.id == PlankVersion.plank_id)
        .where(tuple_(PlankVersion.plank_id, PlankVersion.number).in_(wanted)
               | (PlankVersion.number == Plank.version) & Plank.id.in_({plank for plank, _ in wanted}))
    ).all()
    found = {}
    for version, newest in rows:
        found[version.plank_id, version.number] = version
        if version.number == newest:
            found[version.plank_id, 0] = version
    return found
