"""The published board, without an account: the count, every ballot, and where a receipt stands in it."""

import json
from datetime import datetime
from typing import Any

from flask import render_template, request
from flask_babel import get_locale

from crm.infra.auth import public
from crm.kernel.refusal import Missing, Reason
from crm.ratification import queries
from crm.ratification.routes.ballots import blueprint
from crm.ratification.rules import board as boards
from crm.ratification.rules.ballot_files.blt import write_blt
from crm.ratification.rules.ballot_files.pb import write_pb
from crm.ratification.rules.contests import kind_of, rankings
from crm.ratification.rules.notice import report_of
from crm.ratification.rules.referral import outside_result, referral_in_words
from crm.ratification.rules.reports import option_names, report, said, spoken_choice
from crm.ratification.rules.states import CHOICES, PEOPLE
from crm.ratification.rules.words import read_phrase


def _board_page(poll_id: str, **facts: Any) -> str:
    board = queries.published_board(poll_id)
    manifest = board["manifest"]
    planks = report(manifest, board["result"], str(get_locale()))
    return render_template(
        "ratification/board.html",
        board=board,
        manifest=manifest,
        planks=planks,
        slip_name=manifest["owner"],
        said=lambda words: said(words, str(get_locale())),
        counted=list(zip(manifest["electorates"], board["result"]["electorates"], strict=True)),
        **_notice(board),
        **_outside(board),
        **facts,
    )


def _outside(board: dict[str, Any]) -> dict[str, Any]:
    """The outside vote to which it was referred: the rule as it froze, and what two people read since."""
    if (referral := board["manifest"].get("referral")) is None:
        return {"referral": None}
    readings = queries.published_readings(board["poll_id"])
    return {"referral": referral, "asked_outside": referral_in_words(referral), "outside": outside_result(referral, readings), "readings": readings}


def _notice(board: dict[str, Any]) -> dict[str, Any]:
    """What the published ledgers prove, where the rule asks for notice."""
    rule, rows = board["manifest"].get("notice"), board.get("notices", [])
    seats = sum(e["roll_size"] for e in board["manifest"]["electorates"] if e["kind"] in PEOPLE)
    report = report_of(rule, seats, rows) if rule else None
    return {"notice_given": report, "ledgers": [(row["organization"], row, row["ledger_sha256"]) for row in rows]}


@blueprint.get("/board/<poll_id>")
@public("a published board is public")
def board_get(poll_id: str):
    try:
        return _board_page(poll_id)
    except Missing:
        return _open_page(poll_id)


def _open_page(poll_id: str) -> str:
    """What anyone can look at while the vote is open: what froze, and that nothing vanishes from the box."""
    manifest = json.loads(queries.paper_text(poll_id, 0))
    return render_template(
        "ratification/board_open.html", manifest=manifest, poll_id=poll_id, lists=queries.lists_of(poll_id), slip_name=manifest["owner"],
        said=lambda words: said(words, str(get_locale())), closes_at=datetime.fromisoformat(manifest["closes_at"]),
    )


@blueprint.get("/board/<poll_id>/manifest.json")
@public("what froze at the opening of a vote is public")
def manifest_get(poll_id: str):
    return _file(queries.paper_text(poll_id, 0), f"manifest-{poll_id[:16]}.json")


@blueprint.get("/board/<poll_id>/lists.json")
@public("the hourly lists of a vote are public")
def lists_get(poll_id: str):
    queries.paper_text(poll_id, 0)
    return _file(json.dumps(queries.lists_of(poll_id), ensure_ascii=False), f"lists-{poll_id[:16]}.json")


def _file(text: str, name: str) -> tuple[str, int, dict[str, str]]:
    return text, 200, {"Content-Type": "application/json", "Content-Disposition": f'attachment; filename="{name}"'}


@blueprint.get("/board/<poll_id>.json")
@public("a published board is public")
def board_file_get(poll_id: str):
    return _file(queries.published_text(poll_id), f"board-{poll_id[:16]}.json")


