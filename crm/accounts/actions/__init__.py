"""Verbs of accounts; each flushes, none commits."""

from crm.accounts.actions.granting import change_grant, remove_grant, undo_change
from crm.accounts.actions.inviting import accept, invite, renew_link, withdraw
from crm.accounts.actions.keeping import end_invitations, end_sign_ins
from crm.accounts.actions.signing import (
    act_for,
    add_account,
    change_password,
    confirm,
    give_grant,
    renew_password,
    set_language,
    sign_in,
    sign_out,
    sign_out_everywhere,
    touch,
)

__all__ = [
    "accept", "act_for", "add_account", "change_grant", "change_password", "confirm", "end_invitations",
    "end_sign_ins", "give_grant", "invite", "remove_grant", "renew_link", "renew_password",
    "set_language", "sign_in", "sign_out", "sign_out_everywhere", "touch", "undo_change", "withdraw",
]
