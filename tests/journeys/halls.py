"""What replays of assemblies share: invented bodies with their people, and desks that press what the pages hold."""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from html import unescape
from typing import Any

from flask import Flask

from crm.accounts.actions import give_grant
from crm.assemblies.playbooks.shape import Decision
from crm.infra.db import transaction
from crm.organizations.actions import add_organization, join_coalition
from tests.clients import CheckedClient, form_of
from tests.conftest import sign_in
from tests.factories import MONDAY, World, make_person
from tests.ratification.halls import ballot_fields

PLAN = {
    "title_es": "Asamblea", "question_es": "¿Qué hacemos?", "day": "2027-02-06", "starts": "09:30", "time_zone": "America/Los_Angeles",
    "place": "Old Customs House", "address": "1 Quay Street", "languages": ["en", "es"],
}


class Presser:
    """Somebody who presses buttons: how many so far, and where the last one led."""

    presses = 0
    here = ""

    def press(self, desk: CheckedClient, page: str, holds: str, without: Iterable[str] = (), **typed: object) -> str:
        """Opens a page, fills in the form that holds these words, presses, and returns the page that follows."""
        html = desk.get(page).text
        form = next(found for found in re.findall(r"<form\b.*?</form>", html, re.S) if holds in found)
        action = re.search(r'action="([^"]*)"', form.split(">", 1)[0])
        self.presses += 1
        fields = {name: value for name, value in (form_of(form) | typed).items() if name not in without} | {"once": f"press-{self.presses}"}
        answer = desk.post(unescape(action[1]) if action else page, data=fields)
        assert answer.status_code == 303, (page, answer.status_code, re.findall(r'<li><a href="#.*?</li>', answer.text))
        self.here = answer.location
        return desk.get(self.here).text


