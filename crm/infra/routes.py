"""The house's own pages: how far a job is, stopping it, the htmx script, a health check."""

import importlib.resources

from flask import Blueprint, redirect, render_template, request, send_file
from sqlalchemy import select

from crm.infra import jobs
from crm.infra.auth import actor, allow, public
from crm.infra.clock import now
from crm.infra.db import session, transaction
from crm.infra.web import Form, is_htmx
from crm.infra.workers import workers
from crm.kernel.permissions import Action

blueprint = Blueprint("jobs", __name__)
_HTMX = importlib.resources.files("js_lib_htmx") / "static" / "htmx" / "htmx.min.js"


@blueprint.get("/jobs/<int:id>")
@allow(Action.ACT_FOR_SELF)
def job_get(id: int):
    job = jobs.job_for(actor(), id)
    answer = render_template("infra/job_part.html" if is_htmx() else "infra/job.html", job=job)
    finished = is_htmx() and job.state in ("done", "stopped", "failed")
    return answer, 200, {"HX-Refresh": "true"} if finished else {}


@blueprint.post("/jobs/<int:id>/stop")
@allow(Action.ACT_FOR_SELF)
def stop_post(id: int):
    if Form().validate_on_submit():
        with transaction():
            jobs.stop_job(actor(), id, now=now())
    back = request.referrer or ""
    return redirect(back if back.startswith(request.host_url) else f"/jobs/{id}", 303)


@public("a script for every page")
def htmx_js():
    """htmx, from its package; the application registers it at /static/htmx.js."""
    return send_file(str(_HTMX), mimetype="text/javascript", max_age=86400)


@blueprint.get("/health")
@public("for the machine that watches the machine")
def health_get():
    session().execute(select(1))
    return {"ok": True, "workers": len(workers(now()))}
