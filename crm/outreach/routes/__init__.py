"""Outreach's blueprints."""
