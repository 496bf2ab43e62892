"""Word by word: what one text changes in another, and how two changes to the same text come together."""

import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher

TOKEN = re.compile(r"\s+|\w+(?:['’\-]\w+)*|[^\w\s]")
SAME, OUT, IN = "same", "out", "in"


@dataclass(frozen=True)
class Hunk:
    """Words start..end of the old text give way to `words`."""

    start: int
    end: int
    words: tuple[str, ...]

    def touches(self, other: "Hunk") -> bool:
        """Whether the two change the same words, or words with nothing between them."""
        return self.start <= other.end and other.start <= self.end


@dataclass(frozen=True)
class Clash:
    """The same words changed twice: what they were, what they are now, and what is proposed."""

    before: str
    now: str
    proposed: str


def read_text(typed: str | None) -> str:
    """Plain paragraphs from what was typed: one blank line between, no stray spaces, one Unicode form."""
    text = unicodedata.normalize("NFC", typed or "").replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(c for c in text if c == "\n" or unicodedata.category(c) != "Cc" or c == "\t")
    lines = [re.sub(r"[^\S\n]+", " ", line).strip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def differences(old: str, new: str) -> list[tuple[str, str]]:
    """(same | out | in, text) in reading order: without the ins it is the old text, without the outs the new one."""
    before, parts, at = TOKEN.findall(old), [], 0
    for hunk in _hunks(before, TOKEN.findall(new)):
        parts += [(SAME, before[at:hunk.start]), (OUT, before[hunk.start:hunk.end]), (IN, hunk.words)]
        at = hunk.end
    parts.append((SAME, before[at:]))
    return [(kind, "".join(words)) for kind, words in parts if words]


def paragraphs(parts: list[tuple[str, str]]) -> list[list[tuple[str, str]]]:
    """Differences (or one plain text) cut at blank lines, for the page to set as paragraphs."""
    rows: list[list[tuple[str, str]]] = [[]]
    for kind, text in parts:
        for n, piece in enumerate(re.split(r"\n\n", text)):
            if n:
                rows.append([])
            if piece:
                rows[-1].append((kind, piece))
    return [row for row in rows if row]


def merge(base: str, current: str, proposed: str) -> tuple[str, list[Clash]]:
    """Both changes to `base` in one text; where they change the same words, the clashes, and `current` stands."""
    words = TOKEN.findall(base)
    ours, theirs = _hunks(words, TOKEN.findall(current)), _hunks(words, TOKEN.findall(proposed))
    clashes, fresh = [], []
    for hunk in theirs:
        met = [other for other in ours if hunk.touches(other) and other != hunk]
        if met:
            clashes.append(_clash(words, met, hunk))
        elif hunk not in ours:
            fresh.append(hunk)
    result = list(words)
    for hunk in sorted(ours + fresh, key=lambda h: (h.start, h.end), reverse=True):
        result[hunk.start:hunk.end] = hunk.words
    return "".join(result), clashes


def _clash(words: list[str], met: list[Hunk], hunk: Hunk) -> Clash:
    start, end = min(h.start for h in (*met, hunk)), max(h.end for h in (*met, hunk))

    def said(hunks: list[Hunk]) -> str:
        out = words[start:end]
        for h in sorted(hunks, key=lambda h: h.start, reverse=True):
            out[h.start - start:h.end - start] = h.words
        return "".join(out).strip()

    return Clash("".join(words[start:end]).strip(), said(met), said([hunk]))


def _hunks(old: list[str], new: list[str]) -> list[Hunk]:
    """Changes from old to new; those with only a space or a short word between them are one, to read well."""
    hunks: list[Hunk] = []
    # Spaces, and in long texts very common words, join matches but never start one: faster, and better to read.
    for kind, a1, a2, b1, b2 in SequenceMatcher(str.isspace, old, new).get_opcodes():
        if kind == "equal":
            continue
        if hunks and _is_filler(old[hunks[-1].end:a1]):
            last = hunks.pop()
            hunks.append(Hunk(last.start, a2, (*last.words, *old[last.end:a1], *new[b1:b2])))
        else:
            hunks.append(Hunk(a1, a2, tuple(new[b1:b2])))
    return hunks


def _is_filler(between: list[str]) -> bool:
    said = [word for word in between if not word.isspace()]
    return "\n" not in "".join(between) and (not said or len(said) == 1 and said[0].isalpha() and len(said[0]) <= 3)
