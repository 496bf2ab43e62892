"""People who sign in: accounts, their grants (a role in one organization, perhaps ending), and their sign-ins.

A sign-in is a row: it dies at sign-out, at the end of its hours, or when the account is disabled, whatever cookie was copied.
"""
