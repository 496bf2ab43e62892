"""Participatory budgeting (A12): one million for a ward, from ideas to costed proposals to the residents' vote to the funded list."""

import json
import re

import pytest

from crm.assemblies.playbooks import playbook_of
from crm.cli import main as plenary
from tests.journeys.halls import Hall

COSTS = {"Library roof": 600_000, "Playground north": 350_000, "Crossing lights": 300_000, "Shade trees south": 200_000, "Clinic ramp south": 150_000}
# Twelve voters of the north want the roof; eight of the south want what lies in the south.
SUPPORT = [*["1:1 2:1"] * 9, *["1:1 3:1"] * 3, *["4:1 5:1"] * 6, *["3:1 4:1 5:1"] * 2]
KNOWN = {"decides": "residents", "comes": "residents", "government": "bound", "lasts": "yearly"}


@pytest.fixture
def ward(hall: Hall):
    """Twenty residents on the ward's list, an announced assembly, and what the tables want with what it costs."""
    kind = playbook_of("A12")
    slug = hall.body("ward", "Fifth Ward", len(SUPPORT))
    desk = hall.desk(slug)
    assembly = hall.convened(desk, KNOWN, "A12", "Fifth Ward Budget Assembly", "How do we spend one million dollars here?", kind.goal, day="2027-06-05")
    program = desk.get(f"{assembly}/program").text
    for words in ("First session: ideas", "Second session: costed proposals", "Project fair, and the vote begins", "The funded list"):
        assert words in program, words
    for idea in COSTS:
        hall.press(desk, f"{assembly}/proposals/new", "title_en", title_en=idea)
    return kind, slug, desk, assembly


def voted(hall: Hall, ward, method: str, completion: str = "by_votes"):
    """The proposals with their costs go to the residents, all of whom vote; the page of the result and the board."""
    _kind, slug, desk, assembly = ward
    page = f"/votes/new?assembly={assembly.rsplit('/', 1)[1]}&tabled=1"
    assert "\n".join(COSTS) in desk.get(page).text.replace("\r", "")
    check = hall.press(desk, page, "members_quorum", ("organizations", "organizations_may_change", "members_open"), members="y", members_quorum="0",
                       members_options_es="", members_method=method, members_completion=completion, members_budget="1,000,000",
                       members_costs="\n".join(map(str, COSTS.values())))
    assert "Nothing stands in the way" in check and "1,000,000" in check
    vote = hall.here.removesuffix("/opening")
    hall.press(desk, hall.here, "once")
    hall.run_jobs()
    hall.cast(hall.letters(slug, vote), [{1: content} for content in SUPPORT])
    return hall.counted(slug, vote)


@pytest.mark.parametrize(("n", "completion", "funded"), [
    (0, "by_votes", ["Library roof", "Playground north"]),  # twelve and nine votes; nothing in the south fits what is left
    (1, "none", ["Library roof", "Shade trees south", "Clinic ramp south"]),  # each side pays with its own shares
])
def test_from_ideas_to_the_funded_list(hall: Hall, client, ward, tmp_path, capsys, n, completion, funded):
    """The rule is the playbook's: most votes gives the north nearly all, equal shares gives each side what its shares can pay."""
    kind, slug, desk, assembly = ward
    address = re.search(r'href="(/a/[^"]+)"', desk.get(assembly).text)[1]
    assert "The sum, the counting rule and the costs are fixed before voting." in client.get(address).text
    page, board = voted(hall, ward, kind.decisions[n].method, completion)
    assert f"Funded: {', '.join(funded)}" in page and "Spent: 950,000. Left over: 50,000." in page
    file = tmp_path / "board.json"
    file.write_text(json.dumps(board, ensure_ascii=False))
    assert plenary(["verify", str(file)]) == 0
    exported = tmp_path / "ward.pb"
    exported.write_text(client.get(f"/board/{board['poll_id']}.pb").text)
    capsys.readouterr()
    more = ["--completion", completion] if n else []
    assert plenary(["count", str(exported), "--method", kind.decisions[n].method, *more]) == 0
    assert capsys.readouterr().out.endswith("Spent: 950000 of 1000000. Left over: 50000.\n"), "other programs count the same from the exported ballots"
    tasks = hall.desk(slug).get(f"{assembly}/tasks").text
    assert "Publish the funded list and what is left over" in tasks and "Account for every project before the next round" in tasks
