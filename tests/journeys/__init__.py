"""Whole stories, lived through HTTP on both databases: what one room leaves, the next one finds."""
