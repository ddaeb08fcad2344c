"""The hooks: the whole surface between the engine and its plugins.

A plugin is a module (or object) under the entry-point group `frontdesk`. It marks functions of
these names with `@frontdesk.hookimpl`; it may leave out parameters that it does not need. Hooks are
synchronous and return values; what has to wait is a method of the objects they hand over.

Unless a hook says otherwise, an exception quarantines the plugin: it is taken out with all that it
brought, named with its distribution and the reason in the log, in `frontdesk plugins list` and in
/health/ready, and the rest starts. A plugin in `[plugins] required` stops the start instead. A
`ConfigError` always stops the start, because it is the operator who can put it right.
"""

from collections.abc import Awaitable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pluggy

if TYPE_CHECKING:
    from datetime import datetime

    import click
    import msgspec

    from frontdesk.actions import Action, ActionCall
    from frontdesk.business import Business
    from frontdesk.channels import Channel
    from frontdesk.config import Settings
    from frontdesk.conversation import Contact, Conversation
    from frontdesk.desk import Desk
    from frontdesk.events import Stored
    from frontdesk.jobs import Job
    from frontdesk.migrate import Tables
    from frontdesk.model import Model
    from frontdesk.outbox import Deliver
    from frontdesk.pages import Delivery, Page, Section

hookspec = pluggy.HookspecMarker("frontdesk")
hookimpl = pluggy.HookimplMarker("frontdesk")


# ---- loading, in this order, before the first message ---------------------------------------


@hookspec
def register_tables() -> "Tables":  # type: ignore[empty-body]
    """Called once, first. Return the Piccolo tables of the plugin and where their migrations are.

    The tables are bound to the engine's database before any other hook runs.
    """


@hookspec
def register_actions(settings: "Settings") -> "Iterable[Action]":  # type: ignore[empty-body]
    """Called once. Return the actions that packs may build tools on.

    An action name that another plugin took already quarantines the later plugin.
    """


@hookspec
def register_models(settings: "Settings") -> "Iterable[Model]":  # type: ignore[empty-body]
    """Called once. Return language models; none when what they need is not configured.

    Do not import heavy libraries here: `Model.warm_up` is called when the first conversation begins.
    """


@hookspec
def register_channels(settings: "Settings") -> "Iterable[Channel]":  # type: ignore[empty-body]
    """Called once. Return the channels by which messages come and go."""


@hookspec
def register_business_settings() -> "Mapping[str, type[msgspec.Struct]]":  # type: ignore[empty-body]
    """Called once. Return the types of the sections [settings.NAME] in a business file.

    A business with an unknown section, or one that does not fit its type, is not accepted.
    """


@hookspec
def register_jobs(desk: "Desk") -> "Iterable[Job]":  # type: ignore[empty-body]
    """Called once, after `startup`. Return what has to be done again and again, see `Job`.

    Jobs run on every node, so each must be safe to run twice at the same time.
    """


@hookspec
def register_deliveries(desk: "Desk") -> "Mapping[str, Deliver]":  # type: ignore[empty-body]
    """Called once, after `startup`. Return what carries out entries of the outbox, by their kind.

    See `frontdesk.outbox`: an entry is put there in the transaction that makes it necessary, and
    delivered at least once, with retries.
    """


@hookspec
def startup(desk: "Desk") -> None:
    """Called once, last, when the desk is complete and before it takes the first message."""


# ---- the server ------------------------------------------------------------------------------


@hookspec
def register_routes(desk: "Desk") -> "Iterable[Any]":  # type: ignore[empty-body]
    """Called once when the web server is built. Return Litestar route handlers or routers."""


@hookspec
def register_pages(desk: "Desk") -> "Iterable[Page]":  # type: ignore[empty-body]
    """Called once when the staff console is built. Return pages for it, see `frontdesk.pages`."""


@hookspec
def register_commands() -> "Iterable[click.Command]":  # type: ignore[empty-body]
    """Called once by the command line. Return click commands to add under `frontdesk`."""


# ---- in a turn -------------------------------------------------------------------------------


@hookspec
def extend_context(  # type: ignore[empty-body]
    conversation: "Conversation", now: "datetime"
) -> "Mapping[str, str | Awaitable[str]]":  # pyright: ignore[reportReturnType]
    """Called at the start of every turn. Return facts for the situation, by a short title.

    `now` is aware, in the business's zone. The plugin's Piccolo tables may be queried.

    A value may be awaitable; it has two seconds. An empty text is left out. An exception or a
    time-out is logged and leaves the facts out; the turn goes on. What a customer typed must not
    come back as a title.
    """


@hookspec
def before_action(call: "ActionCall", arguments: Mapping[str, Any]) -> str | None:
    """Called after validation, before an action runs. Return a reason to refuse it, or None.

    Every plugin is asked, one refusal is enough; the model reads the reason. An exception refuses
    the call too (deny, then allow) and is logged.
    """


@hookspec
def describe_contact(  # type: ignore[empty-body]
    business: "Business", contact: str
) -> "Awaitable[Section]":  # pyright: ignore[reportReturnType]
    """Called when staff look at a customer. Return what the plugin knows of them.

    It has two seconds. An exception is logged and leaves the section out.
    """


@hookspec
def describe_deliveries(  # type: ignore[empty-body]
    business: str, messages: "Sequence[str]"
) -> "Awaitable[Mapping[str, Delivery]]":  # pyright: ignore[reportReturnType]
    """Called when staff read a conversation. Return what became of messages on their way to the
    customer, by the ids that are the plugin's. An exception is logged and leaves them out."""


@hookspec
def leave_message(  # type: ignore[empty-body]
    business: "Business",
    conversation: str,
    contact: "Contact",
    topic: str,
    text: str,
    now: "datetime",
) -> "Awaitable[None]":  # pyright: ignore[reportReturnType]
    """Called when the team has to know of something that nobody answers in the conversation itself.
    Return what keeps it for them, in the caller's transaction; the first plugin that has this hook
    is the one. `now` is aware, in the business's zone.

    The same text of one conversation may come twice. An exception means that it comes again.
    """


@hookspec
def merge_contacts(  # type: ignore[empty-body]
    business: str, kept: str, gone: str
) -> "Awaitable[None]":  # pyright: ignore[reportReturnType]
    """Called when two contacts turn out to be one person, in the transaction that makes them one.

    Return what gives to the contact `kept` everything that the plugin's tables hold of `gone`. An
    exception undoes the whole merge.
    """


@hookspec
def on_event(conversation: str, event: "Stored") -> None:
    """Called after an event was committed, in the order of `seq`, on the node that wrote it.

    It must not block. An exception is logged; the event stands and the turn goes on.
    """
