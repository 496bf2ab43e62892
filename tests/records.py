"""What stands in each address when every route is tried: one real record of the demonstration for each argument."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select

from crm.accountability.models import Commitment, Milestone, Recommendation, Target
from crm.accounts.actions import add_account, change_grant, give_grant, invite
from crm.accounts.models import Account, Grant, Invitation
from crm.accounts.rules import Terms
from crm.assemblies.models import (
    AgendaItem,
    Assembly,
    AssemblyAddress,
    AssemblyInput,
    AssemblyPartner,
    AssemblySession,
    AssemblyTask,
    Backing,
    Challenge,
    Committee,
    CommitteeSeat,
    Credential,
    Delegation,
    Federation,
    FloorVote,
    InformationRequest,
    Instruction,
    InvitationRound,
    LargerInvitation,
    Lot,
    LotPlace,
    Participant,
    Recruitment,
)
from crm.evaluation.models import Survey
from crm.infra import audit, db
from crm.infra.audit import Event
from crm.infra.auth import Actor
from crm.infra.db import new_id
from crm.infra.jobs import Job
from crm.kernel.permissions import Role
from crm.leadership.models import Conversation
from crm.organizations.models import Organization
from crm.outreach.models import Broadcast, Consent, Drive, DriveContact, Exemption, Keyword, OptOutRequest, Sender, Text, Texter, Thread
from crm.people.actions import start_import
from crm.people.models import BulkChange, CustomField, Duplicate, Erasure, Export, Import, Merge, Note, Person, Phone, Segment, Snapshot, Tag
from crm.people.providers import read_sheet
from crm.platforms.models import Amendment, Comment, Endorsement, Plank, Platform, PlatformAddress, Proposal
from crm.ratification.models import Election, Electorate, Nomination, Office, PaperBatch, Ratification, RollCandidate, RollChallenge, RollEntry, VotingBooth
from crm.ratification.models.residents import Residence, ResidencePlace
from crm.ratification.models.sealed import SealedVote
from crm.tables.models import HallTable, KeptApart, Speaker, TableNote, TableProposal, TableRound, Theme
from crm.turnout.models import Door, Goal, PaperSheet, Pledge, Rsvp, Support, SupportHelper

ROOT = Path(__file__).parent.parent
NO_RECORD = {"assemblies.plan_get", "assemblies.plan_post", "assemblies.preview_post"}
"""Their argument names a playbook, which is everyone's."""
Ids = dict[str, Any]


def org(slug: str) -> int:
    with db.reading() as s:
        return s.scalars(select(Organization.id).where(Organization.slug == slug)).one()


def first(owner: int, model: Any, *where: Any) -> int:
    with db.reading(owner) as s:
        found = s.scalars(select(model.id).where(*where).order_by(model.id.desc()).limit(1)).first()
    assert found is not None, f"the stage has no {model.__name__}"
    return found


