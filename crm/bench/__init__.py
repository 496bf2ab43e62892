"""Figures, each beside the raw limit of the same run on the same database: `plenary bench [NAME] [--json]`."""
