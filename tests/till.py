"""A plugin and a pack for tests of the gate and of truth: tokens that are held, taken, given back.

Rows of the table `prompt` stand for what an action writes: the key is the token's name, the body is
"held by PROPOSAL" or "taken".
"""

import asyncio
import json
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from frontdesk import Action, ActionCall, ActionError, Claim, Commitment, hookimpl
from frontdesk.testing import ScriptedModel, open_desk, read_toml

TILL = read_toml('id = "till"\nname = "Till"\npack = "till"\nphone = "+1 212 555 0142"')

_TOOL = {
    "description": "Takes a token.",
    "action": "take",
    "confirm": True,
    "input_schema": {
        "type": "object",
        "additionalProperties": False,
        "required": ["token"],
        "properties": {
            "token": {"type": "string", "title": "Token"},
            "note": {"type": "string", "title": "Note"},
        },
    },
}


class Take(msgspec.Struct, frozen=True):
    token: Annotated[str, Meta(min_length=1)]
    note: str = ""


class Till:
    """`ran` counts every run of the action, also of those that were rolled back."""

    USED_UP = "Your token was booked as often as is possible."

    def __init__(self) -> None:
        self.ran: list[str] = []
        self.withdrawn: list[str] = []
        self.sent: list[str] = []
        """The call ids that left the database."""

    async def propose(self, call: ActionCall, params: Take) -> dict[str, Any]:
        await self._hold(call, params, f"held by {call.proposal}")
        return {"message": f"The token {params.token}"}

    async def take(self, call: ActionCall, params: Take) -> dict[str, Any]:
        self.ran.append(params.token)
        await self._hold(call, params, "taken")
        call.patch["commitments"] = [Commitment(kinds=("booked",), subject=params.token)]
        return {"message": f"The token {params.token} is yours."}

    async def withdraw(self, call: ActionCall, params: Take) -> dict[str, Any]:
        self.withdrawn.append(params.token)
        await call.db.fetch("DELETE FROM prompt WHERE body = {}", f"held by {call.proposal}")
        return {}

    async def _hold(self, call: ActionCall, params: Take, body: str) -> None:
        if params.token == "used up":
            raise ActionError(self.USED_UP)
        held = await call.db.one("SELECT body FROM prompt WHERE id = {}", params.token)
        if held and held["body"] not in (f"held by {call.proposal}", body):
            raise ActionError("That token is gone.")
        await call.db.fetch(
            "INSERT INTO prompt (id, body, created) VALUES ({}, {}, 0) "
            "ON CONFLICT (id) DO UPDATE SET body = excluded.body",
            params.token, body,
        )  # fmt: skip

    async def tell(self, call: ActionCall, params: Take) -> dict[str, Any]:
        return {"message": f"You said {params.token}."}

    async def send(self, call: ActionCall, params: Take) -> dict[str, Any]:
        await asyncio.sleep(0)
        self.sent.append(call.id)
        await asyncio.sleep(0)
        return {"message": "Sent."}

    @hookimpl
    def register_actions(self) -> list[Action]:
        booked = Claim("booked", {"en": (r"\b(?:is|are|'s|'re) (?:now )?(?:booked|yours)\b",)})
        return [
            Action(
                name="take",
                description="Take it.",
                params=Take,
                run=self.take,
                propose=self.propose,
                withdraw=self.withdraw,
                claims=(booked,),
            ),
            Action(name="tell", description="Say it.", params=Take, run=self.tell, changes=False),
            Action(name="send", description="Send it.", params=Take, run=self.send, external=True),
        ]


def till_pack(folder: Path) -> str:
    """The pack `till`, written into `folder`: `take` and `tell` to be confirmed, `send` not."""
    pack = folder / "till"
    (pack / "tools").mkdir(parents=True)
    (pack / "pack.toml").write_text('name = "till"\ntitle = "Till"\nversion = "1.0"\n')
    (pack / "business.example.toml").write_text('id = "till"\nname = "Till"\npack = "till"\n')
    for name in ("take", "tell", "send"):
        tool = _TOOL | {"name": name, "action": name, "confirm": name != "send"}
        (pack / "tools" / f"{name}.json").write_text(json.dumps(tool))
    return str(pack)


def open_till(folder: Path, model: ScriptedModel, till: Till, **more: Any) -> Any:
    """A desk with the scripted model alone, the plugin and the pack; apply TILL to it."""
    settings = {"model": {"use": [model.name]}} | more.pop("settings", {})
    return open_desk(
        folder,
        models=[model],
        plugins=[till],
        pack_folders=[till_pack(folder)],
        settings=settings,
        **more,
    )
