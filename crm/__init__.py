"""Plenary: the CRM for base-building organizations and movement assemblies."""

import importlib
import sys
from pathlib import Path

from flask import Flask, g, request
from flask import session as cookie
from flask_babel import Babel, get_locale
from flask_babel import gettext as _
from flask_bootstrap import Bootstrap5
from flask_login import LoginManager, current_user
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

import crm.accounts.actions
import crm.accounts.queries
import crm.accounts.routes
import crm.infra.routes
import crm.organizations.queries
from crm.infra import audit, auth, clock, db, jobs, look, runtime, web
from crm.infra.queue import make_queue, start_embedded
from crm.kernel.languages import PAGE_LANGUAGES
from crm.kernel.permissions import ROLE_NAMES, Role
from crm.kernel.refusal import N_
from crm.settings import Settings, read_settings

ROOT = Path(__file__).parent.parent
ROOMS = ("organizations", "accounts", "people", "outreach", "leadership", "assemblies", "turnout", "platforms", "ratification",
         "home", "demonstration")


def create_app(settings: Settings | None = None) -> Flask:
    """The application: settings, database, rooms and their registries, guards, error pages."""
    settings = settings or read_settings()
    app = Flask("crm", root_path=str(ROOT / "crm"), template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "crm/static"))
    runtime.start(settings)
    db.connect(settings.database_url)
    db.circle_of = crm.organizations.queries.circle
    clock.start_demo(settings.is_demo)
    app.config.update(
        SETTINGS=settings, SECRET_KEY=runtime.key("cookies"), TESTING=settings.is_testing, MAX_CONTENT_LENGTH=26 * 2**20,
        MAX_FORM_MEMORY_SIZE=4 * 2**20, SESSION_COOKIE_NAME="__Host-plenary" if settings.is_https else "plenary", SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_HTTPONLY=True, SESSION_COOKIE_SAMESITE="Lax", BOOTSTRAP_SERVE_LOCAL=True, WTF_CSRF_TIME_LIMIT=None,
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "crm/translations"),
    )
    if settings.proxy_hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxy_hops, x_proto=settings.proxy_hops, x_host=settings.proxy_hops)  # type: ignore[method-assign]
    _extend(app)
    _open_rooms(app)
    _guard(app)
    return app


def _extend(app: Flask) -> None:
    Babel(app, locale_selector=_locale, timezone_selector=lambda: getattr(g, "time_zone", "UTC"))
    Bootstrap5(app)
    app.extensions["csrf_protect"] = CSRFProtect(app)
    manager = LoginManager(app)
    manager.session_protection = None
    manager.user_loader(lambda token: crm.accounts.queries.signed_in(token, clock.now()))
    look.register(app)
    app.jinja_env.filters["role_name"] = lambda role: _(ROLE_NAMES[Role(role)])


def _locale() -> str:
    asked = request.args.get("lang") or getattr(g, "language", None) or cookie.get("language")
    if asked in PAGE_LANGUAGES:
        return asked
    known = getattr(getattr(g, "_login_user", None), "language", None)
    return known if known in PAGE_LANGUAGES else request.accept_languages.best_match(PAGE_LANGUAGES) or "en"


def _guard(app: Flask) -> None:
    app.before_request(auth.guard)
    app.before_request(_set_zone)
    app.after_request(web.add_headers)
    app.after_request(_touch_sign_in)
    app.teardown_appcontext(lambda _error: db.close_session())
    app.context_processor(web.layout_context)
    web.register_errors(app)
    auth.refuse_undeclared(app)


def _set_zone() -> None:
    g.time_zone = g.actor.time_zone if g.get("actor") else getattr(g, "time_zone", "UTC")


def _touch_sign_in(response):
    """Once a minute a sign-in in use is noted, in a write of its own; never on pages opened by a link (a secret ballot is one)."""
    linked = request.view_args and "token" in request.view_args
    if not linked and current_user.is_authenticated and (clock.now() - current_user.seen_at).total_seconds() > 60:
        with db.transaction():
            crm.accounts.actions.touch(current_user.get_id(), now=clock.now())
    return response


def _open_rooms(app: Flask) -> None:
    app.register_blueprint(crm.infra.routes.blueprint)
    app.add_url_rule("/static/htmx.js", "htmx_js", crm.infra.routes.htmx_js)
    app.register_blueprint(crm.accounts.routes.blueprint)
    for room in ROOMS:
        _open_room(app, room)
    _connect()


def _connect() -> None:
    """What travels upward: one line per subscriber."""
    from crm.assemblies import queries as assemblies
    from crm.infra.links import PATHS
    from crm.leadership import routes as leadership  # noqa: F401
    from crm.outreach import queries as outreach
    from crm.outreach.actions.replies import HANDLERS
    from crm.people.queries import FACTS
    from crm.turnout import actions as turnout
    from crm.turnout import queries as turnout_queries
    from crm.turnout.routes.board import panel

    known = {fact.name for fact in FACTS}
    FACTS.extend(fact for fact in (*outreach.FACTS, *turnout_queries.FACTS) if fact.name not in known)
    PATHS.update(door="/door/", ballot="/v/")
    PATHS["pass"] = "/me/"
    HANDLERS.update(assembly=turnout.handle_reply, confirm=turnout.handle_confirmation)
    outreach.SUBJECTS["assembly"] = turnout.SUBJECT
    web.NAV_COUNTS["inbox"] = lambda actor: outreach.count_needing_answer(actor, clock.now())
    assemblies.PLEDGES[:] = [turnout_queries.partner_facts]
    assemblies.PANELS[:] = [panel]
    assemblies.TABS[:] = [("turnout.turnout_get", N_("Turnout"))]


def _open_room(app: Flask, room: str) -> None:
    def part(name: str):
        try:
            return importlib.import_module(f"crm.{room}.{name}")
        except ImportError as error:
            if (Path(__file__).parent / room / f"{name}.py").exists() or (Path(__file__).parent / room / name).exists():
                print(f"room under construction: crm.{room}.{name}: {error}", file=sys.stderr)
            return None

    part("models"), part("jobs")
    rules, routes = part("rules"), part("routes")
    audit.SENTENCES.update(getattr(rules, "SENTENCES", {}))
    if room == "accounts" or routes is None:
        return
    for name in ("blueprint", "blueprints"):
        found = getattr(routes, name, ())
        for blueprint in found if isinstance(found, (tuple, list)) else (found,):
            app.register_blueprint(blueprint)
    for endpoint in getattr(routes, "LINK_VIEWS", ()):
        app.extensions["csrf_protect"].exempt(app.view_functions[endpoint])


__all__ = ["create_app", "get_locale", "jobs", "make_queue", "start_embedded"]
