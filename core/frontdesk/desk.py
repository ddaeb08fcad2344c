"""A desk: everything that is loaded, and the door that messages come in by."""

from collections.abc import AsyncGenerator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from functools import partial

import msgspec
import structlog

from frontdesk import (
    businesses,
    contacts,
    gate,
    instants,
    outbox,
    starting,
    status,
    store,
    toggling,
    words,
)
from frontdesk.actions import Claim
from frontdesk.budget import Budget
from frontdesk.business import Business
from frontdesk.catalogue import (
    BoundTool,
    claims_of,
    tools_of,
    triggers_of,
)
from frontdesk.channels import Inbound
from frontdesk.config import Settings
from frontdesk.conversation import Contact, Conversation
from frontdesk.database import Database
from frontdesk.errors import ConfigError
from frontdesk.events import Replied, StatusChanged, Stored
from frontdesk.jobs import Job
from frontdesk.kept import Kept
from frontdesk.live import Live
from frontdesk.metrics import Metrics
from frontdesk.migrate import Tables, migrate, pending
from frontdesk.model import Model
from frontdesk.outbox import Deliver
from frontdesk.packs import Pack
from frontdesk.plugins import Plugins
from frontdesk.prompt import system_prompt
from frontdesk.runner import Runner
from frontdesk.store import Receipt
from frontdesk.taboos import Taboo
from frontdesk.traces import Traces
from frontdesk.triggers import Trigger

log = structlog.get_logger("frontdesk.desk")


