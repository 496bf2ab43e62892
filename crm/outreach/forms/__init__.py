"""Outreach's forms."""

from crm.outreach.forms.broadcasts import BroadcastForm, ButtonForm, ConfirmForm, ConsentForm, SenderForm

__all__ = ["BroadcastForm", "ButtonForm", "ConfirmForm", "ConsentForm", "SenderForm"]