def make_more(now: datetime) -> None:
    """Records that the demonstration does not hold yet: a note, an import, a door, a broadcast, a seat, a candidate."""
    southbank, table, mill = org("southbank"), org("table"), org("mill")
    assembly = first(southbank, Assembly, Assembly.state == "announced", Assembly.org_id == southbank)
    session_id = first(southbank, AssemblySession, AssemblySession.assembly_id == assembly)
    with db.transaction(southbank) as s:
        person = s.scalars(select(Thread.person_id).order_by(Thread.id)).first()
        listed = s.scalars(select(Segment.id)).first()
        drive = Drive(org_id=southbank, id=new_id(), name="Saturday", segment_id=listed, state="open", opened_at=now, left_out={}, bodies={"en": "Hi"},
                      questions=[{"key": "q1", "name": "Coming?", "answers": []}])
        s.add(drive)
        s.flush()
        s.add(Texter(org_id=southbank, drive_id=drive.id, name="Sofia"))
        s.add(Survey(org_id=southbank, title="After the assembly"))
        s.add(Keyword(org_id=southbank, word="RENT", folded="rent", language="en"))
        s.add(DriveContact(org_id=southbank, drive_id=drive.id, person_id=person, phone="+14155550100"))
        s.add(Note(org_id=southbank, person_id=person, body="Rosalba Quintero asked for quiet", author="Imani"))
        pair = sorted(s.scalars(select(Person.id).where(Person.id != person).limit(2)))
        s.add(Duplicate(org_id=southbank, first_id=pair[0], second_id=pair[1], score=900, reasons=[{"text": "same name", "params": {}}]))
        merged = new_id()
        s.add(Merge(id=merged, org_id=southbank, kept_id=person, gone_id=new_id(), journal={"main": merged, "name": "Rosa", "steps": []}, merged_at=now))
        s.add(OptOutRequest(org_id=southbank, name="Rosa", source="paper", evidence="letter", received_on=now.date(), collector="Imani"))
        s.add(Exemption(org_id=southbank, rule="OK", reason="We are educational", set_by="Imani"))
        s.add(Erasure(org_id=southbank, person_id=new_id(), marks=[], counts={"phones": 1}))
        content = (ROOT / "crm/people/sample.csv").read_bytes()
        start_import(Actor.system(southbank), "sample.csv", content, read_sheet(content), now=now)
        s.add(PaperSheet(org_id=southbank, assembly_id=assembly, session_id=session_id, number=1, lines=[]))
        s.add(SupportHelper(org_id=southbank, assembly_id=assembly, kind="ride", name="The blue van", places=4))
        s.add(Goal(org_id=southbank, partner_id=southbank, assembly_id=assembly, kind="unit", name="Canal Street", target=40))
        s.add(Door(org_id=southbank, assembly_id=assembly, session_id=session_id, name="Front door", expires_at=now + timedelta(days=20)))
        s.add(Broadcast(org_id=southbank, name="Come on Saturday", segment_id=s.scalars(select(Segment.id)).first(), bodies={"en": "Come", "es": "Venga"},
                        created_at=now))
        s.add(Participant(org_id=southbank, partner_id=southbank, assembly_id=assembly, shown_name="Rosa Q.", role="participant"))
        lot = Lot(org_id=southbank, id=new_id(), assembly_id=assembly, seats=1, method="exact", people="id,age\nP1,old\n", quotas="", size=1,
                  people_sha256="0" * 64, quotas_sha256="0" * 64, counts=[{"feature": "age", "value": "old", "min": 0, "max": 1, "pool": 1, "seats": 1}],
                  state="drawn", source="dice", frozen_at=now, seed="4 8", seeded_at=now, keep_until=now.date() + timedelta(days=9), drawn_at=now,
                  record={"panel": ["P1"], "bound": None, "replacements": []})
        s.add(lot)
        s.flush()
        s.add(LotPlace(org_id=southbank, lot_id=lot.id, code="P1", drawn_at=now))
        asking = Recruitment(org_id=southbank, id=new_id(), assembly_id=assembly, seats=1, times=1, response=50, quotas="", households="[]", listed=1,
                             households_sha256="0" * 64, closes_on=now.date() + timedelta(days=9))
        s.add(asking)
        s.flush()
        s.add(InvitationRound(org_id=southbank, id=new_id(), recruitment_id=asking.id, number=1, size=1, seed="4", is_texted=False, drawn_at=now))
        s.add(LargerInvitation(org_id=southbank, parent_id=assembly, label="River union", link_id=1, expires_at=now + timedelta(days=9), created_at=now))
        division = TableRound(org_id=southbank, id=new_id(), assembly_id=assembly, session_id=session_id, source="room", seats=8, spread=[], drawn_at=now)
        theme = Theme(org_id=southbank, id=new_id(), assembly_id=assembly, title="Repairs")
        s.add_all([division, theme])
        s.flush()
        table_one = HallTable(org_id=southbank, id=new_id(), round_id=division.id, number=1, link_id=1)
        s.add(table_one)
        s.flush()
        s.add(TableNote(org_id=southbank, assembly_id=assembly, table_id=table_one.id, theme_id=theme.id, body="Mold", language="en", key="k"))
        s.add(TableProposal(org_id=southbank, assembly_id=assembly, number=1, titles={"en": "Repairs in thirty days"}, texts={}))
        s.add(InformationRequest(org_id=southbank, assembly_id=assembly, number=9, question="How many?", asked_of="Housing", asked_by="participants",
                                 asked_on=now.date(), due_on=now.date()))
        s.add(Backing(org_id=southbank, assembly_id=assembly, kind="pays", who="The Fund"))
        make_promises(s, southbank, assembly, now)
        s.add(Speaker(org_id=southbank, assembly_id=assembly, session_id=session_id, name="Rosa", asked_at=now))
        s.add(KeptApart(org_id=southbank, assembly_id=assembly, one_sitter=1, other_sitter=2))
        make_delegation(s, southbank, mill, assembly, now)
        committee = s.scalars(select(Committee.id).where(Committee.assembly_id == assembly)).first()
        if s.scalars(select(CommitteeSeat.id)).first() is None:
            s.add(CommitteeSeat(org_id=southbank, assembly_id=assembly, committee_id=committee, side="community"))
        owner = s.scalars(select(Account.id).where(Account.email == "imani@southbank.example")).one()
        kept = Snapshot(id=new_id(), org_id=southbank, definition={"all": []}, purpose="calls", size=1, account_id=owner, author="Imani")
        s.add(kept)
        s.flush()
        s.add(BulkChange(org_id=southbank, snapshot_id=kept.id, kind="tag", value="Quiet", state="done"))
        s.add(Export(org_id=southbank, snapshot_id=kept.id, columns=["given_name"], reason="Letters"))
        s.add(Job(id=new_id(), org_id=southbank, kind="test", arguments={}, state="done", not_before=now, created_at=now))
        give_grant(add_account("olga@southbank.example", "Olga Organizer", "a door is open wide", now=now), southbank, Role.ORGANIZER, now=now)
        reader = give_grant(add_account("reader@southbank.example", "Rita Reader", "a door is open wide", now=now), southbank, Role.READ_ONLY, now=now)
        imani = Actor(southbank, Role.ADMINISTRATOR, name="Imani")
        audit.record(imani, "reveals.alarm", now=now, subject=("account", owner), after={"name": "Imani", "why": "day", "n": 35})
        invite(imani, "Joana Pires", "joana@new.example", Terms(Role.VOLUNTEER), now=now)
        change_grant(imani, reader, Terms(Role.READ_ONLY, now + timedelta(days=8)), now=now)
    with db.transaction(table) as s:
        electorate = s.scalars(select(Electorate.id).where(Electorate.is_secret)).first()
        s.add(RollCandidate(org_id=table, electorate_id=electorate, seat=0, other_seat=1, partner_id=southbank, other_partner_id=mill))
        make_election(s, table, southbank, person, now)
        vote = s.scalars(select(Electorate.ratification_id).where(Electorate.id == electorate)).one()
        s.add(VotingBooth(org_id=table, partner_id=southbank, ratification_id=vote, name="By the door"))
        place = ResidencePlace(org_id=table, id=new_id(), name={"en": "Port Callan"}, wording={"en": "I live in Port Callan."}, keep_days=30)
        s.add(place)
        s.add(PaperBatch(org_id=table, electorate_id=electorate, number=1, size=10))
        s.add(RollChallenge(org_id=table, partner_id=southbank, ratification_id=vote, electorate_id=electorate, seat=0, reason="Moved away", raised_by="Omar",
                            raised_at=now))
        place_id = place.id
    with db.transaction(southbank) as s:
        s.add(Residence(org_id=southbank, place_id=place_id, person_id=person, wording="I live in Port Callan.", declared_on=now.date()))


