"""kill -9 of the web process while volunteers press "send" in a texting drive: each press that was answered is one text."""

import http.client
import random
import re
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

import pytest
from sqlalchemy import delete, insert, select

from crm.infra import clock, db, jobs
from crm.outreach.models import DriveContact, SimulatedText, Text
from tests.factories import make_person
from tests.faults.conftest import report, victim
from tests.outreach.drives import Stage


@dataclass
class Crowd:
    """Volunteers at their phones, each link open in two tabs, who press until nobody is left to text; half of them press twice."""

    port: int
    answered: list[int] = field(default_factory=list)  # contacts whose press was answered, as often as it was
    broken: int = 0  # requests that died with the process, made again
    strange: list[str] = field(default_factory=list)

    def run(self, token: str, seed: int) -> None:
        dice = random.Random(seed)
        while True:
            self.until_answered(token, "POST", "/batches")
            found = re.search(r'action="/t/[^"]+/people/(\d+)/text"', self.until_answered(token, "GET", ""))
            if found is None:
                return
            for _ in range(dice.choice((1, 2))):
                self.until_answered(token, "POST", f"/people/{found[1]}/text", int(found[1]))

    def until_answered(self, token: str, method: str, rest: str, contact: int = 0) -> str:
        while True:
            status, page = self.once(method, f"/t/{token}{rest}")
            if status in (200, 303):
                if contact:
                    self.answered.append(contact)
                return page
            if status == 422 and not contact:  # nothing to take
                return page
            self.broken += status == 0
            if status not in (0, 422, 503):  # 422: sixty within a minute
                self.strange.append(f"{status} {rest} {page[-300:]}")
            time.sleep(0.05)

    def once(self, method: str, path: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.connect()
        except OSError:
            return 503, ""  # not up yet
        try:
            connection.request(method, path, "" if method == "POST" else None, {"Content-Type": "application/x-www-form-urlencoded"})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException):
            return 0, ""


def accounted(answered: list[int], org: int, drive: int) -> dict[str, int]:
    """What the tables say of the presses: answered ones without a text, phones with two, texts of nobody who was pressed, sent twice."""
    with db.reading(org) as s:
        phones = dict(s.execute(select(DriveContact.id, DriveContact.phone).where(DriveContact.drive_id == drive)).all())
        marked = set(s.scalars(select(DriveContact.id).where(DriveContact.drive_id == drive, DriveContact.state == "texted")))
        texts = Counter(s.scalars(select(Text.phone).where(Text.direction == "out")))
        left = Counter(s.scalars(select(SimulatedText.phone).where(SimulatedText.direction == "to_phone")))
    return {
        "lost": len({id for id in answered if not texts[phones[id]]} | {id for id in marked if not texts[phones[id]]}),
        "twice": sum(n > 1 for n in texts.values()),
        "of nobody": len(set(texts) - {phones[id] for id in marked}),
        "sent twice": sum(n > 1 for n in left.values()),
        "not sent": len(set(texts) - set(left)),
    }


NOTHING = {"lost": 0, "twice": 0, "of nobody": 0, "sent twice": 0, "not sent": 0}


def text_while_killing(app, world, signed_in, instance, people: int, volunteers: int, kills: int) -> tuple[Crowd, Stage, int]:
    """A drive for so many people while the web process is killed."""
    org, now = world.orgs["southbank"], clock.now()
    with db.transaction(org):
        made = [make_person(org, f"Ana {n}", "Reyes", phone=f"+1415555{n:04d}", now=now) for n in range(1000, 1000 + people - 12)]
    stage = Stage(app, org, signed_in("omar"), world.people["southbank"])
    stage.agree([*stage.everyone, *made])
    names = [f"Volunteer {n}" for n in range(volunteers)]
    stage.set_up("\n".join(names), batch_new="10")
    jobs.run_due()
    crowd = Crowd(int(instance["PORT"]))
    threads = [threading.Thread(target=crowd.run, args=(stage.tokens[name], n), daemon=True) for n, name in enumerate([*names, *names])]
    with victim("web", instance) as web:
        for thread in threads:
            thread.start()
        web.kill_until(lambda: not any(t.is_alive() for t in threads), kills, (0.0, 0.4), done=lambda: len(crowd.answered), patience=240)
        killed = web.kills
    jobs.run_due()
    return crowd, stage, killed


def look_over(crowd, stage, killed, people, capsys) -> None:
    found = accounted(crowd.answered, stage.org_id, stage.drive_id)
    words = f"{people} people, {len(crowd.answered)} presses answered, {crowd.broken} requests died and were made again"
    report(capsys, f"{killed} kills in a texting drive: {words}: {found}")
    assert crowd.strange == []
    assert found == NOTHING
    assert set(crowd.answered) == {one.id for one in stage.contacts()} and len(stage.texts()) == people


@pytest.mark.long
@pytest.mark.timeout(1500)
def test_presses_survive_a_web_process_that_is_killed(app, world, signed_in, instance, capsys):
    """A1, A4: and the probes see what they look for: a text taken away, one too many, one sent twice."""
    crowd, stage, killed = text_while_killing(app, world, signed_in, instance, people=36, volunteers=4, kills=4)
    look_over(crowd, stage, killed, 36, capsys)
    one, two, three = stage.texts()[:3]
    with db.transaction(stage.org_id) as s:
        again = {name: getattr(one, name) for name in ("org_id", "direction", "phone", "body", "purpose", "state", "queued_at", "not_before_at", "parts")}
        s.execute(insert(Text).values(**again, id=1, key="again", created_at=one.queued_at, language="en"))
        s.execute(delete(Text).where(Text.id == two.id))
        sent = s.scalars(select(SimulatedText).where(SimulatedText.phone == three.phone)).first()
        s.add(SimulatedText(sid="again", direction="to_phone", number=sent.number, phone=sent.phone, body=sent.body, status="delivered", at=sent.at))
    assert accounted(crowd.answered, stage.org_id, stage.drive_id) == NOTHING | {"lost": 1, "twice": 1, "sent twice": 1}
