"""HTTP tools: a pack or a business binds a tool to another system's address, without code."""

import msgspec

from frontdesk import Action, Settings, hookimpl
from frontdesk_plugins.http.actions import Caller, HttpCall
from frontdesk_plugins.http.endpoints import HttpBusiness, HttpSettings


@hookimpl
def register_business_settings() -> dict[str, type[msgspec.Struct]]:
    return {"http": HttpBusiness}


@hookimpl
def register_actions(settings: Settings) -> list[Action]:
    own = settings.section("http", HttpSettings)
    caller = Caller(own.secrets, settings.outgoing)
    return [
        Action(
            name="http_call",
            description="Ask another system to do something. The tool binds the endpoint.",
            params=HttpCall,
            run=caller.run,
            external=True,
            timeout=30.0,
        ),
        Action(
            name="http_get",
            description="Look something up in another system. The tool binds the endpoint.",
            params=HttpCall,
            run=caller.run,
            changes=False,
            external=True,
            timeout=30.0,
        ),
    ]