@blueprint.get("/board/<poll_id>.blt")
@public("published ballots are public")
def board_blt_get(poll_id: str):
    """Ranked ballots as other counting programs read them; a sealed board has none to give."""
    board = queries.published_board(poll_id)
    manifest = board["manifest"]
    ranked = [
        (e, part) for e, part in zip(manifest["electorates"], board["electorates"], strict=True)
        if e.get("contest") and kind_of(e) == "ranking" and not part["sealed"]
    ]
    if not ranked:
        raise Missing()
    electorate, part = ranked[0]
    names = option_names(electorate, "en", manifest["edition"]["authentic"])
    text = write_blt(said(manifest["title"], "en"), names, electorate["contest"]["seats"], rankings(b["choice"] for b in part["ballots"]))
    return text, 200, {"Content-Type": "text/plain; charset=utf-8", "Content-Disposition": f'attachment; filename="ballots-{poll_id[:16]}.blt"'}


@blueprint.get("/board/<poll_id>.pb")
@public("published ballots are public")
def board_pb_get(poll_id: str):
    """The ballots of a budget as other counting programs read them; sealed boards have none to give."""
    board = queries.published_board(poll_id)
    manifest = board["manifest"]
    pairs = zip(manifest["electorates"], board["electorates"], strict=True)
    found = [(e, part) for e, part in pairs if "budget" in e.get("contest", {}) and not part["sealed"]]
    if not found:
        raise Missing()
    electorate, part = found[0]
    names = option_names(electorate, "en", manifest["edition"]["authentic"])
    text = write_pb(said(manifest["title"], "en"), electorate, names, [b["choice"] for b in part["ballots"]])
    return text, 200, {"Content-Type": "text/plain; charset=utf-8", "Content-Disposition": f'attachment; filename="budget-{poll_id[:16]}.pb"'}


@blueprint.get("/board/<poll_id>/planks/<int:number>")
@public("published ballots are public")
def ballots_get(poll_id: str, number: int):
    board = queries.published_board(poll_id)
    title = next((plank["titles"] for plank in board["manifest"]["planks"] if plank["number"] == number), None)
    if title is None:
        raise Missing()
    ballots = [b for e in board["electorates"] for b in e["ballots"] if b["plank"] == number]
    return render_template(
        "ratification/ballots.html",
        board=board,
        manifest=board["manifest"],
        number=number,
        rows=[(boards.code_of(b["tracker"]), b["choice"]) for b in ballots],
        slip_name=board["manifest"]["owner"],
        title=said(title, str(get_locale())),
        counted_as=lambda choice: _counted_as(board["manifest"], choice),
        is_sealed=any(e["sealed"] for e in board["electorates"]),
    )


def _counted_as(manifest: dict[str, Any], choice: str) -> Reason | str:
    """A published choice in words: yes, no, abstain, or the options as they were ranked, approved or given points."""
    if choice in CHOICES:
        return Reason(CHOICES[choice])
    frozen = next(e for e in manifest["electorates"] if e.get("contest"))
    names = option_names(frozen, str(get_locale()), manifest["edition"]["authentic"])
    return ", ".join(f"{name}: {number}" if number else name for number, name in spoken_choice(frozen, choice, names))


@blueprint.post("/board/<poll_id>/check")
@public("whoever holds a receipt may look for it in the published list")
def check_post(poll_id: str):
    typed = request.form.get("code", "")[:200]
    found = _look_for(queries.published_board(poll_id), typed)
    return _board_page(poll_id, typed=typed, found=found)


def _look_for(board: dict[str, Any], typed: str) -> list[int] | None:
    """Planks on which the typed code, or the ballot number with its four words, is listed; None when it is neither."""
    prefix, ballots = boards.prefix_of(typed), [b for e in board["electorates"] for b in e["ballots"]]
    if prefix is not None:
        return [b["plank"] for b in ballots if b["tracker"].startswith(prefix)]
    number, words = typed.split()[:1], typed.split()[1:]
    nonce, phrase = boards.nonce_of("".join(number)), read_phrase(" ".join(words))
    if nonce is None or phrase is None:
        return None
    wanted = {
        (p["number"], boards.tracker_of(board["poll_id"], p["number"], nonce, phrase))
        for p in board["manifest"]["planks"]
    }
    return [b["plank"] for b in ballots if (b["plank"], b["tracker"]) in wanted]
