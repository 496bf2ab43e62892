"""Tables of accountability: commons, owned by whoever keeps them. Names are of bodies and of people who speak for one in public."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.infra.db import Commons

ASSEMBLY, TARGET, RECOMMENDATION = "assemblies.id", "targets.id", "recommendations.id"


class Target(Commons):
    """A body or an official who decides."""

    __tablename__ = "targets"
    __of_assembly__ = "commitments.target_id recommendations.target_id"
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(10), default="body")
    __table_args__ = (UniqueConstraint("org_id", "name"), CheckConstraint("kind in ('body','official')", name="kind"))


class Commitment(Commons):
    """What a target promised to do with whatever a vote supports, by which exact share, within how many days of its close."""

    __tablename__ = "commitments"
    __of_assembly__ = "assembly_id"
    target_id: Mapped[int] = mapped_column(ForeignKey(TARGET))
    assembly_id: Mapped[int | None] = mapped_column(ForeignKey(ASSEMBLY), index=True)
    words: Mapped[str] = mapped_column(Text)
    legal_form: Mapped[str] = mapped_column(String(10))
    document: Mapped[str] = mapped_column(String(300), default="")
    signed_on: Mapped[date]
    threshold: Mapped[str] = mapped_column(String(20))
    strictness: Mapped[str] = mapped_column(String(10))
    basis: Mapped[str] = mapped_column(String(10))
    duty: Mapped[str] = mapped_column(String(200))
    owner: Mapped[str] = mapped_column(String(120), default="")
    due_days: Mapped[int]
    covers: Mapped[str] = mapped_column(String(10), default="none")
    ratification_id: Mapped[int | None] = mapped_column(ForeignKey("ratifications.id"), index=True)
    electorate: Mapped[str] = mapped_column(String(20), default="all")
    judged_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint("legal_form in ('informal','ordinance','statute')", name="legal_form"),
        CheckConstraint("strictness in ('at_least','more_than')", name="strictness"),
        CheckConstraint("basis in ('yes_and_no','cast','roll')", name="basis"),
        CheckConstraint("covers in ('none','vote','room')", name="covers"),
        CheckConstraint("(covers = 'vote') = (ratification_id is not null)", name="vote"),
        CheckConstraint("covers != 'room' or assembly_id is not null", name="room"),
        CheckConstraint("electorate in ('all','members','organizations','delegates')", name="electorate"),
        CheckConstraint("due_days between 1 and 3650", name="due_days"),
        Index("ix_commitments_recent", "org_id", "signed_on", "id"),
    )


class Outcome(Commons):
    """What a commitment came to on one plank or one question of the room; `counts` as they were, by electorate."""

    __tablename__ = "commitment_outcomes"
    __of_assembly__ = "commitment_id"
    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitments.id"))
    number: Mapped[int]
    title: Mapped[dict]
    counts: Mapped[list]
    problem: Mapped[str] = mapped_column(String(12), default="")
    is_met: Mapped[bool]
    at: Mapped[datetime]
    __table_args__ = (
        UniqueConstraint("commitment_id", "number"),
        CheckConstraint("problem in ('','no_quorum','not_counted')", name="problem"),
        CheckConstraint("not is_met or problem = ''", name="met"),
    )


class Recommendation(Commons):
    """Something a target was asked to do, with an answer owed by a day; with an outcome it is a duty. The last response stands here as well."""

    __tablename__ = "recommendations"
    __of_assembly__ = "assembly_id"
    target_id: Mapped[int] = mapped_column(ForeignKey(TARGET), index=True)
    assembly_id: Mapped[int | None] = mapped_column(ForeignKey(ASSEMBLY), index=True)
    outcome_id: Mapped[int | None] = mapped_column(ForeignKey("commitment_outcomes.id"), unique=True)
    plank_id: Mapped[int | None] = mapped_column(ForeignKey("planks.id"))
    title: Mapped[dict]
    text: Mapped[dict] = mapped_column(default=dict)
    owner: Mapped[str] = mapped_column(String(120), default="")
    delivered_on: Mapped[date | None]
    due_on: Mapped[date]
    verdict: Mapped[str] = mapped_column(String(12), default="")
    answered_on: Mapped[date | None]
    __table_args__ = (
        UniqueConstraint("target_id", "plank_id"),
        CheckConstraint("verdict in ('','accepted','partly','rejected','under_study')", name="verdict"),
        CheckConstraint("(verdict = '') = (answered_on is null)", name="answered"),
        CheckConstraint("verdict = '' or delivered_on is not null", name="delivered"),
        CheckConstraint("delivered_on is null or due_on >= delivered_on", name="due"),
        Index("ix_recommendations_due", "org_id", "due_on", "id"),
    )


class DraftFeedback(Commons):
    """What staff said of a recommendation before it was handed over; `existing` names the law or program that it would repeat."""

    __tablename__ = "draft_feedback"
    __of_assembly__ = "recommendation_id"
    recommendation_id: Mapped[int] = mapped_column(ForeignKey(RECOMMENDATION), index=True)
    said_by: Mapped[str] = mapped_column(String(120))
    said_on: Mapped[date]
    words: Mapped[str] = mapped_column(Text)
    existing: Mapped[str] = mapped_column(String(300), default="")


class OfficialResponse(Commons):
    """One answer of a target; a later one takes its place and does not erase it."""

    __tablename__ = "official_responses"
    __of_assembly__ = "recommendation_id"
    recommendation_id: Mapped[int] = mapped_column(ForeignKey(RECOMMENDATION))
    number: Mapped[int]
    verdict: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[str] = mapped_column(String(120))
    document: Mapped[str] = mapped_column(String(300), default="")
    answered_on: Mapped[date]
    __table_args__ = (
        UniqueConstraint("recommendation_id", "number"),
        CheckConstraint("verdict in ('accepted','partly','rejected','under_study')", name="verdict"),
        CheckConstraint("verdict not in ('partly','rejected') or reason != ''", name="reason"),
    )


class Milestone(Commons):
    """A step of carrying a recommendation out, with its day."""

    __tablename__ = "milestones"
    __of_assembly__ = "recommendation_id"
    recommendation_id: Mapped[int] = mapped_column(ForeignKey(RECOMMENDATION))
    title: Mapped[str] = mapped_column(String(200))
    due_on: Mapped[date]
    state: Mapped[str] = mapped_column(String(10), default="planned")
    done_on: Mapped[date | None]
    __table_args__ = (
        CheckConstraint("state in ('planned','under_way','done','dropped')", name="state"),
        CheckConstraint("(state = 'done') = (done_on is not null)", name="done"),
        Index("ix_milestones_of", "recommendation_id", "due_on"),
        Index("ix_milestones_due", "org_id", "state", "due_on"),
    )


class ReportBack(Commons):
    """Where an assembly hears what became of an earlier one's recommendations: the item of its agenda."""

    __tablename__ = "report_backs"
    assembly_id: Mapped[int] = mapped_column(ForeignKey(ASSEMBLY))
    from_id: Mapped[int] = mapped_column(ForeignKey(ASSEMBLY))
    item_id: Mapped[int | None] = mapped_column(ForeignKey("agenda_items.id", ondelete="SET NULL"))
    __table_args__ = (UniqueConstraint("assembly_id", "from_id"), CheckConstraint("assembly_id != from_id", name="other"))


class FulfilmentRating(Commons):
    """How many participants of a report-back found a recommendation carried out, in part, or not."""

    __tablename__ = "fulfilment_ratings"
    report_back_id: Mapped[int] = mapped_column(ForeignKey("report_backs.id"))
    recommendation_id: Mapped[int] = mapped_column(ForeignKey(RECOMMENDATION))
    done: Mapped[int]
    partly: Mapped[int]
    not_done: Mapped[int]
    __table_args__ = (
        UniqueConstraint("report_back_id", "recommendation_id"),
        CheckConstraint("done >= 0 and partly >= 0 and not_done >= 0", name="counts"),
    )
