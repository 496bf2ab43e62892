"""Plenary: the CRM for base-building organizations and movement assemblies."""

from pathlib import Path

from flask import Flask, Response, g, request
from flask import session as cookie
from flask_babel import Babel
from flask_babel import gettext as _
from flask_bootstrap import Bootstrap5
from flask_login import LoginManager, current_user
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from crm.accountability import actions as accountability_actions
from crm.accountability import jobs as accountability_jobs
from crm.accountability import queries as accountability
from crm.accountability import routes as accountability_routes
from crm.accountability import rules as accountability_rules
from crm.accounts import actions as accounts_actions
from crm.accounts import queries as accounts
from crm.accounts import routes as accounts_routes
from crm.accounts import rules as accounts_rules
from crm.assemblies import actions as assemblies_actions
from crm.assemblies import jobs as assemblies_jobs
from crm.assemblies import queries as assemblies
from crm.assemblies import routes as assemblies_routes
from crm.assemblies import rules as assemblies_rules
from crm.assemblies.actions import floor as assemblies_floor_actions
from crm.assemblies.actions import lots as assemblies_lots
from crm.assemblies.actions import planning as assemblies_planning
from crm.assemblies.actions import recruitment as assemblies_recruitment
from crm.assemblies.queries import floor as assemblies_floor
from crm.assemblies.rules import held as assemblies_held
from crm.evaluation import actions as evaluation_actions
from crm.evaluation import routes as evaluation_routes
from crm.evaluation import rules as evaluation_rules
from crm.evaluation.rules import held as evaluation_held
from crm.home import routes as home_routes
from crm.infra import audit, auth, clock, db, held, links, look, runtime, sight, web, words
from crm.infra import routes as infra_routes
from crm.infra.schema import refuse_powerful_role
from crm.kernel import holdings
from crm.kernel.languages import PAGE_LANGUAGES
from crm.kernel.permissions import ROLE_NAMES, Action, Role
from crm.kernel.refusal import N_
from crm.leadership import actions as leadership_actions
from crm.leadership import queries as leadership
from crm.leadership import routes as leadership_routes
from crm.leadership import rules as leadership_rules
from crm.organizations import queries as organizations
from crm.organizations import rules as organizations_rules
from crm.outreach import actions as outreach_actions
from crm.outreach import jobs as outreach_jobs
from crm.outreach import queries as outreach
from crm.outreach import routes as outreach_routes
from crm.outreach import rules as outreach_rules
from crm.outreach.actions import erasing as outreach_erasing
from crm.outreach.actions import keeping as outreach_keeping
from crm.outreach.actions import outcomes as outreach_outcomes
from crm.outreach.actions.replies import ANSWERERS, ARRIVALS, BY_NUMBER, HANDLERS, OPENERS
from crm.outreach.rules import held as outreach_held
from crm.people import actions as people_actions
from crm.people import jobs as people_jobs
from crm.people import queries as people
from crm.people import routes as people_routes
from crm.people import rules as people_rules
from crm.people.actions import erasing, keeping
from crm.people.jobs import duplicates as people_duplicates
from crm.people.routes import privacy
from crm.people.rules import held as people_held
from crm.platforms import queries as platforms
from crm.platforms import routes as platforms_routes
from crm.platforms import rules as platforms_rules
from crm.platforms.actions import endorsements as platforms_endorsements
from crm.platforms.rules import held as platforms_held
from crm.ratification import actions as ratification_actions
from crm.ratification import jobs as ratification_jobs
from crm.ratification import queries as ratification
from crm.ratification import routes as ratification_routes
from crm.ratification import rules as ratification_rules
from crm.ratification.actions import asking_residents as ratification_residents_asked
from crm.ratification.actions import closing as ratification_closing
from crm.ratification.actions import elections as ratification_elections
from crm.ratification.actions import erasing as ratification_erasing
from crm.ratification.actions import residents as ratification_residents
from crm.ratification.routes import sealed as ratification_sealed
from crm.ratification.rules import held as ratification_held
from crm.ratification.rules.sealed import states as sealed_rules
from crm.settings import Settings, read_settings
from crm.tables import queries as tables
from crm.tables import routes as tables_routes
from crm.tables import rules as tables_rules
from crm.tables.actions import keeping as tables_keeping
from crm.tables.rules import held as tables_held
from crm.turnout import actions as turnout_actions
from crm.turnout import jobs as turnout_jobs
from crm.turnout import queries as turnout
from crm.turnout import routes as turnout_routes
from crm.turnout import rules as turnout_rules
from crm.turnout.actions import erasing as turnout_erasing
from crm.turnout.actions import keeping as turnout_keeping
from crm.turnout.queries import room as turnout_room
from crm.turnout.routes.board import panel as turnout_panel
from crm.turnout.rules import held as turnout_held

