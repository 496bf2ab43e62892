"""Pages of sealed votes, registered only where the instance's setting says that nobody has reviewed them: `sealed` for organizers,
`sealed_booth` for members with a pass link, and for anyone at the public address of a poll."""

from crm.ratification.routes.sealed.booth import LINK_VIEWS
from crm.ratification.routes.sealed.booth import blueprint as _booth
from crm.ratification.routes.sealed.manage import blueprint as _manage

blueprints = (_manage, _booth)

__all__ = ["LINK_VIEWS", "blueprints"]
