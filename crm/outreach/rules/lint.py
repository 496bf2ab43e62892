"""Lint: what must be true of a text's words before they are kept, shipped or sent.

Phone companies act by themselves on a few words (STOP, YES, HELP and their kin): a text that asks for one of them as an answer
would end or begin somebody's texts. STOP and HELP may stand only where they say what they do. Links lead to the organization's
own HTTPS address, never through a shortener. Words that would hurt their reader in other hands ask for a second thought.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from crm.kernel.names import fold
from crm.kernel.refusal import N_, Reason
from crm.outreach.rules.replies.stops import HELP_WORDS, START_WORDS, STOP_WORDS
from crm.outreach.rules.templates import FIELD, LONGEST, STRAY_BRACE, fields_in, without_offers

# Answers that a phone company, or we ourselves, read as a keyword in any language. YES opts in at Twilio.
RESERVED = frozenset(fold(word) for word in (*STOP_WORDS, *START_WORDS, *HELP_WORDS, "yes", "unstop", "opt-out"))
_ASK = (
    r"(?:reply|respond|answer|text|txt|type|write|send|say|responda|respondan|responde|conteste|contesten|contesta|mande|manden|manda|envie|envien"
    r"|envia|escriba|escriban|escribe|diga|teclee)"
)
_FILLER = r"(?:with|back|us|me|this|number|con|a|the|la|el|palabra|word|just|only|either|simply|solo|solamente|please|por|favor|nos|sea|o|ya|now|ahora)"
_WORD = "(?:" + "|".join(sorted((word.replace(" ", r"\s+") for word in RESERVED), key=len, reverse=True)) + ")"
_ENDS = r"(?=\s*(?:$|[^\w\s]|(?:or|o|u|to|para|if|si|for|when|cuando|now|ya|please|and|y|by|antes)\b))"
_OR = r"(?:/|,|\bor\b|\bo\b|\bu\b)"
ASKED = re.compile(
    rf"\b{_ASK}\b(?:\W+{_FILLER}\b)*\W+(?P<first>{_WORD})\b{_ENDS}"
    rf"|\b{_ASK}\b[^.!?\n]{{0,60}}?(?:{_OR}|\d)\W*(?:{_FILLER}\W+)*(?P<other>{_WORD})\b{_ENDS}"
    rf"|\b(?P<pair>yes)\W*{_OR}\W*no\b|\bno\W*{_OR}\W*(?P<pair2>yes)\b|\b(?P<equals>{_WORD})\s*=",
)
_SHOUTED = re.compile(r"[A-ZÁÉÍÓÚÑ]{2,}(?: (?:ALL|OUT))?")
SHORTENERS = frozenset((
    "bit.ly bitly.com tinyurl.com t.co goo.gl ow.ly is.gd v.gd buff.ly rb.gy cutt.ly tiny.cc t.ly shorturl.at lnkd.in rebrand.ly bl.ink s.id soo.gd adf.ly"
    " snip.ly short.io shorte.st clck.ru u.to qr.ae trib.al tiny.one shorturl.com x.gd dub.sh dub.co fb.me wp.me amzn.to youtu.be j.mp mcaf.ee po.st"
    " su.pr tr.im bit.do db.tt han.gl kutt.it linktr.ee me2.do ht.ly n9.cl ouo.io plu.sh shor.by t2m.io urlz.fr vm.tiktok.com yourls.org zpr.io"
).split())
_PLAIN_ENDINGS = "com|org|net|edu|gov|info|io|app|coop|mx|page|site|vote|link|ly|co|gl|us|gd"
_LINK = re.compile(
    r"(?<![@\w.])(?:(?P<scheme>https?)://)?(?P<host>(?:[a-z0-9-]+\.)+[a-z]{2,}|localhost|\d+\.\d+\.\d+\.\d+)(?::\d+)?(?P<path>/\S*)?", re.IGNORECASE
)
_CAREFUL: tuple[tuple[str, str], ...] = (
    (N_("immigration status"), r"immigrants?|immigration|inmigra\w+|migratori\w+|migrantes?|undocumented|indocumentad\w+|papers|papeles|daca|tps|asylum|asilo"
        r"|deport\w+|green card|visa|la migra|redada\w*|raids?"),
    (N_("a government number"), r"ssn|social security|seguro social|itin|passport\w*|pasaporte\w*|a-number|matricula consular"),
    (N_("health"), r"diagnos\w+|hiv|vih|pregnan\w+|embaraz\w+|medication\w*|disabilit\w+|discapacidad\w*|overdose|sobredosis"),
    (N_("arrests and courts"), r"arrest\w*|convict\w+|felon\w*|warrants?|probation|parole|jail|prison|carcel|antecedentes|court date\w*|eviction court"),
)


@dataclass(frozen=True)
class Ground:
    """What words may lean on: the personal fields that exist, and the hosts that are the organization's own."""

    known: frozenset[str]
    hosts: frozenset[str] = frozenset()


