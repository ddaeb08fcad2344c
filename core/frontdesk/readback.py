"""What a customer is asked to agree to, in words, where no action says it better."""

from datetime import date
from typing import Any, cast

import msgspec

from frontdesk import phones, speech
from frontdesk.business import Business
from frontdesk.tools import Tool

_TRUTH = {
    "en": ("no", "yes"), "es": ("no", "sí"), "de": ("nein", "ja"), "fr": ("non", "oui"),
    "it": ("no", "sì"),
}  # fmt: skip


def title_of(tool: Tool) -> str:
    """What the pack binds as a title, for the beginning of a sentence: "Repair request"."""
    title = str(tool.bind.get("title", ""))
    return title[:1].upper() + title[1:]


def read_back(business: Business, tool: Tool, arguments: dict[str, Any]) -> str:
    """Checked arguments by the titles of their fields, behind what the pack calls it."""
    properties = tool.input_schema.get("properties", {})
    parts = [
        f"{properties.get(key, {}).get('title', key)}: "
        f"{_shown(business, properties.get(key, {}), value)}"
        for key, value in arguments.items()
    ]
    told = ", ".join(parts) or tool.description.partition(".")[0]
    return f"{title_of(tool)}. {told}" if title_of(tool) else told


def _shown(business: Business, schema: dict[str, Any], value: Any) -> str:
    if isinstance(value, bool):
        return _TRUTH.get(business.language, _TRUTH["en"])[value]
    if isinstance(value, list):
        each = schema.get("items", {})
        return ", ".join(_shown(business, each, one) for one in cast("list[Any]", value))
    if not isinstance(value, str):
        return msgspec.json.encode(value).decode()
    if schema.get("format") == "date":
        return speech.day(business, date.fromisoformat(value))
    if "enum" in schema:
        return value.replace("_", " ")
    return phones.shown(value) if value.startswith("+") and value[1:].isdigit() else value
