"""The command `plenary`: run an instance, look after its database, import people, verify a vote, measure."""

import argparse
import getpass
import json
import sys
from collections.abc import Callable
from pathlib import Path

from waitress import serve

from crm import create_app
from crm.accounts.actions import add_account, give_grant
from crm.accounts.queries import account_by_email
from crm.bench.run import measure
from crm.demonstration import DEMO_EMAIL, DEMO_PASSWORD
from crm.demonstration.build import build_demonstration, is_built
from crm.infra.clock import now
from crm.infra.db import reading, transaction
from crm.infra.queue import make_queue, run_consumer, start_embedded
from crm.infra.schema import refresh_statistics, upgrade_database
from crm.kernel.refusal import Missing, Refused
from crm.organizations.actions import add_organization, join_coalition
from crm.organizations.queries import organization_by_slug
from crm.people.jobs import import_from_command
from crm.ratification.verify import verify_board as verify_file
from crm.settings import BadSettings, read_settings

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
"""


def main(arguments: list[str] | None = None) -> int:
    """Runs one sub-command and returns its exit status: 0 good, 1 no, 2 what was asked makes no sense."""
    said = _parser().parse_args(arguments)
    try:
        return said.run(said) or 0
    except BadSettings as wrong:
        print(f"These settings do not make sense:\n{wrong}", file=sys.stderr)
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
    worker.add_argument("--threads", type=int, default=4)
    db = parser_of(commands, "db", "Look after the database.")
    command("upgrade", upgrade, "Bring the tables to this version (as the owner), and the serving role's grants.", db)
    _people_commands(parser_of(commands, "people", "People on the command line."), command)
    _account_commands(commands, command)
    verify = command("verify", verify_board, "Recount a published vote independently: prints yes or no, exits 0 or 1.")
    verify.add_argument("board", metavar="BOARD.json", type=Path)
    verify.add_argument("--json", action="store_true")
    bench = command("bench", run_bench, "Measure against the raw limit of the same run, on this database.")
    bench.add_argument("name", nargs="?")
    bench.add_argument("--json", action="store_true")
    return parser


def parser_of(commands, name: str, help: str):
    """A group of sub-commands."""
    return commands.add_parser(name, help=help, description=help).add_subparsers(required=True, metavar="COMMAND")


def _people_commands(people, command) -> None:
    made = command("import", import_people, "Import a spreadsheet (CSV or XLSX), guessing its columns.", people)
    made.add_argument("file", type=Path)
    made.add_argument("--org", required=True, metavar="SLUG")
    made.add_argument("--dry-run", action="store_true", help="say what would happen, change nothing")
    made.add_argument("--json", action="store_true")


def _account_commands(commands, command) -> None:
    made = command("create", create_org, "Add an organization.", parser_of(commands, "org", "Organizations."))
    made.add_argument("name")
    made.add_argument("--slug")
    made.add_argument("--kind", default="base_building")
    made.add_argument("--time-zone", default="America/Los_Angeles")
    made.add_argument("--coalition", metavar="SLUG", help="make it a member of this coalition")
    made = command("create", create_user, "Add someone who signs in, or give them a role in one more organization.",
                   parser_of(commands, "user", "People who sign in."))
    made.add_argument("email")
    made.add_argument("--name", default="")
    made.add_argument("--org", required=True, metavar="SLUG")
    made.add_argument("--role", default="administrator")
    made.add_argument("--password-stdin", action="store_true", help="read the password from standard input")


def run_all(said: argparse.Namespace) -> int:
    """Web and jobs in one process; builds what is missing first."""
    settings = read_settings()
    if said.demo:
        settings = settings.but(is_demo=True)
    upgrade_database(settings)
    app = create_app(settings)
    if said.demo and not is_built():
        print("Building the demonstration: seven organizations, three thousand people. This takes about half a minute.", flush=True)
        build_demonstration()
        refresh_statistics(settings)
    start_embedded(make_queue(settings.queue_url))
    print(f"Plenary is open at {settings.public_url}", flush=True)
    if said.demo:
        print(f"Sign in as {DEMO_EMAIL} with the password: {DEMO_PASSWORD}", flush=True)
    serve(app, host="127.0.0.1" if said.demo else "0.0.0.0", port=settings.port, threads=8, ident="plenary")  # noqa: S104
    return 0


def run_web(_said: argparse.Namespace) -> int:
    """Web pages; pokes go to the queue that workers read."""
    settings = read_settings()
    app = create_app(settings)
    make_queue(settings.queue_url)
    serve(app, host="0.0.0.0", port=settings.port, threads=8, ident="plenary")  # noqa: S104
    return 0


def run_worker(said: argparse.Namespace) -> int:
    """Jobs, until stopped."""
    settings = read_settings()
    create_app(settings)
    run_consumer(make_queue(settings.queue_url), said.threads)
    return 0


def upgrade(_said: argparse.Namespace) -> int:
    """Brings the database to this version."""
    upgrade_database(read_settings())
    print("The database is up to date.")
    return 0


def import_people(said: argparse.Namespace) -> int:
    """Imports a spreadsheet; prints every problem by row."""
    create_app(read_settings())
    return import_from_command(said.file, said.org, said.dry_run, said.json)


def create_org(said: argparse.Namespace) -> int:
    """Adds an organization."""
    create_app(read_settings())

    def add() -> str:
        org_id = add_organization(said.name, slug=said.slug, kind=said.kind, time_zone=said.time_zone, now=now())
        if said.coalition:
            join_coalition(organization_by_slug(said.coalition).id, org_id, now=now())
        return f"Added {said.name}."

    return _told(add)


def create_user(said: argparse.Namespace) -> int:
    """Adds an account with its first grant, or one more grant to an account that is there."""
    create_app(read_settings())
    with reading():
        is_known = account_by_email(said.email) is not None
    password = ""
    if not is_known:
        password = sys.stdin.readline().rstrip("\n") if said.password_stdin else getpass.getpass("Password: ")

    def add() -> str:
        account = account_by_email(said.email)
        account_id = account.id if account else add_account(said.email, said.name or said.email, password, now=now())
        give_grant(account_id, organization_by_slug(said.org).id, said.role, now=now())
        return f"{said.email} may sign in as {said.role} of {said.org}."

    return _told(add)


def _told(act: Callable[[], str]) -> int:
    try:
        with transaction():
            words = act()
    except Refused as refused:
        print("\n".join(map(str, refused.reasons)), file=sys.stderr)
        return 1
    except (Missing, ValueError):
        print("There is no such organization or role.", file=sys.stderr)
        return 1
    print(words)
    return 0


def verify_board(said: argparse.Namespace) -> int:
    """Recounts a published board without the application's own counting."""
    verdict = verify_file(said.board)
    print(json.dumps(verdict.as_dict(), ensure_ascii=False, indent=2) if said.json else verdict.words)
    return 0 if verdict.is_right else 1


def run_bench(said: argparse.Namespace) -> int:
    """Measures in a folder of its own; prints ratios to the raw limit of the same run."""
    figures = measure(said.name)
    if said.json:
        print(json.dumps(figures, indent=2))
    else:
        for f in figures:
            print(f"{f['name']:28} {f['value']:>12,.1f} {f['unit']:<10} raw {f['raw']:>12,.1f}  ratio {f['ratio']:.3f}  {f['database']}, n={f['n']:,}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
