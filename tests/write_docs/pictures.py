"""Pictures of the widget on the demo's pages, in the middle of each pack's conversation."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from browsing import chromium, log_of, say, visit
from playwright.async_api import Browser
from support import serving

from frontdesk import config
from frontdesk.desk import Desk
from frontdesk.packs import Pack

from . import palette, talks

MOST_BYTES = 60_000


async def take(found: Sequence[Pack], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    async with chromium() as browser:
        for pack in found:
            await _take(browser, pack, folder / f"{pack.name}.png")


async def _take(browser: Browser, pack: Pack, file: Path) -> None:
    """Up to what the assistant asks a yes for, with the button that gives it."""
    _, scenario = talks.main_scenario(pack)
    with tempfile.TemporaryDirectory() as place:
        settings = config.settings_of(
            {
                "database": {"url": f"sqlite:///{place}/pictures.db"},
                "model": {"use": ["offline"]},
                "limits": {"conversations_per_hour": 0, "requests_per_minute": 0},
            }
        )
        desk = Desk(settings, clock=lambda: scenario.now)
        desk.secret_keys = ("a key for pictures, thirty-two characters",)
        desk.load()
        async with serving(desk) as url:
            page = await visit(
                browser, f"{url}/demo/{pack.name}", viewport={"width": 960, "height": 680},
                color_scheme="light", reduced_motion="reduce",
            )  # fmt: skip
            for turn in scenario.turn:
                await say(page, turn.customer)
                if await log_of(page).locator(".choice .yes:enabled").count():
                    break
            await page.locator("front-desk textarea").blur()
            await page.wait_for_timeout(300)
            file.write_bytes(palette.with_palette(await page.screenshot()))
            assert file.stat().st_size <= MOST_BYTES
            await page.context.close()
