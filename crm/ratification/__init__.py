"""Ratification: members and organizations decide on a frozen edition, and anyone can check the count.

Words: a *ratification* puts one edition to one or more *electorates*; each has a *roll* of numbered seats, a rule
(quorum, threshold) and is secret or a roll call. A member casts one *ballot*; it becomes one row per plank, each under
its own *tracker*, with no voter, no time and no order. The *receipt* is given after the commit. States: draft,
preparing (the rolls are being built), open, closed, certified. Who may: RUN_VOTES of the owner prepares, opens, closes
and certifies; VOTE_FOR_ORGANIZATION casts the organization's named vote; a personal link casts a secret ballot.
"""
