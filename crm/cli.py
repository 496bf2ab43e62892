"""The command `plenary`: run an instance, look after its database, import people, count and verify a vote, draw a lottery, measure."""

import argparse
import getpass
import json
import os
import sys
from collections.abc import Callable

from flask import Flask
from sqlalchemy.exc import OperationalError

from crm import create_app
from crm.accounts.actions import add_account, give_grant, renew_password
from crm.accounts.queries import account_by_email
from crm.assemblies.lottery.command import add_lottery
from crm.bench.run import measure
from crm.demonstration import DEMO_EMAIL, DEMO_PASSWORD
from crm.demonstration.build import build_demonstration, is_built
from crm.infra.clock import now
from crm.infra.db import reading, transaction
from crm.infra.queue import make_queue, run_consumer, start_embedded
from crm.infra.schema import refresh_statistics, refuse_other_version, upgrade_database
from crm.infra.serving import open_port, serve
from crm.kernel.permissions import Role
from crm.kernel.refusal import Missing, Refused
from crm.organizations.actions import add_organization, join_coalition
from crm.organizations.queries import organization_by_slug
from crm.organizations.rules import KINDS, slug_of
from crm.people.jobs import duplicates_from_command, import_from_command
from crm.ratification.count import add_voting
from crm.safekeeping import add_safekeeping
from crm.settings import BadSettings, Settings, read_settings
from crm.twilio_check import add_twilio

EPILOG = """
environment:
  PLENARY_DATA       folder of database, files and keys (instance); nothing is written outside it
  PORT               where the pages are served (8000)
  PUBLIC_URL         the address that members see, https:// in earnest
  DATABASE_URL       sqlite:///file (the default, inside PLENARY_DATA) or postgresql://, the serving role
  DATABASE_OWNER_URL postgresql:// of the role that owns the tables; used by `plenary db upgrade` only
  QUEUE_URL          sqlite:///file (the default), postgresql:// or redis://
  PROXY_HOPS         how many reverse proxies stand before it (0)
  LEASE_SECONDS      after how long the work of a dead process is taken up again (60)
  TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_MESSAGING_SERVICE_SID (or TWILIO_FROM)
  TWILIO_SIGNATURE, TWILIO_SIGNING_SECRET   HMAC-SHA256 and its shared key, where Twilio signs by that (HMAC-SHA1)
"""


