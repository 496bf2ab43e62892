"""What was typed, as words by language; and what is still wrong with it."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from crm.kernel.languages import LANGUAGES
from crm.kernel.refusal import N_, Reason
from crm.platforms.rules.adoption import Wording
from crm.platforms.rules.differences import read_text


def read_line(typed: str | None) -> str:
    """One line, without stray spaces."""
    return " ".join(read_text(typed).split())


def read_titles(typed: Mapping[str, str]) -> dict[str, str]:
    """Titles by language, without the empty ones."""
    return {tag: line for tag, said in typed.items() if (line := read_line(said))}


def read_texts(typed: Mapping[str, str]) -> dict[str, str]:
    """Texts by language, without the empty ones."""
    return {tag: text for tag, said in typed.items() if (text := read_text(said))}


def read_slug(typed: str | None) -> str:
    """A public address: small letters, numbers and hyphens."""
    plain = unicodedata.normalize("NFKD", typed or "").encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80].strip("-")


def changed_languages(old: Wording, new: Wording) -> set[str]:
    """The languages in which a title or a text is different."""
    tags = {*old.titles, *old.texts, *new.titles, *new.texts}
    return {
        tag for tag in tags
        if (old.titles.get(tag), old.texts.get(tag)) != (new.titles.get(tag), new.texts.get(tag))
    }


def issues_in_heading(titles: Mapping[str, str], languages: Sequence[str], authentic: str) -> list[Reason]:
    """What a platform's heading lacks."""
    issues = []
    if not languages:
        issues.append(Reason(N_("Choose at least one language."), field="languages"))
    elif authentic not in languages:
        issues.append(Reason(N_("The authentic text has to be in one of the languages."), field="authentic_language"))
    if not titles.get(authentic):
        params = {"language": LANGUAGES.get(authentic, authentic)}
        issues.append(Reason(N_("Write the title (%(language)s)."), params, field=f"title_{authentic}"))
    return issues


def issues_in_proposal(kind: str, titles: Mapping[str, str], texts: Mapping[str, str], reason: str) -> list[Reason]:
    """What an amendment lacks."""
    issues = []
    if kind == "add" and not set(titles) & set(texts):
        issues.append(Reason(N_("Write a title and a text in at least one language.")))
    if kind == "change" and not titles and not texts:
        issues.append(Reason(N_("Change at least one word of the text. That is your amendment.")))
    if not reason:
        issues.append(Reason(N_("Say why. The reason is shown beside the amendment."), field="reason"))
    return issues


def issues_in_sent_proposal(language: str, languages: Sequence[str], title: str, text: str) -> list[Reason]:
    """What a proposal lacks that somebody sends in."""
    issues = []
    if language not in languages:
        issues.append(Reason(N_("Choose one of the languages."), field="language"))
    if not title:
        issues.append(Reason(N_("Say in one line what should be demanded."), field="title"))
    if not text:
        issues.append(Reason(N_("Write what should be demanded."), field="text"))
    return issues
