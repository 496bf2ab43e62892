"""Outreach's verbs."""
