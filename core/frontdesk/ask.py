"""Asking the models for one round of a turn."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, cast

import msgspec

from frontdesk import fallback
from frontdesk.context import history
from frontdesk.conversation import Conversation, ModelCallRecord
from frontdesk.events import ModelSaid
from frontdesk.model import (
    Message,
    ModelError,
    ModelReply,
    ModelRequest,
    Situation,
    Text,
    TextDelta,
)

if TYPE_CHECKING:
    from frontdesk.desk import Desk

GO_ON = "Your reply was cut off. Continue it exactly where it stopped; do not repeat or explain."
ANSWER = "Answer the customer now, in words."


async def ask(
    desk: "Desk", conversation: Conversation, deadline: float
) -> AsyncIterator[TextDelta | ModelReply]:
    """One round's reply; `conversation.text` grows with it.

    A reply that breaks off after its first words is continued, once, and an empty one is asked for
    again, once. Raises ModelError when there is nothing more to be had.
    """
    request = await build_request(desk, conversation)
    before = "\n\n" if conversation.shown() else ""
    conversation.text = ""
    began = ""
    for is_last in (False, True):
        reply: ModelReply | None = None
        started = conversation.text
        try:
            parts = _stream(desk, conversation, request, deadline, only=began)
            async with aclosing(cast("Any", parts)):
                async for part in parts:
                    said = part.text
                    if isinstance(part, ModelReply):
                        reply = part
                        # All of it, also from a model that gave no deltas.
                        said = said if not conversation.text else ""
                    if (
                        said
                        and is_last
                        and conversation.text == started
                        and _needs_space(started, said)
                    ):
                        said = " " + said
                    if said:
                        yield TextDelta(said if conversation.text else before + said)
                        conversation.text += said
        except ModelError:
            if is_last or not conversation.text.strip():
                raise
        if reply is not None and is_last and reply.stop == "max_tokens" and not reply.calls:
            raise ModelError("cut", "the reply was too long twice", retryable=False)
        if reply is not None and (is_last or _is_whole(reply, conversation.text)):
            yield msgspec.structs.replace(reply, text=conversation.text)
            return
        request = _continued(request, conversation.text)
        if conversation.text.strip():  # another model would go on in another voice
            began = conversation.calls_made[-1].provider


def _needs_space(before: str, after: str) -> bool:
    """A model that goes on after a cut may begin a sentence right behind the last letter."""
    return bool(before) and not before[-1].isspace() and after[0].isupper()


def may_call(desk: "Desk", conversation: Conversation) -> bool:
    """False in the last round: the model must answer then."""
    return conversation.rounds() + 1 < desk.settings.limits.turn_rounds


def _is_whole(reply: ModelReply, text: str) -> bool:
    if reply.calls or reply.stop == "refusal":
        return True
    return bool(text.strip()) and reply.stop != "max_tokens"


def _continued(request: ModelRequest, said: str) -> ModelRequest:
    """The request again, with what was said so far and the wish to go on. Never stored."""
    more = [Message("user", (Situation(GO_ON if said.strip() else ANSWER),))]
    if said.strip():
        more.insert(0, Message("assistant", (Text(said.rstrip()),)))
    return msgspec.structs.replace(request, messages=(*request.messages, *more))


async def _stream(
    desk: "Desk", conversation: Conversation, request: ModelRequest, deadline: float, *, only: str
) -> AsyncIterator[TextDelta | ModelReply]:
    """`only` names the one model to ask; without it, all in order of fallback."""
    prompt = await desk.traces.remember(request)

    def record(call: ModelCallRecord) -> None:
        call.prompt = prompt
        conversation.spent += call.input + call.cache_write + call.output
        conversation.calls_made.append(call)
        desk.metrics.model_call(call)

    models = await desk.models_for(conversation.business)
    models = [model for model in models if only in ("", model.name)]
    parts = fallback.stream(models, request, deadline, record, conversation.rounds() + 1)
    async with aclosing(cast("Any", parts)):
        async for part in parts:
            yield part


async def build_request(desk: "Desk", conversation: Conversation) -> ModelRequest:
    """System prompt, tools and history; only what is stored goes in, so that it can be made again."""
    business = conversation.business
    # An answer that the output limit cut inside a call gets twice the room.
    was_cut = any(
        call.problem
        for event in conversation.of_turn()
        if isinstance(event, ModelSaid)
        for call in event.calls
    )
    return ModelRequest(
        tools=tuple(bound.tool for bound in desk.tools(business).values()),
        system=desk.system_prompt(business, conversation.channel),
        messages=tuple(history(conversation)),
        max_tokens=desk.settings.limits.reply_tokens * (2 if was_cut else 1),
        may_call=may_call(desk, conversation),
        business=business,
        now=desk.now(business),
        conversation=conversation.id,
    )
