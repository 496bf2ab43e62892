"""Editions: what is frozen, its hash, and what stands in the way of freezing.

The hash can be made again with any tool: it is the SHA-256 of the edition's content written as JSON with keys in order,
no spaces between parts, and letters as they are (UTF-8), in lower-case hexadecimal.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence

from crm.kernel.languages import LANGUAGES
from crm.kernel.refusal import N_, Reason

WHOLE = 0
"""The number under which a vote on the whole text writes its outcome; no plank has it."""


def canonical_edition(
    *, titles: Mapping[str, str], intros: Mapping[str, str], languages: Sequence[str], authentic: str, number: int,
    planks: Sequence[Mapping], is_whole: bool = False,
) -> dict:
    """What an edition says. `planks` come in order with plank_id, sections, titles, texts; numbered here.

    Voted on as a whole, it has one plank (number 0 in the vote's outcomes) that says everything, and the planks stand as `articles`.
    """

    def spoken(words: Mapping[str, str]) -> dict[str, str]:
        return {tag: words[tag] for tag in languages if words.get(tag)}

    content = {
        "platform": {"titles": spoken(titles), "intros": spoken(intros)},
        "edition": number,
        "languages": list(languages),
        "authentic": authentic,
        "planks": [
            {
                "plank_id": plank["plank_id"],
                "number": n,
                "section": in_language(plank["sections"], authentic, authentic),
                "sections": spoken(plank["sections"]),
                "titles": spoken(plank["titles"]),
                "texts": spoken(plank["texts"]),
            }
            for n, plank in enumerate(planks, 1)
        ],
    }
    if is_whole:
        content["articles"] = content["planks"]
        content["planks"] = [{
            "plank_id": WHOLE, "number": 1, "section": "", "sections": {}, "titles": spoken(titles),
            "texts": {tag: _everything(content["articles"], tag, authentic) for tag in languages},
        }]
    return content


def articles_of(content: Mapping) -> Sequence[Mapping]:
    """The planks of an edition, as they are read and printed; whether it is voted on one by one or as a whole."""
    return content.get("articles") or content["planks"]


def outcome_of(content: Mapping, outcomes: Mapping[str, str], plank_id: int) -> str | None:
    """What a vote made of one plank: "ratified", another word, or None before there is a result. As a whole, all share it."""
    return outcomes.get(str(WHOLE if "articles" in content else plank_id))


def _everything(articles: Sequence[Mapping], language: str, authentic: str) -> str:
    said = [
        f"{one['number']}. {in_language(one['titles'], language, authentic)}\n\n{in_language(one['texts'], language, authentic)}" for one in articles
    ]
    return "\n\n".join(said)


def canonical_text(content: Mapping) -> str:
    """The one way to write an edition's content down."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def edition_hash(content: Mapping) -> str:
    """SHA-256 of the canonical text, in hexadecimal."""
    return hashlib.sha256(canonical_text(content).encode()).hexdigest()


def in_language(words: Mapping[str, str], language: str, authentic: str) -> str:
    """The words in this language; else in the authentic one; else in any that there is."""
    return words.get(language) or words.get(authentic) or next((said for said in words.values() if said), "")


def issues_in_plank(number: int, plank: Mapping, languages: Sequence[str]) -> list[Reason]:
    """What one plank still lacks: words in one of the languages, or a translation that keeps up."""
    titles, texts, sections, lagging = plank["titles"], plank["texts"], plank.get("sections", {}), plank["lagging"]
    issues = []
    for tag in languages:
        params = {"number": number, "language": LANGUAGES.get(tag, tag)}
        if not titles.get(tag):
            issues.append(Reason(N_("Plank %(number)s (%(language)s) has no title yet."), params))
        if sections and not sections.get(tag):
            issues.append(Reason(N_("Plank %(number)s (%(language)s): its section has no name yet."), params))
        if not texts.get(tag):
            issues.append(Reason(N_("Plank %(number)s (%(language)s) has no text yet."), params))
        elif tag in lagging:
            text = N_("Plank %(number)s (%(language)s) still says what an earlier version said. Bring it up to date.")
            issues.append(Reason(text, params))
    return issues


def issues_before_freeze(
    *, titles: Mapping[str, str], languages: Sequence[str], planks: Sequence[Mapping],
    open_amendments: Mapping[int, int],
) -> list[Reason]:
    """Everything to settle before the text can be frozen.

    `planks` are those in the text, in order, with plank_id, sections, titles, texts and lagging;
    `open_amendments` counts them by plank, and under 0 the proposals for new planks.
    """
    issues = [
        Reason(N_("The platform (%(language)s) has no title yet."), {"language": LANGUAGES.get(tag, tag)})
        for tag in languages if not titles.get(tag)
    ]
    if not planks:
        issues.append(Reason(N_("There is no plank in the text yet.")))
    left = dict(open_amendments)
    for number, plank in enumerate(planks, 1):
        issues += issues_in_plank(number, plank, languages)
        if count := left.pop(plank["plank_id"], 0):
            text = N_("Plank %(number)s has open amendments: %(count)s. Adopt or refuse them first.")
            issues.append(Reason(text, {"number": number, "count": count}))
    if count := sum(left.values()):
        issues.append(Reason(N_("Proposals that no one has decided on: %(count)s."), {"count": count}))
    return issues