def make_election(s: Any, table: int, southbank: int, person: int, now: datetime) -> None:
    """An election with an office, to which somebody of Southbank is nominated."""
    election = Election(org_id=table, id=new_id(), title={"en": "Officers"}, who_may={"en": "Members"}, opens_at=now, closes_at=now + timedelta(days=9),
                        observers=[])
    s.add(election)
    s.flush()
    office = Office(org_id=table, id=new_id(), election_id=election.id, title={"en": "Chair"}, reserved=[])
    s.add(office)
    s.flush()
    s.add(Nomination(org_id=table, partner_id=southbank, office_id=office.id, person_id=person, nominated_by="Luis", statements={}, groups=[]))


def make_promises(s: Any, southbank: int, assembly: int, now: datetime) -> None:
    """A decision-maker, what was promised beforehand, what was asked, and a step of it."""
    target = Target(org_id=southbank, id=new_id(), name="City Council")
    s.add(target)
    s.flush()
    own = {"org_id": southbank, "target_id": target.id, "assembly_id": assembly}
    s.add(Commitment(**own, words="We will enact it.", legal_form="informal", signed_on=now.date(), threshold="4/5", strictness="at_least", basis="cast",
                     duty="Enact it", due_days=30))
    asked = Recommendation(**own, id=new_id(), title={"en": "Repairs in thirty days"}, delivered_on=now.date(), due_on=now.date() + timedelta(days=30))
    s.add(asked)
    s.flush()
    s.add(Milestone(org_id=southbank, recommendation_id=asked.id, title="Ordinance read", due_on=now.date()))


