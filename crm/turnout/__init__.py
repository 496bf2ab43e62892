"""Turnout: from a promise to a person in the room.

Words: *goal* (of the assembly), *pledge* (a leader's or partner's promise to bring N), *RSVP* (one person's answer
for one assembly), *confirmation* (they said it again near the day), *support* (childcare, interpretation, ride, access,
meal, stipend), *door* (a link with which a volunteer checks people in), *check-in*, *walk-in*, *forecast*.
States of an RSVP: invited → yes, maybe or no → confirmed; a yes taken back is cancelled, and may become yes again.
Who may: each organization promises for itself and sees its own people; the convener sees every partner's counts, and
at the door a first name with an initial. A door link opens nothing but its session.
"""
