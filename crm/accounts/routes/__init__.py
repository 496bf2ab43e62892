"""Pages of accounts."""

from crm.accounts.routes import colleagues, invitations, signing
from crm.accounts.routes.base import blueprint

__all__ = ["blueprint", "colleagues", "invitations", "signing"]
