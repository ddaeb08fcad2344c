"""What a browser posted."""

from typing import Any
from urllib.parse import parse_qsl

from litestar import Request
from litestar.exceptions import HTTPException

AnyRequest = Request[Any, Any, Any]
Fields = dict[str, tuple[str, ...]]
MOST_FIELDS = 2000
LARGEST_SEQ = (1 << 53) - 1
"""Browsers know no larger whole number, and databases little larger ones."""


def refuse_nul(*texts: object) -> None:
    """Raises HTTPException 400: Postgres stores no NUL, and nobody types one."""
    if any(isinstance(text, str) and "\x00" in text for text in texts):
        raise HTTPException(status_code=400, detail="A NUL character is not text.")


async def read_form(request: AnyRequest) -> Fields:
    """All values of each field, in their order; lines end in "\\n". Raises HTTPException."""
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise HTTPException(status_code=415, detail="This address takes forms only.")
    body = await request.body()
    try:
        pairs = parse_qsl(
            body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict"
        )
    except ValueError as error:
        raise HTTPException(status_code=400, detail="The form cannot be read.") from error
    fields: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        refuse_nul(name, value)
        fields[name] = (*fields.get(name, ()), value.replace("\r\n", "\n"))
    return fields


def last(fields: Fields) -> dict[str, str]:
    """Of each field the last value."""
    return {name: values[-1] for name, values in fields.items()}
