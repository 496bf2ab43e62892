"""Sentences with numbers in them: right for none, one and two, in both languages, each with its full stop."""

import re
from html import unescape

import pytest

from crm.infra.look import say
from crm.ratification.methods import METHODS, Rule
from tests.clients import form_of
from tests.ratification.halls import cast_many, close, links, make_edition, open_vote
from tests.ratification.test_rules import HALF, TWO_THIRDS

ONE_OF_MANY = re.compile(
    r"(?<![\d.,/-])1 (votes|ballots|seats|planks|members|organizations|are|were|have|abstentions|letters|texts"
    r"|votos|boletas|lugares|puntos|integrantes|organizaciones|abstenciones|cartas|personas|hacen)\b"
)

QUORUM = {
    "en": re.compile(r"Quorum (?:not )?met\. \d of \d+ voted\. The quorum was \d+\."),
    "es": re.compile(r"(?:Hay|No hay) quórum\. Participación: \d de \d+\. El quórum era de \d+\."),
}


def text_of(page: str) -> str:
    """What a screen reader reads of the main part."""
    main = re.search(r"<main\b.*?</main>", page, re.S).group(0)
    main = re.sub(r"<(script|style|svg)\b.*?</\1>|<option\b.*?</option>", " ", main, flags=re.S)
    main = re.sub(r"</(p|li|h\d|td|th|div|dt|dd|summary|legend|small|label|button|a)>|<br>", " ¶ ", main)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", main)))


def arithmetic(app, language, counts, **rule):
    decision = METHODS["yes_no_abstain"].decide(counts, Rule(**({"quorum": HALF, "threshold": TWO_THIRDS} | rule)), 7)
    with app.test_request_context(f"/?lang={language}"):
        return " ".join(say(reason) for reason in decision.reasons)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("basis", ["yes_and_no", "cast", "roll"])
@pytest.mark.parametrize("strictness", ["at_least", "more_than"])
def test_the_arithmetic_reads_well_for_none_one_and_two(app, language, basis, strictness):
    for yes in range(3):
        for no in range(3):
            for abstain in range(3):
                counts = {"yes": yes, "no": no, "abstain": abstain}
                said = arithmetic(app, language, counts, basis=basis, strictness=strictness)
                assert not ONE_OF_MANY.search(said), said
                assert said.endswith(".") and not re.search(r"[\w)] [A-ZÁÉÍÓÚ]", said.replace("2/3", "")), said
                assert language == "en" or not re.search(r"\b(yes|the|is|of)\b", said), said


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("ballots", [0, 1, pytest.param(2, marks=pytest.mark.long)])
def test_pages_of_a_small_vote_read_well(world, client, signed_in, clock, language, ballots):
    """One plank, none to two ballots: open page, result, certificate, public board, the list of votes."""
    vote = open_vote(world, edition=make_edition(world, planks=1))
    imani = signed_in("imani", org="table")
    pages = [imani.get(f"/votes/{vote}?lang={language}").text]
    tokens = links(world, vote, ballots)
    cast_many(client, tokens, [{1: "yes"}] * ballots)
    if ballots:
        lead = signed_in("dolores")
        fields = form_of(lead.get(f"/votes/{vote}/organization-vote").text, "reason1")
        lead.post(f"/votes/{vote}/organization-vote", data=fields | {"p1": "yes"})
        pages.append(imani.get(f"/votes/{vote}?lang={language}").text)
    clock.move(hours=49)
    close(world, vote, clock.now)
    imani = signed_in("imani", org="table")
    result = imani.get(f"/votes/{vote}/results?lang={language}").text
    pages.append(result)
    certified = imani.post(f"/votes/{vote}/certificate", data=form_of(result, "certificate"))
    board = re.search(r'href="(/board/[0-9a-f]{64})"', result).group(1)
    pages += [imani.get(f"{certified.location}?lang={language}").text, imani.get(f"/votes?lang={language}").text]
    pages.append(client.get(f"{board}?lang={language}").text)
    for page in pages:
        said = text_of(page)
        assert f'lang="{language}"' in page and not ONE_OF_MANY.search(said), (ONE_OF_MANY.search(said), said)
        if "Quorum" in said or "quórum" in said:
            assert all(found.endswith(".") for found in re.findall(r"(?:quorum was|quórum era de) \d+.", said)), said
            assert not re.search(r"(met|quórum) \d", said), "the word and the sentence after it run together"
    assert len(QUORUM[language].findall(text_of(result))) >= 2
