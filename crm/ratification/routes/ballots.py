"""The ballot behind a personal link: no account, one screen after another.

A choice travels only in the fields of a POST: no session, no address, no log holds it before the cast, and after it
nobody can say whose it is. Reading a link consumes nothing; what a preview robot opens changes nothing.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, g, render_template, request
from flask_babel import get_locale

from crm.infra.auth import Actor, public
from crm.infra.clock import now
from crm.infra.db import scope_to, transaction
from crm.infra.links import PATHS, Entrance
from crm.kernel.refusal import Missing, Reason, Refused
from crm.ratification import actions, providers, queries
from crm.ratification.actions import Receipt
from crm.ratification.queries.elections import statements_on_ballot
from crm.ratification.routes.holders import holder, speak
from crm.ratification.rules import board as boards
from crm.ratification.rules.ballots import Draft, issues_in_choices, issues_in_draft, read_draft
from crm.ratification.rules.contests import kind_of, read_marks, spoken_money, sum_of
from crm.ratification.rules.reports import option_names, rule_in_words, said, shown_turnout, spoken_choice
from crm.ratification.rules.states import is_over, may_cast
from crm.ratification.rules.words import FIRST, SECOND, SERVER, phrase_of

blueprint = Blueprint("ballots", __name__)
LINK_VIEWS = ("ballots.ballot_post", "ballots.cast_post", "ballots.check_post", "ballots.open_post", "ballots.nominee_post",
              "ballots.tablet_code_post", "ballots.tablet_leave_post", "ballots.residence_own_post", "ballots.residence_own_back_post")
"""POSTs whose authority is the address itself; they use no cookie, so they need no token against forgery."""


@blueprint.record_once
def _without_cookies(state: Any) -> None:
    PATHS["ballot"] = "/v/"
    protect = state.app.extensions.get("csrf_protect")
    if protect is not None:
        protect.exempt(blueprint)


OPEN_PAGE: list[Callable[..., str]] = []
"""The page of a vote that is not secret; it stands in open_ballots."""


@dataclass(frozen=True)
class Booth:
    """Everything that a ballot page shows."""

    who: Actor
    seat: queries.Seat
    token: str
    pass_key: str = ""  # only on a tablet

    @property
    def numbers(self) -> list[int]:
        """The planks in order."""
        return self.seat.planks

    @property
    def content(self) -> dict[str, Any]:
        """The frozen text."""
        return self.seat.content


def open_booth(token: str) -> Booth:
    """Opens a link: the session is held to the organization that asks for the vote; nothing is written."""
    who, pass_key = holder(token)
    scope_to(who.org_id)
    return _booth(who, queries.ballot_for(who), token, pass_key)


def _booth(who: Actor, seat: queries.Seat, token: str, pass_key: str) -> Booth:
    g.time_zone = seat.time_zone
    return Booth(who, seat, token, pass_key)


def refusal_of(booth: Booth) -> tuple[Reason, ...]:
    """Why nothing can be cast now; empty when it can."""
    seat = booth.seat
    refusal = may_cast(
        seat.state, seat.opens_at, seat.closes_at, now(), seat.is_struck
    )
    return refusal.reasons if refusal else ()


def _show(page: str, booth: Booth, draft: Draft | None = None, **facts: Any) -> str:
    language, authentic = str(get_locale()), booth.content["authentic"]
    return render_template(
        f"ratification/ballot/{page}.html",
        booth=booth,
        row=booth.seat,
        draft=draft,
        slip_name=booth.seat.owner,
        said=lambda words: said(words, language, authentic),
        **facts,
    )


def _stops(booth: Booth) -> dict[str, Any]:
    """The other ballots of the same visit, where the vote fills an office: a link for each, and which are in. A tablet has the secret ones."""
    if not booth.seat.is_of_office:
        return {"stops": [], "next_stop": None}
    scope_to(booth.who.org_id)  # after a cast the session is a new one
    entry_id, base = booth.who.link.subject_id, booth.token.partition(".")[0]
    stops = [stop for stop in queries.stops_of(entry_id) if stop.is_secret or not booth.pass_key]
    rows = [(stop, f"{base}.{stop.number}", stop.entry_id == entry_id) for stop in stops] if len(stops) > 1 else []
    return {"stops": rows, "next_stop": next((row for row in rows if not row[2] and not row[0].has_voted), None)}


def _fresh() -> Draft:
    first, second = secrets.SystemRandom().sample(range(len(SERVER)), 2)
    return Draft(secrets.token_hex(16), (first, second), (None, None), {})


@blueprint.get("/v/<token>")
@public("a member's own ballot link is the proof; opening it changes nothing")
def ballot_get(token: str):
    booth = open_booth(token)
    return _start(booth)


def _start(booth: Booth, wrong: tuple[Reason, ...] = ()) -> str:
    """The first screen, with what was wrong; or why nothing can be cast: after the close the same for those who voted and those who did not."""
    if _is_over(booth):
        return show_stopped(booth)
    if not booth.seat.rule["secret"]:
        reasons = refusal_of(booth)
        return show_stopped(booth, reasons) if reasons else OPEN_PAGE[0](booth)
    if (reasons := refusal_of(booth)) or queries.has_voted(booth.seat.electorate_id, booth.seat.seat):
        return show_stopped(booth, reasons)
    return _show("welcome", booth, _fresh(), rule=rule_in_words(booth.seat.rule), wrong=wrong, **_stops(booth))


def _is_over(booth: Booth) -> bool:
    return is_over(booth.seat.state, booth.seat.closes_at, now())


def show_stopped(booth: Booth, reasons: tuple[Reason, ...] = ()) -> str:
    """Why this link casts nothing now."""
    return _show("stopped", booth, reasons=reasons, is_over=_is_over(booth), **_stops(booth))


@blueprint.errorhandler(Missing)
def _no_such_page(_error: Missing) -> tuple[str, int]:
    """A link that was replaced looks like one that never was; who holds it learns where to turn."""
    page = "ratification/ballot/ended.html" if request.path.startswith("/v/") else "errors/404.html"
    return render_template(page), 404


@blueprint.post("/v/<token>/ballot")
@public("a member's own ballot link is the proof; nothing is kept before the cast")
def ballot_post(token: str):
    booth = open_booth(token)
    if reasons := refusal_of(booth):
        return show_stopped(booth, reasons)
    draft = read_draft(request.form, booth.numbers, booth.seat.rule)
    if draft is None or not booth.seat.rule["secret"]:
        return _start(booth)
    return _step(booth, draft, request.form.get("to", ""))


def _step(booth: Booth, draft: Draft, to: str) -> str:
    """The screen that was asked for: a plank, the words, or the review (which needs the words)."""
    reasons = issues_in_choices(draft, booth.seat.rule, lambda n: _options(booth)[n - 1])
    if booth.seat.rule.get("contest") and (reasons or to == str(booth.numbers[0])):
        return _contest(booth, draft, reasons)
    if to.isdecimal() and int(to) in booth.numbers:
        i = booth.numbers.index(int(to))
        return _show("plank", booth, draft, plank=booth.content["planks"][i], i=i + 1, here=to)
    if to == "review" and draft.picks:
        return _review(booth, draft)
    return _words(booth, draft, issues_in_draft(draft) if to == "review" else [])


def _options(booth: Booth) -> list[str]:
    return option_names(booth.seat.rule, str(get_locale()), booth.content["authentic"])


def _contest(booth: Booth, draft: Draft, reasons: list[Reason]) -> str:
    """The one question between options, with everything that is wrong and everything that was entered."""
    number, edition, rule = booth.numbers[0], booth.seat.edition, booth.seat.rule
    return _show(
        "contest",
        booth,
        draft,
        here=str(number),
        reasons=reasons,
        number=number,
        kind=kind_of(rule),
        is_election=edition is None,
        contest=rule["contest"],
        options=_options(booth),
        texts=[plank["texts"] for plank in edition["planks"]] if edition else statements_on_ballot(booth.seat.id, option_names(rule, "en", "en")),
        marks=read_marks(draft.choices.get(number, "")),
        money=_money(booth, draft),
        costs=[spoken_money(cost) for cost in rule["contest"].get("costs", ())],
        rule=rule_in_words(rule),
    )


def _money(booth: Booth, draft: Draft) -> dict[str, str] | None:
    """What is chosen so far costs, of what there is; None where no money is spent."""
    contest = booth.seat.rule.get("contest") or {}
    if "budget" not in contest:
        return None
    chosen = read_marks(draft.choices.get(booth.numbers[0], ""))
    return {"sum": spoken_money(sum_of(contest, chosen)), "budget": spoken_money(contest["budget"])}


def _words(booth: Booth, draft: Draft, reasons: list[Reason]) -> str:
    column = 1 if str(get_locale()) == "es" else 0
    return _show(
        "words",
        booth,
        draft,
        reasons=reasons,
        here="words",
        server=[SERVER[w][column] for w in draft.server_words],
        lists=[("first", [pair[column] for pair in FIRST]), ("second", [pair[column] for pair in SECOND])],
    )


def _review(booth: Booth, draft: Draft, reasons: tuple[Reason, ...] = ()) -> str:
    assert draft.picks is not None
    return _show(
        "review",
        booth,
        draft,
        here="review",
        reasons=reasons,
        phrase=phrase_of(draft.picks, str(get_locale())),
        blanks=draft.blanks(booth.numbers),
        money=_money(booth, draft),
        chosen=spoken_choice(booth.seat.rule, draft.choices.get(booth.numbers[0], ""), _options(booth)) if booth.seat.rule.get("contest") else None,
    )


@blueprint.post("/v/<token>/cast")
@public("a member's own ballot link is the proof; the cast writes the bit and the ballot, nothing else")
def cast_post(token: str):
    speak()
    entrance = Entrance(token, "ballot", now())
    try:
        with transaction(by=entrance):
            receipt = actions.cast_ballot(Actor.by_link(entrance.link), request.form, now=now())
    except Missing:
        return _cast_at_tablet(token)
    except Refused as refused:
        return _turned_away(open_booth(token), refused)
    return _receipt(_booth(Actor.by_link(entrance.link), receipt.seat, token, ""), receipt)


def _cast_at_tablet(token: str) -> Any:
    """What is no member's link may be a tablet's, if it stands open for whoever sends this."""
    who, pass_key = holder(token)
    try:
        with transaction(who.org_id, durable=True):
            receipt = actions.cast_ballot(who, request.form, now=now())
    except Refused as refused:
        return _turned_away(open_booth(token), refused)
    return _receipt(_booth(who, receipt.seat, token, pass_key), receipt)


def _turned_away(booth: Booth, refused: Refused) -> tuple[str, int]:
    """Back where the ballot can be mended, with everything that was entered; or why it was not cast."""
    draft = read_draft(request.form, booth.numbers, booth.seat.rule)
    if draft is None or not booth.seat.rule["secret"]:
        return _start(booth, refused.reasons), 422
    if wrong := issues_in_choices(draft, booth.seat.rule, lambda n: _options(booth)[n - 1]):
        return _contest(booth, draft, wrong), 422
    if issues := issues_in_draft(draft):
        return _words(booth, draft, issues), 422
    return show_stopped(booth, refused.reasons), 409


def _receipt(booth: Booth, receipt: Receipt) -> str:
    """Shown only after the commit."""
    seat = receipt.seat
    message = boards.receipt_message(seat.poll_id, receipt.trackers.values())
    titles = {plank["number"]: plank["titles"] for plank in booth.content["planks"]}
    return _show(
        "receipt",
        booth,
        receipt=receipt,
        **_stops(booth),
        phrase=phrase_of(receipt.picks, str(get_locale())),
        english=phrase_of(receipt.picks),
        number=boards.number_of(receipt.nonce),
        signature=providers.sign(message),
        roll=seat.roll_size,
        codes=[(n, titles[n], boards.code_of(tracker)) for n, tracker in receipt.trackers.items()],
        turnout=shown_turnout(receipt.turnout, True),
        needed=seat.needed,
    )
