"""What the queue does for assemblies: results on their way down, and draws by lot.

The solver is a process of its own, watched for its progress and for somebody who presses stop.
"""

import json
import subprocess
import threading
from datetime import datetime, timedelta
from typing import Any

from crm.assemblies.actions import federation, larger, lots, recruitment
from crm.infra.alone import alone
from crm.infra.db import reading, transaction
from crm.infra.jobs import job

SOLVER = alone("crm.assemblies.providers")
PATIENCE = 2.0  # seconds between two looks at the stop flag
LATER = timedelta(seconds=5)
_at_work = threading.Lock()
"""One draw at a time in each process that takes jobs: the other threads are for texts."""


@job(federation.RESULT_JOB)
def bring_result_down(run: Any, *, input_id: int) -> bool:
    """What was decided above reaches the assembly below, by the hand of the one between them."""
    with transaction(run.org_id):
        federation.carry_down(input_id, now=run.now())
    return True


@job(larger.ADMIT_JOB)
def admit_partner(run: Any, *, invitation_id: int) -> bool:
    """Whoever took up a link to a larger assembly takes part in it."""
    with transaction(run.org_id):
        larger.admit_partner(run.actor, invitation_id, now=run.now())
    return True


@job(recruitment.JOB)
def invite_households(run: Any, *, round_id: int) -> bool:
    """Invites the next households of a round, a few in each transaction, until they are all or somebody presses stop."""
    with reading(run.org_id):
        done, households = recruitment.coming(round_id)
        parts = recruitment.slices(households) or [[]]
    for part in parts:
        with transaction(run.org_id):
            done, is_over = recruitment.invite_some(run.actor, round_id, done, part, now=run.now())
        run.progress(done)
        if is_over or run.stopped:
            return is_over
    return False


@job(lots.JOB)
def work_on_lot(run: Any, *, lot_id: int) -> bool | datetime:
    """Tries whether the quotas can be met, or draws; False when somebody pressed stop, and later while another draw is at work."""
    if not _at_work.acquire(blocking=False):
        return run.now() + LATER
    try:
        return _work(run, lot_id)
    finally:
        _at_work.release()


def _work(run: Any, lot_id: int) -> bool:
    with reading(run.org_id):
        asked = lots.question_of(lot_id)
    if asked is None:
        return True
    answer = _answer_to(run, asked)
    if answer is None:
        return False
    with transaction(run.org_id):
        lots.keep_answer(run.actor, lot_id, answer, now=run.now())
    return True


def _answer_to(run: Any, asked: dict[str, Any]) -> dict[str, Any] | None:
    """What the solver says; None when somebody pressed stop."""
    said: list[str] = []
    with subprocess.Popen(SOLVER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8") as solver:
        try:
            listener = threading.Thread(target=_listen, args=(solver.stdout, said), daemon=True)
            listener.start()
            solver.stdin.write(json.dumps(asked))
            solver.stdin.close()
            while listener.is_alive():
                listener.join(PATIENCE)
                if run.stopped:
                    return None
                if listener.is_alive():
                    run.progress(*_progress(said))  # and the lease is renewed
        finally:
            solver.kill()  # nothing where it has ended
    if not said or not said[-1].startswith("{"):
        raise RuntimeError("the solver ended before it was done")
    return json.loads(said[-1])


def _listen(lines: Any, said: list[str]) -> None:
    for line in lines:
        said.append(line)


def _progress(said: list[str]) -> tuple[int, int]:
    """How near the lowest chance is to what is proved to be the most, in hundredths; an exact draw tells nothing until its end."""
    pairs = [line for line in said[-2:] if line.startswith("[")]  # the very last may be the answer itself
    if not pairs:
        return 0, 0
    lowest, bound = json.loads(pairs[-1])
    return int(100 * lowest / bound) if bound else 0, 100
