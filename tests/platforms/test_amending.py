"""Amendments to amendments, those that meet, the consent set, support, what committees advise: through the pages."""

import re

import pytest

from crm.platforms import queries
from tests.clients import form_of
from tests.platforms.desk import RENT, decide, follow, once, planks, propose


@pytest.fixture
def mill(signed_in):
    return signed_in("dolores", org="mill")


@pytest.fixture
def arroyo(signed_in):
    return signed_in("luz", org="arroyo")


def amend(client, platform, amendment, **changes):
    """Proposes to change an amendment, as a browser would; the answer."""
    page = client.get(f"{platform}/amendments/new?to={amendment.rsplit('/', 1)[1]}")
    assert page.status_code == 200, page.text
    data = form_of(page.text, 'name="base_version"') | {"reason": "Better so.", "once": once()} | changes
    return client.post(f"{platform}/amendments", data=data)


def rent(**words):
    """The English text of the first plank with words replaced."""
    text = RENT["text_en"]
    for old, new in words.items():
        text = text.replace({"five": "5 percent", "owners": "Owners may ask for more"}[old], new)
    return text


def voice(client, amendment, verb):
    return client.post(f"{amendment}/voice", data={"verb": verb, "once": once()})


def test_an_amendment_is_amended_once_and_no_deeper(lead, mill, arroyo, platform):
    plank = planks(lead, platform)[0]
    first = propose(mill, platform, plank, text_en=rent(five="3 percent"))
    form = arroyo.get(f"{platform}/amendments/new?to={first.rsplit('/', 1)[1]}").text
    assert "Amend amendment A" in form and "3 percent" in form and "nobody can amend it further" in form
    second = amend(arroyo, platform, first, text_en=rent(five="3 percent, with receipts,")).location
    shown = lead.get(second).text
    assert "Amendment A1" in shown and "<ins>, with receipts,</ins>" in shown and "<del>5</del>" not in shown
    assert "Amend this amendment" not in shown
    refused = amend(mill, platform, second, text_en="Deeper.")
    assert refused.status_code == 422 and "This already amends an amendment." in refused.text and "Deeper." in refused.text
    too_early = decide(lead, first, "adopt")
    assert too_early.status_code == 422 and "Amendments to it are still open: 1. Decide on them first." in too_early.text
    assert "The amendment has its words" in follow(lead, decide(lead, second, "adopt")).text
    assert "The plank has its words" in follow(lead, decide(lead, first, "adopt")).text
    assert "3 percent, with receipts, in any year" in lead.get(plank).text


def test_what_amends_a_refused_amendment_falls_with_it_and_its_mover_cannot_pull_it_away(lead, mill, arroyo, platform):
    plank = planks(lead, platform)[0]
    first = propose(mill, platform, plank, text_en=rent(five="3 percent"))
    second = amend(arroyo, platform, first, text_en=rent(five="2 percent")).location
    kept = mill.post(f"{first}/withdrawal", data={"once": once()})
    assert kept.status_code == 422 and "no longer yours alone" in kept.text
    decide(lead, first, "refuse", "Not this year.")
    shown = lead.get(second).text
    assert "Fell" in shown and "Not this year." in shown
    assert decide(lead, second, "adopt").status_code == 422
    late = amend(arroyo, platform, first, text_en="Late.")
    assert late.status_code == 422 and "already been refused" in late.text


def test_the_second_to_amend_the_same_amendment_sees_that_it_has_changed(lead, mill, arroyo, platform):
    first = propose(mill, platform, planks(lead, platform)[0], text_en=rent(five="3 percent"))
    stale = form_of(arroyo.get(f"{platform}/amendments/new?to={first.rsplit('/', 1)[1]}").text, 'name="base_version"')
    decide(lead, amend(arroyo, platform, first, text_en=rent(five="2 percent")).location, "adopt")
    typed = stale | {"text_en": rent(five="1 percent"), "reason": "So.", "once": once()}
    answer = arroyo.post(f"{platform}/amendments", data=typed)
    assert answer.status_code == 422 and "The amendment has changed while you were writing." in answer.text
    assert "1 percent" in answer.text and "2 percent" in answer.text
    again = form_of(answer.text, 'name="base_version"') | {"once": once()}
    assert arroyo.post(f"{platform}/amendments", data=again).status_code == 303


