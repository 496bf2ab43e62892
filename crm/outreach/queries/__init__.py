"""Outreach's doors and reads."""
