"""The lottery: quotas held, the same seed the same panel, maximin's optimum beside all panels of small pools, and the command."""

import json
from collections import Counter
from itertools import combinations
from random import Random

import numpy as np
import pytest

from crm.assemblies.lottery.chance import Chance
from crm.assemblies.lottery.exact import draw_exact
from crm.assemblies.lottery.maximin import TICKETS, maximin
from crm.assemblies.lottery.pool import Person, Pool, Quota
from crm.assemblies.lottery.programme import Solver, nearest
from crm.assemblies.lottery.record import drawn
from crm.assemblies.lottery.replacing import replacement
from crm.cli import main

pytestmark = pytest.mark.one_database
PEOPLE = "id,age,place,household\n" + "".join(f"p{n},{'young' if n % 3 else 'old'},{'north' if n % 2 else 'south'},{n // 2}\n" for n in range(24))
QUOTAS = "feature,value,min,max\nage,young,3,4\nage,old,2,3\nplace,north,3,3\nplace,south,3,3\n"


def some_pool(seed, size=11, seats=4, with_homes=False):
    """A small pool and quotas, of which some cannot be met."""
    chance = Random(seed)
    people = tuple(
        Person(f"p{n}", (chance.choice("ab"), chance.choice("xyz")), str(chance.randrange(size - 3)) if with_homes else "") for n in range(size))
    quotas = []
    for feature, values in (("f", "ab"), ("g", "xyz")):
        for value in values:
            least = chance.randrange(2)
            quotas.append(Quota(feature, value, least, least + chance.randint(1, 3)))
    return Pool(("f", "g"), people, tuple(quotas), seats)


def all_panels(pool):
    return [panel for panel in combinations(range(len(pool.people)), pool.seats) if pool.is_panel(panel)]


def fairest(pool, panels):
    """The best lowest chance over all panels, person by person, of those who sit in one."""
    seen = sorted(set().union(*panels))
    solver = Solver(is_most=True)
    solver.columns([1.0] * (len(panels) + 1))
    solver.changeColCost(len(panels), 1.0)
    solver.row(1, 1, range(len(panels)))
    for n in seen:
        having = [at for at, panel in enumerate(panels) if n in panel]
        solver.row(0, 1, [*having, len(panels)], [1.0] * len(having) + [-1.0])
    return float(solver.solved()[-1])


@pytest.mark.parametrize("with_homes", [False, True])
@pytest.mark.parametrize("seed", range(12))
def test_each_draw_keeps_the_quotas_and_maximin_is_the_optimum(seed, with_homes):
    pool = some_pool(seed, with_homes=with_homes)
    panels = all_panels(pool)
    lottery = maximin(pool)
    if not panels:
        assert draw_exact(pool, "s") is lottery is None and nearest(pool) != []
        return
    assert nearest(pool) == []
    assert pool.is_panel(draw_exact(pool, f"{seed}"))
    assert sum(lottery.tickets) == TICKETS and all(map(pool.keeps_limits, lottery.panels))
    assert float(lottery.lowest(pool)) == pytest.approx(fairest(pool, panels), abs=1e-6)
    assert lottery.bound == pytest.approx(float(lottery.lowest(pool)), abs=1e-6)
    assert {n for g in lottery.left_out for n in pool.groups[g].people} == set(range(len(pool.people))) - set().union(*panels)
    assert pool.is_panel(drawn(pool, lottery, f"{seed}"))


def test_chances_of_maximin_come_out_in_draws():
    pool = some_pool(3)
    lottery = maximin(pool)
    seats = Counter(n for seed in range(4000) for n in drawn(pool, lottery, str(seed)))
    for n in range(len(pool.people)):
        assert seats[n] / 4000 == pytest.approx(float(lottery.chance_of(pool, pool.group_of[n])), abs=0.04)


def test_without_quotas_that_bind_the_exact_draw_is_even():
    pool = Pool(("f",), tuple(Person(f"p{n}", ("a" if n % 2 else "b",)) for n in range(8)), (Quota("f", "a", 0, 3), Quota("f", "b", 0, 3)), 3)
    seats = Counter(n for seed in range(600) for n in draw_exact(pool, str(seed)))
    assert all(seats[n] / 600 == pytest.approx(3 / 8, abs=0.08) for n in range(8))


def test_chance_is_the_same_for_ever():
    chance = Chance("Mill District, 2026")
    assert [chance.below(1000) for _ in range(4)] == [31, 372, 28, 319]
    assert Chance("1").shuffled(range(10)) == [0, 7, 4, 2, 3, 1, 8, 9, 5, 6]


def test_the_nearest_quotas_move_as_few_seats_as_possible():
    pool = Pool(("f",), tuple(Person(f"p{n}", ("a" if n < 2 else "b",)) for n in range(10)), (Quota("f", "a", 4, 5), Quota("f", "b", 0, 5)), 5)
    assert [(limit.quota.value, least, most) for limit, least, most in nearest(pool)] == [("a", 2, 5)]
    crowded = Pool(("f",), tuple(Person(f"p{n}", ("a",), "one home") for n in range(4)), (Quota("f", "a", 0, 4),), 2)
    assert nearest(crowded) is None and maximin(crowded) is None