def test_amendments_that_meet_are_shown_side_by_side(lead, mill, arroyo, platform):
    plank = planks(lead, platform)[0]
    one = propose(mill, platform, plank, text_en=rent(five="3 percent"))
    propose(arroyo, platform, plank, text_en=rent(five="4 percent"))
    other = propose(arroyo, platform, plank, text_en=rent(owners="Owners may show receipts"))
    shown = lead.get(one).text
    assert "It meets amendment B" in shown and "It meets amendment C" not in shown
    assert re.search(r"<ins>3</ins>.*<ins>4</ins>", shown.split("It meets amendment B")[1], re.S)
    assert "It meets" not in lead.get(other).text
    assert lead.get(plank).text.count("Meets another") == 2
    strike = mill.get(f"{platform}/amendments/new?plank={plank.rsplit('/', 1)[1]}&kind=strike").text
    data = form_of(strike, 'name="kind"') | {"reason": "Out with it.", "once": once()}
    struck = mill.post(f"{platform}/amendments", data=data).location
    assert "Only one of them can be adopted." in lead.get(struck).text


def test_what_nobody_contests_is_adopted_together_and_the_rest_says_why_it_no_longer_applies(lead, mill, arroyo, platform, as_org):
    first, lawyer = planks(lead, platform)
    free = propose(mill, platform, first, text_en=rent(five="3 percent"))
    also = propose(arroyo, platform, first, text_en=rent(owners="Owners may show receipts"))
    other = propose(arroyo, platform, lawyer, text_en="The city pays for a lawyer, always.")
    contested = propose(mill, platform, lawyer, text_en="The city pays for two lawyers.")
    page = lead.get(f"{platform}/consent").text
    together, alone = page.split("Needs a decision of its own")
    assert "Amendment A" in together and "Amendment B" in together and "It changes the same words as D." in alone
    assert "<ins>3</ins>" in together and "<ins>show receipts</ins>" in together
    form = form_of(page, 'name="mark"')
    ids = [address.rsplit("/", 1)[1] for address in (free, also)]
    data = form | {"amendments": ids, "reason": "", "once": once()}
    assert "Say where this was decided." in lead.post(f"{platform}/consent", data=data).text
    data |= {"reason": "The plenary, on Saturday.", "once": once()}
    assert "2 amendments are adopted together." in follow(lead, lead.post(f"{platform}/consent", data=data)).text
    plank_id = int(first.rsplit("/", 1)[1])
    with as_org("table"):
        versions = queries.versions_of(plank_id)
        assert [version.number for version in versions] == [2, 1] and versions[0].lagging == ["es"]
        assert versions[0].texts["en"] == rent(five="3 percent", owners="Owners may show receipts")
    for address in (free, also):
        assert "The plenary, on Saturday." in lead.get(address).text
    decide(lead, other, "adopt")
    shown = lead.get(contested).text
    assert "Why it no longer applies" in shown and "the same words have changed since" in shown
    assert "No longer applies" in lead.get(lawyer).text


def test_a_survivor_is_brought_onto_the_new_text(lead, mill, arroyo, platform):
    plank = planks(lead, platform)[0]
    kept = propose(mill, platform, plank, text_en=rent(owners="Owners may show receipts"))
    decide(lead, propose(arroyo, platform, plank, text_en=rent(five="3 percent")), "adopt")
    assert "The plank has changed since, in other places. Adopting keeps both." in lead.get(kept).text
    decide(lead, kept, "adopt")
    text = lead.get(plank).text
    assert "3 percent" in text and "Owners may show receipts" in text


