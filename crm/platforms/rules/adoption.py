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


@dataclass(frozen=True)
class Conflict:
    """The same words of today's text, and what two changes make of them."""

    language: str
    before: str
    one: str
    other: str


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


def join(current: Wording, proposed: Sequence[Wording]) -> Adoption | Refusal:
    """One text with all these changes to today's text in it; refused where any of them meet."""
    titles, texts, reasons = dict(current.titles), dict(current.texts), []
    for one in proposed:
        for now, new, result in ((current.titles, one.titles, titles), (current.texts, one.texts, texts)):
            for language, words in new.items():
                result[language], clashes = merge(now.get(language, ""), result.get(language, ""), words)
                reasons += [_why(language, clash) for clash in clashes]
    return Refusal(reasons) if reasons else Adoption(titles, texts, sorted({tag for one in proposed for tag in one.lagging}))


def conflicts(current: Wording, one: Wording, other: Wording) -> list[Conflict]:
    """Where two changes to today's text change the same words, in any language: each beside the other."""
    found = []
    for now, left, right in ((current.titles, one.titles, other.titles), (current.texts, one.texts, other.texts)):
        for language in [tag for tag in left if tag in right]:
            base = now.get(language, "")
            clashes = merge(base, left[language], right[language])[1]
            found += [Conflict(language, clash.before, clash.now, clash.proposed) for clash in clashes]
    return found


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
