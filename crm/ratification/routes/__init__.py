"""Pages of ratification: what organizers, tellers and leads do (`ratifications`), and what anyone with a link does
(`ballots`, and the published `boards`)."""

from crm.ratification.routes import boards, letters, open_ballots, opening, organization, results
from crm.ratification.routes.ballots import LINK_VIEWS
from crm.ratification.routes.ballots import blueprint as _ballots
from crm.ratification.routes.manage import blueprint as _ratifications

blueprints = (_ratifications, _ballots)

__all__ = ["LINK_VIEWS", "blueprints", "boards", "letters", "open_ballots", "opening", "organization", "results"]