def make_delegation(s: Any, southbank: int, mill: int, assembly: int, now: datetime) -> None:
    """A delegation with somebody named to it, a challenge to them, a local assembly, and an input that it sent up."""
    own = {"org_id": southbank, "assembly_id": assembly}
    place = Participant(**own, id=new_id(), partner_id=southbank, shown_name="Ana R.", role="delegate", is_voting=False)
    delegation = Delegation(**own, id=new_id(), partner_id=southbank, name="Southbank", counted=9, seats=1, alternates=0)
    s.add_all([place, delegation])
    s.flush()
    s.add(Instruction(**own, partner_id=southbank, delegation_id=delegation.id, subject="Motion 1", stance="for", written_at=now))
    s.add(Credential(**own, partner_id=southbank, delegation_id=delegation.id, participant_id=place.id, kind="delegate", rank=1, seat=1))
    s.add(Challenge(**own, partner_id=mill, about_id=southbank, kind="delegate", rank=1, reason="Moved away", by_name="Dolores"))
    local = s.scalars(select(Assembly.id).where(Assembly.org_id == southbank, Assembly.id != assembly)).first()
    both = {"org_id": southbank, "partner_id": southbank, "parent_id": assembly, "child_id": local}
    s.add(Federation(**both, parent_title={"en": "Congress"}, child_title={"en": "County"}, state="agreed", answered_at=now))
    s.add(FloorVote(**own, number=1, title="Fix the bridge?", threshold="1/2", strictness="more_than", quorum=0, doubts_needed=7))
    s.add(SealedVote(
        org_id=southbank, id=new_id(), title={"en": "Who speaks for us"}, method="irv",
        contest={"options": [{"en": "Ana"}, {"en": "Bea"}], "seats": 1, "most": None}, quorum="1/2", threshold="2/3", election_key="0" * 64,
        trustees=["Pia", "Quin", "Rosa", "Sol", "Teo"], passes_at=now, passes_end_at=now + timedelta(days=1), opens_at=now + timedelta(days=2),
        closes_at=now + timedelta(days=3),
    ))
    s.add(AssemblyInput(**both, number=1, title="No lead shot", origin=[{"name": {"en": "County"}, "yes": 9, "no": 1}]))


