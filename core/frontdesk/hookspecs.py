"""The hooks: the whole surface between the engine and its plugins.

A plugin is a module (or object) under the entry-point group `frontdesk`. It marks functions of
these names with `@frontdesk.hookimpl`; it may leave out parameters that it does not need. Hooks are
synchronous and return values; what has to wait is awaitable in what they return, or a method of it.

Every hook says when it is called, what to return and what an exception does: docs/hooks.md is
written from these words.
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


# ---- loading, in this order ------------------------------------------------------------------


@hookspec
def register_tables() -> "Tables":  # type: ignore[empty-body]
    """Called once, first, when there is no database connection yet.

    Return the plugin's `Tables`: a short name of its own for `app`, its Piccolo classes if it has
    any, and the package that its migrations are in. Before `startup` they are bound and migrated.

    An exception, a name that is taken, or a package that is not there, quarantines the plugin.
    """


@hookspec
def register_business_settings() -> "Mapping[str, type[msgspec.Struct]]":  # type: ignore[empty-body]
    """Called once, after all tables.

    Return the types of the sections `[settings.NAME]` in a business file, by name. A business with
    an unknown section, or one that does not fit its type, is not accepted.

    An exception, or a name that is taken, quarantines the plugin.
    """


@hookspec
def register_actions(settings: "Settings") -> "Iterable[Action]":  # type: ignore[empty-body]
    """Called once, when all tables and business settings are known.

    Return the actions that tools of packs and businesses build on.

    An exception, a parameter schema that is none, or a name that another plugin has taken already,
    quarantines the plugin.
    """


@hookspec
def register_models(settings: "Settings") -> "Iterable[Model]":  # type: ignore[empty-body]
    """Called once, after all actions. Import no heavy library here: `Model.warm_up` is called when
    the first conversation begins.

    Return language models; none when what they need is not configured. `[model] use` in the
    configuration says in which order they are asked.

    An exception, or a name that is taken, quarantines the plugin.
    """


@hookspec
def register_channels(settings: "Settings") -> "Iterable[Channel]":  # type: ignore[empty-body]
    """Called once, after all models.

    Return the channels by which messages come and go.

    An exception, or a name that is taken, quarantines the plugin.
    """


# ---- the server and the command line ---------------------------------------------------------


@hookspec
def register_routes(desk: "Desk") -> "Iterable[Any]":  # type: ignore[empty-body]
    """Called once when the web server is built, before `startup`. A plugin that is switched off later
    answers 503 here.

    Return Litestar route handlers or routers.

    An exception quarantines the plugin.
    """


@hookspec
def register_pages(desk: "Desk") -> "Iterable[Page]":  # type: ignore[empty-body]
    """Called once when the staff console is built.

    Return pages for it; `frontdesk.pages` says what a page is.

    An exception, a name that is taken, or a template that is not there, quarantines the plugin.
    """


@hookspec
def register_commands() -> "Iterable[click.Command]":  # type: ignore[empty-body]
    """Called once by the command line, for `--help` and for a command that is not the engine's own.

    Return click commands to add under `frontdesk`.

    An exception, or a name that is taken, quarantines the plugin.
    """


# ---- starting, in this order -----------------------------------------------------------------


@hookspec
def startup(desk: "Desk") -> None:
    """Called once, when the desk is complete and its database is migrated, before the first message
    is taken. What has to wait belongs into a job.

    Return nothing.

    An exception quarantines the plugin.
    """


@hookspec
def register_jobs(desk: "Desk") -> "Iterable[Job]":  # type: ignore[empty-body]
    """Called once, after the plugin's `startup`.

    Return what has to be done again and again. Jobs run on every node, so each must be safe to run
    twice at the same time.

    An exception quarantines the plugin. One in a job is logged, and the job runs again in time.
    """


@hookspec
def register_deliveries(desk: "Desk") -> "Mapping[str, Deliver]":  # type: ignore[empty-body]
    """Called once, after the plugin's `register_jobs`.

    Return what carries out entries of the outbox, by their kind. An entry is put there in the
    transaction that makes it necessary (`frontdesk.outbox.put`), and delivered at least once.

    An exception, or a kind that is taken, quarantines the plugin. One in a delivery means to try
    again later; `outbox.GiveUpError` means never.
    """


# ---- in a turn -------------------------------------------------------------------------------


@hookspec
def extend_context(  # type: ignore[empty-body]
    conversation: "Conversation", now: "datetime"
) -> "Mapping[str, str | Awaitable[str]]":  # pyright: ignore[reportReturnType]
    """Called at the start of every turn. `now` is aware, in the business's zone. The plugin's tables
    may be queried.

    Return facts for the situation, by a short title. A value may be awaitable; it has two seconds.
    An empty text is left out. What a customer typed must not come back as a title.

    An exception or a time-out is logged and leaves the facts out; the turn goes on.
    """


@hookspec
def before_action(call: "ActionCall", arguments: Mapping[str, Any]) -> str | None:
    """Called after validation and the gate, before an action proposes or runs. Every plugin is asked
    in its turn, until one refuses.

    Return a reason to refuse the call, which the model reads, or None.

    An exception is logged and refuses the call too: deny, then allow.
    """


@hookspec
def on_event(conversation: str, event: "Stored") -> None:
    """Called after an event was committed, in the order of `seq`, on the node that wrote it. It must
    not block. `conversation` is an id.

    Return nothing.

    An exception is logged; the event stands and the turn goes on.
    """


# ---- customers and staff ---------------------------------------------------------------------


@hookspec
def describe_contact(  # type: ignore[empty-body]
    business: "Business", contact: str
) -> "Awaitable[Section]":  # pyright: ignore[reportReturnType]
    """Called when staff look at a customer. `contact` is an id.

    Return, awaitable, what the plugin knows of them; it has two seconds. A section without rows is
    left out.

    An exception or a time-out is logged and leaves the section out.
    """


@hookspec
def describe_deliveries(  # type: ignore[empty-body]
    business: str, messages: "Sequence[str]"
) -> "Awaitable[Mapping[str, Delivery]]":  # pyright: ignore[reportReturnType]
    """Called when staff read a conversation. `business` and `messages` are ids.

    Return, awaitable, what became of messages on their way to the customer, by those ids that are
    the plugin's; it has two seconds.

    An exception or a time-out is logged and leaves them out.
    """


@hookspec
def leave_message(  # type: ignore[empty-body]
    business: "Business",
    conversation: str,
    contact: "Contact",
    topic: str,
    text: str,
    now: "datetime",
) -> "Awaitable[None]":  # pyright: ignore[reportReturnType]
    """Called when the team has to know of something that nobody answers in the conversation itself,
    whose id `conversation` is. `now` is aware, in the business's zone. The first plugin that has
    this hook is the only one asked.

    Return, awaitable, what keeps the message for them, in the caller's transaction. The same text
    of one conversation may come twice.

    An exception undoes the transaction; the message comes again.
    """


@hookspec
def merge_contacts(  # type: ignore[empty-body]
    business: str, kept: str, gone: str
) -> "Awaitable[None]":  # pyright: ignore[reportReturnType]
    """Called when two contacts turn out to be one person, in the transaction that makes them one.
    All three are ids.

    Return, awaitable, what gives to the contact `kept` everything that the plugin's tables hold of
    `gone`. `frontdesk.contacts.move` does it for tables with the columns `business` and `contact`.

    An exception undoes the whole merge.
    """
