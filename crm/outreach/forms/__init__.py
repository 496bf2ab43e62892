"""Outreach's forms."""

from crm.outreach.forms.broadcasts import BroadcastForm, ButtonForm, ChoicesForm, ConfirmForm, SenderForm
from crm.outreach.forms.consent import CloseForm, ConsentForm, ExemptionForm, MistakeForm, OptOutForm

__all__ = ["BroadcastForm", "ButtonForm", "ChoicesForm", "CloseForm", "ConfirmForm", "ConsentForm", "ExemptionForm", "MistakeForm", "OptOutForm", "SenderForm"]
