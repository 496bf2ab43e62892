"""Evaluation's rules: pure."""

from crm.evaluation.rules.surveys import SENTENCES

__all__ = ["SENTENCES"]
