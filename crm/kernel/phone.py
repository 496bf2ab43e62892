"""Telephone numbers: read as people write them, kept as E.164, shown as people say them."""

from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneNumberFormat, timezone

from crm.kernel.refusal import N_, Reason


def read_phone(text: str, country: str = "US") -> str | Reason:
    """The number in E.164, or the reason why the text is not one. Numbers without +prefix are of `country`."""
    text = text.strip()
    digits = "".join(c for c in text if c.isdigit())
    if country == "US" and len(digits) in (10, 11) and (len(digits) == 10 or digits[0] == "1"):
        national = digits[-10:]
        # A clean North American number needs no full parse (the parse is 95 % of an import's time).
        if national[0] in "23456789" and national[3] in "23456789" and not text.startswith("+") and "x" not in text.lower():
            return "+1" + national
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return _too_short(digits)
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return _too_short(digits)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _too_short(digits: str) -> Reason:
    if not digits:
        return Reason(N_("This is not a phone number."))
    return Reason(N_("This number has %(n)s digits. It needs 10."), {"n": len(digits)})


@lru_cache(maxsize=4096)
def show_phone(e164: str) -> str:
    """415-555-0142 for North American numbers, international spacing for others."""
    if e164.startswith("+1") and len(e164) == 12:
        return f"{e164[2:5]}-{e164[5:8]}-{e164[8:]}"
    try:
        return phonenumbers.format_number(phonenumbers.parse(e164), PhoneNumberFormat.INTERNATIONAL)
    except phonenumbers.NumberParseException:
        return e164


def mask_phone(e164: str) -> str:
    """Only the last two digits: what a volunteer may see."""
    return "•••-•••-••" + e164[-2:]


@lru_cache(maxsize=4096)
def zones_of(e164: str) -> tuple[str, ...]:
    """IANA zones that the number's area code may lie in; empty when it says nothing."""
    try:
        zones = timezone.time_zones_for_number(phonenumbers.parse(e164))
    except phonenumbers.NumberParseException:
        return ()
    return tuple(z for z in zones if z != "Etc/Unknown")
