"""The figures themselves. Each returns (value, unit, raw value, n); the ratio is value to raw, or raw to value for times."""

from collections.abc import Callable

from crm.bench.ballots import cast_over_http, durable_commits, open_vote, shards_beside_one
from crm.bench.boards import roster_far_down, turnout_board
from crm.bench.broadcasts import broadcast_written
from crm.bench.counting import counted
from crm.bench.doors import check_ins_alone, check_ins_in_a_full_house
from crm.bench.duplicates import merged, passed_over
from crm.bench.forecasts import forecast_held
from crm.bench.imports import memory_of_an_import, rows_imported
from crm.bench.lists import page_far_down, people_page, segment_counted
from crm.bench.lottery import fairest_draw
from crm.bench.search import search
from crm.bench.sending import texts_sent
from crm.bench.stage import Stage, add_people
from crm.bench.texting import callback_path, inbound_path, texter_path

Figure = tuple[float, str, float, int]


def ballots_acknowledged(on: Stage, n: int = 4_000) -> Figure:
    """Ballots acknowledged per second (the final POST, keep-alive, eight clients on this machine) beside bare durable commits."""
    add_people(on, n)
    on.settle()
    tokens, planks = open_vote(on, n)
    return cast_over_http(on, tokens, planks), "ballots/s", durable_commits(on, 2000), n


FIGURES: dict[str, Callable[..., Figure]] = {
    "people.import": rows_imported, "people.import-memory": memory_of_an_import, "people.duplicates": passed_over, "people.merge": merged,
    "people.page": people_page, "people.page-far": page_far_down, "people.segment": segment_counted, "people.search": search,
    "texting.broadcast": broadcast_written, "texting.sending": texts_sent, "texting.texter": texter_path, "texting.inbound": inbound_path,
    "texting.callbacks": callback_path, "voting.ballots": ballots_acknowledged, "voting.shards": shards_beside_one,
    "voting.count": counted,
    "assembly.lottery": fairest_draw, "assembly.check-ins": check_ins_alone, "assembly.full-house": check_ins_in_a_full_house,
    "assembly.board": turnout_board, "assembly.roster-far": roster_far_down, "assembly.forecast": forecast_held,
}
ONE_LIST = ("people.merge", "people.page", "people.page-far", "people.segment", "people.search")  # built once for all that look at it
