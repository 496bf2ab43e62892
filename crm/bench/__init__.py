"""Figures beside the raw limit of the same run."""


def measure(name=None):
    return []
