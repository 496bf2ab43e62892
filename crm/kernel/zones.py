"""Time zones that forms offer; a zone set elsewhere is offered beside them."""

ZONES = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Puerto_Rico",
    "America/Mexico_City",
    "America/Toronto",
    "America/Sao_Paulo",
    "Europe/Brussels",
)
