"""Tables of the people room. All are private: one organization, never seen by another."""

from crm.people.models.duplicates import Duplicate, Merge
from crm.people.models.facts import CustomField, Note, PersonTag, Tag
from crm.people.models.imports import Import, ImportFile, ImportMapping, ImportRow
from crm.people.models.lists import BulkChange, Export, Reveal, Segment, Snapshot
from crm.people.models.people import Address, Email, Household, Identifier, Person, Phone, Relationship, StandingChange
from crm.people.models.privacy import Erasure
from crm.people.models.search import PersonWords

__all__ = [
    "Address",
    "BulkChange",
    "CustomField",
    "Duplicate",
    "Email",
    "Erasure",
    "Export",
    "Household",
    "Identifier",
    "Import",
    "ImportFile",
    "ImportMapping",
    "ImportRow",
    "Merge",
    "Note",
    "Person",
    "PersonTag",
    "PersonWords",
    "Phone",
    "Relationship",
    "Reveal",
    "Segment",
    "Snapshot",
    "StandingChange",
    "Tag",
]