def test_nothing_is_adopted_together_on_a_text_that_has_changed(lead, mill, arroyo, platform, as_org):
    plank = planks(lead, platform)[0]
    free = propose(mill, platform, plank, text_en=rent(five="3 percent"))
    form = form_of(lead.get(f"{platform}/consent").text, 'name="mark"') | {"reason": "All agreed.", "once": once()}
    voice(arroyo, free, "contest")
    answer = lead.post(f"{platform}/consent", data=form | {"amendments": [free.rsplit("/", 1)[1]]})
    assert answer.status_code == 422
    for words in ("Something has changed since this was shown.", "Contested by Casa Arroyo."):
        assert words in answer.text
    with as_org("table"):
        assert len(queries.versions_of(int(plank.rsplit("/", 1)[1]))) == 1


def test_partners_read_the_consent_set_and_adopt_nothing(mill, lead, platform):
    free = propose(mill, platform, planks(lead, platform)[0], text_en=rent(five="3 percent"))
    page = mill.get(f"{platform}/consent")
    assert page.status_code == 200 and "Adopt 1 amendment" not in page.text
    answer = mill.post(f"{platform}/consent", data={"amendments": [free.rsplit("/", 1)[1]], "reason": "Ours.", "mark": "x", "once": once()})
    assert answer.status_code == 404


def test_organizations_support_and_take_it_back_and_the_least_number_counts(lead, mill, arroyo, signed_in, platform):
    heading = form_of(lead.get(f"{platform}/heading").text, 'name="title_en"')
    heading |= {"languages": ["en", "es"], "least_supporters": "2", "once": once()}
    assert lead.post(f"{platform}/heading", data=heading).status_code == 303
    plank, southbank = planks(lead, platform)[0], signed_in("omar", org="southbank")
    moved = propose(mill, platform, plank, text_en=rent(five="3 percent"))
    assert "We support this" not in mill.get(moved).text
    own = voice(mill, moved, "support")
    assert own.status_code == 422 and "Support is counted from others." in own.text
    assert "Your organization supports this amendment." in follow(arroyo, voice(arroyo, moved, "support")).text
    shown = lead.get(moved).text
    assert "1 of 2 needed" in shown and "Casa Arroyo" in shown and "Support: 1 of 2" in lead.get(plank).text
    early = decide(lead, moved, "adopt")
    assert early.status_code == 422 and "It has 1 supporting organizations and needs 2 before it is considered." in early.text
    assert voice(southbank, moved, "support").status_code == 303
    assert voice(arroyo, moved, "take_back").status_code == 303
    assert decide(lead, moved, "adopt").status_code == 422
    nothing = voice(arroyo, moved, "take_back")
    assert nothing.status_code == 422 and "has said nothing about it" in nothing.text
    assert voice(arroyo, moved, "support").status_code == 303
    assert decide(lead, moved, "adopt").status_code == 303
    assert voice(arroyo, moved, "contest").status_code == 422


def test_the_coalition_itself_has_no_voice(lead, mill, platform):
    moved = propose(mill, platform, planks(lead, platform)[0], text_en=rent(five="3 percent"))
    answer = voice(lead, moved, "support")
    assert answer.status_code == 422 and "A coalition speaks through its members." in answer.text


def test_a_committee_recommends_and_its_earlier_word_stays(lead, mill, platform):
    plank = planks(lead, platform)[0]
    moved = propose(mill, platform, plank, text_en=rent(five="3 percent"))
    empty = lead.post(f"{moved}/recommendation", data={"advice": "change", "once": once()})
    assert empty.status_code == 422 and "Name the committee." in empty.text and "Say what should be changed" in empty.text
    for advice, words in (("change", "Say 4."), ("adopt", "Fine as it is.")):
        data = {"advice": advice, "advised": words, "committee": "Content committee", "once": once()}
        assert lead.post(f"{moved}/recommendation", data=data).status_code == 303
    shown = mill.get(moved).text
    assert shown.index("Fine as it is.") < shown.index("Say 4.") and "Replaced since." in shown
    assert "Content committee: Adopt" in mill.get(plank).text
    assert lead.post(f"{plank}/recommendation", data={"advice": "refuse", "advised": "Too long.", "committee": "Oversight", "once": once()}).status_code == 303
    assert "Too long." in mill.get(plank).text
    assert mill.post(f"{moved}/recommendation", data={"advice": "refuse", "committee": "Ours", "once": once()}).status_code == 404


