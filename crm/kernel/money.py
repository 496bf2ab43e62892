"""Money as whole cents."""


def show_cents(cents: int) -> str:
    """$1,234.50 for 123450 cents."""
    return f"${cents // 100:,}.{cents % 100:02d}"
