"""Pages of turnout: the board for organizers, the door for volunteers, the pass for members."""

from crm.turnout.routes.board import blueprint as board
from crm.turnout.routes.door import blueprint as door
from crm.turnout.routes.lists import blueprint as lists
from crm.turnout.routes.passes import blueprint as passes

blueprints = (board, lists, door, passes)