class Desk:
    """Build one, `start` it, hand messages to `receive`, `stop` it. There is nothing global."""

    def __init__(
        self,
        settings: Settings,
        *,
        pack_folders: Sequence[str] = (),
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.settings = settings
        self.database = Database(settings.database)
        self.plugins = Plugins(settings)
        self.packs: dict[str, Pack] = {}
        self.metrics = Metrics()
        self.live = Live()
        self.runner = Runner(self)
        self.jobs: list[Job] = []
        self.deliveries: dict[str, Deliver] = {}
        self.deliveries_of: dict[str, Mapping[str, Deliver]] = {}
        """By plugin, also of those that rest."""
        self.when_loaded: list[Callable[[str], None]] = []
        """What the server does with a plugin that is loaded after the start."""
        self.stopping = False
        self.is_demo = False
        self.secret_keys: tuple[str, ...] = ()
        """What tokens are signed with; the first signs, all are accepted. The server sets it."""
        self.pack_folders = pack_folders
        self._clock = clock
        self._businesses = businesses.Cache(self.database)
        self._kept = Kept()
        self.traces = Traces(self.database)
        self._budget = Budget(self.database)

    # ---- life

    def load(self) -> None:
        """Find plugins and packs. Needs no database."""
        self.plugins.load_installed()
        self.collect()

    def collect(self) -> None:
        self.plugins.collect()
        self.packs = starting.read_packs(self.pack_folders, self.plugins)

    @property
    def apps(self) -> list[Tables]:
        """The core's tables and those of plugins, in the order to migrate them."""
        from frontdesk.tables import TABLES  # noqa: PLC0415  the hot path has no use for them

        core = Tables(app="frontdesk", tables=tuple(TABLES), migrations="frontdesk.migrations")
        return [core, *self.plugins.tables.values()]

    async def open_database(self) -> None:
        await self.database.start()
        for app in self.apps:
            self.database.bind(app.tables)

    async def start(self, *, recover: bool = True) -> None:
        """Open and migrate the database, start plugins, take up what was left unanswered.

        Raises ConfigError; then everything is closed again.
        """
        try:
            await self._start()
        except BaseException:
            await self.stop()
            raise
        if recover:
            self.runner.start()

    async def _start(self) -> None:
        await self.open_database()
        if self.database.is_sqlite:
            await migrate(self.database, self.apps)
        elif left := await pending(self.database, self.apps):
            names = ", ".join(f"{step.app} {step.name}" for step in left)
            raise ConfigError(
                f"the database lacks migrations ({names}): run `frontdesk db migrate`, then start again"
            )
        self.jobs = [
            outbox.job(self, partial(toggling.rests, self)),
            Job(name="idle", seconds=60, run=self._resolve_idle),
            Job(name="snoozed", seconds=5, run=self._wake),
            *toggling.jobs(self),
        ]
        starting.start_plugins(self)
        for model in self.settings.model.use:
            if model not in self.plugins.models:
                self.plugins.check_model(model)
                log.debug("model not available", model=model)

    def switch_plugins(self, off: Collection[str]) -> None:
        """From now on exactly these of the loaded plugins rest. What runs of them is finished; what
        comes after it, the next model call included, does without them."""
        self.plugins.switch(off)
        on = self.plugins.enabled()
        for name, deliveries in self.deliveries_of.items():
            for kind, deliver in deliveries.items():
                if name in on:
                    self.deliveries[kind] = deliver
                else:
                    self.deliveries.pop(kind, None)
        self.forget_kept()
        self.live.notify_all()  # who watches by a channel that rests now is told

    def forget_kept(self) -> None:
        """Tools, prompts and rules of businesses are made anew: plugins or packs changed."""
        self._kept = Kept()

    def announce_stop(self) -> None:
        """Ask everyone who watches to go. Call it before connections are waited for."""
        self.stopping = True
        self.live.notify_all()

    async def stop(self) -> None:
        """End running turns where they are (another start takes them up) and close everything."""
        try:
            await self.runner.stop()
            for model in self.plugins.every_model():
                with suppress(Exception, SystemExit):
                    await model.close()
        finally:
            await self.database.stop()

    def now(self, business: Business) -> datetime:
        """The time in the business's zone."""
        return self._clock().astimezone(business.zone)

    # ---- businesses, and what they have

    async def business(self, identifier: str) -> Business | None:
        return await self._businesses.get(identifier)

    async def business_using(self, plugin: str, identifier: str) -> Business | None:
        """The same for a plugin's jobs: none that does without the plugin."""
        business = await self.business(identifier)
        return None if business is None or plugin in business.plugins.disabled else business

    async def businesses(self) -> list[Business]:
        return await businesses.all_of(self.database)

    async def apply(self, business: Business) -> bool:
        """Store a business. True when it is new. Raises ConfigError for unknown names in it."""
        starting.check_business(self, business)
        is_new = await businesses.save(self.database, business)
        self._businesses.forget(business.id)
        return is_new

    def pack_of(self, business: Business) -> Pack | None:
        """Its pack, when it can be used."""
        pack = self.packs.get(business.pack)
        return pack if pack is not None and not pack.problems else None

    def greeting(self, business: Business) -> str:
        """The greeting with the disclosure that it is a machine; never part of the history."""
        pack = self.pack_of(business)
        manifest = pack.manifest if pack else None
        greeting = business.greeting or (manifest.defaults.greeting if manifest else "")
        greeting = greeting.replace("{name}", business.name) or words.greeting(business)
        disclosure = manifest.disclosures.get(business.language, "") if manifest else ""
        return f"{greeting} {disclosure or words.notice(business)}"

    def tools(self, business: Business) -> dict[str, BoundTool]:
        expose = self.settings.plugins.expose
        make = partial(tools_of, business, self.pack_of(business), self.plugins, expose)
        return self._kept.of(business, "tools", make)

    def claims(self, business: Business) -> tuple[Claim, ...]:
        """What words would tell this business's customers of something done."""
        make = partial(claims_of, self.pack_of(business), self.tools(business))
        return self._kept.of(business, "claims", make)

    def taboos(self, business: Business) -> tuple[Taboo, ...]:
        """What the pack forbids to say."""
        pack = self.pack_of(business)
        return pack.manifest.never_say if pack and pack.manifest else ()

    def triggers(self, business: Business) -> tuple[Trigger, ...]:
        """The rules that come before any model: everyone's, and the pack's."""
        make = partial(triggers_of, self.pack_of(business))
        return self._kept.of(business, "triggers", make)

    def system_prompt(self, business: Business, channel: str) -> tuple[str, str]:
        medium = self.plugins.channels.get(channel)
        make = partial(
            system_prompt,
            business,
            self.pack_of(business),
            channel,
            markdown=medium.markdown if medium else True,
        )
        return self._kept.of(business, f"prompt {channel}", make)

    async def models_for(self, business: Business) -> list[Model]:
        """The models in order of fallback, without those of plugins that the business does without;
        only free ones once its budget is spent."""
        found = self.plugins.found
        off = {m for name in business.plugins.disabled if name in found for m in found[name].models}
        models = [
            self.plugins.models[name]
            for name in self.settings.model.use
            if name in self.plugins.models and name not in off
        ]
        if await self._budget.is_spent(business, self._clock()):
            return [model for model in models if model.name == "offline"]
        return models

    # ---- messages

    async def open_conversation(
        self, business: str, channel: str, visitor: str = "", *, phone: str = ""
    ) -> tuple[str, Contact]:
        """A new conversation, as (id, contact), of a visitor of the widget or of the holder of a
        telephone number, which must be known to be theirs."""
        self.runner.warm_up()
        medium = self.plugins.channel(channel)
        kind = medium.outbox if medium else ""
        async with self.database.transaction():
            contact = await (
                contacts.of_phone(self.database, business, phone)
                if phone
                else contacts.of_visitor(self.database, business, visitor)
            )
            identifier = await store.open_conversation(
                self.database, business, channel, contact, outbox=kind
            )
        return identifier, contact

    async def receive(self, inbound: Inbound) -> Receipt:
        """Store a message and see to it that it is answered. It is safe once this returns.

        Raises UnknownConversationError and ClientIdReusedError.
        """
        receipt = await store.receive(self.database, inbound)
        self.received(inbound, receipt)
        if receipt.is_blocked and (business := await self.business(inbound.business)):
            receipt = msgspec.structs.replace(receipt, refusal=words.blocked(business))
        return receipt

    def received(self, inbound: Inbound, receipt: Receipt) -> None:
        """What follows from a message that `store.receive` stored, once that is committed: for
        channels that store more in the same transaction."""
        if receipt.stored:
            self.happened(inbound.conversation, list(receipt.stored))
        if receipt.lease:
            self.runner.run(inbound.conversation, receipt.lease, settle=inbound.settle)
        elif receipt.stored and inbound.settle:
            self.runner.unsettle(inbound.conversation)

    async def _resolve_idle(self) -> None:
        # One at a time, so that each is told before its customer writes again.
        while found := await status.resolve_idle(self.database, instants.now_ms(), limit=1):
            for conversation, stored in found:
                self.happened(conversation, stored)

    async def _wake(self) -> None:
        for conversation, stored in await status.wake(self.database, instants.now_ms()):
            self.happened(conversation, stored)

    @asynccontextmanager
    async def writing(self, conversation: Conversation, *, more: int = 0) -> AsyncGenerator[None]:
        """`store.writing`, and everyone told when it is committed."""
        async with store.writing(self.database, conversation, more=more) as stored:
            yield
        self.happened(conversation.id, stored)

    async def commit(self, conversation: Conversation) -> None:
        self.happened(conversation.id, await store.commit(self.database, conversation))

    async def finish(self, conversation: Conversation, reply: Replied) -> Replied:
        stored, conversation.more = await store.finish(
            self.database, conversation, reply, keep=gate.oldest(conversation)
        )
        self.happened(conversation.id, stored)
        return reply

    def happened(self, conversation: str, stored: list[Stored]) -> None:
        """Tell plugins and watchers of events that are committed."""
        for event in stored:
            for name in self.plugins.enabled():
                try:
                    self.plugins.call(name, "on_event", conversation=conversation, event=event)
                except Exception:
                    log.exception("on_event failed", plugin=name, conversation=conversation)
        changes = [event.event for event in stored if isinstance(event.event, StatusChanged)]
        if changes and changes[-1].status != "bot":
            self.runner.silence(conversation)
        live = self.live.get(conversation)
        if live is not None and stored:
            live.recent.extend(stored)
            live.notify()
