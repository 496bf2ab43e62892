"""The foreign key that rows about a person share."""

from sqlalchemy import ForeignKeyConstraint


def person_key() -> ForeignKeyConstraint:
    """A private row's foreign key to the person it is about; it goes when the person is erased."""
    return ForeignKeyConstraint(["org_id", "person_id"], ["people.org_id", "people.id"], ondelete="CASCADE")
