"""Numbers as they arrive in addresses and hidden fields, where anyone may write anything."""

LARGEST = 2**63 - 1


def read_id(text: str | None) -> int | None:
    """The id that `text` spells in plain digits; None for anything that cannot be one."""
    plain = text or ""
    if not (plain.isascii() and plain.isdigit() and len(plain) < 20):
        return None
    return int(plain) if int(plain) <= LARGEST else None
