"""Pages of surveys: the list, one survey with its results, writing it, and its answers as a file."""

import io

from flask import Blueprint, Response, render_template, request, send_file, url_for

from crm.evaluation import actions, queries
from crm.evaluation.forms import SurveyForm
from crm.evaluation.rules.surveys import STATES, in_language, percent
from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.web import Form, submit
from crm.kernel.permissions import Action
from crm.people.actions.sheets import write_csv

blueprint = Blueprint("surveys", __name__, url_prefix="/surveys")


@blueprint.get("")
@allow(Action.SEND_TEXTS)
def surveys_get():
    """The surveys, the newest first."""
    page = queries.surveys_page(actor(), request.args.get("after"))
    return render_template("evaluation/surveys.html", page=page, progress=queries.progress_of([row.id for row in page.rows]), states=STATES)


@blueprint.get("/new")
@allow(Action.SEND_TEXTS)
def survey_new_get():
    """A new survey."""
    return render_template("evaluation/survey_form.html", form=SurveyForm(), survey=None)


@blueprint.post("/new")
@allow(Action.SEND_TEXTS)
def survey_new_post():
    """Writes it."""
    return _save(None)


@blueprint.get("/<int:id>/edit")
@allow(Action.SEND_TEXTS)
def survey_edit_get(id: int):
    """The survey as it stands."""
    survey = queries.survey_for(actor(), id)
    form = SurveyForm(formdata=None).show(survey.title, queries.questions_of(id))
    return render_template("evaluation/survey_form.html", form=form, survey=survey)


@blueprint.post("/<int:id>/edit")
@allow(Action.SEND_TEXTS)
def survey_edit_post(id: int):
    """Writes it again."""
    return _save(id)


def _save(id: int | None) -> Response | tuple[str, int]:
    survey = queries.survey_for(actor(), id) if id else None
    form = SurveyForm()
    return submit(
        form, lambda: actions.save_survey(actor(), id, form.title.data, form.asked(), now=now()),
        then=lambda saved: url_for("surveys.survey_get", id=saved), page=lambda: render_template("evaluation/survey_form.html", form=form, survey=survey),
    )


@blueprint.get("/<int:id>")
@allow(Action.SEND_TEXTS)
def survey_get(id: int):
    """What it asks, how far it is, and what was answered."""
    return _page(id, Form(formdata=None))


@blueprint.post("/<int:id>/open")
@allow(Action.SEND_TEXTS)
def open_post(id: int):
    """Lets answers in."""
    return _do(id, actions.open_survey)


@blueprint.post("/<int:id>/close")
@allow(Action.SEND_TEXTS)
def close_post(id: int):
    """No more answers."""
    return _do(id, actions.close_survey)


def _do(id: int, verb) -> Response | tuple[str, int]:
    form = Form()
    return submit(form, lambda: verb(actor(), id, now=now()), then=lambda _id: url_for("surveys.survey_get", id=id), page=lambda: _page(id, form))


def _page(id: int, form: Form) -> str:
    survey = queries.survey_for(actor(), id)
    return render_template(
        "evaluation/survey.html", survey=survey, form=form, results=queries.results_of(id), progress=queries.progress_of([id])[id],
        states=STATES, has_answers=queries.has_answers(id), in_language=in_language, percent=percent,
    )


@blueprint.get("/<int:id>/answers.csv")
@allow(Action.SEND_TEXTS)
def answers_get(id: int):
    """The answers without names: one row a person, in no order that tells who."""
    survey, questions = queries.survey_for(actor(), id), queries.questions_of(id)
    rows: dict[int, list[str]] = {}
    for person_id, number, choice, words in queries.answers_of(id):
        said = in_language(questions[number - 1].choices[choice - 1], "en") if choice else words
        rows.setdefault(person_id, [""] * len(questions))[number - 1] = said
    table = [[in_language(each.words, "en") for each in questions], *sorted(rows.values())]
    return send_file(io.BytesIO(write_csv(table)), mimetype="text/csv", as_attachment=True, download_name=f"survey-{survey.id}.csv")
