"""Formats of strings that JSON Schema does not know, for the arguments of tools."""

import re

_VIN = re.compile(r"[A-HJ-NPR-Z0-9]{17}")
_NORTH_AMERICAN = re.compile(r"[1-5]|7[F-Z0-9]")
"""How numbers begin that were given in the United States, Canada and Mexico (ISO 3780)."""
_VALUES = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", "12345678123457923456789", strict=True))
_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_CHECK_DIGITS = "0123456789X"


def is_vin(text: str) -> bool:
    """A vehicle identification number (ISO 3779): 17 letters and digits, never I, O or Q, in either
    case. Of a North American one the ninth is a check digit (49 CFR 565.15); elsewhere makers may
    put anything there, so nothing can be told from it."""
    vin = text.upper()
    if not text.isascii() or not _VIN.fullmatch(vin):
        return False
    if not _NORTH_AMERICAN.match(vin):
        return True
    total = sum(
        weight * int(_VALUES.get(character, character))
        for weight, character in zip(_WEIGHTS, vin, strict=True)
    )
    return vin[8] == _CHECK_DIGITS[total % 11]


FORMATS = {"vin": is_vin}
FORMAT_WORDS = {
    "vin": "a vehicle identification number (17 letters and digits without I, O and Q, with the "
    "right check digit); ask for it again, or leave it out",
}
