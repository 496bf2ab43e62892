"""The series of texts about an assembly: what went, what will go and when; each text to look over, change, or agree to."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, g, render_template, request, url_for
from flask_babel import gettext, ngettext

from crm.assemblies.models import Assembly
from crm.assemblies.playbooks.reminders import INVITE
from crm.assemblies.queries import assembly_for
from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.look import day
from crm.infra.web import submit
from crm.kernel.permissions import Action
from crm.outreach import actions
from crm.outreach.queries import plans
from crm.outreach.queries import series as reads
from crm.outreach.rules.series import STEP_NAMES
from crm.outreach.rules.templates import FIELD_LABELS
from crm.turnout.actions import SUBJECT
from crm.turnout.forms import ReminderForm, SeenForm, TickForm
from crm.turnout.routes.board import titled
from crm.turnout.rules import may_answer

blueprint = Blueprint("reminders", __name__)
KIND = "assembly"
BEFORE, AFTER = 60, 30  # days around the assembly on which a text may go


@blueprint.get("/assemblies/<int:id>/reminders")
@allow(Action.SEND_TEXTS)
def reminders_get(id: int) -> str:
    """All texts of the series with their dates."""
    return _list(id, TickForm())


@blueprint.post("/assemblies/<int:id>/reminders")
@allow(Action.SEND_TEXTS)
def reminders_post(id: int) -> Any:
    """Lets the series run."""
    return _press(id, lambda: actions.start_series(actor(), KIND, id, now=now()))


@blueprint.post("/assemblies/<int:id>/reminders/stop")
@allow(Action.SEND_TEXTS)
def reminders_stop_post(id: int) -> Any:
    """Stops the series."""
    return _press(id, lambda: actions.stop_series(actor(), KIND, id, now=now()))


@blueprint.get("/assemblies/<int:id>/reminders/<step>")
@allow(Action.SEND_TEXTS)
def reminder_get(id: int, step: str) -> str:
    """One text: its words, its date, and how five people get it."""
    one = _one(id, step).step
    bodies = {f"body_{tag}": one.bodies.get(tag, "") for tag in ("en", "es")}
    form = ReminderForm(is_on=one.is_on, audience=one.audience, days=one.days, at=one.at, **bodies)
    return _text(id, step, form)


@blueprint.post("/assemblies/<int:id>/reminders/<step>")
@allow(Action.SEND_TEXTS)
def reminder_post(id: int, step: str) -> Any:
    """Changes one text."""
    form = _offered(id, ReminderForm())
    values = lambda: {name: form[name].data for name in ("audience", "days", "at", "is_on")}  # noqa: E731
    bodies = {"en": form.body_en.data or "", "es": form.body_es.data or ""}
    return submit(
        form,
        lambda: actions.write_step(actor(), KIND, id, step, bodies=bodies, now=now(), **values()),
        then=lambda _key: url_for("reminders.reminders_get", id=id, _anchor=step),
        page=lambda: _text(id, step, form),
    )


@blueprint.post("/assemblies/<int:id>/reminders/<step>/agreement")
@allow(Action.SEND_TEXTS)
def reminder_agreement_post(id: int, step: str) -> Any:
    """A second person agrees to one text."""
    form = SeenForm()
    return _press(id, lambda: actions.agree_step(actor(), KIND, id, step, seen=form.seen.data or "", now=now()), form)


def _press(id: int, act: Any, form: Any = None) -> Any:
    form = form or TickForm()
    return submit(form, act, then=lambda _made: url_for("reminders.reminders_get", id=id), page=lambda: _list(id, form))


def _assembly(id: int) -> Assembly:
    assembly = assembly_for(actor(), id)
    g.time_zone = assembly.time_zone
    return assembly


def _list(id: int, form: Any) -> str:
    assembly, at = _assembly(id), now()
    return render_template(
        "turnout/reminders.html",
        assembly=assembly,
        title=titled(assembly),
        series=reads.series_for(actor(), KIND, id),
        steps=reads.planned(actor(), KIND, id, at),
        names=STEP_NAMES,
        audiences=SUBJECT.audiences(actor(), id),
        limit=plans.options_of(actor()).two_people_above,
        form=form,
        now=at,
    )


def _one(id: int, step: str) -> reads.Planned:
    return next(iter(reads.planned(actor(), KIND, id, now(), step)), None) or abort(404)


def _offered(id: int, form: ReminderForm) -> ReminderForm:
    assembly = assembly_for(actor(), id)
    days = [(n, f"{_distance(n)}: {day(assembly.day + timedelta(days=n))}") for n in range(-BEFORE, AFTER + 1)]
    return form.offer(SUBJECT.audiences(actor(), id).items(), days)


def _distance(n: int) -> str:
    if n == 0:
        return gettext("On the day")
    return ngettext("%(num)s day after", "%(num)s days after", n) if n > 0 else ngettext("%(num)s day before", "%(num)s days before", -n)


def _text(id: int, step: str, form: ReminderForm) -> str:
    assembly, one, at = _assembly(id), _one(id, step), now()
    _subject, occasion = reads.occasion_of(actor(), KIND, id)
    about = reads.broadcast_of((KIND, id), one.step, at, occasion)
    about.sender_name = actor().name
    about.begins_on, about.begins_clock, about.time_zone = assembly.day + timedelta(days=one.step.days), one.step.at, assembly.time_zone
    plan = plans.plan_of(actor(), about, at)
    who = request.args.get("who", "").strip()
    seen = SeenForm(formdata=None, seen=reads.mark_of(one.step))
    return render_template(
        "turnout/reminder.html",
        assembly=assembly,
        title=titled(assembly),
        one=one,
        name=STEP_NAMES.get(step, step),
        form=_offered(id, form),
        plan=plan,
        preview=plans.preview_of(actor(), about, plan, at, who),
        who=who,
        fields=plans.known_fields(actor(), KIND, id),
        labels=FIELD_LABELS,
        seen=seen,
        by_hand=_by_hand(assembly, one),
    )


def _by_hand(assembly: Assembly, one: reads.Planned) -> str | None:
    """Where volunteers are set to text those whom the invitation addresses; None once the assembly is over, or for another text."""
    if one.step.key != INVITE.key or may_answer(assembly.state) is not None:
        return None
    if one.broadcast:
        return url_for("drives.drive_new_get", broadcast=one.broadcast.id)
    return url_for("drives.drive_new_get", subject=f"{KIND}:{assembly.id}", list=one.step.audience)
