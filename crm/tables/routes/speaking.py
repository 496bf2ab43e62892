"""Who has the floor and who comes next: the facilitator's list, and the wall."""

from typing import Any

from flask import render_template, request
from flask_babel import get_locale

from crm.assemblies.models import AssemblySession
from crm.assemblies.queries import coming_session, session_for, sessions_of
from crm.assemblies.rules import in_language
from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.web import Form, submit
from crm.kernel.numbers import read_id
from crm.kernel.permissions import Action
from crm.kernel.refusal import Missing
from crm.tables import actions, queries
from crm.tables.forms import FirstForm, SpeakerForm, SpeakingForm
from crm.tables.routes.blueprint import blueprint, frame, opened, page_of


def _sitting(id: int) -> tuple[AssemblySession, list[tuple[int, str]]]:
    """The session that ?session= names, or the day's own; and all of them by name."""
    assembly, wanted = opened(id), read_id(request.args.get("session"))
    rows = sessions_of(assembly)
    chosen = session_for(actor(), id, wanted) if wanted else coming_session(assembly, rows, now())
    if chosen is None:
        raise Missing
    return chosen, [(s.id, in_language(s.title, str(get_locale()))) for s in rows]


@blueprint.get("/assemblies/<int:id>/speaking")
@allow(Action.RUN_ASSEMBLIES)
def speaking_get(id: int) -> str:
    """Who speaks, who waits, and who has spoken."""
    return _page(id, Form(formdata=None))


def _page(id: int, form: Form) -> str:
    sitting, sittings = _sitting(id)
    speaking = queries.speaking_of(sitting.id)
    order_form = form if isinstance(form, SpeakingForm) else SpeakingForm(formdata=None, order=speaking.rule.order, seconds=speaking.rule.seconds)
    return render_template(
        "tables/speaking.html", **frame(opened(id)), sitting=sitting, sittings=sittings, speaking=speaking, form=form, order_form=order_form, now=now(),
        speaker_form=form if isinstance(form, SpeakerForm) else SpeakerForm(formdata=None), bare=Form(formdata=None),
    )  # fmt: skip


@blueprint.get("/assemblies/<int:id>/speaking/wall")
@allow(Action.RUN_ASSEMBLIES)
def speaking_wall_get(id: int) -> Any:
    """For the projector: who speaks, how long they have, who comes next. It looks again by itself."""
    sitting, _all = _sitting(id)
    speaking = queries.speaking_of(sitting.id)
    left = speaking.rule.seconds - int((now() - speaking.speaking.began_at).total_seconds()) if speaking.speaking and speaking.speaking.began_at else 0
    return render_template("tables/speaking_wall.html", assembly=opened(id), speaking=speaking, left=left), 200, {"Refresh": "5"}


@blueprint.post("/assemblies/<int:id>/speaking")
@allow(Action.RUN_ASSEMBLIES)
def speaking_post(id: int) -> Any:
    """The order and the time."""
    form = SpeakingForm()
    return _change(id, form, lambda who, session_id, at: actions.set_speaking(who, id, session_id, form.order.data, form.seconds.data, now=at))


@blueprint.post("/assemblies/<int:id>/speaking/speakers")
@allow(Action.RUN_ASSEMBLIES)
def speaker_post(id: int) -> Any:
    """Puts somebody on the list."""
    form = SpeakerForm()
    typed = {"side": form.side.data or "", "is_about": bool(form.is_about.data)}
    act = lambda who, session_id, at: actions.ask_to_speak(who, id, session_id, form.name.data or "", **typed, now=at)  # noqa: E731
    return _change(id, form, act, "add")


@blueprint.post("/assemblies/<int:id>/speaking/next")
@allow(Action.RUN_ASSEMBLIES)
def speaking_next_post(id: int) -> Any:
    """The next has the floor."""
    return _change(id, Form(), lambda who, session_id, at: actions.next_speaker(who, id, session_id, read_id(request.form.get("turn")), now=at))


@blueprint.post("/assemblies/<int:id>/speaking/end")
@allow(Action.RUN_ASSEMBLIES)
def speaking_end_post(id: int) -> Any:
    """Nobody has the floor."""
    return _change(id, Form(), lambda who, session_id, at: actions.end_turn(who, id, session_id, now=at))


@blueprint.post("/assemblies/<int:id>/speaking/speakers/<int:speaker_id>/first")
@allow(Action.RUN_ASSEMBLIES)
def speaker_first_post(id: int, speaker_id: int) -> Any:
    """Somebody speaks before the order, with the reason."""
    form = FirstForm()
    return _change(id, form, lambda who, session_id, at: actions.take_first(who, id, session_id, speaker_id, form.because.data or "", now=at))


@blueprint.post("/assemblies/<int:id>/speaking/speakers/<int:speaker_id>/withdrawal")
@allow(Action.RUN_ASSEMBLIES)
def speaker_withdrawal_post(id: int, speaker_id: int) -> Any:
    """Takes somebody off the list."""
    return _change(id, Form(), lambda who, session_id, at: actions.withdraw_speaker(who, id, session_id, speaker_id, now=at))


def _change(id: int, form: Form, act: Any, place: str = "floor") -> Any:
    """A change of the list, then back to its `place` on the page: whoever keeps it presses again and again."""
    who, at, (sitting, _all) = actor(), now(), _sitting(id)
    back = lambda _done: page_of(id, "speaking_get", session=sitting.id, _anchor=place)  # noqa: E731
    return submit(form, lambda: act(who, sitting.id, at), then=back, page=lambda: _page(id, form))
