"""What a customer is asked to agree to, in words, where no action says it better."""

from datetime import date
from typing import Any

import msgspec

from frontdesk import phones, speech
from frontdesk.business import Business
from frontdesk.tools import Tool
from frontdesk.words import in_language

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
    told = fields(business, tool, arguments) or tool.description.partition(".")[0]
    return f"{title_of(tool)}. {told}" if title_of(tool) else told


def fields(business: Business, tool: Tool, arguments: dict[str, Any]) -> str:
    """ "Records: x rays, First day: Tue, Nov 24"."""
    properties = tool.input_schema.get("properties", {})
    parts = [
        f"{properties.get(key, {}).get('title', key)}: "
        f"{_shown(business, properties.get(key, {}), value)}"
        for key, value in arguments.items()
    ]
    return ", ".join(parts)


def _shown(business: Business, schema: dict[str, Any], value: Any) -> str:
    if isinstance(value, bool):
        return in_language(business, _TRUTH)[value]
    if not isinstance(value, str):
        each = schema.get("items")
        if each is None:
            return msgspec.json.encode(value).decode()
        return ", ".join(_shown(business, each, one) for one in value)
    if schema.get("format") == "date":
        return speech.day(business, date.fromisoformat(value))
    if "enum" in schema:
        return value.replace("_", " ")
    return phones.shown(value) if value.startswith("+") and value[1:].isdigit() else value
