"""What a member does: fetch a pass by a link, and, later and without it, put a box in at an address that names only the poll.

The scripts on the two pages do the secret part in the browser; the JSON that they send is all that the server ever sees.
"""

import json
from typing import Any

from flask import Blueprint, current_app, g, render_template, request
from flask_babel import get_locale
from shamir_mnemonic.wordlist import WORDLIST

from crm.infra.auth import Actor, public
from crm.infra.clock import now
from crm.infra.db import scope_to, transaction
from crm.infra.links import Entrance, read_link
from crm.infra.look import say
from crm.kernel.refusal import N_, Missing, Reason, Refused
from crm.ratification import providers
from crm.ratification.actions import sealed as actions
from crm.ratification.queries import sealed as queries
from crm.ratification.routes.holders import held
from crm.ratification.rules.contests import kind_of
from crm.ratification.rules.reports import option_names, report, rule_in_words, said
from crm.ratification.rules.sealed.ballots import INVALID, OVERHEAD
from crm.ratification.rules.sealed.formats import receipt_message
from crm.ratification.rules.sealed.states import PHASES, may_cast, may_give_pass, phase_of
from crm.ratification.rules.states import CHOICES

blueprint = Blueprint("sealed_booth", __name__, url_prefix="/sealed")
LINK_VIEWS = ("sealed_booth.pass_post", "sealed_booth.cast_post")
"""POSTs whose proof is the pass link, or the pass itself; they use no cookie, so they need no token against forgery."""


def _sent() -> dict[str, Any]:
    found = request.get_json(silent=True)
    return found if isinstance(found, dict) else {}


def _refused(refused: Refused) -> tuple[dict[str, Any], int]:
    return {"reasons": [str(say(reason)) for reason in refused.reasons]}, 409


def _show(page: str, row, **facts: Any) -> str:
    hours, language, g.time_zone = queries.hours_of(row), str(get_locale()), queries.owner_of(row).time_zone
    return render_template(
        f"ratification/sealed/{page}.html", row=row, manifest=row.manifest, phase=phase_of(row.state, hours, now()), PHASES=PHASES,
        slip_name=row.manifest["owner"], words=WORDLIST, overhead=OVERHEAD, said=lambda words: said(words, language), **facts,
    )


@blueprint.get("/pass/<token>")
@public("a member's own pass link is the proof; opening it changes nothing")
def pass_get(token: str):
    who = Actor.by_link(held(read_link(token, "sealed", now())))
    scope_to(who.org_id)
    seat, row = queries.seat_by_link(who)
    given, hours = queries.pass_of(row.id, seat.seat) is not None, queries.hours_of(row)
    refusal = None if given else may_give_pass(phase_of(row.state, hours, now()), hours)
    return _show("pass", row, seat=seat.seat, token=token, given=given, reasons=refusal.reasons if refusal else ())


@blueprint.post("/pass/<token>")
@public("a member's own pass link is the proof; the registrar signs once a seat")
def pass_post(token: str):
    entrance = Entrance(token, "sealed", now())
    try:
        with transaction(by=entrance):
            return {"answer": actions.give_pass(Actor.by_link(entrance.link), _sent().get("blinded"), now=now())}
    except Refused as refused:
        return _refused(refused)


@blueprint.get("/poll/<poll_id>")
@public("the board of a sealed vote is public from its freezing on")
def poll_get(poll_id: str):
    row = queries.enter_poll(poll_id)
    board = queries.board_of(poll_id) if row.state == "opened" else None
    asked = request.args.get("receipt", "").strip().lower()[:64]
    entries = board["entries"] if board else queries.entries_of(row.id)
    return _show(
        "poll", row, board=board, entries=entries, asked=asked, found=next((n for n, entry in enumerate(entries, 1) if entry["hash"] == asked), None),
        passes=[given.seat for given in queries.passes_of(row.id)], planks=report(row.manifest, board["result"], str(get_locale())) if board else [],
        INVALID=INVALID, rule=rule_in_words(row.manifest["electorates"][0]),
    )


def _file(found: Any, name: str) -> tuple[str, int, dict[str, str]]:
    text = found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)
    return text, 200, {"Content-Type": "application/json", "Content-Disposition": f'attachment; filename="{name}.json"'}


@blueprint.get("/poll/<poll_id>/manifest.json")
@public("what was frozen is public")
def manifest_get(poll_id: str):
    return _file(queries.enter_poll(poll_id).manifest, f"sealed-manifest-{poll_id[:16]}")


@blueprint.get("/poll/<poll_id>/passes.json")
@public("which seats have a pass is public; everyone fetches the whole list, so that nobody is seen to look for one")
def passes_get(poll_id: str):
    row = queries.enter_poll(poll_id)
    return _file([{"seat": p.seat, "blinded": p.blinded, "answer": p.answer} for p in queries.passes_of(row.id)], f"sealed-passes-{poll_id[:16]}")


@blueprint.get("/poll/<poll_id>/board.json")
@public("the chain is published continuously; the boxes in it open for nobody before the trustees")
def board_get(poll_id: str):
    row = queries.enter_poll(poll_id)
    if row.state == "opened":
        return _file(queries.board_text(poll_id), f"sealed-board-{poll_id[:16]}")
    return _file({"poll_id": poll_id, "entries": queries.entries_of(row.id)}, f"sealed-chain-{poll_id[:16]}")


@blueprint.get("/poll/<poll_id>/cast")
@public("a sealed ballot is cast without sign-in: the pass is the proof")
def cast_get(poll_id: str):
    row = queries.enter_poll(poll_id)
    rule, edition, hours = row.manifest["electorates"][0], queries.edition_of(row), queries.hours_of(row)
    refusal = may_cast(phase_of(row.state, hours, now()), hours)
    return _show(
        "cast", row, rule=rule, kind=kind_of(rule) if rule.get("contest") else "plank", reasons=refusal.reasons if refusal else (), CHOICES=CHOICES,
        options=option_names(rule, str(get_locale()), row.manifest["edition"]["authentic"]) if rule.get("contest") else [],
        texts={plank["number"]: plank["texts"] for plank in edition.content["planks"]} if edition else {}, how=rule_in_words(rule),
    )


@blueprint.post("/poll/<poll_id>/cast")
@public("a sealed ballot is cast without sign-in: the pass is the proof")
def cast_post(poll_id: str):
    try:
        if current_app.config["SESSION_COOKIE_NAME"] in request.cookies:
            raise Refused(Reason(N_("A sealed ballot comes without a sign-in. This one carried yours along, so it was not taken.")))
        scope_to(_org_of(poll_id))
        with transaction(durable=True):
            receipt = actions.cast_box(poll_id, _sent(), now=now())
    except Refused as refused:
        return _refused(refused)
    return {"poll_id": poll_id, "position": receipt.position, "hash": receipt.hash,
            "signature": providers.sign(receipt_message(poll_id, receipt.position, receipt.hash))}


def _org_of(poll_id: str) -> int:
    return queries.poll_at(poll_id).org_id


@blueprint.errorhandler(Missing)
def _no_such_page(_error: Missing) -> tuple[str, int]:
    """A link that ended looks like one that never was."""
    return render_template("errors/404.html"), 404
