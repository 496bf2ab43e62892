"""A person and how to reach them, and who they live with and know."""

from datetime import date, datetime

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    ColumnElement,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    UniqueConstraint,
    case,
    false,
    literal_column,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from crm.infra.db import Private, UtcDateTime
from crm.infra.sight import sight
from crm.kernel.names import short_name


def belongs_to(column: str, table: str) -> ForeignKeyConstraint:
    """The composite foreign key to a row of the same organization, which takes this row along when it goes."""
    return ForeignKeyConstraint(["org_id", column], [f"{table}.org_id", f"{table}.id"], ondelete="CASCADE")


def shown_name(person_id: int, given: str, family: str) -> str:
    """A person's name as this session shows it: whole, or first name and initial where it is veiled and was not opened."""
    return f"{given} {family}".strip() if sight().opens(person_id) else short_name(given, family)


BELOW_TOP = {5: 0, 4: 1, 3: 2, 2: 3, 1: 4}  # rung → how many are left to climb; from the lowest it is five
_STEPS_DOWN = " ".join(f"WHEN (rung = {rung}) THEN {below}" for rung, below in BELOW_TOP.items())


class Person(Private):
    """A human as this organization knows them. `version` counts saves, so that a second editor never overwrites a first."""

    __tablename__ = "people"
    __table_args__ = (
        CheckConstraint("standing in ('contact','supporter','member','lapsed')", name="standing"),
        CheckConstraint("rung between 0 and 5", name="rung"),
        CheckConstraint("assessment is null or assessment between 1 and 5", name="assessment"),
        Index("ix_people_name", "org_id", "name_folded", "id"),
        Index("ix_people_ladder", "org_id", literal_column(f"(CASE {_STEPS_DOWN} ELSE 5 END)"), "name_folded", "id"),
        Index("ix_people_standing", "org_id", "standing", "name_folded", "id"),
        Index("ix_people_newest", "org_id", "created_at", "id"),
        Index("ix_people_neighborhood", "org_id", "neighborhood", "name_folded", "id"),
        Index("ix_people_household", "org_id", "household_id"),
        Index("ix_people_street", "org_id", "street"),
        ForeignKeyConstraint(["org_id", "household_id"], ["households.org_id", "households.id"]),
    )
    given_name: Mapped[str] = mapped_column(String(120), default="")
    family_name: Mapped[str] = mapped_column(String(120), default="")
    name_folded: Mapped[str] = mapped_column(String(250))
    pronouns: Mapped[str] = mapped_column(String(60), default="", server_default="")
    language: Mapped[str] = mapped_column(String(8), default="en")
    other_languages: Mapped[str] = mapped_column(
        String(80), default="", server_default=""
    )  # tags in order, a space between
    standing: Mapped[str] = mapped_column(String(20), default="contact")
    member_since: Mapped[date | None] = mapped_column(Date)
    rung: Mapped[int] = mapped_column(Integer, default=0)
    assessment: Mapped[int | None] = mapped_column(Integer)
    household_id: Mapped[int | None] = mapped_column()
    # The preferred address: lists, segments and calling hours ask for it on every row. Others are in `addresses`.
    address_kind: Mapped[str] = mapped_column(String(20), default="home", server_default="home")
    street: Mapped[str] = mapped_column(String(200), default="")
    neighborhood: Mapped[str] = mapped_column(String(120), default="")
    city: Mapped[str] = mapped_column(String(120), default="")
    region: Mapped[str] = mapped_column(String(60), default="")
    postal_code: Mapped[str] = mapped_column(String(20), default="")
    time_zone: Mapped[str | None] = mapped_column(String(60))
    source: Mapped[str] = mapped_column(String(200), default="")
    custom: Mapped[dict] = mapped_column(JSON, default=dict)
    version: Mapped[int] = mapped_column(Integer, default=1)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @hybrid_property
    def below_top(self) -> int:
        """How many rungs are left to climb; ascending, it lists the highest first."""
        return 5 - self.rung

    @below_top.inplace.expression
    @classmethod
    def _below_top(cls) -> ColumnElement[int]:
        # To the letter as its index has it. A subtraction may fail and tell what it met: under row-level security PostgreSQL would not
        # let it near the index, and read everyone. Choosing between constants is safe.
        # Each step names the column: of `case(…, value=column)` the session does not learn whose rows are read, and would not hold them.
        steps = [(cls.rung == literal_column(str(rung)), literal_column(str(below), Integer)) for rung, below in BELOW_TOP.items()]
        return case(*steps, else_=literal_column("5", Integer))

    @property
    def is_veiled(self) -> bool:
        """Whether whoever reads now sees this person's name and numbers only in part."""
        return not sight().opens(self.id)

    @property
    def name(self) -> str:
        """The name as whoever reads now may see it, given name first; empty when none is known."""
        return shown_name(self.id, self.given_name, self.family_name)


