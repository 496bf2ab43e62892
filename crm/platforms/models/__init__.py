"""Tables of the platforms room."""

from crm.platforms.models.amendments import Advice, Amendment, Proposal, Voice
from crm.platforms.models.comments import Comment, CommentReport
from crm.platforms.models.positions import Endorsement, Position, PositionProcess, PositionStatement
from crm.platforms.models.texts import Edition, Plank, PlankVersion, Platform, PlatformAddress

__all__ = [
    "Amendment", "Comment", "CommentReport", "Edition", "Endorsement", "Plank", "PlankVersion", "Platform", "PlatformAddress", "Position",
    "PositionProcess", "PositionStatement", "Proposal", "Advice", "Voice",
]
