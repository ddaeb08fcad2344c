"""Which sites may talk to a business's widget routes (RFC 6454 origins, compared after parsing)."""

from urllib.parse import urlsplit

from frontdesk import Business

_PORTS = {"http": 80, "https": 443}
Origin = tuple[str, str, int]


def parse(text: str) -> Origin | None:
    """(scheme, host, port); None for anything that is not a plain http(s) origin."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not parts.hostname or parts.path or parts.query:
        return None
    if parts.username or parts.fragment:
        return None
    return parts.scheme, parts.hostname, port or _PORTS[parts.scheme]


def is_allowed(origin: str | None, business: Business, own: str) -> bool:
    """`own` is the server's own origin, which always counts. No Origin header: no browser."""
    if origin is None:
        return not business.require_origin
    asked = parse(origin)
    if asked is None:
        return False
    return asked == parse(own) or any(_fits(asked, rule) for rule in business.allowed_origins)


def _fits(asked: Origin, rule: str) -> bool:
    if "://*." not in rule:
        return asked == parse(rule)
    base = parse(rule.replace("://*.", "://", 1))
    if base is None:
        return False
    return (asked[0], asked[2]) == (base[0], base[2]) and asked[1].endswith("." + base[1])
