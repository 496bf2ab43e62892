"""Forms of the people room."""

from crm.people.forms.connections import ConnectForm, HouseholdForm, StandingForm
from crm.people.forms.duplicates import DecideForm, MergeForm
from crm.people.forms.imports import AnswerForm, AnswersForm, ColumnsForm, ImportForm
from crm.people.forms.lists import BulkForm, ExportForm, PrintForm, RowForm, SegmentForm
from crm.people.forms.own import with_own
from crm.people.forms.person import KINDS, EditForm, NoteForm, PersonForm, TagForm
from crm.people.forms.words import FieldForm, MergeTagForm, TagWordForm

__all__ = [
    "KINDS",
    "AnswerForm",
    "AnswersForm",
    "BulkForm",
    "ColumnsForm",
    "ConnectForm",
    "DecideForm",
    "EditForm",
    "ExportForm",
    "FieldForm",
    "HouseholdForm",
    "ImportForm",
    "MergeForm",
    "MergeTagForm",
    "NoteForm",
    "PersonForm",
    "PrintForm",
    "RowForm",
    "SegmentForm",
    "StandingForm",
    "TagForm",
    "TagWordForm",
    "with_own",
]
