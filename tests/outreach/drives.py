"""A texting drive as its organizer sets it up and its volunteers hold it, all through the pages."""

import re
from dataclasses import dataclass, field
from html import unescape

from sqlalchemy import select

from crm.infra.db import reading, transaction
from crm.infra.links import token_of
from crm.outreach.actions import import_consents
from crm.outreach.models import Drive, DriveContact, Text, Texter
from crm.people.models import Phone, Segment
from tests.clients import CheckedClient, form_of
from tests.factories import MONDAY

WORDS = {
    "body_en": "Hi {first_name}, it's {organizer} from {organization}. Can we count on you Saturday? Reply STOP to opt out.",
    "body_es": "Hola {first_name}, le escribe {organizer} de {organization}. ¿Contamos con usted el sábado? Responda STOP para salir.",
}
SETTING = {"name": "Saturday", "opens_hour": "9", "closes_hour": "20", "batch_new": "3", "batch_vetted": "50", "most_a_day": "200"}


@dataclass
class Stage:
    """One organization with people who agreed to texts, and a desk."""

    app: object
    org_id: int
    desk: CheckedClient
    everyone: list[int]
    tokens: dict[str, str] = field(default_factory=dict)
    drive_id: int = 0

    def agree(self, people: list[int]) -> None:
        with self.app.test_request_context(), transaction(self.org_id) as s:
            from crm.infra.auth import Actor  # noqa: PLC0415

            rows = s.execute(select(Phone.person_id, Phone.e164).where(Phone.person_id.in_(people))).all()
            import_consents(Actor.system(self.org_id), [tuple(row) for row in rows], wording="I agree", evidence="sheet", now=MONDAY)

    def list_of_all(self) -> int:
        return self.list_of("Everyone", {"all": []})

    def list_of(self, name: str, definition: dict) -> int:
        with transaction(self.org_id) as s:
            if there := s.scalar(select(Segment.id).where(Segment.name == name)):
                return there
            listed = Segment(org_id=self.org_id, name=name, definition=definition, updated_at=MONDAY)
            s.add(listed)
            s.flush()
            return listed.id

    def set_up(self, names: str = "Sofía\nMarcus", **setting: str) -> int:
        """A drive for everyone with a link for each of these volunteers, open."""
        audience = f"segment:{self.list_of_all()}"
        made = self.desk.post("/drives", data={**SETTING, **WORDS, "audience": audience, **setting})
        assert made.status_code == 303, re.findall(r"problems.*?</ul>", made.text, re.S)
        self.drive_id = int(made.location.rsplit("/", 1)[1])
        assert self.desk.post(f"/drives/{self.drive_id}/texters", data={"names": names, "once": "names"}).status_code == 303
        opened = self.desk.post(f"/drives/{self.drive_id}/opening", data={"once": "open"})
        assert opened.status_code == 303, opened.text
        with reading(self.org_id) as s:
            self.tokens = {one.name: token_of(one.link_id) for one in s.scalars(select(Texter).where(Texter.drive_id == self.drive_id))}
        return self.drive_id

    def phone(self, name: str) -> "Phone_":
        return Phone_(self, self.app.test_client(), self.tokens[name])

    def contacts(self, *where: object) -> list[DriveContact]:
        with reading(self.org_id) as s:
            found = list(s.scalars(select(DriveContact).where(DriveContact.drive_id == self.drive_id, *where).order_by(DriveContact.id)))
            s.expunge_all()
            return found

    def texts(self) -> list[Text]:
        with reading(self.org_id) as s:
            found = list(s.scalars(select(Text).where(Text.key.like(f"drive:{self.drive_id}:%")).order_by(Text.id)))
            s.expunge_all()
            return found

    def drive(self) -> Drive:
        with reading(self.org_id) as s:
            found = s.scalar(select(Drive).where(Drive.id == self.drive_id))
            s.expunge_all()
            return found


@dataclass
class Phone_:
    """A volunteer's own phone: a browser that knows one link."""

    stage: Stage
    browser: CheckedClient
    token: str

    def look(self, rest: str = "", status: int = 200) -> str:
        page = self.browser.get(f"/t/{self.token}{rest}")
        assert page.status_code == status, page.text
        return unescape(page.text)

    def press(self, path: str, status: int = 303, **fields: str) -> str:
        answer = self.browser.post(f"/t/{self.token}{path}", data=fields, csrf=False)
        assert answer.status_code == status, answer.text
        return unescape(answer.text)

    def take(self) -> list[int]:
        self.press("/batches")
        return self.held()

    def held(self) -> list[int]:
        with reading(self.stage.org_id) as s:
            mine = s.scalar(select(Texter.id).where(Texter.link_id.is_not(None), Texter.name == self.name))
        return [one.id for one in self.stage.contacts(DriveContact.state == "waiting", DriveContact.texter_id == mine)]

    @property
    def name(self) -> str:
        return next(name for name, token in self.stage.tokens.items() if token == self.token)

    def send_next(self, **status: int) -> str | None:
        """Presses send as the page offers it; None when it offers none."""
        found = re.search(r'action="(/t/[^"]+/text)"', self.look())
        if found is None:
            return None
        return self.press(found[1].removeprefix(f"/t/{self.token}"), **status)

    def tap(self, contact_id: int, answer: str, **more: str) -> str:
        """One tap on an answer of the script, as the page of the conversation offers it."""
        form = form_of(self.look(f"/people/{contact_id}"), 'name="answer"')
        return self.press(f"/people/{contact_id}/answers", **{**form, "answer": answer, **more})
