"""Outreach: consent, broadcasts, the outbox, inbound texts and the inbox.

Words. A *broadcast* is one text to many; a *text* is one message out or in; a *thread* is all texts with one phone;
*consent* is a ledger of given and revoked, from which each phone's present state is derived.

States. Broadcast: draft, freezing, sending, stopped, sent. Text out: queued, claimed, accepted, delivered, failed,
refused, unknown. Text in: received. Thread: needs_answer, waiting, done.

Who may. Sending a broadcast needs SEND_TEXTS, answering a thread ANSWER_TEXTS, recording consent EDIT_PEOPLE.
No text leaves without passing the gate (`rules/gate.py`), asked when composing and again when claiming.
"""