ROOT = Path(__file__).parent.parent
JOBS = (people_jobs, people_duplicates, outreach_jobs, assemblies_jobs, turnout_jobs, ratification_jobs,
        accountability_jobs)  # imported so that their steps are registered
BLUEPRINTS = (
    infra_routes.blueprint, accounts_routes.blueprint, people_routes.blueprint, privacy.mine, *outreach_routes.blueprints, leadership_routes.blueprint,
    assemblies_routes.blueprint, *turnout_routes.blueprints, tables_routes.blueprint, platforms_routes.blueprint, *ratification_routes.blueprints,
    accountability_routes.blueprint, evaluation_routes.blueprint, home_routes.blueprint,
)
RULES = (
    organizations_rules, accounts_rules, people_rules, outreach_rules, leadership_rules, assemblies_rules, turnout_rules, tables_rules, platforms_rules,
    ratification_rules, sealed_rules, accountability_rules, evaluation_rules,
)
HELD = (held, people_held, outreach_held, leadership_rules, assemblies_held, turnout_held, tables_held, platforms_held, ratification_held, evaluation_held)
PATHS = {"invitation": "/invitation/", "door": "/door/", "pass": "/me/", "ballot": "/v/", "mine": "/mine/", "texting": "/t/", "table": "/table/",
         "nomination": "/n/", "booth": "/v/", "kiosk": "/kiosk/", "hall": "/hall/", "proposal": "/proposal/", "endorsement": "/endorsement/",
         "lottery": "/lottery/", "larger": "/larger/", "sealed": "/sealed/pass/", "residence": "/residence/"}
NEED_NO_FORM_TOKEN = (*outreach_routes.LINK_VIEWS, *ratification_routes.LINK_VIEWS, *ratification_sealed.LINK_VIEWS, "turnout_door.sync_post")
"""Views whose proof lies in the request itself: the provider's signature, a ballot link, a door link."""


def create_app(settings: Settings | None = None) -> Flask:
    """The application: settings, database, rooms and their registries, guards, error pages."""
    settings = settings or read_settings()
    app = Flask("crm", root_path=str(ROOT / "crm"), template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "crm/static"))
    runtime.start(settings)
    db.connect(settings.database_url)
    if not settings.is_testing:
        refuse_powerful_role()
    clock.start_demo(settings.is_demo)
    app.config.update(
        SETTINGS=settings, SECRET_KEY=runtime.key("cookies"), TESTING=settings.is_testing, MAX_CONTENT_LENGTH=61 * 2**20,
        MAX_FORM_MEMORY_SIZE=4 * 2**20, SESSION_COOKIE_NAME="__Host-plenary" if settings.is_https else "plenary",
        SESSION_COOKIE_SECURE=settings.is_https, SESSION_COOKIE_HTTPONLY=True, SESSION_COOKIE_SAMESITE="Lax",
        BOOTSTRAP_SERVE_LOCAL=True, WTF_CSRF_TIME_LIMIT=None, BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "crm/translations"),
    )
    if hops := settings.proxy_hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    _extend(app)
    _open_rooms(app)
    _connect_rooms()
    _guard(app)
    return app


def _extend(app: Flask) -> None:
    Babel(app, locale_selector=_locale, timezone_selector=lambda: getattr(g, "time_zone", "UTC"))
    Bootstrap5(app)
    app.extensions["csrf_protect"] = CSRFProtect(app)
    manager = LoginManager(app)
    manager.session_protection = None  # a sign-in is a row of ours; a changed address must not end it
    manager.user_loader(lambda token: accounts.signed_in(token, clock.now()))
    look.register(app)
    words.register(app)
    app.jinja_env.filters["role_name"] = lambda role: _(ROLE_NAMES[Role(role)])


