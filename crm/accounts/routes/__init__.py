"""Pages of accounts."""

from crm.accounts.routes import colleagues, invitations, signing
from crm.accounts.routes.base import blueprint
from crm.accounts.routes.confirming import ask_again

__all__ = ["ask_again", "blueprint", "colleagues", "invitations", "signing"]
