"""What staff type into the forms of the console, as Structs."""

import hashlib
from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from frontdesk.pages import PageError

T = TypeVar("T")


def read(form: Mapping[str, str], of: type[T]) -> T:
    """The fields of a form. What is left empty counts as not given; spaces around are dropped.

    Raises PageError, which names the field.
    """
    given = {key: value.strip() for key, value in form.items() if value.strip()}
    try:
        return msgspec.convert(given, of, strict=False)
    except msgspec.ValidationError as error:
        said, _, path = str(error).partition(" - at `$.")
        field = path.rstrip("`") or said.rpartition("field `")[2].rstrip("`")
        if "missing required field" in said:
            raise PageError(f"{_name(field)}: please fill it in.") from error
        raise PageError(f"{_name(field)}: {_plain(said)}.") from error


def _name(field: str) -> str:
    return field.replace("_", " ").capitalize()


def _plain(said: str) -> str:
    return said.replace("`", "").replace(
        "Expected str of length <= ", "Longest length in letters: "
    )


def digest(value: Any) -> str:
    """What a form was made from, in short: if it differs by now, the form is stale."""
    return hashlib.blake2b(msgspec.json.encode(value), digest_size=12).hexdigest()