def _open_rooms(app: Flask) -> None:
    app.url_map.converters["int"] = web.IdConverter
    app.add_url_rule("/static/htmx.js", "htmx_js", infra_routes.htmx_js)
    for blueprint in (*BLUEPRINTS, *(ratification_sealed.blueprints if app.config["SETTINGS"].sealed_ballots else ())):
        app.register_blueprint(blueprint)
    for endpoint in app.view_functions.keys() & set(NEED_NO_FORM_TOKEN):  # sealed ballots may be off
        app.extensions["csrf_protect"].exempt(app.view_functions[endpoint])


def _connect_rooms() -> None:
    """What travels upward: one line per subscriber."""
    db.near_of = organizations.near
    for room in RULES:
        audit.SENTENCES.update(room.SENTENCES)
    links.PATHS.update(PATHS)
    people.FACTS[:] = [*people.PERSON_FACTS, *leadership.FACTS, *outreach.FACTS, *turnout.FACTS, *ratification.FACTS]
    people.COLUMNS.update({column.name: column for column in (*people.PERSON_COLUMNS, *leadership.COLUMNS, *outreach.COLUMNS, *turnout.COLUMNS)})
    sight.sight_of = people.sight_of
    auth.ask_again = accounts_routes.ask_again
    accounts.SAVED_LISTS[:] = [lambda actor: {each.id: each.name for each in people.segments(actor)}]
    people.SEGMENT_USES[:] = [accounts.list_uses, outreach.list_uses]
    people.PERSON_LINKS[:] = [*leadership.PERSON_LINKS, people.PageLink(N_("Consent"), "lock", Action.EDIT_PEOPLE, "consent.consent_get"),
                              people.PageLink(N_("Privacy"), "lock", Action.ADMINISTER, "people.everything_get")]
    people.SEGMENT_LINKS[:] = [people.PageLink(N_("Text this list"), "send", Action.SEND_TEXTS, "broadcasts.broadcast_new_get", "segment"),
                               people.PageLink(N_("Text them one by one"), "phone", Action.SEND_TEXTS, "drives.drive_new_get", "segment")]
    people.PERSON_PANELS[:] = [*leadership.PERSON_PANELS, people.Panel("turnout/_person.html", turnout.person_panel)]
    people_actions.ASSESS[:] = [leadership_actions.assess]
    people_actions.CONSENT_HOOKS[:] = [outreach_actions.take_import]
    people_actions.UNDO_HOOKS[:] = [outreach_actions.take_import_back]
    for room in (leadership_actions, outreach_actions, assemblies_actions, turnout_actions, ratification, evaluation_actions):
        people_actions.MERGE_RULES.update(room.MERGE_RULES)
    people_actions.MERGE_GUARDS[:] = [ratification.seats_in_the_way]
    people_actions.MERGE_HOOKS[:] = [leadership_actions.assess_anew, turnout_actions.rename_at_the_door, turnout_actions.come_once]
    _connect_privacy()
    outreach.SUBJECTS.update(assembly=turnout_actions.SUBJECT, survey=evaluation_actions.SUBJECT, residence=ratification_residents_asked.SUBJECT)
    HANDLERS.update(assembly=turnout_actions.handle_reply, confirm=turnout_actions.handle_confirmation)
    outreach_outcomes.TAKE_BACK.update(assembly=turnout_actions.take_back_reply, confirm=turnout_actions.take_back_reply)
    outreach_outcomes.NEXT_STEPS[:] = [(leadership_actions.plan_step, leadership_actions.drop_step)]
    ANSWERERS.update(support=turnout_actions.answer_support, survey=evaluation_actions.answer_survey,
                     ballot=ratification_actions.answer_ballot, review=ratification_actions.answer_ballot)
    BY_NUMBER.update(dict.fromkeys(("ballot", "review"), ratification_actions.answer_by_number))
    OPENERS.update(ratification="ballot")
    ARRIVALS[:] = [turnout_actions.arrive]
    _connect_assemblies()
    web.NAV_COUNTS["inbox"] = lambda actor: outreach.count_needing_answer(actor, clock.now())
    web.NAV_COUNTS["responses"] = lambda actor: accountability.count_overdue(actor, clock.now())
    web.NAV_COUNTS["platforms"] = platforms.amendments_to_decide


