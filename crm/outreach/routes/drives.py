"""Pages of texting drives for their organizer: setting one up, its script, its volunteers, and how far it is."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, redirect, render_template, request, url_for

from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.links import token_of, url_of
from crm.infra.web import Form, fragment, submit
from crm.kernel.numbers import read_id
from crm.kernel.permissions import Action
from crm.outreach.actions import drives as actions
from crm.outreach.forms.drives import DriveForm, QuestionForm, TextersForm, VettingForm
from crm.outreach.models import Drive
from crm.outreach.queries import broadcasts as audiences
from crm.outreach.queries import drives as reads
from crm.outreach.queries import plans
from crm.outreach.rules import drives as rules
from crm.outreach.rules.gate import FIXES, REASONS
from crm.outreach.rules.templates import FIELD_LABELS

blueprint = Blueprint("drives", __name__, url_prefix="/drives")
SETTING = ("opens_hour", "closes_hour", "batch_new", "batch_vetted", "most_a_day")


@blueprint.get("")
@allow(Action.SEND_TEXTS)
def drives_get():
    """All drives, newest first."""
    return render_template("outreach/drives.html", page=reads.drives_page(actor(), request.args.get("after")), states=rules.STATE_WORDS)


@blueprint.get("/open")
@allow(Action.ANSWER_TEXTS)
def open_get():
    """Drives in which colleagues may text along."""
    return render_template("outreach/drives_open.html", drives=reads.open_drives(actor()), form=Form(formdata=None))


@blueprint.get("/new")
@allow(Action.SEND_TEXTS)
def drive_new_get():
    """A new drive, for a list, an assembly's people, or those of a text that was sent to many."""
    form, asked = _form(), _asked()
    offered = [value for value, _label in form.audience.choices if value]
    form.audience.data = asked if asked in offered else next((value for value in offered if asked and value.startswith(asked)), "")
    form.body_en.data, form.body_es.data = rules.OPENING["en"], rules.OPENING["es"]
    return _setting_page(form, None)


@blueprint.post("")
@allow(Action.SEND_TEXTS)
def drive_new_post():
    """Keeps a new drive as a draft."""
    form = _form()
    return submit(form, lambda: _save(None, form), then=_there, page=lambda: _setting_page(form, None))


@blueprint.get("/<int:id>")
@allow(Action.SEND_TEXTS)
def drive_get(id: int):
    """A draft to look over, or how far the drive is."""
    return _page(id)


@blueprint.get("/<int:id>/setting")
@allow(Action.SEND_TEXTS)
def setting_get(id: int):
    """Changes the first text, the hours and the batches."""
    drive = reads.drive_for(actor(), id)
    form = _form(drive)
    form.process(data={name: getattr(drive, name) for name in ("name", *SETTING)} | {"body_en": drive.bodies.get("en"), "body_es": drive.bodies.get("es")}
                 | {"audience": audiences.audience_key(drive)})
    return _setting_page(form, drive)


@blueprint.post("/<int:id>/setting")
@allow(Action.SEND_TEXTS)
def setting_post(id: int):
    """Keeps what was changed."""
    drive = reads.drive_for(actor(), id)
    form = _form(drive)
    return submit(form, lambda: _save(id, form), then=_there, page=lambda: _setting_page(form, drive))


@blueprint.get("/<int:id>/questions/<key>")
@allow(Action.SEND_TEXTS)
def question_get(id: int, key: str):
    """One question of the script; "new" is one that is not there yet."""
    drive, question, others = _question(id, key)
    form = QuestionForm().offer(others)
    form.show(question)
    return render_template("outreach/drive_question.html", drive=drive, question=question, form=form, fields=reads.script_fields(actor(), drive))


@blueprint.post("/<int:id>/questions/<key>")
@allow(Action.SEND_TEXTS)
def question_post(id: int, key: str):
    """Keeps one question."""
    drive, question, others = _question(id, key)
    form = QuestionForm().offer(others)
    return submit(
        form, lambda: actions.save_question(actor(), id, form.question(question.key)), then=lambda _id: _there(id, "script"),
        page=lambda: render_template("outreach/drive_question.html", drive=drive, question=question, form=form, fields=reads.script_fields(actor(), drive)),
    )


@blueprint.post("/<int:id>/questions/<key>/removal")
@allow(Action.SEND_TEXTS)
def question_removal_post(id: int, key: str):
    """Takes a question out of the script."""
    return _press(id, lambda: actions.remove_question(actor(), id, key), "script")


@blueprint.post("/<int:id>/opening")
@allow(Action.SEND_TEXTS)
def opening_post(id: int):
    """Freezes who is texted and opens the drive."""
    return _press(id, lambda: actions.open_drive(actor(), id, now=now()))


@blueprint.post("/<int:id>/stop")
@allow(Action.SEND_TEXTS)
def stop_post(id: int):
    """Nothing new leaves."""
    return _press(id, lambda: actions.stop_drive(actor(), id, now=now()))


@blueprint.post("/<int:id>/rest")
@allow(Action.SEND_TEXTS)
def rest_post(id: int):
    """Goes on."""
    return _press(id, lambda: actions.resume_drive(actor(), id, now=now()))


@blueprint.post("/<int:id>/ending")
@allow(Action.SEND_TEXTS)
def ending_post(id: int):
    """The drive is over."""
    return _press(id, lambda: actions.end_drive(actor(), id, now=now()))


