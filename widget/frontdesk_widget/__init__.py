"""The built chat widget. Its sources and its build are in `widget/`; using it needs no Node."""

import hashlib
from functools import cache
from importlib.resources import files


@cache
def script() -> bytes:
    """The widget as one script: what `GET /widget.js` answers."""
    return files(__name__).joinpath("dist", "widget.js").read_bytes()


@cache
def version() -> str:
    """Eight characters that change whenever the script does."""
    return hashlib.sha256(script()).hexdigest()[:8]
