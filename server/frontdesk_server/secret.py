"""The key that signs visitors' tokens."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from frontdesk import ConfigError, Settings
from frontdesk.database import sqlite_path

SHORTEST = 32
_WELL_KNOWN = ("changeme", "change-me", "secret", "password", "example", "default")


def secret_keys(settings: Settings) -> tuple[str, ...]:
    """The configured keys, else one made once and kept beside the SQLite file.

    Raises ConfigError for a key that could be guessed, and on Postgres when there is none: nodes
    must share it.
    """
    key = settings.server.secret_key
    if key:
        for each in (key, *settings.server.old_secret_keys):
            _check(each)
        return (key, *settings.server.old_secret_keys)
    path = sqlite_path(settings.database.url)
    if path is None:
        raise ConfigError(
            "server.secret_key is not set. All nodes need the same one: set "
            f"FRONTDESK_SERVER__SECRET_KEY, for example to {secrets.token_urlsafe(32)}"
        )
    return (_kept(Path(path + ".secret")),)


def _check(key: str) -> None:
    if len(key) < SHORTEST or key.lower().startswith(_WELL_KNOWN):
        raise ConfigError(
            f"server.secret_key is too easy to guess: use {SHORTEST} random characters or more, "
            f"for example {secrets.token_urlsafe(32)}"
        )


def _kept(file: Path) -> str:
    """Made whole under another name, then linked: of two that start together, one key counts."""
    try:
        if not file.exists():
            new = file.with_name(f"{file.name}.{os.getpid()}")
            handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "w", encoding="ascii") as out:
                out.write(secrets.token_urlsafe(48) + "\n")
            with suppress(FileExistsError):
                os.link(new, file)
            new.unlink()
        return file.read_text(encoding="ascii").strip()
    except OSError as error:
        raise ConfigError(f"cannot keep the secret key in {file}: {error}") from error