@blueprint.post("/<int:id>/texters")
@allow(Action.SEND_TEXTS)
def texters_post(id: int):
    """Makes links for volunteers."""
    form = TextersForm()
    names = (form.names.data or "").splitlines()
    return submit(form, lambda: actions.add_texters(actor(), id, names, form.is_vetted.data, now=now()), then=lambda _id: _there(id, "texters"),
                  page=lambda: _page(id, form))


@blueprint.post("/<int:id>/texters/<int:texter_id>/ending")
@allow(Action.SEND_TEXTS)
def texter_ending_post(id: int, texter_id: int):
    """Ends one volunteer's link."""
    return _press(id, lambda: actions.end_texter(actor(), id, texter_id, now=now()), "texters")


@blueprint.post("/<int:id>/texters/<int:texter_id>/taking")
@allow(Action.SEND_TEXTS)
def texter_taking_post(id: int, texter_id: int):
    """Takes what one volunteer holds."""
    return _press(id, lambda: actions.take_over(actor(), id, texter_id, now=now()), "texters")


@blueprint.post("/<int:id>/texters/<int:texter_id>/vetting")
@allow(Action.SEND_TEXTS)
def texter_vetting_post(id: int, texter_id: int):
    """Says whether one volunteer is known."""
    form = VettingForm()
    return submit(form, lambda: actions.vet_texter(actor(), id, texter_id, bool(form.is_vetted.data), now=now()), then=lambda _id: _there(id, "texters"),
                  page=lambda: _page(id, form))


@blueprint.get("/<int:id>/off-script")
@allow(Action.SEND_TEXTS)
def off_script_get(id: int):
    """Texts that were not the script's, with what differs."""
    drive = reads.drive_for(actor(), id)
    return render_template("outreach/drive_off_script.html", drive=drive, page=reads.off_script_page(actor(), drive, request.args.get("after")))


@blueprint.post("/<int:id>/joining")
@allow(Action.ANSWER_TEXTS)
def joining_post(id: int):
    """A colleague texts along, on the page that volunteers have."""
    return submit(Form(), lambda: actions.join_drive(actor(), id, now=now()), then=lambda link_id: url_of("texting", token_of(link_id)),
                  page=lambda: redirect(url_for("drives.open_get")))


def _there(id: int, anchor: str | None = None) -> str:
    return url_for("drives.drive_get", id=id, _anchor=anchor)


def _press(id: int, act: Callable[[], Any], anchor: str | None = None) -> Any:
    form = Form()
    return submit(form, act, then=lambda _id: _there(id, anchor), page=lambda: _page(id, form))


def _asked() -> str:
    """?segment=ID, ?subject=assembly:ID&list=said_yes, or ?broadcast=ID: the audience that a new drive begins with."""
    if (broadcast_id := read_id(request.args.get("broadcast"))) is not None:
        return audiences.audience_key(audiences.broadcast_for(actor(), broadcast_id))
    if segment := request.args.get("segment"):
        return f"segment:{segment}"
    subject = request.args.get("subject")
    return f"{subject}:{request.args.get('list', '')}" if subject else request.form.get("audience", "")


def _form(drive: Drive | None = None) -> DriveForm:
    kind, _colon, rest = (audiences.audience_key(drive) if drive else _asked()).partition(":")
    subject = (kind, read_id(rest.partition(":")[0]) or 0) if kind and kind != "segment" else None
    return DriveForm().offer(audiences.audience_choices(actor(), subject), now().astimezone(ZoneInfo(actor().time_zone)))


def _save(id: int | None, form: DriveForm) -> int:
    values = {"name": form.name.data, "audience": form.audience.data or "", **{name: getattr(form, name).data for name in SETTING}}
    return actions.save_drive(actor(), id, values, form.bodies, now=now())


def _question(id: int, key: str) -> tuple[Drive, rules.Question, list[rules.Question]]:
    drive = reads.drive_for(actor(), id)
    script = rules.read_script(drive.questions)
    if key == "new":
        return drive, rules.Question(rules.next_key([one.key for one in script], "q"), ""), script
    found = rules.question_of(script, key)
    return (drive, found, [one for one in script if one.key != key]) if found else abort(404)


def _setting_page(form: DriveForm, drive: Drive | None) -> str:
    fields = reads.script_fields(actor(), drive) if drive else plans.FIELDS
    return render_template("outreach/drive_setting.html", form=form, drive=drive, fields=fields, labels=FIELD_LABELS)


def _page(id: int, tried: Form | None = None) -> Any:
    """A draft with its script and whom it reaches, or the drive as it runs; `tried` is the form that was refused."""
    drive = reads.drive_for(actor(), id)
    common = {
        "drive": drive, "script": rules.read_script(drive.questions), "name": audiences.audience_name(actor(), drive), "reasons": REASONS, "fixes": FIXES,
        "states": rules.STATE_WORDS, "outcomes": rules.OUTCOMES, "tried": tried, "new_form": lambda: Form(formdata=None),
        "texters_form": tried if isinstance(tried, TextersForm) else TextersForm(formdata=None),
    }
    progress = reads.progress_of(drive)
    live = [share.texter for share in progress.texters if share.texter.link_id and not share.texter.ended_at]
    addresses = {texter.id: url_of("texting", token_of(texter.link_id)) for texter in live}
    common |= {"progress": progress, "addresses": addresses, "now": now()}
    if drive.state == "draft":
        plan = plans.plan_of(actor(), drive, now())
        return render_template("outreach/drive_draft.html", plan=plan, issues=reads.issues_with(actor(), drive, plan), **common)
    return fragment("outreach/drive.html", "outreach/drive_part.html", **common)