def _connect_assemblies() -> None:
    """What later rooms show on an assembly's pages, and what they do when one is set up or a vote is over."""
    turnout.VOTES_ON_THE_WALL[:], turnout.SPEAKERS_ON_THE_WALL[:] = [ratification.votes_on_the_wall], [tables.speakers_on_the_wall]
    turnout.TABLE_OF[:], assemblies.PLEDGES[:] = [tables.table_of], [turnout.partner_facts]
    assemblies.PANELS[:] = [turnout_panel, platforms_routes.panel, ratification_routes.panel, accountability_routes.panel]
    assemblies_floor.PRESENT[:] = [turnout_room.let_in]
    assemblies.PUBLIC_PANELS[:] = [accountability_routes.public_panel]
    assemblies.TABS[:] = [("turnout.turnout_get", N_("Turnout")), ("reminders.reminders_get", N_("Reminders")), ("home.minutes_get", N_("The minutes")),
                          ("accountability.assembly_answers_get", N_("Responses"))]
    ratification_closing.CLOSED[:], assemblies_floor_actions.SETTLED[:] = [accountability_actions.judge_vote], [accountability_actions.judge_room]
    assemblies_planning.CREATED[:] = [accountability_actions.report_on_copy]
    assemblies.OWN_TABS[:] = [("tables.tables_get", N_("Tables"))]


def _connect_privacy() -> None:
    """What every room holds, what it takes out when a person is erased or a time is over, and why it may not just now."""
    holdings.HELD[:] = [one for room in HELD for one in room.HELD]
    for room in HELD:
        holdings.TABLES.update(room.TABLES)
    erasing.ISSUES[:] = [outreach_erasing.issues_before_erasing, ratification_erasing.issues_before_erasing, ratification_elections.issues_before_erasing]
    erasing.ERASERS[:] = [turnout_erasing.erase_turnout, outreach_erasing.erase_texts, platforms_endorsements.erase_endorsements,
                           assemblies_recruitment.forget_numbers]
    keeping.TIDIERS[:] = [accounts_actions.end_sign_ins, links.end_links, web.end_submissions]
    keeping.KEEPERS.update(
        invitations=[accounts_actions.end_invitations],
        texts=[outreach_keeping.empty_texts], replies=[outreach_keeping.empty_replies], walk_ins=[turnout_keeping.empty_walk_ins],
        attendance=[turnout_keeping.empty_door_lists, tables_keeping.empty_speakers], elections=[ratification_elections.empty_elections],
        residences=[ratification_residents.empty_residences],
        lots=[assemblies_lots.empty_pools, assemblies_recruitment.empty_recruitments],
    )


def _guard(app: Flask) -> None:
    app.before_request(web.refuse_nonsense)
    app.before_request(auth.guard)
    app.before_request(_set_zone)
    app.after_request(web.add_headers)
    app.after_request(_touch_sign_in)
    app.teardown_appcontext(lambda _error: db.close_session())
    app.context_processor(web.layout_context)
    web.register_errors(app)
    auth.refuse_undeclared(app)


def _locale() -> str:
    asked = request.args.get("lang") or getattr(g, "language", None) or cookie.get("language")
    if asked in PAGE_LANGUAGES:
        return asked
    known = getattr(getattr(g, "_login_user", None), "language", None)
    return known if known in PAGE_LANGUAGES else request.accept_languages.best_match(PAGE_LANGUAGES) or "en"


def _set_zone() -> None:
    g.time_zone = g.actor.time_zone if g.get("actor") else getattr(g, "time_zone", "UTC")


def _touch_sign_in(response: Response) -> Response:
    """Once a minute a sign-in in use is noted, in a write of its own; never on pages opened by a link (a secret ballot is one)."""
    linked = request.blueprint == "sealed_booth" or request.view_args and "token" in request.view_args
    if not linked and current_user.is_authenticated and (clock.now() - current_user.seen_at).total_seconds() > 60:
        with db.transaction():
            accounts_actions.touch(current_user.get_id(), now=clock.now())
    return response