def records() -> dict[tuple[str, str], Any]:
    """(blueprint or endpoint, argument) → the record that stands there."""
    southbank, table = org("southbank"), org("table")
    assembly = first(southbank, Assembly, Assembly.state == "announced", Assembly.org_id == southbank)
    platform = first(table, Platform, Platform.state == "drafting")
    vote, person = first(table, Ratification), None
    with db.reading(southbank) as s:
        person = s.scalars(select(Thread.person_id).order_by(Thread.id)).first()
        text = s.scalars(select(Text.id)).first()
        entry = s.scalars(select(Consent.id).join(Phone, Phone.e164 == Consent.phone).where(Phone.person_id == person)).first()
    here = lambda model: first(southbank, model, model.assembly_id == assembly)  # noqa: E731
    found: dict[tuple[str, str], Any] = {
        ("jobs", "id"): first(southbank, Job, Job.org_id == southbank), ("people", "id"): person, ("consent", "id"): person, ("consent", "consent_id"): entry,
        ("opt_outs", "request_id"): first(southbank, OptOutRequest),
        ("hours", "exemption_id"): first(southbank, Exemption),
        ("leadership", "id"): person, ("inbox", "id"): first(southbank, Thread, Thread.person_id == person), ("broadcasts", "id"): first(southbank, Broadcast),
        ("ratifications", "id"): vote, ("ratifications", "candidate_id"): first(table, RollCandidate),
        ("ratifications", "challenge_id"): first(southbank, RollChallenge),
        ("ratifications", "electorate_id"): first(table, Electorate, Electorate.ratification_id == vote),
        ("ratifications", "entry_id"): first(southbank, RollEntry), ("ratifications", "number"): 1,
        ("platforms", "id"): platform, ("platforms", "number"): 1, ("ballots", "number"): 1,
        ("platforms", "plank_id"): first(table, Plank, Plank.platform_id == platform),
        ("platforms", "amendment_id"): first(table, Amendment, Amendment.platform_id == platform),
        ("*", "person_id"): person, ("*", "to"): "cancelled", ("*", "kind"): "A2", ("*", "step"): "invite", ("*", "token"): "t" * 22, ("*", "slug"): "nowhere",
        ("*", "poll_id"): "0" * 64, ("*", "key"): str(text), ("hooks", "sender_id"): first(southbank, Sender, Sender.org_id == southbank),
    }
    found |= {("keywords", "id"): first(southbank, Keyword), ("keywords", "slug"): "southbank", ("signing_up", "slug"): "southbank",
              ("surveys", "id"): first(southbank, Survey)}
    found["sealed", "id"] = first(southbank, SealedVote)
    found |= {("drives", "id"): first(southbank, Drive), ("drives", "texter_id"): first(southbank, Texter), ("drives", "key"): "q1",
              ("texting", "contact_id"): first(southbank, DriveContact)}
    assemblies = {
        "id": assembly, "session_id": here(AssemblySession), "item_id": here(AgendaItem), "committee_id": here(Committee), "seat_id": here(CommitteeSeat),
        "participant_id": here(Participant), "row_id": here(AssemblyPartner), "task_id": here(AssemblyTask), "rsvp_id": here(Rsvp), "door_id": here(Door),
        "pledge_id": here(Pledge), "support_id": here(Support), "goal_id": here(Goal),
        "sheet_id": here(PaperSheet), "helper_id": here(SupportHelper), "lot_id": here(Lot), "recruitment_id": here(Recruitment),
        "invited_id": first(southbank, InvitationRound), "invitation_id": first(southbank, LargerInvitation, LargerInvitation.parent_id == assembly),
        "instruction_id": here(Instruction),
        "round_id": here(TableRound), "theme_id": here(Theme), "proposal_id": here(TableProposal), "note_id": here(TableNote), "pair_id": here(KeptApart),
        "speaker_id": here(Speaker), "request_id": here(InformationRequest), "backing_id": here(Backing),
        "delegation_id": here(Delegation), "credential_id": here(Credential), "challenge_id": here(Challenge), "answer": "declined",
        "vote_id": here(FloorVote),
        "link_id": first(southbank, Federation, Federation.parent_id == assembly),
        "input_id": first(southbank, AssemblyInput, AssemblyInput.parent_id == assembly),
    }
    found |= {("accountability", name): id for name, id in assemblies.items()} | {("accountability", "slug"): "southbank"}
    asked = first(southbank, Recommendation)
    of_recommendation = ("recommendation_get", "recommendation_edit_get", "recommendation_edit_post", "delivery_post", "response_post", "return_post",
                         "feedback_post", "milestone_post", "milestone_state_post", "recommendation_removal_post")
    for name in of_recommendation:
        found["accountability." + name, "id"] = asked
    for name in ("commitment_get", "commitment_vote_post", "commitment_removal_post"):
        found["accountability." + name, "id"] = first(southbank, Commitment)
    found |= {("accountability", "milestone_id"): first(southbank, Milestone), ("accountability", "state"): "done"}
    for name in ("planks_get", "planks_post"):
        found["accountability." + name, "platform_id"] = first(table, Platform, Platform.state == "ratified")
    found |= {("assemblies.scenario_post", "key"): "soft", ("assemblies.challenge_post", "answer"): "open",
              ("assemblies.credential_step_post", "step"): "certify"}
    for blueprint in ("assemblies", "turnout", "turnout_lists", "turnout_sheets", "turnout_staffing", "reminders", "tables", "home"):
        found |= {(blueprint, name): id for name, id in assemblies.items()}
    found["people", "duplicate_id"], found["people", "merge_id"] = first(southbank, Duplicate), first(southbank, Merge)
    imported, listed = first(southbank, Import), first(southbank, Segment)
    with db.reading() as s:
        found["assemblies", "slug"] = s.scalars(select(AssemblyAddress.slug)).first()
        found["platforms", "slug"] = s.scalars(select(PlatformAddress.slug)).first()
    for name in ("import_get", "application_post", "columns_get", "columns_post", "import_removal_post", "undoing_post", "import_answers_post",
                 "import_answers_all_post", "import_answers_return_post", "outcome_get"):
        found[f"people.{name}", "id"] = imported
    of_list = ("segment_edit_get", "segment_edit_post", "segment_removal_post", "segment_count_get", "segment_copy_post", "segment_return_post",
               "segment_columns_post")
    for name in of_list:
        found[f"people.{name}", "id"] = listed
    for name in ("bulk_change_get", "bulk_undo_post"):
        found[f"people.{name}", "id"] = first(southbank, BulkChange)
    for name in ("export_get", "export_decision_post", "export_file_post"):
        found[f"people.{name}", "id"] = first(southbank, Export)
    found["people.alarm_seen_post", "id"] = first(southbank, Event, Event.verb == "reveals.alarm")
    found["people.print_get", "id"] = first(southbank, Snapshot)
    found["people.erasure_get", "erasure_id"] = first(southbank, Erasure)
    for name in ("note_removal_post", "note_edit_get", "note_edit_post"):
        found[f"people.{name}", "id"] = first(southbank, Note)
    for name in ("tag_get", "tag_post", "tag_merge_post", "tag_deletion_post", "tag_return_post"):
        found[f"people.{name}", "id"] = first(southbank, Tag)
    for name in ("field_get", "field_post", "field_place_post"):
        found[f"people.{name}", "id"] = first(southbank, CustomField)
    for name in ("completion_post", "follow_up_get", "follow_up_post"):
        found[f"leadership.{name}", "id"] = first(southbank, Conversation)
    found["accounts", "id"] = first(southbank, Grant, Grant.org_id == southbank, Grant.role == "organizer")
    for name in ("invitation_link_post", "invitation_withdrawal_post"):
        found[f"accounts.{name}", "id"] = first(southbank, Invitation, Invitation.org_id == southbank)
    found["accounts.change_undo_post", "id"] = first(southbank, Event, Event.verb == "grant.changed")
    found |= {("ratifications", "election_id"): first(table, Election), ("ratifications", "office_id"): first(table, Office),
              ("ratifications", "nomination_id"): first(southbank, Nomination), ("ratifications", "booth_id"): first(southbank, VotingBooth),
              ("ratifications", "batch_id"): first(table, PaperBatch), ("ratifications", "place_id"): first(table, ResidencePlace),
              ("ratifications", "residence_id"): first(southbank, Residence)}
    edition = first(table, Platform, Platform.state == "ratified")
    for name in ("edition_get", "edition_content_get", "edition_document_get", "endorsements_get", "endorsement_post"):
        found[f"platforms.{name}", "id"] = edition
    found |= {("*", "form"): "pdf", ("platforms", "comment_id"): first(table, Comment), ("platforms", "proposal_id"): first(table, Proposal),
              ("platforms", "endorsement_id"): first(table, Endorsement)}
    return found


def arguments_of(app: Flask) -> dict[str, Ids]:
    """Endpoint → arguments, for every rule whose every argument is known."""
    found, made = records(), {}
    for rule in app.url_map.iter_rules():
        blueprint = rule.endpoint.split(".")[0]
        values = {a: found.get((rule.endpoint, a), found.get((blueprint, a), found.get(("*", a)))) for a in rule.arguments}
        if all(v is not None for v in values.values()):
            made[rule.endpoint] = values
    return made
