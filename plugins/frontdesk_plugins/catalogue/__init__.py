"""Catalogue: what a business has on its list, told as it stands there."""

import msgspec

from frontdesk import Action, hookimpl
from frontdesk_plugins.catalogue import actions
from frontdesk_plugins.catalogue.items import CatalogueRules


@hookimpl
def register_business_settings() -> dict[str, type[msgspec.Struct]]:
    return {"catalogue": CatalogueRules}


@hookimpl
def register_actions() -> list[Action]:
    return [
        Action(
            name="search_items",
            description="Find what fits on the business's list. The tool binds the kind and adds "
            "what can be asked for.",
            params=actions.SearchItems,
            run=actions.search_items,
            changes=False,
        ),
        Action(
            name="get_item",
            description="Everything that the list says of one thing.",
            params=actions.GetItem,
            run=actions.get_item,
            changes=False,
        ),
    ]
