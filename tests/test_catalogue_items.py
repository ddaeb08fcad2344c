"""A business's list: only what is on it, and only what fits."""

from pathlib import Path
from typing import Any

import pytest

from frontdesk import ConfigError
from frontdesk.catalogue import read_business
from frontdesk.testing import Call, ScriptedModel, open_desk, read_toml

BUSINESS = """
id = "homes"
name = "Homes"
currency = "USD"
[[custom_tools]]
name = "search_listings"
description = "Find homes."
action = "search_items"
bind = { kind = "listing" }
[custom_tools.input_schema]
type = "object"
additionalProperties = false
[custom_tools.input_schema.properties]
query = { type = "string" }
min_beds = { type = "integer" }
max_price = { type = "integer" }
pets = { type = "boolean" }
area = { type = "string" }
[[custom_tools]]
name = "listing_details"
description = "One home."
action = "get_item"
bind = { kind = "listing" }
[custom_tools.input_schema]
type = "object"
additionalProperties = false
required = ["id"]
properties = { id = { type = "string" } }
[settings.catalogue]
as_of = 2026-11-20
[[settings.catalogue.items]]
id = "L1"
kind = "listing"
title = "Oak Street 4"
text = "Garden and garage."
price = 45000000
fields = { beds = 3, pets = true, area = ["Old Town", "North"] }
[[settings.catalogue.items]]
id = "L2"
kind = "listing"
title = "Elm Street 9"
price = 180000
per = "month"
fields = { beds = 1, pets = false, area = "South" }
[[settings.catalogue.items]]
id = "P1"
kind = "plan"
title = "Plan"
"""


@pytest.mark.parametrize(
    ("wish", "found"),
    [
        ({}, ["L1", "L2"]),
        ({"min_beds": 2}, ["L1"]),
        ({"max_price": 200000}, ["L2"]),
        ({"pets": False}, ["L2"]),
        ({"area": "old town"}, ["L1"]),
        ({"area": "old town", "pets": False}, []),
        ({"query": "with a garage"}, ["L1"]),
        ({"query": "castle"}, []),
        ({"query": "the"}, ["L1", "L2"]),
        ({"query": "purple monkey dishwasher oak"}, []),
        ({"query": "big garage please"}, ["L1"]),
    ],
)
async def test_what_fits(tmp_path: Path, wish: dict[str, Any], found: list[str]) -> None:
    model = ScriptedModel(Call("search_listings", **wish), "There.")
    settings = {"model": {"use": ["scripted"]}}
    async with open_desk(tmp_path, models=[model], settings=settings) as desk:
        await desk.add_business(read_toml(BUSINESS))
        talk = await desk.conversation("homes")
        await talk.say("homes, please")
    (action,) = talk.actions
    assert [item["id"] for item in action.data["items"]] == found
    if found == ["L2"]:
        assert action.data["message"] == (
            "Elm Street 9 (L2), $1,800.00/month.\n"
            "As of Fri, Nov 20; ask our team whether it still holds."
        )


async def test_another_kind_is_not_told(tmp_path: Path) -> None:
    model = ScriptedModel(
        Call("listing_details", id="P1"), "No.", Call("listing_details", id="l1"), "Yes."
    )
    settings = {"model": {"use": ["scripted"]}}
    async with open_desk(tmp_path, models=[model], settings=settings) as desk:
        await desk.add_business(read_toml(BUSINESS))
        talk = await desk.conversation("homes")
        await talk.say("P1?")
        assert talk.actions[0].status == "failed"
        await talk.say("L1?")
        assert talk.actions[0].data["text"] == "Garden and garage."


async def test_an_id_that_stands_twice_is_refused(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        text = BUSINESS.replace('"L2"', '"L1"')
        with pytest.raises(ConfigError, match="'L1' stands twice"):
            read_business(text, "homes.toml", desk.desk.plugins.business_settings)


async def told(tmp_path: Path, bind: str, **wish: Any) -> dict[str, Any]:
    text = BUSINESS.replace('bind = { kind = "listing" }', bind, 1)
    model = ScriptedModel(Call("search_listings", **wish), "There.")
    settings = {"model": {"use": ["scripted"]}}
    async with open_desk(tmp_path, models=[model], settings=settings) as desk:
        await desk.add_business(read_toml(text))
        talk = await desk.conversation("homes")
        await talk.say("homes, please")
        data: dict[str, Any] = talk.actions[0].data
        return data


@pytest.mark.parametrize(("price", "found"), [(1799, []), (1800, ["L2"]), (450000, ["L1", "L2"])])
async def test_prices_as_customers_say_them(tmp_path: Path, price: int, found: list[str]) -> None:
    bind = 'bind = { kind = "listing", prices = "whole" }'
    data = await told(tmp_path, bind, max_price=price)
    assert [item["id"] for item in data["items"]] == found


async def test_what_a_pack_says_where_nothing_fits(tmp_path: Path) -> None:
    bind = 'bind = { kind = "listing", none = "No such home; ask us." }'
    assert (await told(tmp_path, bind, min_beds=9))["message"] == "No such home; ask us."
