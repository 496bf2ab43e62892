"""Tables of an assembly's side towards government: questions asked, who stands behind it, the political weather.

The first two may be public."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.infra.db import Commons, Private

ASSEMBLY = "assemblies.id"


class InformationRequest(Commons):
    """A question to government, with the day by which its answer is due; `number` counts from 1 in the assembly."""

    __tablename__ = "information_requests"
    __of_assembly__ = "assembly_id"
    assembly_id: Mapped[int] = mapped_column(ForeignKey(ASSEMBLY))
    number: Mapped[int]
    question: Mapped[str] = mapped_column(String(600))
    asked_of: Mapped[str] = mapped_column(String(120))
    asked_by: Mapped[str] = mapped_column(String(20))
    asked_on: Mapped[date]
    due_on: Mapped[date]
    answered_on: Mapped[date | None]
    is_refused: Mapped[bool] = mapped_column(default=False)
    answer: Mapped[str] = mapped_column(Text, default="")
    __table_args__ = (
        UniqueConstraint("assembly_id", "number"),
        CheckConstraint("asked_by in ('participants','steering','content','oversight')", name="asked_by"),
        CheckConstraint("due_on >= asked_on", name="due"),
        CheckConstraint("(answered_on is null) = (answer = '')", name="answered"),
        CheckConstraint("not is_refused or answered_on is not null", name="refused"),
    )


class Backing(Commons):
    """Who convenes, pays for, facilitates or evaluates an assembly, and who has a contract or a grant for it; `amount` in cents."""

    __tablename__ = "assembly_backings"
    __of_assembly__ = "assembly_id"
    assembly_id: Mapped[int] = mapped_column(ForeignKey(ASSEMBLY))
    kind: Mapped[str] = mapped_column(String(12))
    who: Mapped[str] = mapped_column(String(120))
    what_for: Mapped[str] = mapped_column(String(300), default="")
    amount: Mapped[int | None] = mapped_column(BigInteger)
    __table_args__ = (
        CheckConstraint("kind in ('convenes','pays','facilitates','evaluates','contract','grant')", name="kind"),
        CheckConstraint("amount is null or amount >= 0", name="amount"),
        Index("assembly_backings_of", "assembly_id", "id"),
    )


class PoliticalScenario(Private):
    """How much government wanted the assembly from that moment on, as its organizers saw it: nobody else's to read."""

    __tablename__ = "political_scenarios"
    assembly_id: Mapped[int] = mapped_column(ForeignKey(ASSEMBLY))
    scenario: Mapped[str] = mapped_column(String(12))
    seen_at: Mapped[datetime]
    __table_args__ = (
        CheckConstraint("scenario in ('open','soft','reluctant','opposed')", name="scenario"),
        Index("political_scenarios_of", "org_id", "assembly_id", "seen_at"),
    )
