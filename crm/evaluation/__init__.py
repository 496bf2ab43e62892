"""Evaluation: surveys by text, and what people answered.

Words. A *survey* is up to ten *questions* in the languages of those it goes to, each with fixed answers or free words. Whoever is
texted it is a *respondent*; their *answers* come one text at a time. States. Survey: draft, open, closed. Respondent: asked,
answering, done. Who may. SEND_TEXTS writes, opens, closes and reads results; a respondent answers from the phone that was asked.
"""