def test_who_brought_which_words(lead, mill, arroyo, platform):
    plank = planks(lead, platform)[0]
    decide(lead, propose(mill, platform, plank, text_en=rent(five="3 percent"), moved_by="Table 4"), "adopt")
    data = form_of(lead.get(f"{plank}/text").text, 'name="text_en"')
    data |= {"text_en": data["text_en"] + " No fee.", "reason": "Asked at the door", "once": once()}
    assert lead.post(f"{plank}/text", data=data).status_code == 303
    page = arroyo.get(f"{plank}/history").text
    said = page.split("Who brought which words")[1]
    first = said.split("No landlord may raise")[1].split("</li>")[0]
    assert "moved by Table 4, Mill District Workers Center" in first and "Version 1" in first and "Version 2" in first
    untouched = said.split("Owners may ask for more.")[1].split("</li>")[0]
    assert "Version 1" in untouched and "Version 2" not in untouched
    assert "Version 3" in said.split("No fee.")[1].split("</li>")[0]
    compared = arroyo.get(f"{plank}/history?from=1&to=3").text
    assert "<del>5</del>" in compared and "<ins>No fee.</ins>" in compared.replace("<ins> No fee.</ins>", "<ins>No fee.</ins>")
    assert "version 1 to version 3" in compared


def test_comments_are_answered_reported_and_hidden_with_a_reason(lead, mill, arroyo, platform):
    plank = planks(lead, platform)[0]
    mill.post(f"{plank}/comments", data={"words": "Too harsh.", "once": once()})
    said = re.search(r'id="comment-(\d+)"', mill.get(plank).text)[1]
    arroyo.post(f"{plank}/comments", data={"words": "Not harsh enough.", "reply_to": said, "once": once()})
    reply = max(re.findall(r'id="comment-(\d+)"', mill.get(plank).text), key=int)
    mill.post(f"{plank}/comments", data={"words": "Says who?", "reply_to": reply, "once": once()})
    page = mill.get(plank).text
    assert page.count("ps-3 border-start") == 2, "replies stand one level deep"
    assert mill.post(f"{platform}/comments/{reply}/report", data={"words": "", "once": once()}).status_code == 422
    assert mill.post(f"{platform}/comments/{reply}/report", data={"words": "Rude.", "once": once()}).status_code == 303
    assert "Rude." in lead.get(plank).text and "Rude." not in arroyo.get(plank).text
    assert mill.post(f"{platform}/comments/{reply}/moderation", data={"verb": "hide", "words": "No.", "once": once()}).status_code == 404
    silent = lead.post(f"{platform}/comments/{reply}/moderation", data={"verb": "hide", "words": "", "once": once()})
    assert silent.status_code == 422 and "Write why it is hidden." in silent.text
    lead.post(f"{platform}/comments/{reply}/moderation", data={"verb": "hide", "words": "Names a neighbor.", "once": once()})
    hidden = mill.get(plank).text
    assert "Names a neighbor." in hidden and "Not harsh enough." not in hidden
    assert "Not harsh enough." in lead.get(plank).text
    lead.post(f"{platform}/comments/{reply}/moderation", data={"verb": "show", "once": once()})
    assert "Not harsh enough." in mill.get(plank).text


def test_the_desk_and_the_consent_set_ask_a_fixed_number_of_questions(lead, mill, arroyo, platform, count_queries):
    plank = planks(lead, platform)[0]
    voice(arroyo, propose(mill, platform, plank, text_en=rent(five="3 percent")), "support")
    mill.post(f"{plank}/comments", data={"words": "First.", "once": once()})
    pages = (plank, f"{platform}/consent")
    seen = []
    for _round in range(2):
        for page in pages:
            lead.get(page)
            with count_queries() as asked:
                lead.get(page)
            seen.append(len(asked))
        for n in range(4):
            moved = propose(arroyo, platform, plank, text_en=rent(five=f"{n} percent"))
            voice(mill, moved, "support")
            mill.post(f"{plank}/comments", data={"words": f"Comment {n}", "once": once()})
    assert seen[:2] == seen[2:]