def issues_before_sending(bodies: Mapping[str, str], *, ground: Ground, languages: Collection[str]) -> list[Reason]:
    """Everything wrong with the words, in every language, each naming the box it is in."""
    written = {tag: body for tag, body in bodies.items() if body.strip()}
    if not written:
        return [Reason(N_("Write what the text says."), field="body_en")]
    found = [Reason(MISSING[tag], field=f"body_{tag}") for tag in sorted(set(languages) & set(MISSING)) if tag not in written]
    for tag, body in written.items():
        found += [Reason(reason.text, reason.params, f"body_{tag}") for reason in issues_with_body(body, ground)]
    return found


MISSING = {
    "en": N_("Some of these people read English. Write the text in English too."),
    "es": N_("Some of these people read Spanish. Write the text in Spanish too."),
}


def issues_with_body(body: str, ground: Ground) -> list[Reason]:
    """Everything wrong with the words of one language."""
    found = []
    unknown = sorted(fields_in(body) - ground.known)
    if unknown:
        found.append(Reason(N_("There is no personal field %(name)s here."), {"name": "{" + unknown[0] + "}"}))
    elif STRAY_BRACE.search(FIELD.sub("", body)):
        found.append(Reason(N_("A curly bracket is left open. Write personal fields like {first_name}.")))
    if word := asked_word(body):
        words = N_("Do not ask people to reply %(word)s: phone companies act on that word. Ask a question instead.")
        if word in ("stop", "help"):
            words = N_("%(word)s may only say what it does: “Reply STOP to opt out”, “HELP for help”. It cannot be an answer.")
        found.append(Reason(words, {"word": word.upper()}))
    found += issues_with_links(body, ground.hosts)
    if len(body) > LONGEST:
        found.append(Reason(N_("This is %(n)s letters long. A text holds 1,600 at most."), {"n": len(body)}))
    return found


def asked_word(body: str) -> str | None:
    """The reserved word that the text asks people to answer, or shouts; None when STOP and HELP only say what they do."""
    rest = without_offers(FIELD.sub("x", _LINK.sub(" ", body)))
    match = ASKED.search(_low(rest))
    if match:
        return next(group for group in match.groups() if group)
    return next((fold(word) for word in _shouted(rest) if fold(word) in RESERVED), None)


def _low(body: str) -> str:
    """Lower case without accents, sentence marks kept."""
    return "".join(fold(letter) or letter for letter in body)


def _shouted(body: str) -> Iterator[str]:
    """Words in capitals that stand alone; a slogan (CANCEL THE RENT) is not an answer."""
    words = re.findall(r"[^\W\d_]+|[^\w\s]|\d+", body)
    for n, word in enumerate(words):
        near = (words[n - 1] if n else "", words[n + 1] if n + 1 < len(words) else "")
        if _SHOUTED.fullmatch(word) and not any(other.isalpha() and other.isupper() for other in near):
            yield word


def issues_with_links(body: str, hosts: Collection[str]) -> list[Reason]:
    """Links that phone companies or readers would not trust: shortened, without HTTPS, or on somebody else's host."""
    found: dict[str, Reason] = {}
    for scheme, host, path in _links_in(body):
        if any(host == short or host.endswith("." + short) for short in SHORTENERS):
            found["short"] = Reason(N_("Phone companies block short links. Use {link} or your own web address."))
        elif not any(host == own or host.endswith("." + own) for own in hosts):
            found["foreign"] = Reason(N_("%(host)s is not your own web address. Link only to your own: phone companies block other links."), {"host": host})
        elif scheme != "https":
            found["plain"] = Reason(N_("Write the whole address, beginning with https://: %(host)s"), {"host": host + path})
    return list(found.values())


def _links_in(body: str) -> Iterator[tuple[str, str, str]]:
    for match in _LINK.finditer(body):
        scheme, host, path = (match["scheme"] or "").lower(), match["host"].lower(), match["path"] or ""
        if scheme or path or host.startswith("www.") or re.search(rf"\.(?:{_PLAIN_ENDINGS})$", host) or host[0].isdigit():
            yield scheme, host, path


def cautions_in(bodies: Mapping[str, str]) -> list[Reason]:
    """Subjects that a text, which anyone may read over a shoulder, had better not name."""
    words = fold(" ".join(bodies.values()))
    return [
        Reason(N_("This names %(what)s. A text stays on phones and with phone companies, where others read it."), {"what": Reason(what)})
        for what, pattern in _CAREFUL
        if re.search(rf"(?<![a-z])(?:{pattern})(?![a-z])", words)
    ]


__all__ = ["RESERVED", "SHORTENERS", "Ground", "asked_word", "cautions_in", "issues_before_sending", "issues_with_body", "issues_with_links"]
