"""Passwords: argon2id, in threads of their own."""

import asyncio
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from frontdesk.errors import FrontdeskError

if TYPE_CHECKING:
    from argon2 import PasswordHasher

T = TypeVar("T")
SHORTEST, LONGEST = 12, 200
"""Characters (NIST SP 800-63B, 3.1.1: length, and no rules on what to mix)."""
AT_ONCE = 2
"""Hashes under way; others wait, so that a flood of sign-ins costs neither memory nor the turns."""
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
"""Without what is read as something else: l 1, o 0."""


class PasswordError(FrontdeskError):
    """A password that is not taken. The text says why."""


def check(password: str, *, email: str = "", name: str = "") -> None:
    """Raises PasswordError for one that is too easy to guess."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise PasswordError(f"The password must have {SHORTEST} to {LONGEST} characters.")
    plain = rest = password.casefold()
    for part in (email.partition("@")[0], *name.split(), "password", "frontdesk"):
        if len(part) > 2:
            rest = rest.replace(part.casefold(), "")
    if len(set(plain)) < 5 or len(rest) < 6:
        raise PasswordError("The password is too easy to guess: use several words of your own.")


def generate() -> str:
    """Four groups of five: 99 bits."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(4))
    return "-".join(groups)


async def hashed(password: str) -> str:
    return await _in_thread(lambda: _hasher().hash(password))


async def verified(stored: str, password: str) -> bool:
    """Whether it is the password of this hash. An empty hash takes as long and is never right."""
    return await _in_thread(lambda: _is_right(stored, password))


def is_outdated(stored: str) -> bool:
    """Whether the hash was made with other costs than today's."""
    return _hasher().check_needs_rehash(stored)


def _is_right(stored: str, password: str) -> bool:
    from argon2.exceptions import InvalidHashError, VerificationError  # noqa: PLC0415

    try:
        return _hasher().verify(stored or _nobodys(), password[: LONGEST + 1]) and bool(stored)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher  # noqa: PLC0415  few processes ever sign anyone in

    # OWASP's costs for small servers: 19 MiB, two passes, one lane.
    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


@cache
def _nobodys() -> str:
    return _hasher().hash(secrets.token_urlsafe(32))


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(AT_ONCE, thread_name_prefix="passwords")


async def _in_thread(work: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(_threads(), work)
