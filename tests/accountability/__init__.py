"""Accountability: promises judged by themselves, answers owed, and what everyone reads."""
