"""Forms of the people room."""

from crm.people.forms.imports import ColumnsForm, ImportForm
from crm.people.forms.lists import SegmentForm
from crm.people.forms.person import KINDS, NoteForm, PersonForm, TagForm

__all__ = ["KINDS", "ColumnsForm", "ImportForm", "NoteForm", "PersonForm", "SegmentForm", "TagForm"]
