"""Adopting an amendment: onto the text it was written for, or onto what that text has become since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from crm.kernel.languages import LANGUAGES
from crm.kernel.refusal import N_, Reason, Refusal
from crm.platforms.rules.differences import merge


@dataclass(frozen=True)
class Wording:
    """A plank's titles and texts by language, and the languages that still say what an earlier version said."""

    titles: Mapping[str, str]
    texts: Mapping[str, str]
    lagging: Sequence[str] = ()


@dataclass(frozen=True)
class Adoption:
    """What a plank will say once the amendment is in; `is_rebased` when the text had changed since it was proposed."""

    titles: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    lagging: list[str] = field(default_factory=list)
    is_rebased: bool = False


def plan_adoption(base: Wording, current: Wording, proposed: Wording, languages: Sequence[str]) -> Adoption | Refusal:
    """The plank with the amendment in it; refused, with every clash, where the same words have changed meanwhile."""
    titles, texts, reasons, changed = dict(current.titles), dict(current.texts), [], set()
    for old, now, new, result in (
        (base.titles, current.titles, proposed.titles, titles),
        (base.texts, current.texts, proposed.texts, texts),
    ):
        for language, words in new.items():
            merged, clashes = merge(old.get(language, ""), now.get(language, ""), words)
            reasons += [_why(language, clash) for clash in clashes]
            if merged != now.get(language, ""):
                result[language] = merged
                changed.add(language)
    if reasons:
        return Refusal(reasons)
    if not changed:
        return Refusal([Reason(N_("The plank already says this. Refuse the amendment, or ask that it be withdrawn."))])
    # Whoever wrote the amendment wrote its languages to agree: those it leaves out are the ones that lag.
    lagging = [tag for tag in languages if tag not in proposed.texts or tag in current.lagging and tag not in changed]
    return Adoption(titles, texts, lagging, is_rebased=(base.titles, base.texts) != (current.titles, current.texts))


def next_lagging(
    languages: Sequence[str], lagging: Sequence[str], changed: set[str], *, is_same_meaning: bool = False
) -> list[str]:
    """Which languages lag after an edit. Catching up, or keeping the meaning, leaves the others as they were."""
    if is_same_meaning or changed <= set(lagging):
        return [tag for tag in languages if tag in lagging and tag not in changed]
    return [tag for tag in languages if tag not in changed]


def _why(language: str, clash) -> Reason:
    text = N_("%(language)s: the same words have changed since. Now: “%(now)s”. In the amendment: “%(proposed)s”.")
    said = {"now": clash.now or "…", "proposed": clash.proposed or "…"}
    return Reason(text, {"language": LANGUAGES.get(language, language), **said})