def main(arguments: list[str] | None = None) -> int:
    """Runs one sub-command and returns its exit status: 0 good, 1 no, 2 what was asked makes no sense."""
    said = _parser().parse_args(arguments)
    try:
        return said.run(said) or 0
    except BadSettings as wrong:
        print(f"These settings do not make sense:\n{wrong}", file=sys.stderr)
        return 2
    except OperationalError as wrong:  # the driver's first line alone: it names the server, never the password
        print(f"The database does not answer: {str(wrong.orig).splitlines()[0]}\nLook at DATABASE_URL and DATABASE_OWNER_URL.", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("plenary", description=__doc__, epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Callable[..., int | None], help: str, under=commands) -> argparse.ArgumentParser:
        made = under.add_parser(name, help=help, description=help)
        made.set_defaults(run=run)
        return made

    run = command("run", run_all, "Web pages and jobs in one process; makes the database if there is none.")
    run.add_argument("--demo", action="store_true", help="build the demonstration if it is missing, and run it")
    command("web", run_web, "Web pages only; run `plenary worker` beside it.")
    worker = command("worker", run_worker, "Jobs only, in as many processes and on as many machines as you like.")
    worker.add_argument("--threads", type=int, default=4, help="how many jobs at once (4)")
    db = parser_of(commands, "db", "Look after the database.")
    command("upgrade", upgrade, "Bring the tables to this version (as the owner), and the serving role's grants.", db)
    _people_commands(parser_of(commands, "people", "People on the command line."), command)
    _account_commands(commands, command)
    for add in (add_safekeeping, add_twilio):
        add(commands, command, parser_of, lambda: opened(ready()))
    add_voting(commands, command, parser_of)
    add_lottery(commands, command, parser_of)
    bench = command("bench", run_bench, "Measure against the raw limit of the same run, on this database.")
    bench.add_argument("names", nargs="*", help="measures (people.search), or a room's (people); without any, all")
    bench.add_argument("--size", type=int, help="how many people, texts or ballots, instead of each measure's own number")
    bench.add_argument("--json", action="store_true", help="for another program")
    return parser


def parser_of(commands, name: str, help: str):
    """A group of sub-commands."""
    return commands.add_parser(name, help=help, description=help).add_subparsers(required=True, metavar="COMMAND")


def _people_commands(people, command) -> None:
    made = command("import", import_people, "Import a spreadsheet (CSV or XLSX), guessing its columns.", people)
    made.add_argument("file", help="CSV or XLSX, its first row the names of the columns")
    made.add_argument("--org", required=True, metavar="SLUG", help="short name of the organization")
    made.add_argument("--dry-run", action="store_true", help="say what would happen, change nothing")
    made.add_argument("--json", action="store_true", help="for another program")
    found = command("duplicates", find_duplicates, "Find the rows of a spreadsheet that are one person; its first column is the id.", people)
    found.add_argument("file", help="CSV or XLSX, the ids in its first column")
    found.add_argument("--json", action="store_true", help="for another program")


def _account_commands(commands, command) -> None:
    made = command("create", create_org, "Add an organization.", parser_of(commands, "org", "Organizations."))
    made.add_argument("name")
    made.add_argument("--slug", help="short name for addresses and commands, like mill-district; made of the name without it")
    made.add_argument("--kind", default="base_building", choices=KINDS, metavar="KIND", help=f"one of: {', '.join(KINDS)} (base_building)")
    made.add_argument("--time-zone", default="America/Los_Angeles", help="like America/Chicago (America/Los_Angeles)")
    made.add_argument("--coalition", metavar="SLUG", help="make it a member of this coalition, itself an organization of that kind")
    users, roles = parser_of(commands, "user", "People who sign in."), [role.value for role in Role]
    made = command("create", create_user, "Add someone who signs in, or give them a role in one more organization.", users)
    made.add_argument("email")
    made.add_argument("--name", default="", help="as colleagues read it")
    made.add_argument("--org", required=True, metavar="SLUG", help="short name of the organization")
    made.add_argument("--role", default="administrator", choices=roles, metavar="ROLE", help=f"one of: {', '.join(roles)} (administrator)")
    renewed = command("password", renew_user_password, "Give someone a new password, and end their sign-ins.", users)
    renewed.add_argument("email")
    for asks in (made, renewed):
        asks.add_argument("--password-stdin", action="store_true", help="read the password from standard input")


def ready(*, serves: bool = False) -> Settings:
    """The settings, once its folder can be written and, to serve pages, its port is free."""
    settings = read_settings()
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not os.access(settings.data_dir, os.W_OK | os.X_OK):
            raise PermissionError(None, "no permission to write")
    except OSError as wrong:
        raise BadSettings(f"PLENARY_DATA is {settings.data_dir}: this folder cannot be written ({wrong.strerror}).") from None
    if serves:
        open_port(settings.port).close()
    return settings


def opened(settings: Settings) -> Flask:
    """The application on a database of this version."""
    app = create_app(settings)
    refuse_other_version()
    return app


def run_all(said: argparse.Namespace) -> int:
    """Web and jobs in one process; builds what is missing first."""
    settings = ready(serves=True).but(is_demo=True) if said.demo else ready(serves=True)
    upgrade_database(settings)
    app = opened(settings)
    if said.demo and not is_built():
        print("Building the demonstration: seven organizations, three thousand people. This takes about half a minute.", flush=True)
        build_demonstration()
        refresh_statistics(settings)
    start_embedded(make_queue(settings.queue_url))
    print(f"Plenary is open at {settings.public_url}", flush=True)
    if said.demo:
        print(f"Sign in as {DEMO_EMAIL} with the password: {DEMO_PASSWORD}", flush=True)
    serve(app, host="127.0.0.1" if said.demo else "0.0.0.0", port=settings.port)  # noqa: S104
    return 0


def run_web(_said: argparse.Namespace) -> int:
    """Web pages; pokes go to the queue that workers read. Several on one machine share the port: one for each core."""
    settings = ready()
    port = open_port(settings.port, shared=True)
    app = opened(settings)
    make_queue(settings.queue_url)
    print(f"Plenary is open at {settings.public_url}", flush=True)
    serve(app, sockets=[port])
    return 0


def run_worker(said: argparse.Namespace) -> int:
    """Jobs, until stopped."""
    settings = ready()
    opened(settings)
    run_consumer(make_queue(settings.queue_url), said.threads)
    return 0


def upgrade(_said: argparse.Namespace) -> int:
    """Brings the database to this version."""
    upgrade_database(ready())
    print("The database is up to date.")
    return 0


def import_people(said: argparse.Namespace) -> int:
    """Imports a spreadsheet; prints every problem by row."""
    opened(ready())
    return import_from_command(said.file, said.org, said.dry_run, said.json)


def find_duplicates(said: argparse.Namespace) -> int:
    """Prints pairs of rows that are probably one person, why, and how probably; needs no database."""
    return duplicates_from_command(said.file, said.json)


def create_org(said: argparse.Namespace) -> int:
    """Adds an organization."""
    opened(ready())

    def add() -> str:
        coalition = organization_by_slug(said.coalition) if said.coalition else None
        if coalition and not coalition.is_coalition:
            raise Missing()
        org_id = add_organization(said.name, slug=said.slug, kind=said.kind, time_zone=said.time_zone, now=now())
        if coalition:
            join_coalition(coalition.id, org_id, now=now())
        return f"Added {said.name}; its short name is {said.slug or slug_of(said.name)}."

    return _told(add, f"There is no coalition with the short name {said.coalition}.")


def create_user(said: argparse.Namespace) -> int:
    """Adds an account with its first grant, or one more grant to an account that is there."""
    opened(ready())
    with reading():
        is_known = account_by_email(said.email) is not None
    password = "" if is_known else _asked_password(said)

    def add() -> str:
        organization = organization_by_slug(said.org)
        account = account_by_email(said.email)
        account_id = account.id if account else add_account(said.email, said.name or said.email, password, now=now())
        give_grant(account_id, organization.id, said.role, now=now())
        return f"{said.email} may sign in as {said.role} of {said.org}."

    return _told(add, f"There is no organization with the short name {said.org}.")


def renew_user_password(said: argparse.Namespace) -> int:
    """A new password for somebody who forgot theirs."""
    opened(ready())
    password = _asked_password(said)

    def renew() -> str:
        renew_password(said.email, password)
        return f"{said.email} has a new password."

    return _told(renew, f"Nobody signs in as {said.email}.")


def _asked_password(said: argparse.Namespace) -> str:
    """Typed twice without being shown, or one line of standard input."""
    if said.password_stdin:
        return sys.stdin.readline().rstrip("\n")
    if not sys.stdin.isatty():
        raise BadSettings("There is no terminal to ask for the password: give it on standard input with --password-stdin.")
    while (typed := getpass.getpass("Password (at least 12 letters): ")) != getpass.getpass("The same once more: "):
        print("They differ. Please type it again.", file=sys.stderr)
    return typed


def _told(act: Callable[[], str], missing: str) -> int:
    try:
        with transaction():
            words = act()
    except Refused as refused:
        print("\n".join(map(str, refused.reasons)), file=sys.stderr)
        return 1
    except Missing:
        print(missing, file=sys.stderr)
        return 1
    print(words)
    return 0


def run_bench(said: argparse.Namespace) -> int:
    """Measures in a folder of its own; prints ratios to the raw limit of the same run."""
    if said.json:
        print(json.dumps(measure(*said.names, size=said.size), indent=2))
    else:
        measure(*said.names, size=said.size, tell=lambda line: print(line, flush=True))
    return 0


if __name__ == "__main__":
    sys.exit(main())