@dataclass
class Hall(Presser):
    """Bodies by name, and what is done at their desks; Imani keeps the papers of all of them."""

    app: Flask
    world: World
    clock: Any
    run_jobs: Callable[[], int]
    orgs: dict[str, int] = field(default_factory=dict)

    def body(self, slug: str, name: str, people: int = 0, *, kind: str = "government", of: Iterable[str] = ()) -> str:
        """An organization with so many members; a coalition of those it is made of."""
        with transaction():
            self.orgs[slug] = add_organization(name, slug=slug, kind=kind, now=MONDAY)
            for part in of:
                join_coalition(self.orgs[slug], self.orgs[part], now=MONDAY)
            give_grant(self.world.accounts["imani"], self.orgs[slug], "administrator", now=MONDAY)
        with transaction(self.orgs[slug]):
            for n in range(people):
                make_person(self.orgs[slug], name.split()[0], f"Seat {n + 1:03d}")
        return slug

    def desk(self, slug: str, name: str = "imani") -> CheckedClient:
        browser: CheckedClient = self.app.test_client()  # type: ignore[assignment]
        sign_in(browser, replace(self.world, orgs=self.world.orgs | self.orgs), name, slug)
        return browser

    def convened(
        self, desk: CheckedClient, known: dict[str, str], kind: str, title: str, question: str, goal: int, partners: Iterable[str] = (), **more: str,
    ) -> str:
        """From what a person knows to an announced assembly of the kind that the wizard proposes; its address."""
        page = desk.get("/assemblies/new", query_string=known).text
        assert re.findall(r'href="/assemblies/new/(A\d+)"', page.split('id="nearest"')[1].split("</section>")[0]) == [kind]
        plan = PLAN | {"title_en": title, "question_en": question, "goal": str(goal), "partners": [self.orgs[slug] for slug in partners]} | more
        assert "Nothing is made yet" in desk.post(f"/assemblies/new/{kind}/preview", data=plan).text
        made = desk.post(f"/assemblies/new/{kind}", data=plan | {"once": f"made-{title}"})
        assert made.status_code == 303, made.text
        assert "Announced" in self.press(desk, made.location, "/state/announced")
        return made.location

    def edition(self, desk: CheckedClient, title: str, planks: Iterable[str], heard: str = "") -> str:
        """A frozen text with these planks, after what was `heard` of the first list; the address of its platform."""
        self.press(desk, "/platforms/new", 'name="title_en"', title_en=title, languages=["en"], authentic_language="en")
        platform = self.here
        for plank in planks:
            self.press(desk, f"{platform}/planks/new", 'name="text_en"', title_en=plank, text_en=f"{plank}, from January on.")
        if heard:
            assert heard in self.press(desk, self.here, "/comments", words=heard)
        self.press(desk, f"{platform}/editions/new", "Freeze edition 1")
        return platform

    def promised(self, desk: CheckedClient, decision: Decision, target: str, duty: str, days: int, assembly: str = "") -> str:
        """What a decision-maker promises beforehand, by the playbook's own rule; its address."""
        basis = decision.threshold_of if decision.threshold_of in ("cast", "roll") else "yes_and_no"
        rule = {"threshold": "{}/{}".format(*decision.threshold), "strictness": decision.strictness, "basis": basis}
        words = {"target": target, "kind": "body", "words": f"Whatever reaches the share: {duty}.", "legal_form": "informal", "duty": duty, "owner": target}
        page = "/commitments/new" + (f"?assembly={assembly.rsplit('/', 1)[1]}" if assembly else "")
        assert "Its vote is not over." in self.press(desk, page, 'name="words"', **rule, **words, due_days=str(days))
        return self.here

    def tied(self, desk: CheckedClient, promise: str, vote: str) -> None:
        """The promise waits for that vote."""
        self.press(desk, promise, 'name="vote"', vote="v" + vote.rsplit("/", 1)[1])

    def answered(self, desk: CheckedClient, asked: str, verdict: str, by: str, reason: str = "") -> str:
        """What was answered, noted today; the page that follows."""
        return self.press(desk, asked, 'name="verdict"', verdict=verdict, reason=reason, answered_by=by)

    def opened(self, desk: CheckedClient, rule: dict[str, str], title: str, said: str = "") -> str:
        """A vote of people only, by this rule, drafted and opened; its address. `said` must stand on the page before it opens."""
        without = [name for name in ("organizations", "organizations_may_change", "members_open") if name not in rule]
        check = self.press(desk, "/votes/new", "members_quorum", without, members="y", title_en=title, title_es=title, **rule)
        assert "Nothing stands in the way" in check and said in check
        vote = self.here.removesuffix("/opening")
        self.press(desk, self.here, "once")
        self.run_jobs()
        return vote

    def letters(self, slug: str, vote: str) -> list[str]:
        """The ballot link in the letter of each member of a body."""
        desk = self.desk(slug)
        printed = desk.post(f"{vote}/letters", data=form_of(desk.get(f"{vote}/letters").text, "letters"))
        return list(dict.fromkeys(re.findall(r"http://localhost/v/([\w-]{22})", printed.text)))

    def cast(self, tokens: list[str], ballots: Iterable[dict[int, str]]) -> None:
        """Each member casts a ballot, as a browser's last press does."""
        nobody: CheckedClient = self.app.test_client()  # type: ignore[assignment]
        for token, choices in zip(tokens, ballots, strict=True):
            self.presses += 1
            answer = nobody.post(f"/v/{token}/cast", data=ballot_fields(self.presses, choices), csrf=False)
            assert answer.status_code == 200 and "Your ballot is in" in answer.text, answer.text

    def counted(self, slug: str, vote: str) -> tuple[str, dict[str, Any]]:
        """The page of the result and the published count, when the hours are over."""
        self.clock.move(hours=49)
        self.run_jobs()
        desk = self.desk(slug)
        return desk.get(f"{vote}/results").text, json.loads(desk.get(f"{vote}/board.json").text)


def rule_of(decision: Decision, **more: str) -> dict[str, str]:
    """A playbook's rule as the form of a vote asks it."""
    share = {"members_quorum": "{}/{}".format(*decision.quorum), "members_threshold": "{}/{}".format(*decision.threshold)}
    return share | {"members_strictness": decision.strictness, "members_basis": decision.threshold_of} | more


def yes_no(*yes: int, of: int) -> list[dict[int, str]]:
    """Ballots of so many members: plank by plank, how many say yes; the others say no."""
    return [{plank: "yes" if n < said else "no" for plank, said in enumerate(yes, 1)} for n in range(of)]
