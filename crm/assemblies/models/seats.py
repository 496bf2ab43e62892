"""Tables of delegations: by what formula seats are given, who holds them, who challenged it, and every step of it.

Two-sided rows belong to the convener and to the organization whose delegation it is; each sees the names of its own people only.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.infra.db import Commons, TwoSided

ASSEMBLY = "assemblies.id"
CREDENTIALS = "'named','credentialed','challenged','refused','seated','replaced'"


class DelegationFormula(Commons):
    """How an assembly counts the seats of each delegation: one for each `per` members or people counted, or `per` for each (see rules.delegations)."""

    __tablename__ = "delegation_formulas"
    __of_assembly__ = "assembly_id"
    assembly_id: Mapped[int] = mapped_column(ForeignKey(ASSEMBLY), unique=True)
    basis: Mapped[str] = mapped_column(String(12))
    per: Mapped[int]
    rounding: Mapped[str] = mapped_column(String(8), default="down")
    least: Mapped[int] = mapped_column(default=0)
    most: Mapped[int | None]
    alternates_of: Mapped[str] = mapped_column(String(8), default="none")
    alternates_per: Mapped[int] = mapped_column(default=1)
    alternates_least: Mapped[int] = mapped_column(default=0)
    reserved_for: Mapped[str] = mapped_column(String(200), default="")
    quorum: Mapped[str] = mapped_column(String(20), default="1/2")
    quorum_of: Mapped[str] = mapped_column(String(12), default="entitled")
    counted_on: Mapped[date]
    published_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint("basis in ('members','attendance','each')", name="basis"),
        CheckConstraint("rounding in ('down','up','nearest')", name="rounding"),
        CheckConstraint("alternates_of in ('none','count','seats','each')", name="alternates_of"),
        CheckConstraint("quorum_of in ('entitled','credentialed')", name="quorum_of"),
        CheckConstraint("per > 0 and alternates_per > 0 and least >= 0 and alternates_least >= 0", name="numbers"),
        CheckConstraint("most is null or most >= least", name="most"),
    )


class Delegation(TwoSided):
    """The seats of one organization, or of one local assembly that it convenes; what the formula gave stands here from its publication on."""

    __tablename__ = "delegations"
    assembly_id: Mapped[int] = mapped_column(ForeignKey(ASSEMBLY))
    child_id: Mapped[int] = mapped_column(default=0)  # the local assembly that elects it; 0: the organization itself
    name: Mapped[str] = mapped_column(String(200))
    counted: Mapped[int | None]
    counted_by: Mapped[str] = mapped_column(String(8), default="convener")
    reserved: Mapped[int] = mapped_column(default=0)
    seats: Mapped[int | None]
    alternates: Mapped[int | None]
    mandate: Mapped[str] = mapped_column(Text, default="")  # how those who sent it instructed it, in the organization's own words
    __table_args__ = (
        UniqueConstraint("assembly_id", "partner_id", "child_id"),
        CheckConstraint("counted is null or counted >= 0", name="counted"),
        CheckConstraint("counted_by in ('convener','partner')", name="counted_by"),
        CheckConstraint("reserved >= 0 and (seats is null) = (alternates is null)", name="seats"),
        Index("ix_delegations_of_partner", "partner_id", "assembly_id"),
    )


class Instruction(TwoSided):
    """How an organization instructs its delegation on one item. A secret one has the organization on both sides, so that the convener cannot read
    it, in the database either; when the vote is over the organization hands it over, and it stands between the two like any other."""

    __tablename__ = "delegation_instructions"
    assembly_id: Mapped[int] = mapped_column(ForeignKey(ASSEMBLY))
    delegation_id: Mapped[int] = mapped_column(ForeignKey("delegations.id", ondelete="CASCADE"))
    item_id: Mapped[int | None] = mapped_column(ForeignKey("agenda_items.id", ondelete="SET NULL"))
    subject: Mapped[str] = mapped_column(String(200))
    stance: Mapped[str] = mapped_column(String(8))
    is_secret: Mapped[bool] = mapped_column(default=False)
    written_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    __table_args__ = (
        UniqueConstraint("delegation_id", "subject"),
        CheckConstraint("stance in ('for','against','free')", name="stance"),
        CheckConstraint("is_secret or opened_at is null", name="opened"),
        CheckConstraint("not is_secret or opened_at is not null or org_id = partner_id", name="sides"),
        Index("ix_delegation_instructions_assembly", "assembly_id", "delegation_id"),
    )


class Credential(TwoSided):
    """Somebody named as delegate or alternate, in order; `seat` is the seat they hold: one holder each, whatever happens."""

    __tablename__ = "credentials"
    assembly_id: Mapped[int] = mapped_column(ForeignKey(ASSEMBLY))
    delegation_id: Mapped[int] = mapped_column(ForeignKey("delegations.id"))
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), unique=True)
    kind: Mapped[str] = mapped_column(String(10))
    rank: Mapped[int]
    seat: Mapped[int | None]
    gave_seat: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(12), default="named")
    state_before: Mapped[str] = mapped_column(String(12), default="")
    __table_args__ = (
        UniqueConstraint("delegation_id", "seat"),
        UniqueConstraint("delegation_id", "kind", "rank"),
        CheckConstraint("kind in ('delegate','alternate')", name="kind"),
        CheckConstraint(f"state in ({CREDENTIALS})", name="state"),
        CheckConstraint("state != 'seated' or seat is not null", name="seated"),
        CheckConstraint("(state = 'challenged') = (state_before != '')", name="challenged"),
        Index("ix_credentials_assembly", "assembly_id", "state", "delegation_id"),
    )


class Challenge(TwoSided):
    """A challenge to a credential, between the convener and whoever brought it; `place` says whom it is about without a name."""

    __tablename__ = "challenges"
    assembly_id: Mapped[int] = mapped_column(ForeignKey(ASSEMBLY))
    about_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    kind: Mapped[str] = mapped_column(String(10))
    rank: Mapped[int]
    credential_id: Mapped[int | None]
    reason: Mapped[str] = mapped_column(Text)
    by_name: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(10), default="filed")
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[str] = mapped_column(String(200), default="")
    answered_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint("kind in ('delegate','alternate')", name="kind"),
        CheckConstraint("state in ('filed','open','upheld','dismissed')", name="state"),
        CheckConstraint("(state in ('upheld','dismissed')) = (answered_at is not null)", name="answered"),
        CheckConstraint("state != 'open' or credential_id is not null", name="taken_up"),
        Index("ix_challenges_assembly", "assembly_id", "state"),
    )


class CredentialStep(TwoSided):
    """One step in the life of a credential: who did it, when, why, and for a seat that changes hands from whom."""

    __tablename__ = "credential_steps"
    assembly_id: Mapped[int] = mapped_column(ForeignKey(ASSEMBLY))
    credential_id: Mapped[int] = mapped_column(ForeignKey("credentials.id", ondelete="CASCADE"))
    with_id: Mapped[int | None]
    seat: Mapped[int | None]
    verb: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(Text, default="")
    by_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]
    __table_args__ = (Index("ix_credential_steps_assembly", "assembly_id", "at"),)