def test_a_replacement_is_alike_where_anybody_is_and_else_keeps_the_quotas():
    """Every rule of it, looked at beside everybody who could have come instead."""
    kinds = Counter()
    for seed in range(60):
        pool = some_pool(seed, size=14, with_homes=seed % 2 == 1)
        panel = draw_exact(pool, str(seed)) or []
        for out in panel:
            gone = {n for n in range(14) if n % 7 == seed % 7} - set(panel)
            rest = [n for n in panel if n != out]
            homes = [home for home in pool.homes if not set(home) & set(rest)]
            free = {n for home in homes for n in home} - gone - {out}
            alike = {n for n in free if pool.people[n].features == pool.people[out].features}
            keeping = {n for n in free if pool.is_panel([*rest, n])}
            new = replacement(pool, str(seed), panel, out, gone)
            assert new in (alike or keeping or {None})
            assert new == replacement(pool, str(seed), panel[::-1], out, gone), "no choice"
            kinds["alike" if alike else "keeping" if keeping else "nobody"] += 1
    assert min(kinds.values()) > 3 and len(kinds) == 3, kinds


def test_quotas_that_only_split_seats_could_meet_are_refused():
    """Odd cycles: three values of two people each, where halves would do and whole people do not."""
    triangle = tuple(Person(str(n), values) for n, values in enumerate([("y", "y", "n"), ("y", "n", "y"), ("n", "y", "y")]))
    quotas = tuple(Quota(f, v, *limits) for f in "abc" for v, limits in (("y", (1, 1)), ("n", (0, 2))))
    pool = Pool(("a", "b", "c"), triangle, quotas, 2)
    assert draw_exact(pool, "s") is None and nearest(pool)


def write(tmp_path, people=PEOPLE, quotas=QUOTAS):
    (tmp_path / "people.csv").write_text(people)
    (tmp_path / "quotas.csv").write_text(quotas)
    return str(tmp_path / "people.csv"), str(tmp_path / "quotas.csv")


@pytest.mark.parametrize("method", ["exact", "maximin"])
def test_the_command_draws_and_its_record_verifies(tmp_path, capsys, method):
    files = write(tmp_path)
    asked = ["lottery", "draw", *files, "--seats", "6", "--method", method, "--seed", "4 8 15", "--json"]
    assert main(asked) == 0
    out = capsys.readouterr().out
    record = json.loads(out)
    assert main(asked) == 0 and json.loads(capsys.readouterr().out)["panel"] == record["panel"]
    assert len(set(record["panel"])) == 6 and len({int(id[1:]) // 2 for id in record["panel"]}) == 6
    (tmp_path / "record.json").write_text(out)
    assert main(["lottery", "verify", str(tmp_path / "record.json")]) == 0
    another = next(f"p{n}" for n in range(24) if f"p{n}" not in record["panel"])
    for change in ({"panel": sorted([another, *record["panel"][1:]])}, {"seed": "other"}, {"people_sha256": "0"}, {"min_probability": 0.5, "bound": 0.5}):
        if method == "exact" and "bound" in change:
            continue
        (tmp_path / "record.json").write_text(json.dumps(record | change))
        assert main(["lottery", "verify", str(tmp_path / "record.json")]) == 1, change
    del record["inputs"]
    (tmp_path / "record.json").write_text(json.dumps(record))
    assert main(["lottery", "verify", str(tmp_path / "record.json")]) == 1
    assert main(["lottery", "verify", str(tmp_path / "record.json"), "--people", files[0], "--quotas", files[1]]) == 0


def test_an_unproved_bound_does_not_verify(tmp_path, capsys):
    assert main(["lottery", "draw", *write(tmp_path), "--seats", "6", "--method", "maximin", "--seed", "1", "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    record["weights"] = list(np.eye(1, record["groups"])[0])
    (tmp_path / "record.json").write_text(json.dumps(record))
    assert main(["lottery", "verify", str(tmp_path / "record.json"), "--json"]) == 1
    assert "not proved" in capsys.readouterr().out


def test_all_that_is_wrong_is_said_at_once(tmp_path, capsys):
    people = "id,age\n1,young\n1,old\n,old\n4,middling\n5,\n"
    quotas = "feature,value,min,max\nage,young,3,2\nage,old,x,1\nage,old,1,1\nplace,north,0,1\nage,old,1,2\n"
    assert main(["lottery", "draw", *write(tmp_path, people, quotas), "--seats", "9", "--json"]) == 2
    out = capsys.readouterr()
    said = " ".join(json.loads(out.out)["problems"])
    for words in ("min is above max", "whole numbers", "stands there already", "called place", "no id in line 4", "the id 1 is in line 2, 3",
                  "age is empty in line 6", "age is middling in line 5", "9 seats and only 5 people", "add up to 1, fewer"):
        assert words in said
    assert main(["lottery", "draw", str(tmp_path / "none.csv"), str(tmp_path / "none2.csv"), "--seats", "2"]) == 2
    assert "none.csv cannot be read" in (said := capsys.readouterr().err) and "none2.csv cannot be read" in said
    assert main(["lottery", "verify", str(tmp_path / "people.csv")]) == 2


def test_quotas_that_cannot_be_met_are_told_with_the_nearest(tmp_path, capsys):
    people = "id,age,place\n" + "".join(f"{n},{'young' if n < 5 else 'old'},{'north' if n < 5 else 'south'}\n" for n in range(10))
    quotas = "feature,value,min,max\nage,young,3,4\nage,old,0,3\nplace,north,0,2\nplace,south,0,4\n"
    assert main(["lottery", "draw", *write(tmp_path, people, quotas), "--seats", "4"]) == 2
    said = capsys.readouterr().err
    assert "No panel of 4" in said and ("age young: at least 2 instead of 3" in said or "place north: at most 3 instead of 2" in said)
