"""Pages of turnout: the board for organizers, the door for volunteers, the pass for members."""

from crm.turnout.routes import board, door, lists, passes

blueprints = (board.blueprint, lists.blueprint, door.blueprint, passes.blueprint)
