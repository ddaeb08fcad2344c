"""The command line of the writer."""

import argparse
import asyncio
import logging
import sys
from pathlib import Path

import structlog

from . import gallery, hooks

DOCS = Path(__file__).parents[2] / "docs"


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.write_docs",
        description="Write docs/hooks.md and docs/gallery.md anew from the program and its packs. "
        "It takes about half a minute; with pictures two, and Chromium is needed.",
    )
    parser.add_argument("--pictures", action="store_true", help="also docs/images/packs/*.png")
    options = parser.parse_args()
    quiet = structlog.make_filtering_bound_logger(logging.CRITICAL)
    structlog.configure(wrapper_class=quiet)
    (DOCS / "hooks.md").write_text(hooks.page(), encoding="utf-8")
    (DOCS / "gallery.md").write_text(asyncio.run(gallery.page()), encoding="utf-8")
    if options.pictures:
        sys.path.insert(0, str(Path(__file__).parents[1]))  # for what other tests use too
        from . import pictures

        asyncio.run(pictures.take(gallery.ours(), DOCS / "images" / "packs"))


main()
