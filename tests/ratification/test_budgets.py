"""Budget ballots: projects with costs, a running sum, funded by votes or by equal shares, what is left stated, counted a second time."""

import random
import re
from fractions import Fraction

import pytest

from crm.ratification.methods.counting import count
from crm.ratification.rules.ballot_files.pb import read_pb
from crm.ratification.rules.ballot_files.shape import as_kind
from crm.ratification.rules.contests import count_contest
from crm.ratification.verify import check_board
from crm.ratification.verify.contests import read_content, recount
from tests.clients import form_of
from tests.ratification.halls import Booth, links, make_members
from tests.ratification.test_contests import counted, hall

PROJECTS = [{"en": "Library roof"}, {"en": "Playground"}, {"en": "Crossing lights"}, {"en": "Shade trees"}, {"en": "Clinic ramp"}]
COSTS = ["600000", "350000", "300000", "200000", "150000"]
MONEY = {"options": PROJECTS, "seats": 5, "most": None, "budget": "1000000", "costs": COSTS, "completion": "by_votes"}
BALLOTS = [*["1:1 2:1"] * 9, *["1:1 3:1"] * 3, *["4:1 5:1"] * 6, *["3:1 4:1 5:1"] * 2]


def budget(method="budget-votes", **more):
    return {"method": method, "quorum": "0", "contest": MONEY | more}


@pytest.mark.parametrize(("rule", "funded", "left"), [
    (budget(), ["Library roof", "Playground"], "50,000"),
    (budget("equal-shares", completion="none"), ["Library roof", "Shade trees", "Clinic ramp"], "50,000"),
    (budget("equal-shares"), ["Library roof", "Shade trees", "Clinic ramp"], "50,000"),
])
def test_a_budget_is_voted_funded_exported_and_counted_again(world, client, rule, funded, left):
    make_members(world, "southbank", 2)
    vote = hall(world, rule)
    page, board = counted(client, world, vote, BALLOTS)
    assert f"Funded: {', '.join(funded)}" in page and f"Spent: 950,000. Left over: {left}." in page
    verdict = check_board(board)
    assert verdict.is_right, verdict.words
    forged = board | {"result": {**board["result"], "electorates": [
        {**board["result"]["electorates"][0], "planks": [{**board["result"]["electorates"][0]["planks"][0], "left_over": "60000"}]}]}}
    assert any("left over" in problem for problem in check_board(forged).problems)
    file = client.get(f"/board/{board['poll_id']}.pb")
    assert file.status_code == 200 and "budget;1000000" in file.text and "1;600000;Library roof" in file.text
    read = as_kind(read_pb(file.text), "support")
    contest = read.contest.__class__(**{**read.contest.__dict__, "completion": rule["contest"]["completion"]})
    assert [PROJECTS[n]["en"] for n in count(rule["method"], contest, read.ballots).winners] == funded


@pytest.mark.parametrize(("language", "words"), [("en", "Your projects cost <b>{}</b> of 1,000,000."), ("es", "Sus proyectos cuestan <b>{}</b> de 1,000,000.")])
def test_the_running_sum_is_there_without_script(world, client, language, words):
    vote = hall(world, budget())
    booth = Booth(client, links(world, vote, 1)[0], language).enter().go("1")
    assert words.format(0) in booth.page and "600,000" in booth.page and "<script" not in booth.page.split("<main")[1]
    assert 'src="/static/budget.js"' in booth.page and 'data-cost="600000"' in booth.page
    assert len(booth.page.encode()) + len(client.get("/static/slip.css").data) <= 20_000
    booth.go("words", **{"p1.1": "1", "p1.3": "1"}).go("review", first="3", second="7")
    assert "900,000" in booth.page
    booth.go("1")
    assert words.format("900,000") in booth.page and booth.page.count(" checked") == 2


def test_an_organizer_sets_up_a_budget_and_hears_all_that_is_wrong(world, signed_in):
    imani = signed_in("imani", org="table")
    typed = form_of(imani.get("/votes/new").text, "members_method") | {
        "title_en": "Ward money", "members": "y", "members_method": "equal-shares", "members_options_en": "Roof\nTrees", "members_options_es": "",
        "members_budget": "none", "members_costs": "600,000",
    }
    typed.pop("organizations", None)
    bad = imani.post("/votes/new", data=typed)
    assert bad.status_code == 422 and "Write the sum of money" in bad.text and "1 of 2 are there" in bad.text
    over = imani.post("/votes/new", data=typed | {"members_budget": "$500,000", "members_costs": "600,000\n0"})
    assert "Cost in line 2 is no sum above zero" in over.text
    good = imani.post("/votes/new", data=typed | {"members_budget": "$1,000,000", "members_costs": "600,000\n200000.50"})
    assert good.status_code == 303, good.text
    check = imani.get(good.location).text
    assert "Each voter has an equal share of 1,000,000" in check and "A tie goes to the project that stands first on the ballot." in check
    draft = imani.get(good.location.replace("/opening", "/draft")).text
    assert re.search(r'name="members_budget"[^>]*value="1000000"', draft) and "600000\n200000.5</textarea>" in draft


@pytest.mark.parametrize("completion", ["by_votes", "add_one", "none"])
@pytest.mark.parametrize("method", ["budget-votes", "equal-shares"])
def test_two_counts_written_apart_fund_the_same(method, completion):
    luck = random.Random(f"{method}{completion}")
    for _n in range(80):
        size = luck.randint(2, 6)
        costs = [str(luck.randint(1, 40)) for _project in range(size)]
        most = luck.randint(max(map(int, costs)), 120)
        contest = {"options": [{"en": str(n)} for n in range(size)], "seats": size, "most": None}
        rule = {"method": method, "contest": contest | {"budget": str(most), "costs": costs, "completion": completion}}
        some = [sorted(luck.sample(range(1, size + 1), luck.randint(0, size))) for _ballot in range(luck.randint(1, 15))]
        contents = [" ".join(f"{o}:1" for o in each) or "abstain" for each in some]
        assert all(read_content(rule, content) is not None for content in contents)
        row = count_contest(rule, 1, contents)
        winners, rounds = recount(rule, contents)
        assert winners == row["winners"], (rule, contents)
        assert [{str(o): v for o, v in votes.items()} for votes in rounds] == [
            {o: sum(map(Fraction, v.split())) for o, v in each["votes"].items()} for each in row["rounds"]], (rule, contents)
        assert Fraction(row["spent"]) + Fraction(row["left_over"]) == most and Fraction(row["left_over"]) >= 0
