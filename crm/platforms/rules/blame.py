"""Who brought which words: for each sentence of a text, the versions that its words come from."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from crm.platforms.rules.differences import TOKEN

ENDS = re.compile(r"[.!?。！？]")


@dataclass(frozen=True)
class Sentence:
    """A sentence of the newest text and the versions of its words, the newest first; `begins` a paragraph."""

    text: str
    versions: tuple[int, ...]
    begins: bool


def blame(texts: Sequence[tuple[int, str]]) -> list[Sentence]:
    """The sentences of the last of these texts (number, words; oldest first), each with the versions that brought its words."""
    words: list[str] = []
    brought: list[int] = []
    for number, text in texts:
        new = TOKEN.findall(text)
        origin = [number] * len(new)
        for same in SequenceMatcher(str.isspace, words, new, autojunk=False).get_matching_blocks():
            origin[same.b:same.b + same.size] = brought[same.a:same.a + same.size]
        words, brought = new, origin
    return _sentences(words, brought)


def _sentences(words: Sequence[str], brought: Sequence[int]) -> list[Sentence]:
    found: list[Sentence] = []
    start, begins = 0, True
    for n, word in enumerate(words):
        is_last, breaks = n == len(words) - 1, "\n" in word
        ends = ENDS.fullmatch(word) and (is_last or words[n + 1].isspace() or word in "。！？")
        if not (is_last or breaks or ends):
            continue
        text = "".join(words[start:n + 1]).strip()
        if text:
            of = {brought[at] for at in range(start, n + 1) if not words[at].isspace()}
            found.append(Sentence(text, tuple(sorted(of, reverse=True)), begins))
            begins = False
        begins, start = begins or breaks, n + 1
    return found
