"""Words that tell a customer that an order is placed or cancelled: claims.toml has them."""

import tomllib
from importlib.resources import files

from frontdesk import Claim


def read_claims() -> dict[str, Claim]:
    """By kind: "ordered", "order_cancelled"."""
    text = files("frontdesk_plugins.orders").joinpath("claims.toml").read_text(encoding="utf-8")
    return {
        kind: Claim(
            kind=kind, patterns={language: tuple(one) for language, one in patterns.items()}
        )
        for kind, patterns in tomllib.loads(text).items()
    }
