"""Outreach's rules: pure, no clock, no database."""
