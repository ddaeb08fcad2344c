"""A plugin of a third party, as its documentation shows it."""

import msgspec

from frontdesk import Action, ActionError, hookimpl


class Square(msgspec.Struct):
    number: int


async def square(call, params: Square) -> dict:
    if params.number > 10**6:
        raise ActionError("that is too large")
    return {"square": params.number**2}


@hookimpl
def register_actions() -> list[Action]:
    return [Action(name="square", description="Square a number.", params=Square, run=square)]
