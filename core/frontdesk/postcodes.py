"""Whether a postcode lies where a business goes to."""

from collections.abc import Iterable


def covers(known: Iterable[str], postcode: str) -> bool:
    """`known` are exact, or beginnings with a star: "1000*". Spaces, hyphens and case do not
    matter."""
    wanted = _plain(postcode)
    return bool(wanted) and any(
        wanted.startswith(one[:-1]) if one.endswith("*") else wanted == one
        for one in map(_plain, known)
    )


def _plain(text: str) -> str:
    return "".join(text.split()).replace("-", "").upper()
