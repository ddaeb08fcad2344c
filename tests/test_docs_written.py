"""The pages that `python -m tests.write_docs` writes are as the program is now."""

import inspect
from pathlib import Path

import pytest
from write_docs import gallery, hooks, talks

from frontdesk import hookspecs
from frontdesk.packs import Pack

DOCS = Path(__file__).parents[1] / "docs"
AGAIN = "run `python -m tests.write_docs`"


def test_the_hooks_are_as_they_are() -> None:
    assert (DOCS / "hooks.md").read_text(encoding="utf-8") == hooks.page(), AGAIN


@pytest.mark.parametrize(
    "hook", list(hooks.hooks(inspect.getsource(hookspecs))), ids=lambda h: h.name
)
def test_a_hook_says_when_it_is_called_what_it_returns_and_what_an_exception_does(
    hook: hooks.Hook,
) -> None:
    assert set(hook.parts) == set(hooks.PARTS.values())
    assert hook.section


async def test_the_gallery_is_as_the_packs_are() -> None:
    assert (DOCS / "gallery.md").read_text(encoding="utf-8") == await gallery.page(), AGAIN


@pytest.mark.parametrize("pack", gallery.ours(), ids=lambda pack: pack.name)
def test_a_pack_has_a_picture_and_a_conversation_to_show(pack: Pack) -> None:
    picture = DOCS / "images" / "packs" / f"{pack.name}.png"
    assert 5_000 < picture.stat().st_size <= 60_000, f"{AGAIN} --pictures"
    _, scenario = talks.main_scenario(pack)
    assert len(scenario.turn) >= 3
    assert not scenario.is_scripted