class Phone(Private):
    """A number at which a person can be reached. People of one household may have the same.

    A wrong number stays on record, so that the next spreadsheet does not bring it back; it is neither called nor texted.
    """

    __tablename__ = "phones"
    __table_args__ = (
        belongs_to("person_id", "people"),
        UniqueConstraint("org_id", "person_id", "e164"),
        CheckConstraint("kind in ('mobile','home','work','other')", name="kind"),
        Index("ix_phones_number", "org_id", "e164"),
    )
    person_id: Mapped[int] = mapped_column()
    e164: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(20), default="mobile")
    is_preferred: Mapped[bool] = mapped_column(Boolean, default=False)
    is_textable: Mapped[bool] = mapped_column(Boolean, default=True)
    is_wrong: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())


class Address(Private):
    """An address besides the preferred one, which the person's own row holds."""

    __tablename__ = "addresses"
    __table_args__ = (
        belongs_to("person_id", "people"),
        CheckConstraint("kind in ('home','mailing','work','other')", name="kind"),
        Index("ix_addresses_person", "org_id", "person_id"),
    )
    person_id: Mapped[int] = mapped_column()
    kind: Mapped[str] = mapped_column(String(20), default="other")
    street: Mapped[str] = mapped_column(String(200), default="")
    neighborhood: Mapped[str] = mapped_column(String(120), default="")
    city: Mapped[str] = mapped_column(String(120), default="")
    region: Mapped[str] = mapped_column(String(60), default="")
    postal_code: Mapped[str] = mapped_column(String(20), default="")


class Household(Private):
    """People who live together: one address, one call, one mailing."""

    __tablename__ = "households"
    name: Mapped[str] = mapped_column(String(200), default="")


class Relationship(Private):
    """How `person_id` stands to `other_id` ("parent of"); read the other way round on the other's page."""

    __tablename__ = "relationships"
    __table_args__ = (
        belongs_to("person_id", "people"),
        belongs_to("other_id", "people"),
        CheckConstraint("person_id <> other_id", name="two_people"),
        UniqueConstraint("org_id", "person_id", "other_id", "kind"),
        Index("ix_relationships_other", "org_id", "other_id"),
    )
    person_id: Mapped[int] = mapped_column()
    other_id: Mapped[int] = mapped_column()
    kind: Mapped[str] = mapped_column(String(30))


class StandingChange(Private):
    """What a person's standing became on a day, and why; append-only. The present one is Person.standing."""

    __tablename__ = "standing_changes"
    __table_args__ = (
        belongs_to("person_id", "people"),
        Index("ix_standing_changes_person", "org_id", "person_id", "on"),
    )
    person_id: Mapped[int] = mapped_column()
    standing: Mapped[str] = mapped_column(String(20))
    on: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(String(200), default="")
    author: Mapped[str] = mapped_column(String(200), default="")


class Email(Private):
    """An e-mail address, in lower case."""

    __tablename__ = "emails"
    __table_args__ = (
        belongs_to("person_id", "people"),
        UniqueConstraint("org_id", "person_id", "address"),
        Index("ix_emails_address", "org_id", "address"),
    )
    person_id: Mapped[int] = mapped_column()
    address: Mapped[str] = mapped_column(String(254))
    kind: Mapped[str] = mapped_column(String(20), default="personal", server_default="personal")
    is_preferred: Mapped[bool] = mapped_column(Boolean, default=False)


class Identifier(Private):
    """What another system (VAN, Action Network, a membership roll) calls a person; the surest way to match an import."""

    __tablename__ = "identifiers"
    __table_args__ = (
        belongs_to("person_id", "people"),
        UniqueConstraint("org_id", "system", "value"),
        Index("ix_identifiers_person", "org_id", "person_id"),
    )
    person_id: Mapped[int] = mapped_column()
    system: Mapped[str] = mapped_column(String(40))
    value: Mapped[str] = mapped_column(String(120))
