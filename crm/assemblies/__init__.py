"""Assemblies: from a playbook to a day with sessions, partners, tasks, committees and a roster.

Words: *assembly*, *session*, *agenda item*, *partner* (an organization that brings people), *task*
(dated from the day of the assembly), *committee* with *seats*, *participant* and role, *playbook*; *recruitment* (a first lot:
*rounds* of households invited, whose yes makes the *pool* of the second), *call attempt*; *instruction* of a delegation.
States: draft → announced → under way → finished; or cancelled until it has finished.
Who may: the convener changes; its partners, and the members of a convening coalition, read, answer
their own invitation and keep their own participants. Everyone else finds nothing.
"""
