"""Outreach's forms."""
