"""The built chat widget. Its sources and its build are in `widget/`; using it needs no Node."""

import hashlib
import json
from functools import cache
from importlib.resources import files

_DIST = files(__name__).joinpath("dist")


@cache
def script() -> bytes:
    """The widget as one script: what `GET /widget.js` answers."""
    return _DIST.joinpath("widget.js").read_bytes()


@cache
def version() -> str:
    """Eight characters that change whenever the script does."""
    return hashlib.sha256(script()).hexdigest()[:8]


@cache
def languages() -> dict[str, bytes]:
    """The texts of each language beyond English, by its code: a JSON list in the script's order."""
    found = _DIST.joinpath("i18n").iterdir()
    return {file.name.removesuffix(".json"): file.read_bytes() for file in found}


@cache
def texts_version() -> str:
    """What the script asks for as `v` in `GET /widget/i18n/{language}.json?v=...`. Lists of another
    version are in another order: only this one may be answered."""
    manifest = json.loads(_DIST.joinpath("manifest.json").read_bytes())
    return str(manifest["texts"])
