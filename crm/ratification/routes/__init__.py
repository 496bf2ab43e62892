"""Pages of ratification: what organizers, tellers and leads do (`ratifications`), and what anyone with a link does
(`ballots`, and the published `boards`)."""

from crm.ratification.routes import (
    boards,
    credentials,
    desk,
    elections,
    letters,
    open_ballots,
    opening,
    organization,
    papers,
    residents,
    results,
    rules,
    tablets,
    tellers,
)
from crm.ratification.routes.ballots import LINK_VIEWS
from crm.ratification.routes.ballots import blueprint as _ballots
from crm.ratification.routes.manage import blueprint as _ratifications
from crm.ratification.routes.manage import panel

blueprints = (_ratifications, _ballots)

__all__ = [
    "LINK_VIEWS", "blueprints", "boards", "credentials", "desk", "elections", "letters", "open_ballots", "opening", "organization", "panel", "papers",
    "residents", "results", "rules", "tablets", "tellers",
]
