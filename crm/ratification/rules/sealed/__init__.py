"""Sealed ballots (docs/sealed.md), not reviewed by an outside cryptographer: formats, the blind signature, ballots, and who may when."""
