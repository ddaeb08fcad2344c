"""References of bookings and orders: eight characters that survive being read out (Crockford's
base 32)."""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without I, L, O and U."""
_ALIKE = str.maketrans("OIL", "011", "- ")


def new_reference() -> str:
    """40 random bits: with five guesses against ten thousand references, one in twenty million."""
    return "".join(secrets.choice(ALPHABET) for _ in range(8))


def shown(reference: str) -> str:
    return f"{reference[:4]}-{reference[4:]}"


def normal(text: str) -> str:
    """A reference as someone typed it: case, hyphens and look-alikes do not matter."""
    return text.strip().upper().translate(_ALIKE)
