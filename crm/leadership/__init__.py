"""Leadership: the ladder and who moves on it, one-on-one conversations and what follows from them, assessments.

Five rungs, from Contact to Core leader; each organization may call them its own names. Rung 0 is not on the ladder yet.
A conversation is logged after it was held; its next step is due on a date until it is done, or until the next
conversation with the same person takes its place. Assessments are added, never changed.
"""
