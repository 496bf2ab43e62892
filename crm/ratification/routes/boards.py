"""The published board, without an account: the count, every ballot, and where a receipt stands in it."""

from typing import Any

from flask import render_template, request
from flask_babel import get_locale

from crm.infra.auth import public
from crm.kernel.refusal import Missing, Reason
from crm.ratification import queries
from crm.ratification.routes.ballots import blueprint
from crm.ratification.rules import board as boards
from crm.ratification.rules.reports import option_names, report, said, spoken_choice
from crm.ratification.rules.states import CHOICES
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
        **facts,
    )


@blueprint.get("/board/<poll_id>")
@public("a published board is public")
def board_get(poll_id: str):
    return _board_page(poll_id)


@blueprint.get("/board/<poll_id>.json")
@public("a published board is public")
def board_file_get(poll_id: str):
    text = queries.published_text(poll_id)
    return (
        text,
        200,
        {
            "Content-Type": "application/json",
            "Content-Disposition": f'attachment; filename="board-{poll_id[:16]}.json"',
        },
    )


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
