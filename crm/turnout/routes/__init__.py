"""Pages of turnout: the board for organizers, the texts of an assembly, the door for volunteers, the pass for members."""

from crm.turnout.routes import board, door, hall, lists, passes, reminders, sheets, staffing

blueprints = (
    board.blueprint, lists.blueprint, reminders.blueprint, door.blueprint, hall.blueprint, passes.blueprint, sheets.blueprint, staffing.blueprint,
)  # fmt: skip
